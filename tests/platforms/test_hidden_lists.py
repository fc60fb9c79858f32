"""Lists in a frame of their page, and pagers that a script decodes and writes: followed to their ends."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.platform import Ask
from archive.platforms.kit.lists.written import with_written
from tests.platforms.lists import COLUMN, SITE, MadeList, chunk, html, numbered, rows, simple
from tests.platforms.test_lists import walk

LIST = numbered("list", 3, begin=2)
HEAD = "<div class='top'>" + "云溪县人民政府门户网站，欢迎您的访问。" * 20 + "</div>"
FRAMES = {
    "one frame": "<iframe src='list.html' width='100%' height='600'></iframe>",
    "next to a hidden one": "<iframe src='/tongji.html' style='display: none'></iframe><iframe src='list.html'></iframe>",
    "next to a counter": "<iframe src='/c.html' width=0 height=0></iframe><iframe src='list.html'></iframe>",
    "next to another site's": "<iframe src='https://map.example/'></iframe><iframe src='list.html'></iframe>",
    "with a name": "<iframe name='top' src='/top.html'></iframe><iframe name='mainFrame' src='list.html'></iframe>",
    "a frameset": "<frameset cols='20%,80%'><frame src='/left.html' name='left'><frame src='list.html' name='right'></frameset>",
    "an empty one too": "<iframe src='about:blank' id='news'></iframe><iframe src='./list.html'></iframe>",
}  # fmt: skip
NO_FRAMES = {
    "two of one kind": "<iframe src='list.html'></iframe><iframe src='newslist.html'></iframe>",
    "another site's": "<iframe src='https://b.example/list.html'></iframe>",
    "hidden": "<iframe src='list.html' style='visibility:hidden'></iframe>",
    "itself": "<iframe src='tzgg.html'></iframe>",
}


def framed(frame: str, text: str = HEAD) -> MadeList:
    start = f"{COLUMN}/tzgg.html"
    inner = simple(LIST, lambda k, n: f"<a href='{LIST[k]}'>下一页</a>" if k < n else "")

    def answer(ask: Ask) -> str | None:
        return html(text + frame) if ask.url == start else inner.answer(ask)

    return MadeList(start, inner.articles, answer)


@pytest.mark.parametrize("text", [HEAD, ""], ids=["under a head", "alone"])
@pytest.mark.parametrize("name", FRAMES)
def test_a_list_in_a_frame_is_followed(name: str, text: str, tmp_path: Path) -> None:
    case = framed(FRAMES[name], text)

    walked, links = walk(case, tmp_path)

    assert len(links) == case.articles and walked.complete and walked.failure is None


@pytest.mark.parametrize("name", NO_FRAMES)
def test_what_may_be_no_list_is_not_followed(name: str, tmp_path: Path) -> None:
    walked, links = walk(framed(NO_FRAMES[name]), tmp_path)

    assert not links and not walked.complete and walked.failure


def encoded(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


def percent_u(text: str) -> str:
    return "".join(f"%u{ord(each):04x}" if ord(each) > 127 else quote(each) for each in text)


WRITTEN = {
    "document.write": lambda pager: f"<script>document.write(atob('{encoded(pager)}'))</script>",
    "innerHTML": lambda pager: f"<div id=p></div><script>p.innerHTML=window.atob(\"{encoded(pager)}\")</script>",
    "in GBK": lambda pager: f"<script>document.write(Base64.decode('{encoded(pager, 'gb18030')}'))</script>",
    "for addresses": lambda pager: f"<script>document.write(base64_decode('{encoded(pager).replace('+', '-').replace('/', '_').rstrip('=')}'))</script>",
    "twice": lambda pager: f"<script>document.write(decodeURIComponent(atob('{encoded(quote(pager))}')))</script>",
    "unescape": lambda pager: f"<script>document.write(unescape('{percent_u(pager)}'))</script>",
    "decodeURIComponent": lambda pager: f"<script>document.write(decodeURIComponent(\"{quote(pager)}\"))</script>",
}  # fmt: skip


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_pager_that_a_script_decodes_is_followed(name: str, charset: str, tmp_path: Path) -> None:
    def pager(number: int, last: int) -> str:
        before = f"<a href='{LIST[number - 2]}'>上一页</a>" if number > 1 else "<span>上一页</span>"
        after = f"<a href='{LIST[number]}'>下一页</a>" if number < last else "<span>下一页</span>"
        return WRITTEN[name](before + after)

    case = simple(LIST, pager)
    walked, links = walk(
        MadeList(case.start, case.articles, case.answer, charset=charset), tmp_path
    )

    assert len(links) == case.articles and walked.complete, walked.progress


def test_entries_that_a_script_decodes_are_read(tmp_path: Path) -> None:
    text = f"<script>document.write(atob('{encoded(rows(chunk(1)))}'))</script>"
    case = MadeList(LIST[0], 4, lambda ask: html(text) if ask.url == LIST[0] else None)

    assert len(walk(case, tmp_path)[1]) == 4


@pytest.mark.parametrize("text", ["atob('!!!!!!!!!!!!!!!!!!!!')", "atob('" + "A" * 999, "atob('//////////////////8=')", "decodeURIComponent('%ff%ff%ff%ff%ff%ff')", "atob('aGVsbG8gd29ybGQgaGVsbG8=')"])  # fmt: skip
def test_what_decodes_to_no_link_leaves_the_page_as_it_is(text: str) -> None:
    from archive.page.page import Page

    page = Page(url=f"{SITE}/", body=f"<script>{text}</script>".encode())

    assert with_written(page) is page
