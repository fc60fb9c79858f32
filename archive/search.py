"""Search: candidates from the full-text index in the order wanted, checked where the index alone cannot be exact.

By date, the index gives its rows newest first. By relevance, it is asked for one class of articles after the other: the
title holds the query, or not; and within each, how densely the text holds it, from three to none. Either way as many
rows are read as are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import sqlite_utils

from archive.errors import UsageError
from archive.expression import DENSEST, LEVELS, Document, Expression, Mark
from archive.fulltext import facet
from archive.keys import span
from archive.query import parse
from archive.snippet import snippet

Order = Literal["date", "relevance"]
COUNTED = {
    "all": "NULL",
    "account": "a.account",
    "platform": "a.platform",
    "status": "a.status",
    "month": "substr(a.published_at, 1, 7)",
    "year": "substr(a.published_at, 1, 4)",
}

Class = tuple[bool, int]
"""How relevant an article is: the title holds the query; how densely the text holds it."""

CLASSES: list[Class] = [(titled, density) for titled in (True, False) for density in range(DENSEST, -1, -1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found: `rank` from 1, `snippet` in the stored characters, its matches between 【 and 】."""

    id: str
    title: str
    account: str | None
    published_at: str | None
    snippet: str
    rank: int
    platform: str
    url: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits must have. `since` and `until` are inclusive ISO dates of publication; `account` is a name or an id."""

    platform: str | None = None
    account: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None

    def terms(self) -> list[str]:
        """Index terms that every hit has."""
        given = [(name, getattr(self, name)) for name in ("platform", "account", "status")]
        try:
            return [facet(name, value) for name, value in given if value]
        except UnicodeEncodeError as error:
            raise UsageError("A filter holds bytes that are no text; type it again.") from error

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """SQL over `articles_fts` and `articles a`, and its parameters."""
        low, high = span(self.since, self.until)
        tests = {"since": "a.published_at >= :since", "until": "substr(a.published_at, 1, length(:until)) <= :until"}
        given: dict[str, Any] = {name: getattr(self, name) for name in tests if getattr(self, name)}
        dated = "AND articles_fts.rowid BETWEEN :low AND :high " if given else ""
        bounds = {"low": low, "high": high} if given else {}
        return dated + "".join(f"AND {tests[name]} " for name in given), given | bounds


def search(
    db: sqlite_utils.Database,
    query: str,
    filters: Filters,
    *,
    order: Order = "date",
    limit: int | None = 20,
    offset: int = 0,
    widen: bool = True,
) -> list[Hit]:
    """Hits `offset` to `offset + limit` in this order; all of them where `limit` is None."""
    found = _Search(db, parse(query, widen=widen), filters)
    rows = found.by_relevance() if order == "relevance" else found.by_date()
    shown = islice(rows, offset, None if limit is None else offset + limit)
    return [_hit(row, found.expression, rank) for rank, row in enumerate(shown, offset + 1)]


def count(
    db: sqlite_utils.Database, query: str, filters: Filters, *, by: str = "all", widen: bool = True
) -> dict[str | None, int]:
    """How many articles satisfy the query, by a column of `COUNTED`; months and years in order, else the most first."""
    found = _Search(db, parse(query, widen=widen), filters)
    counted = found.counted(by)
    return dict(sorted(counted.items(), key=lambda one: (0 if by in ("month", "year") else -one[1], one[0] or "")))


class _Search:
    """One question to one database."""

    def __init__(self, db: sqlite_utils.Database, expression: Expression, filters: Filters) -> None:
        self.db = db
        self.expression = expression
        self.filters = filters

    def by_date(self) -> Iterator[dict[str, Any]]:
        """Hits, newest first."""
        for row in self.candidates("held"):
            if self.expression.exact or self.expression.matches(Document(row)):
                yield row

    def by_relevance(self) -> Iterator[dict[str, Any]]:
        """Hits by class, newest first in each."""
        given: set[int] = set()
        placed: dict[int, Class | None] = {}  # candidates that the index could not place
        for place in CLASSES:
            for row in self.candidates(*_marks(place)):
                pk = row["pk"]
                if pk in given:
                    continue
                if not self.expression.exact and pk not in placed:
                    placed[pk] = self._class(row)
                if placed.get(pk, place) == place:
                    given.add(pk)
                    yield row

    def _class(self, row: dict[str, Any]) -> Class | None:
        held = Document(row)
        return (self.expression.in_title(held), self.expression.density(held)) if self.expression.matches(held) else None

    def candidates(self, *marks: Mark) -> Iterator[dict[str, Any]]:
        """Rows that the index gives for these marks, newest first: every true one, and few others."""
        question = self.question(*marks)
        if question is None:
            return iter(())
        conditions, parameters = self.filters.conditions()
        # CROSS JOIN keeps the index outside: it gives its rows by key, which is newest first, and can stop early.
        return self.db.query(
            f"""SELECT a.pk, a.id, a.title, a.account, a.published_at, a.platform, a.url, a.status, a.text
            FROM articles_fts CROSS JOIN articles a ON a.pk = articles_fts.rowid
            WHERE articles_fts MATCH :match {conditions} ORDER BY articles_fts.rowid""",
            {"match": question, **parameters},
        )

    def question(self, *marks: Mark) -> str | None:
        """The question to the index; None where no article can have these marks."""
        asked = [self.expression.fts(mark) for mark in marks or ("held",)]
        filters = [f'"{term}"' for term in self.filters.terms()]
        return None if None in asked else " AND ".join([*filters, *(f"({one})" for one in asked)])

    def counted(self, by: str) -> Counter[str | None]:
        """Hits by a column, counted in the index where that is exact."""
        if not self.expression.exact:
            rows = self.by_date()
            return Counter(row[by] if by in row else _cut(row, by) for row in rows)
        conditions, parameters = self.filters.conditions()
        joined = "CROSS JOIN articles a ON a.pk = articles_fts.rowid" if by != "all" or parameters else ""
        found = self.db.execute(
            f"""SELECT {COUNTED[by]} AS value, count(*) FROM articles_fts {joined}
            WHERE articles_fts MATCH :match {conditions} GROUP BY value""",
            {"match": self.question(), **parameters},
        )
        return Counter({value: number for value, number in found if number})


def _marks(place: Class) -> list[Mark]:
    """What an article of this class has for certain; one of a higher class has it too."""
    titled, density = place
    marks: list[Mark] = ["title"] if titled else []
    return [*marks, LEVELS[density - 1]] if density else marks


def _cut(row: dict[str, Any], by: str) -> str | None:
    length = {"month": 7, "year": 4}.get(by)
    return row["published_at"][:length] if length and row["published_at"] else None


def _hit(row: dict[str, Any], expression: Expression, rank: int) -> Hit:
    names = ("id", "title", "account", "published_at", "platform", "url", "status")
    shown = snippet(row["title"], row["text"], row["account"] or "", expression)
    return Hit(**{name: row[name] for name in names}, rank=rank, snippet=shown)
