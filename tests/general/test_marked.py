"""A known mark is compared with what lies around it: parts are joined, pasted pieces are seen."""

from __future__ import annotations

import pytest

from archive import extract
from archive.model import Article

TITLE = "关于云溪镇供水问题的答复"
QUESTION = "您好，请问云溪镇东街三号院什么时候恢复供水？已经停水两天了。"
ANSWER = [
    "您好，您反映的问题收悉。经县水务局核实，东街三号院因管网改造临时停水。",
    "目前管网已经接通，预计明日恢复供水。感谢您的关注。",
]
LONG = [
    f"第{n}条　各单位应当按照职责分工，做好供水保障的第{n}项工作，并及时报告。"
    for n in range(1, 12)
]
PIECE = "供水单位应当保证水质符合国家标准。"
ANSWERED = "".join(f"<p>{line}</p>" for line in ANSWER)
TEXT = "".join(f"<p>{line}</p>" for line in LONG)

TWO = {
    "classes": '<h3>来信</h3><div class="TRS_Editor"><p>{q}</p></div><h3>答复</h3><div class="TRS_Editor">{a}</div>',
    "one id twice": '<div>问：</div><div id="zoom">{q}</div><div>答：</div><div id="zoom">{a}</div>',
    "cells": '<table><tr><td>来信内容</td><td class="Custom_UnionStyle">{q}</td></tr><tr><td>答复</td><td class="Custom_UnionStyle">{a}</td></tr></table>',
    "far apart": '<div class="l"><div><div class="article-content">{q}</div></div></div><div class="r"><p>答复单位：县水务局</p><div><div class="article-content">{a}</div></div></div>',
    "numbered": '<div id="vsb_content_2">{q}</div><hr><div id="vsb_content_3">{a}</div>',
}  # fmt: skip
PASTED = {
    "font": '<div class="art">{before}<font id="Zoom"><p>{piece}</p></font>{after}</div>',
    "editor": '<div class="art">{before}<div class="TRS_Editor"><p>{piece}</p></div>{after}</div>',
    "in a paragraph": '<div>{before}<p><span id="zoom">{piece}</span></p>{after}</div>',
    "in two boxes": '<td>{before}<div><div class="pages_content">{piece}</div></div>{after}</td>',
    "first": '<div><div class="Custom_UnionStyle">{piece}</div>{before}{after}</div>',
}
FOOT = (
    "<p>主办：云溪县人民政府</p><p>地址：云溪县人民路1号。</p><p>ICP备案号：云ICP备00000001号</p>"
)
STATEMENT = "<p>声明：本网转载的内容，版权归原作者所有。</p>"


def read(content: str) -> Article:
    page = f"""<html><head><title>{TITLE}</title></head><body><ul><li><a href="/">首页</a></li></ul><h1>{TITLE}</h1>
<p>发布时间：2031-03-05 10:23　来源：县水务局</p>{content}{FOOT}</body></html>"""
    article = extract(page.encode(), "https://www.yunxi.example/art/1.html")
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("form", TWO)
def test_question_and_answer_are_one_article(form: str) -> None:
    assert read(TWO[form].format(q=QUESTION, a=ANSWERED)).text.split("\n") == [QUESTION, *ANSWER]


@pytest.mark.parametrize("form", PASTED)
def test_a_pasted_mark_does_not_cut_the_text(form: str) -> None:
    before, after = ("".join(f"<p>{line}</p>" for line in part) for part in (LONG[:4], LONG[4:]))
    lines = read(PASTED[form].format(before=before, piece=PIECE, after=after)).text.split("\n")

    assert sorted(lines) == sorted([*LONG, PIECE])


@pytest.mark.parametrize("mark", ['class="TRS_Editor"', 'id="zoom"', 'class="pages_content"'])
@pytest.mark.parametrize("around", [STATEMENT, FOOT, STATEMENT + FOOT])
def test_a_short_body_is_not_given_what_lies_around(mark: str, around: str) -> None:
    assert read(f"<div><div {mark}><p>{PIECE}</p></div>{around}</div>").text == PIECE


@pytest.mark.parametrize(
    "other",
    [
        '<div class="comments"><div class="article-content"><p>说得好，支持。</p></div></div>',
        '<div class="relate"><div class="article-content"><p>另一篇文章说了别的事。</p></div></div>',
        '<h2><a href="2.html">另一篇文章</a></h2><div class="article-content"><p>另一篇说了别的。</p></div>',
        f'<div class="mobile"><div class="article-content">{TEXT}</div></div>',
        '<div class="article-content">请下载客户端</div>',
    ],
    ids=["comments", "related", "another article", "for narrow screens", "a widget"],
)
def test_other_boxes_with_the_mark_are_not_joined(other: str) -> None:
    text = read(f'<div><div class="article-content">{TEXT}</div>{other}</div>').text

    assert text.split("\n") == LONG
