"""Pages with little prose: what follows the headline is the article, and the site's own words
never are."""

from __future__ import annotations

import random

import pytest

from archive import extract
from archive.model import Article, Failure
from archive.page.page import not_a_page
from tests.general.layouts import IMPRINT, LAYOUTS, LEAVING, NEWS, TITLE

PICTURE = '<p><img src="/pic/2031/1.jpg"></p><p><img src="/pic/2031/2.png" alt=""></p>'
FILE = '<p><a href="/files/P020310305.xlsx">附件：参加活动单位名单.xlsx</a></p>'
FILM = '<div><video src="/v/1.mp4" controls></video></div>'
FRAME = '<p><iframe src="/player/index.html?id=5" width="600"></iframe></p>'
ROWS = (
    "<table>"
    + "".join(f"<tr><td>{n}</td><td>云溪镇{n}号仓库</td><td>合格</td></tr>" for n in range(1, 9))
    + "</table>"
)
LINES = "".join(f"<p>{n}. 云溪县第{n}中学</p>" for n in range(1, 40))
SHORT = "<p>经研究，决定于三月八日开展宣传活动，特此公告</p>"


def read(layout: str, content: str) -> Article | Failure:
    """A page of an invented site."""
    page = LAYOUTS[layout](content).encode()
    return extract(page, "https://yjj.yunxi.example/tz/202703/t1.shtml")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (PICTURE, "pictures", ""),
        (FILE, "attachment", "附件：参加活动单位名单.xlsx"),
        (FILM, "video", ""),
        (FRAME, "video", ""),
        (ROWS, "table", "1\t云溪镇1号仓库\t合格"),
        (LINES, "article", "1. 云溪县第1中学"),
        (SHORT, "article", "经研究，决定于三月八日开展宣传活动，特此公告"),
        (PICTURE + "<p>宣传活动现场</p>", "pictures", "宣传活动现场"),
    ],
    ids=["pictures", "file", "film", "frame", "table", "lines", "short", "caption"],
)
def test_the_article_is_under_the_headline(layout: str, content: str, kind: str, text: str) -> None:
    article = read(layout, content)

    assert isinstance(article, Article), article
    assert (article.kind, article.title) == (kind, TITLE)
    assert article.text.startswith(text) and bool(article.text) == bool(text)
    assert article.published_at == "2031-03-05T10:23:00+08:00"
    for words in (LEAVING, "云ICP备", "防汛抗旱", "首页", "分享到", "浏览次数", "打印本页"):
        assert words not in article.text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pictures_and_files_come_with_the_article(layout: str) -> None:
    article = read(layout, PICTURE + FILE)
    assert isinstance(article, Article)
    assert [picture.url.rpartition("/")[2] for picture in article.pictures] == [
        "1.jpg",
        "2.png",
        "P020310305.xlsx",
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_line_of_a_list_without_sentences_is_text(layout: str) -> None:
    article = read(layout, LINES)
    assert isinstance(article, Article)
    assert article.text.split("\n") == [f"{n}. 云溪县第{n}中学" for n in range(1, 40)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_under_the_headline_is_no_article(layout: str) -> None:
    failure = read(layout, "")
    assert isinstance(failure, Failure), failure.text
    assert (failure.outcome, failure.reason) in {
        ("unreadable", "not-an-article"),
        ("empty", "empty-content"),
    }


LISTED = "".join(
    f"<li><a href='/a/{n}.html'>云溪县召开第{n}次部署会议</a><span>2031-03-{n:02}</span></li>"
    for n in range(1, 20)
)
SUMMARIES = "".join(
    f"<div class='item'><h3><a href='/a/{n}.html'>云溪县召开第{n}次部署会议</a></h3><p>会议强调，要压实责任，"
    f"抓好落实，确保第{n}阶段的任务按时完成。<a href='/a/{n}.html'>[详细]</a></p><span>2031-03-{n:02}</span></div>"
    for n in range(1, 12)
)
PAGES = {
    "list": f"<title>通知公告_云溪县</title><h2>通知公告</h2><ul>{LISTED}</ul><p>共 5 页 下一页</p>",
    "list with summaries": f"<title>工作动态-云溪县应急管理局</title><div class='list'>{SUMMARIES}</div>",
    "portal": f"<title>云溪县人民政府</title><div><h3>要闻</h3><ul>{NEWS}</ul></div><div><h3>公告</h3>"
    f"<ul>{LISTED}</ul></div>{IMPRINT}",
    "dialog": f"<title>提示</title><div class='dialog'><p>{LEAVING}</p><a>继续</a><a>放弃</a></div>",
    "imprint": f"<title>云溪县</title><div>{IMPRINT}</div>",
    "search": "<title>站内搜索</title><form><input name='q'><select><option>全文</option></select></form>"
    f"<p>共找到 19 条结果</p><ul>{LISTED}</ul>",
    "table of links": "<title>政策文件_云溪县</title><table>"
    + "".join(
        f"<tr><td>{n}</td><td><a href='/a/{n}.html'>关于印发第{n}号方案的通知</a></td><td>2031-03-01</td></tr>"
        for n in range(1, 15)
    )
    + "</table>",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_another_kind_is_no_article(name: str) -> None:
    page = f"<html><body>{PAGES[name]}</body></html>".encode()
    result = extract(page, "https://www.yunxi.example/tz/index.html")
    assert isinstance(result, Failure), result.text


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        random.Random(1).randbytes(300_000),
        b"\x00\x01\x02<a>\x05\x06" * 500,
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00word/document.xml",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00",
        "# 云溪县公告\n\n会议要求，各镇要落实责任。会议强调，确保安全。\n".encode(),
        "云溪县公告\n会议要求，各镇要落实责任。会议强调，确保安全，特此公告。\n".encode(),
    ],
    ids=["pdf", "png", "jpeg", "noise", "controls", "gif", "docx", "doc", "markdown", "text"],
)
def test_what_is_no_page_is_no_article(body: bytes) -> None:
    result = extract(body, "https://www.yunxi.example/tz/1.html")
    assert isinstance(result, Failure)
    assert (result.outcome, result.reason) == ("unreadable", "not-html")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "utf-16-le"])
