"""`--any-page`: pages of no platform are read by the general rules, in this import and in no other."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.platforms.page import locate
from tests.intake.test_forms import RAW, imported, run
from tests.rigs import web_archives as forms
from tests.rigs.handmade import TITLE, page

URL = "http://www.yunxi-news.example/2016/03/01/notice.html"
TEXT = "".join(
    f"<p>全县防汛工作会议今天在县政府召开，会议部署第{number}项工作。</p>" for number in range(9)
)
HTML = page(f"<div class='content'>{TEXT}</div>").encode()


def exchange(number: int, url: str, body: bytes, content_type: str) -> bytes:
    block = forms.answer(body, content_type)
    return forms.record("response", url, block, number, forms.RESPONSE)


CRAWL = b"".join(
    [
        *RAW,
        exchange(10, URL, HTML, "text/html; charset=utf-8"),
        exchange(11, "http://www.yunxi-news.example/site.css", b"p {}", "text/css"),
        exchange(12, "http://www.yunxi-news.example/data.json", b"{}", "application/json"),
        exchange(13, "http://www.yunxi-news.example/1.png", forms.PICTURE, "image/png"),
        exchange(14, "urn:pageinfo:" + URL, HTML, "text/html"),
        exchange(15, "http://www.yunxi-news.example/x.xhtml", HTML, "application/xhtml+xml"),
    ]
)


def articles(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return db.execute("SELECT platform, title FROM articles ORDER BY id").fetchall()


def test_pages_of_no_platform_are_read_where_they_are_wanted(tmp_path: Path) -> None:
    done = imported(tmp_path, "crawl.warc", CRAWL, "--any-page", "--json")

    assert articles(tmp_path) == [("page", TITLE), ("page", TITLE), ("thepaper", "外来的通告")]
    counts = json.loads(done.stdout)
    assert counts["articles"] == {"page": 2, "thepaper": 1}
    assert counts["pages_of_no_platform"] == 1  # the one whose address is none of the web's
    assert "县政府召开" in run(tmp_path, "search", "防汛工作会议", "--platform", "page").stdout


def test_a_rebuild_reads_the_same(tmp_path: Path) -> None:
    imported(tmp_path, "crawl.warc", CRAWL, "--any-page")
    before = articles(tmp_path)

    run(tmp_path, "rebuild")

    assert articles(tmp_path) == before


def test_they_are_counted_where_they_are_not_wanted(tmp_path: Path) -> None:
    done = imported(tmp_path, "crawl.warc", CRAWL)

    assert articles(tmp_path) == [("thepaper", "外来的通告")]
    assert "pages of no platform: 2" in done.stdout


def test_the_wish_is_of_one_import(tmp_path: Path) -> None:
    imported(tmp_path, "crawl.warc", CRAWL)
    other = exchange(20, URL.replace("notice", "other"), HTML, "text/html; charset=utf-8")

    imported(tmp_path, "other.warc", other, "--any-page")

    assert [platform for platform, _ in articles(tmp_path)] == ["page", "thepaper"]


def test_a_source_cannot_ask_for_it_itself(tmp_path: Path) -> None:
    info = b"any-page: yes\r\nsource-sha256: 00\r\n"
    wish = forms.record("warcinfo", "", info, 30, "application/warc-fields")

    imported(tmp_path, "crawl.warc", wish + CRAWL)

    assert articles(tmp_path) == [("thepaper", "外来的通告")]


@pytest.mark.parametrize(
    ("url", "other", "is_same"),
    [
        ("http://a.example/1.html", "https://a.example/1.html", True),
        ("http://a.example/1.html", "http://a.example/1.html#top", True),
        ("http://a.example/1.html", "http://a.example/1.html?utm_source=x", True),
        ("http://a.example/1.html", "http://A.EXAMPLE/1.html", True),
        ("http://a.example/1.html", "http://a.example/2.html", False),
        ("http://a.example/1.html", "http://b.example/1.html", False),
        ("http://a.example/show?id=1", "http://a.example/show?id=2", False),
    ],
)
def test_ids_are_by_address(url: str, other: str, is_same: bool) -> None:
    assert (locate(url).id == locate(other).id) == is_same
