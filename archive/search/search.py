"""Search: the articles that satisfy a query, a page of them in order, or how many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args

from archive.errors import UsageError
from archive.model import Status
from archive.search.candidates import COUNTED, Candidates, Row
from archive.search.expression import Expression
from archive.search.filters import Filters
from archive.search.parser import parse
from archive.search.snippet import Marks, snippet
from archive.search.window import bounds

Order = Literal["date", "relevance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found: `rank` from 1, `snippet` in the stored characters, its matches between 【
    and 】."""

    id: str
    title: str
    account: str | None
    published_at: str | None
    snippet: str
    rank: int
    platform: str
    url: str
    status: Status


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
) -> list[Hit]:
    """Hits `offset` to `offset + limit` in this order, with these marks around each match; all of
    them where `limit` is None."""
    if order not in get_args(Order):
        raise UsageError(
            f"There is no order {order!r}; hits come by {' or by '.join(get_args(Order))}."
        )
    begin, end = bounds(limit, offset)
    candidates = Candidates(db, parse(query, widen=widen), filters)
    rows = candidates.by_relevance() if order == "relevance" else candidates.by_date()
    shown = islice(rows, begin, end)
    return [
        _hit(row, candidates.expression, rank, marks) for rank, row in enumerate(shown, begin + 1)
    ]


def count(
    db: sqlite3.Connection, query: str, filters: Filters, *, by: str = "all", widen: bool = True
) -> dict[str | None, int]:
    """How many articles satisfy the query, by a column of `COUNTED`; months and years in order,
    else the most first."""
    if by not in COUNTED:
        raise UsageError(f"Articles cannot be counted by {by!r}; give one of {', '.join(COUNTED)}.")
    counted = Candidates(db, parse(query, widen=widen), filters).counted(by)
    in_time = by in ("month", "year")
    return dict(
        sorted(counted.items(), key=lambda item: (0 if in_time else -item[1], item[0] or ""))
    )


def matching(
    db: sqlite3.Connection, query: str, filters: Filters, *, widen: bool = True
) -> Iterator[str]:
    """The ids of all articles that satisfy the query, newest first."""
    return (row["id"] for row in Candidates(db, parse(query, widen=widen), filters).by_date())


def _hit(row: Row, expression: Expression, rank: int, marks: Marks) -> Hit:
    names = ("id", "title", "account", "published_at", "platform", "url", "status")
    shown = snippet(row["title"], row["text"], row["account"] or "", expression, marks)
    return Hit(**{name: row[name] for name in names}, rank=rank, snippet=shown)