def test_a_page_in_any_encoding_is_one(encoding: str) -> None:
    text = "應急管理局今天公告" if encoding == "big5" else "云溪县应急管理局今天发布公告"
    page = (
        f"<html><head><meta charset={encoding}><title>{text}</title></head><p>{text}。</p></html>"
    )
    assert not not_a_page(page.encode(encoding))


def test_pictures_without_a_headline_are_no_failure_of_ours() -> None:
    page = f"<html><body><p>发布时间：2031-03-05 10:23</p><div>{PICTURE}</div></body></html>"
    result = extract(page.encode(), "https://www.yunxi.example/tz/1.html")

    assert isinstance(result, Failure)
    assert result.reason in ("no-title", "not-an-article")


def test_a_document_in_a_frame_is_an_attachment() -> None:
    frame = '<iframe src="/upload/W020310305.pdf" width="100%" height="900"></iframe>'
    for layout in LAYOUTS:
        article = read(layout, f'<div class="TRS_Editor">{frame}</div>')
        assert isinstance(article, Article), layout
        assert (article.kind, article.text) == ("attachment", "")


WORDS = ["云溪新闻", "下载客户端", "登录", "我的订阅", "意见箱"]
MENUS = {
    "list": "<ul>" + "".join(f"<li>{word}</li>" for word in WORDS) + "</ul>",
    "spans": "<div>" + "".join(f"<span>{word}</span> " for word in WORDS) + "</div>",
    "cells": "<table><tr>" + "".join(f"<td>{word}</td>" for word in WORDS) + "</tr></table>",
    "definitions": "<dl>" + "".join(f"<dd>{word}</dd>" for word in WORDS) + "</dl>",
    "paragraph": f"<p>{'　'.join(WORDS)}</p>",
    "linked": "<div>" + "".join(f"<a href='#'>{word}</a><br>" for word in WORDS[:2]) + "</div>",
}


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("over", ["{}", "<div class='w'>{}</div>", "<div><div>{}</div></div>"])
def test_what_is_over_the_headline_and_under_the_article_is_the_sites(menu: str, over: str) -> None:
    text = "云溪县卫生健康局今天启动防控演练，二十个乡镇参加。\n演练设置了预警、转运两个环节。"
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    page = (
        f"<html><head><title>{TITLE}_云溪新闻</title></head><body>{over.format(MENUS[menu])}"
        f"<h1>{TITLE}</h1><p>2031-03-05 10:23</p><div class='b'>{paragraphs}</div>{MENUS[menu]}</body></html>"
    )
    article = extract(page.encode(), "https://www.yunxi.example/tz/1.html")

    assert isinstance(article, Article), article
    assert article.text == text
