"""Dates with English names of months, and days without a sign between their parts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive import extract
from archive.model import Article
from archive.page.english_dates import english_dates

BODY = (
    "<p>云溪县今年新增公共充电桩一百二十个，覆盖全部乡镇，今后还将继续增加，方便群众出行。</p>" * 4
)
DAY, MINUTE = "2024-03-05", "2024-03-05T10:23:00+08:00"
LINES = {
    "March 5, 2024": DAY,
    "5 March 2024": DAY,
    "Mar. 5th, 2024": DAY,
    "05-Mar-2024": DAY,
    "Tuesday, 05 Mar 2024": DAY,
    "Published: 5 March 2024 10:23": MINUTE,
    "Published on Mar 5, 2024, at 10:23 a.m.": MINUTE,
    "Date: March 5, 2024 10:23 AM": MINUTE,
    "Tue Mar 05 10:23:00 CST 2024": MINUTE,
    "Tue, 05 Mar 2024 02:23:00 GMT": MINUTE,
    "Tue, 05 Mar 2024 02:23:00 +0000": MINUTE,
    "Tue Mar 05 2024 10:23:00 GMT+0800": MINUTE,
    "发布时间：20240305": DAY,
    "发布日期: 202403051023": MINUTE,
}
SCRIPTS = ['var PUBDATA="20240305";', "pubDate = '20240305102300'", '{"publishTime":"20240305"}']
NONE = [
    "May 2024",
    "Room 5 March",
    "31 Feb 2024",
    "Mar 5, 20245",
    "In summary 5, 2024",
    "编号：20240305",
]


def published(head: str, line: str) -> str | None:
    page = f"""<html><head><title>充电桩建设进展</title>{head}</head><body><h1>充电桩建设进展</h1>
        <div>{line}</div><div class="content">{BODY}</div></body></html>"""
    url = "https://www.yunxi.example/a/1.html"
    article = extract(page.encode(), url, captured_at=datetime(2031, 1, 1, tzinfo=UTC))
    assert isinstance(article, Article), article
    return article.published_at


@pytest.mark.parametrize(("line", "value"), LINES.items())
def test_a_printed_date_is_read(line: str, value: str) -> None:
    assert published("", line) == value


@pytest.mark.parametrize(("text", "value"), [item for item in LINES.items() if "：" not in item[0]])
def test_meta_data_are_read(text: str, value: str) -> None:
    content = text.rpartition("on ")[2].partition(": ")
    head = f'<meta name="pubdate" content="{content[2] or content[0]}">'

    assert published(head, "") == value


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_variable_is_read(script: str) -> None:
    assert (published(f"<script>{script}</script>", "") or "")[:10] == DAY


@pytest.mark.parametrize("line", NONE)
def test_what_is_no_date_is_not_read(line: str) -> None:
    assert list(english_dates(line)) == []
    assert published("", line) is None
