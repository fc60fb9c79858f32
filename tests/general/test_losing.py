"""What a page says besides what was taken for title, source and author is kept, with where it says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from archive import extract
from archive.general.losing import losing
from archive.general.other_values import as_json
from archive.model import Article

BODY = "".join(
    f"<p>会议要求，第{n}项防汛责任要落实到人，水库调度、物资储备和值班值守逐一检查，不留死角。</p>"
    for n in "一二三四五"
)
TITLE = "云溪县召开全县防汛工作会议"


def candidates(head: str, byline: str, heading: str = TITLE) -> tuple[Any, dict[str, Any]]:
    page = (
        f"<html><head><title>{TITLE}_云溪县人民政府网</title>{head}</head><body><div class='article'>"
        f"<h1>{heading}</h1><p class='info'>{byline}</p><div class='content'>{BODY}</div></div></body></html>"
    )
    article = extract(
        page.encode(), "https://example.org/a/1.html", captured_at=datetime(2024, 3, 5, tzinfo=UTC)
    )
    assert isinstance(article, Article), article
    return article, json.loads(article.field_candidates or "{}")


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


CASES = {
    "source of the meta data": (meta("source", "青禾日报"), "2024-03-01 来源：云溪日报", "source", "青禾日报", "meta"),
    "source of the site": (meta("ContentSource", "云溪县政府办"), "2024-03-01 来源：云溪日报", "source", "云溪日报", "label"),
    "author of the meta data": (meta("author", "王小明"), "2024-03-01 来源：云溪日报 作者：李大力", "author", "王小明", "meta"),
    "title of the meta data": (meta("ArticleTitle", "全县防汛会议召开"), "2024-03-01", "title", None, None),
    "another headline": ("", "2024-03-01</p><h1>关于印发云溪县防汛方案的通知</h1><p>", "title", "关于印发云溪县防汛方案的通知", "headline"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_was_not_taken_is_kept_with_its_place(name: str) -> None:
    head, byline, field, value, where = CASES[name]

    article, others = candidates(head, byline)

    mentions = [(each["value"], each["where"]) for each in others.get(field, [])]
    assert getattr(article, field) not in [each for each, _ in mentions]
    if value:
        assert (value, where) in mentions
    else:
        assert article.title == "全县防汛会议召开"


def test_a_page_that_says_one_thing_alone_has_no_other() -> None:
    article, others = candidates("", "2024-03-01 来源：云溪日报")

    assert (article.title, article.source, others) == (TITLE, "云溪日报", {})
    assert article.field_candidates is None


def test_losing_values_are_different_few_and_short() -> None:
    mentions = [(str(number), "label") for number in range(20)]

    assert losing([("甲", "a"), ("甲", "b"), ("乙", "c"), ("", "d")], "乙") == (("甲", "a"),)
    assert len(losing(mentions, "3")) == 5
    assert losing([("甲" * 201, "a")], None) == ()
    assert as_json({"title": (), "source": ()}) is None
