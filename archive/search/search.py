"""Search: the articles that satisfy a query, a page of them in order, or how many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast, get_args

from archive.errors import UsageError
from archive.model import Status
from archive.search.attached import Page, Within
from archive.search.candidates import COUNTED
from archive.search.expression import Expression
from archive.search.filters import Filters
from archive.search.hits import Hits
from archive.search.indexed import Row
from archive.search.parser import parse
from archive.search.snippet import Marks, snippet
from archive.search.window import bounds

Order = Literal["date", "relevance"]
SHOWN = ("id", "title", "account", "published_at", "platform", "url", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found: `rank` from 1, `snippet` in the stored characters, its matches between 【
    and 】.

    Of one that is a hit only with its attachments, `snippet` is that of a page of a document:
    `attachment` is the file's name, `attachment_url` its address, `attachment_capture` its capture,
    `attachment_page` the number of the page, sheet or slide (`attachment_unit`), and
    `attachment_label` its name. They are None otherwise.
    """

    id: str
    title: str
    account: str | None
    published_at: str | None
    snippet: str
    rank: int
    platform: str
    url: str
    status: Status
    attachment: str | None = None
    attachment_page: int | None = None
    attachment_unit: str | None = None
    attachment_label: str | None = None
    attachment_url: str | None = None
    attachment_capture: str | None = None


def search(
    db: sqlite3.Connection,
    query: str,
    filters: Filters,
    *,
    order: Order = "date",
    limit: int | None = 20,
    offset: int = 0,
    widen: bool = True,
    marks: Marks = ("【", "】"),
    within: Within = "everywhere",
) -> list[Hit]:
    """Hits `offset` to `offset + limit` in this order, with these marks around each match; all of
    them where `limit` is None."""
    begin, end = bounds(limit, offset)
    by_relevance = order_of(order) == "relevance"
    hits = Hits(db, expression_of(query, widen, within), filters, within)
    if by_relevance:
        shown = islice(hits.by_relevance(begin), limit)
    else:
        shown = islice(hits.by_date(), begin, end)
    return [
        hit_of(hits.complete(row), hits, rank, marks) for rank, row in enumerate(shown, begin + 1)
    ]


def count(
    db: sqlite3.Connection,
    query: str,
    filters: Filters,
    *,
    by: str = "all",
    widen: bool = True,
    within: Within = "everywhere",
) -> dict[str | None, int]:
    """How many articles satisfy the query, by a column of `COUNTED`; months and years in order,
    else the most first."""
    counted_by(by)
    hits = Hits(db, expression_of(query, widen, within), filters, within)
    return in_order(by, hits.counted(by))


def order_of(name: str) -> Order:
    """An order of hits by its name. Raises UsageError where there is none of it."""
    order = next((order for order in get_args(Order) if order == name), None)
    if order is None:
        raise UsageError(
            f"There is no order {name!r}; hits come by {' or by '.join(get_args(Order))}."
        )
    return cast("Order", order)


def counted_by(name: str) -> str:
    """What hits are counted by, as SQL over `articles a`. Raises UsageError for a name that is not
    of `COUNTED`."""
    if name not in COUNTED:
        names = ", ".join(COUNTED)
        raise UsageError(f"Articles cannot be counted by {name!r}; give one of {names}.")
    return COUNTED[name]


def in_order(by: str, counted: Mapping[str | None, int]) -> dict[str | None, int]:
    """Counts as they are shown: months and years in order, else the most first."""
    in_time = by in ("month", "year")
    return dict(
        sorted(counted.items(), key=lambda item: (0 if in_time else -item[1], item[0] or ""))
    )


def matching(
    db: sqlite3.Connection, query: str, filters: Filters, *, widen: bool = True
) -> Iterator[str]:
    """The ids of all articles that satisfy the query, newest first."""
    hits = Hits(db, expression_of(query, widen, "everywhere"), filters, "everywhere")
    return (row["id"] for row in hits.by_date())


def expression_of(query: str, widen: bool, within: str) -> Expression:
    """The expression that a query means. Raises UsageError for a query without a word, and for a
    place to look in that there is not."""
    if within not in get_args(Within):
        raise UsageError(
            f"Nothing can be looked for in {within!r}; give one of {', '.join(get_args(Within))}."
        )
    return parse(query, widen=widen)


def hit_of(row: Row, hits: Hits, rank: int, marks: Marks = ("【", "】")) -> Hit:
    """A hit of a complete row, with these marks around each match."""
    return hit_with(row, hits.page(row), hits.expression, rank, marks)


def hit_with(
    row: Row, page: Page | None, expression: Expression, rank: int, marks: Marks = ("【", "】")
) -> Hit:
    """A hit of a complete row, and of the page of an attachment that shows it, if there is one."""
    values: dict[str, Any] = {name: row[name] for name in SHOWN}
    if page:
        return Hit(
            **values,
            rank=rank,
            snippet=snippet("", page.text, "", expression, marks),
            attachment=page.file_name,
            attachment_page=page.number,
            attachment_unit=page.unit,
            attachment_label=page.label,
            attachment_url=page.url,
            attachment_capture=page.capture,
        )
    shown = snippet(row["title"], row["text"], row["account"] or "", expression, marks)
    return Hit(**values, rank=rank, snippet=shown)
