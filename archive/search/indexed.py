"""The articles that the full-text index gives for a question, newest first.

The index has no order of its own. A word with few hits is sorted; one with many is asked for year
by year and month by month, newest first, until there are enough.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from archive.database.fulltext import facet
from archive.search.accounts import accounts_called
from archive.search.expression import Expression, Mark
from archive.search.filters import Filters

Row = dict[str, Any]
"""Columns of an article by name."""

SPAN = """SELECT (SELECT min(published_at) FROM main.articles),
    (SELECT max(published_at) FROM main.articles)"""
YEAR_BEFORE = "SELECT max(published_at) FROM main.articles WHERE published_at < ?"
DATED = """SELECT a.published_at, a.id, a.pk FROM articles_fts
    CROSS JOIN articles a ON a.pk = articles_fts.rowid WHERE articles_fts MATCH :match"""
DATED_KEYS = """SELECT a.published_at, a.id, a.pk FROM json_each(:keys) k
    CROSS JOIN articles a ON a.pk = k.value WHERE 1"""
FEW = 200  # hits that are sorted at once


class Indexed:
    """The articles of one database that its index gives for one expression and the filters: every
    true hit, and few others."""

    def __init__(self, db: sqlite3.Connection, expression: Expression, filters: Filters) -> None:
        self.db = db
        self.expression = expression
        self.filters = filters
        self._few: dict[str, list[int] | None] = {}

    def rows(self, *marks: Mark, without: Container[int] = ()) -> Iterator[Row]:
        """What the index gives for these marks, newest first. Each has its key, its id and its
        date."""
        question = self.question(*marks)
        for part in self.parts(question) if question else ():
            yield from self.newest_first(part, without)

    def question(self, *marks: Mark) -> str | None:
        """The question to the index; None where no article can have these marks."""
        asked = [self.expression.fts(mark) for mark in marks or ("anywhere",)]
        if None in asked or self._required is None:
            return None
        return " AND ".join([*self._required, *(f"({part})" for part in asked)])

    @cached_property
    def _required(self) -> list[str] | None:
        """What the filters ask of the index; None where no article can satisfy them."""
        if (months := self._months()) is None:
            return None
        return [*self._terms, *months]

    @cached_property
    def _terms(self) -> list[str]:
        return self.filters.terms(self._accounts)

    @cached_property
    def _accounts(self) -> list[tuple[str, str]]:
        account = self.filters.account
        return accounts_called(self.db, account) if account else []

    @property
    def _of_words(self) -> str:
        """The question without the days."""
        return " AND ".join([*self._terms, f"({self.expression.fts('anywhere')})"])

    def parts(self, question: str) -> Iterator[str]:
        """The question, cut into months from the newest on where it has many hits."""
        if not self._many(question):
            yield question
            return
        for year in self._years():
            of_year = f'"{facet("year", f"{year:04}")}" AND {question}'
            if self._many(of_year):
                yield from (
                    f'"{facet("month", f"{year:04}-{month:02}")}" AND {question}'
                    for month in range(12, 0, -1)
                )
            else:
                yield of_year
        yield f'"{facet("month", "")}" AND {question}'

    def _many(self, question: str) -> bool:
        return self.few(question) is None

    def few(self, question: str) -> list[int] | None:
        """The keys of the articles that the index gives; None where they are more than `FEW`. They
        are remembered, as asking the index is what takes long."""
        if question not in self._few:
            asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
            keys = [row[0] for row in self.db.execute(asked, [question, FEW + 1])]
            self._few[question] = keys if len(keys) <= FEW else None
        return self._few[question]

    def keys(self, question: str) -> set[int]:
        """Those of all articles that the index gives."""
        asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        return {row[0] for row in self.db.execute(asked, [question])}

    def narrow(self, question: str, keys: list[int]) -> None:
        """Remember that a question gives these articles alone, as others that it consists of show.

        Args:
            question: of few hits.
            keys: of its articles.
        """
        self._few[question] = keys

    def newest_first(self, question: str, without: Container[int] = ()) -> list[Row]:
        """The hits of one part that are not among some keys, newest first."""
        dated = self._dated(question, without)
        ordered = sorted(dated, key=lambda row: (row[0] or "", row[1]), reverse=True)
        return [
            {"published_at": day, "id": article_id, "pk": pk}
            for day, article_id, pk in ordered
            if pk not in without
        ]

    def _dated(self, question: str, without: Container[int]) -> sqlite3.Cursor:
        conditions, parameters = self.filters.conditions()
        if (keys := self._few.get(question)) is None:
            return self.db.execute(f"{DATED} {conditions}", {"match": question, **parameters})
        left = json.dumps([key for key in keys if key not in without])
        return self.db.execute(f"{DATED_KEYS} {conditions}", {"keys": left, **parameters})

    @cached_property
    def _span(self) -> tuple[date, date]:
        """The first and the last day that a hit can have."""
        # In selects of their own, because SQLite reads all articles where one has both.
        first, last = self.db.execute(SPAN).fetchone()
        given = (
            [day for day in (first, self.filters.since) if day],
            [day for day in (last, self.filters.until) if day],
        )
        return date.fromisoformat(max(given[0], default="0001-01-01")[:10]), date.fromisoformat(
            min(given[1], default="0001-01-01")[:10]
        )

    def _years(self) -> Iterator[int]:
        """The years that a hit can be of, newest first. Those without any article are leapt over:
        one with the date of another age must not cost a question for each year between."""
        first, last = self._span
        year = last.year
        while year >= first.year:
            yield year
            newest = self.db.execute(YEAR_BEFORE, [f"{year:04}"]).fetchone()[0]
            year = int(newest[:4]) if newest else first.year - 1

    def _months(self) -> list[str] | None:
        """What an article of the days wanted has, full years as years; nothing where the words have
        few hits, whose days are read anyway. None where there can be none."""
        if not (self.filters.since or self.filters.until) or not self._many(self._of_words):
            return []
        first, last = self._span
        terms = [term for year in self._years() for term in _of_year(year, first, last)]
        return ["(" + " OR ".join(terms) + ")"] if terms else None


def _of_year(year: int, first: date, last: date) -> list[str]:
    """The terms of the months of a year that lie between two days."""
    months = range(
        first.month if year == first.year else 1, (last.month if year == last.year else 12) + 1
    )
    if len(months) == 12:
        return [f'"{facet("year", f"{year:04}")}"']
    return [f'"{facet("month", f"{year:04}-{month:02}")}"' for month in months]
