"""An article that a page holds and does not show is read; nothing else that it hides is."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest

from archive import extract
from archive.model import Article, Failure

TITLE = "云溪县应急管理局关于开展宣传活动的公告"
LINES = [
    "为提升全民防灾减灾意识，县应急管理局决定开展集中宣传活动，现将有关事项公告如下。",
    "活动时间为三月八日上午九时至十一时，地点在云溪广场，请市民朋友踊跃参加。",
    "活动现场将发放宣传资料，并设置咨询台；欢迎广大居民前来了解。",
]
BODY = "".join(f"<p>{line}</p>" for line in LINES) + '<p><img src="/pic/1.jpg"></p>'
MENU = "".join(
    f"<li><a href='/{n}/'>{name}</a></li>"
    for n, name in enumerate(["首页", "新闻", "公开", "服务"])
)
IMPRINT = (
    "<div>主办：云溪县人民政府办公室 云ICP备00000001号 地址：云溪县人民路1号，邮编：123456</div>"
)
WRITE = "".join(f"document.write('<p>{line}</p>');\n" for line in LINES)
TOGETHER = " +\n".join(f"'<p>{line}</p>'" for line in LINES)
STATE = {
    "hot": [
        {
            "title": "另一篇文章的标题",
            "content": "<p>" + "另一篇文章的内容，与本页无关。" * 30 + "</p>",
        }
    ]
    * 20,
    "list": [str(n) for n in range(40)],
    "detail": {"title": TITLE, "content": BODY},
}
LINKED_DATA = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(LINES)}

HIDDEN = {
    "textarea, escaped": f'<textarea id="c" style="display:none">{html.escape(BODY)}</textarea>',
    "textarea, as it is": f'<textarea style="display:none">{BODY}</textarea>',
    "template": f"<template>{BODY}</template>",
    "noscript": f"<noscript>{BODY}</noscript>",
    "hidden field": f'<input type="hidden" id="content" value="{html.escape(BODY)}">',
    "script of another type": f'<script type="text/template">{BODY}</script>',
    "variable": f"<script>var s = {json.dumps(BODY, ensure_ascii=False)}; show(s);</script>",
    "variable in ASCII": f"<script>var s = {json.dumps(BODY)};</script>",
    "single quotes": "<script>var s='" + BODY.replace("/", "\\/") + "';</script>",
    "back quotes": f"<script>const s = `{BODY}`;</script>",
    "joined": f"<script>var s = {TOGETHER};</script>",
    "written": f"<script>{WRITE}</script>",
    "unescape": f"<script>document.write(unescape('{quote(BODY)}'));</script>",
    "wide unescape": "<script>var s=unescape('"
    + "".join(c if c.isalnum() and c.isascii() else f"%u{ord(c):04X}" if ord(c) > 255 else f"%{ord(c):02X}" for c in BODY)
    + "');</script>",
    "state": f"<script>window.__STATE__={json.dumps(STATE, ensure_ascii=False)}</script>",
    "JSON": f'<script type="application/json">{json.dumps(STATE)}</script>',
    "linked data": f'<script type="application/ld+json">{json.dumps(LINKED_DATA)}</script>',
}  # fmt: skip
OTHERS = {
    "an announcement of the site": "<noscript>您的浏览器不支持脚本，请开启后访问本站。</noscript>",
    "a placeholder": '<textarea placeholder="请输入评论">文明上网，理性发言。</textarea>',
    "a dialog": "<script>var tip='<div>您访问的链接即将离开本网站，是否继续访问该外部链接？请您注意核对。</div>';</script>",
    "messages": "<script>var e = {msg: '提交成功，我们会在五个工作日内答复您，请您留意手机短信或者电子邮件的通知。'};</script>",
    "headlines": "<script>var a = ['<li>云溪县召开防汛工作部署会议全面落实各项责任要求</li>'];</script>",
}


def read(content: str) -> Article | Failure:
    page = f"""<html><head><title>{TITLE}</title></head><body><ul>{MENU}</ul><h1>{TITLE}</h1>
<p>发布时间：2031-03-05 10:23　来源：云溪县应急管理局</p><div id="box"></div>{content}{IMPRINT}</body></html>"""
    return extract(page.encode(), "https://yjj.yunxi.example/tz/t1.shtml")


@pytest.mark.parametrize("place", HIDDEN)
def test_an_article_that_is_not_shown_is_read(place: str) -> None:
    article = read(HIDDEN[place])

    assert isinstance(article, Article), article
    assert article.text.split("\n") == LINES
    assert article.title == TITLE
    assert len(article.pictures) == (place not in ("joined", "written", "linked data"))


@pytest.mark.parametrize("place", OTHERS)
def test_what_else_is_hidden_is_no_article(place: str) -> None:
    result = read(OTHERS[place])

    assert isinstance(result, Failure), result
    assert result.reason == "not-an-article"


@pytest.mark.parametrize("place", ["textarea, escaped", "state", "written"])
def test_an_article_that_is_shown_is_not_replaced(place: str) -> None:
    shown = [
        f"第{n}条，云溪县应急管理局负责组织协调全县的宣传活动，并接受社会监督。"
        for n in range(1, 8)
    ]
    article = read("<div>" + "".join(f"<p>{line}</p>" for line in shown) + "</div>" + HIDDEN[place])

    assert isinstance(article, Article)
    assert article.text.split("\n") == shown
