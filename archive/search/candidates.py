"""The articles that satisfy a question, in the order wanted: asked of the full-text index, checked
by their texts where the index alone cannot be exact. A row is read when it is shown or checked, so
that a page far down costs little more than the first.

The index has no order of its own. A word with few hits is sorted; one with many is asked for year
by year and month by month, newest first, until there are enough. By relevance it is asked for one
class of articles after the other: the title holds the query, or not; and within each, how densely
the text holds it. Never are many rows read to show a few.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from archive.database.fulltext import facet
from archive.database.opening import read_rows
from archive.search.accounts import accounts_called
from archive.search.expression import DENSEST, LEVELS, Document, Expression, Mark
from archive.search.filters import Filters
from archive.search.passing import Passing

Row = dict[str, Any]
SHOWN = "pk, id, title, account, published_at, platform, url, status, text"
# In a shard of a collection `articles` is a view without what is elsewhere. Where that is left out
# already, or makes no difference, the table is asked, which takes half as long.
COMPLETE = f"SELECT {SHOWN} FROM main.articles WHERE pk = ?"
SPAN = """SELECT (SELECT min(published_at) FROM main.articles),
    (SELECT max(published_at) FROM main.articles)"""
YEAR_BEFORE = "SELECT max(published_at) FROM main.articles WHERE published_at < ?"
DATED = """SELECT a.published_at, a.id, a.pk FROM articles_fts
    CROSS JOIN articles a ON a.pk = articles_fts.rowid WHERE articles_fts MATCH :match"""
DATED_KEYS = """SELECT a.published_at, a.id, a.pk FROM json_each(:keys) k
    CROSS JOIN articles a ON a.pk = k.value WHERE 1"""
FEW = 200  # hits that are sorted at once
SO_FEW = 20  # hits whose texts are all read at once
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

CLASSES: list[Class] = [
    (titled, density) for titled in (True, False) for density in range(DENSEST, -1, -1)
]


class Candidates:
    """The articles of one database that may satisfy one expression and the filters."""

    def __init__(self, db: sqlite3.Connection, expression: Expression, filters: Filters) -> None:
        self.db = db
        self.expression = expression
        self.filters = filters
        self._few: dict[str, list[int]] = {}  # the keys of the hits of questions that have few

    @cached_property
    def _accounts(self) -> list[tuple[str, str]]:
        account = self.filters.account
        return accounts_called(self.db, account) if account else []

    @cached_property
    def _hides_some(self) -> bool:
        """Whether a view takes the place of the table, so that the index has articles that are not
        there: as in a shard of a collection."""
        asked = "SELECT 1 FROM sqlite_temp_master WHERE name = 'articles'"
        return self.db.execute(asked).fetchone() is not None

    def by_date(self) -> Iterator[Row]:
        """Hits, newest first, each as `complete` takes it."""
        for row in self.candidates("anywhere"):
            if self.expression.exact:
                yield row
            elif self.expression.matches(Document(full := self.complete(row))):
                yield full

    def complete(self, row: Row) -> Row:
        """A hit with its text and all columns that are shown."""
        return row if "text" in row else next(read_rows(self.db, COMPLETE, [row["pk"]]))

    def by_class(self) -> Iterator[tuple[int, Row | None]]:
        """Hits by class, newest first in each, each as `complete` takes it, with the number of its
        class in `CLASSES`; None where the hits of a class begin."""
        exact = self.expression.exact
        number = self._number(question) if (question := self.question()) else 0
        if question and number <= (FEW if exact else SO_FEW):  # of none, no class is asked for
            rows = self._sorted(question) if number else []
            placed_at_once = self._by_index(rows) if exact else self._by_text(rows)
            yield from sorted(placed_at_once, key=lambda placing: placing[0])
        elif question:
            yield from self._class_by_class()

    def _by_text(self, rows: list[Row]) -> Iterator[tuple[int, Row]]:
        """Those of some candidates that are hits, with the number of their class."""
        for row in map(self.complete, rows):
            if place := self._class(row):
                yield CLASSES.index(place), row

    def _by_index(self, rows: list[Row]) -> Iterator[tuple[int, Row]]:
        """Some hits with the number of their class, where the index alone is exact."""
        titled = self._keys("title") if rows else set()
        levels = [*self._levels()] if rows else []
        for row in rows:
            density = sum(row["pk"] in level for level in levels)
            yield CLASSES.index((row["pk"] in titled, density)), row

    def _levels(self) -> Iterator[set[int]]:
        """The keys of the hits at least so dense, level by level: what is dense is so at each lower
        level too."""
        for level in LEVELS:
            if not (keys := self._keys(level)):
                return
            yield keys

    def _keys(self, mark: Mark) -> set[int]:
        """The keys of the hits that have a mark."""
        asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        question = self.question(mark)
        return {row[0] for row in self.db.execute(asked, [question])} if question else set()

    def _class_by_class(self) -> Iterator[tuple[int, Row | None]]:
        given: set[int] = set()
        placed: dict[int, Class | None] = {}  # candidates that the index could not place
        for number, place in enumerate(CLASSES):
            yield number, None
            elsewhere = given | {pk for pk, other in placed.items() if other != place}
            for row in self.candidates(*_marks(place), without=elsewhere):
                pk = row["pk"]
                if not self.expression.exact and pk not in placed:
                    placed[pk] = self._class(self.complete(row))
                if placed.get(pk, place) == place:
                    given.add(pk)
                    yield number, row

    def far_by_class(self, passing: Passing) -> Iterator[Row]:
        """The hits of `by_class` without the first ones, where `is_countable`: classes and months
        that are passed over are neither read nor sorted."""
        for place in CLASSES:
            question = self.question(*_marks(place))
            for part in self._not_passed([question], passing) if question else ():
                for month in self._not_passed(self.parts(part), passing):
                    yield from (row for row in self._sorted(month) if passing.shows(row["pk"]))

    def _not_passed(self, questions: Iterable[str], passing: Passing) -> Iterator[str]:
        asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        for question in questions:
            keys = {row[0] for row in self.db.execute(asked, [question])} if passing.left else None
            if keys is None or not passing.covers(keys):
                yield question

    @property
    def is_countable(self) -> bool:
        """Whether what the index gives are the hits, each of them and no other."""
        return self.expression.exact and not (self.filters.conditions()[0] or self._hides_some)

    def _class(self, row: Row) -> Class | None:
        document = Document(row)
        if not self.expression.matches(document):
            return None
        return self.expression.in_title(document), self.expression.density(document)

    def candidates(self, *marks: Mark, without: Container[int] = ()) -> Iterator[Row]:
        """What the index gives for these marks, newest first: every true hit, and few others. Each
        has its key, its id and its date."""
        question = self.question(*marks)
        for part in self.parts(question) if question else ():
            yield from (row for row in self._sorted(part) if row["pk"] not in without)

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
        return self._number(question) > FEW

    def _number(self, question: str) -> int:
        """How many articles the index gives; `FEW` + 1 for all that are more. Those of a question
        with few are remembered, as asking the index is what takes long."""
        if question in self._few:
            return len(self._few[question])
        asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
        keys = [row[0] for row in self.db.execute(asked, [question, FEW + 1])]
        if len(keys) <= FEW:
            self._few[question] = keys
        return len(keys)

    def _sorted(self, question: str) -> list[Row]:
        """The hits of one part, newest first."""
        conditions, parameters = self.filters.conditions()
        if (keys := self._few.get(question)) is not None:
            asked, given = DATED_KEYS, {"keys": json.dumps(keys)}
        else:
            asked, given = DATED, {"match": question}
        dated = self.db.execute(f"{asked} {conditions}", {**given, **parameters})
        ordered = sorted(dated, key=lambda row: (row[0] or "", row[1]), reverse=True)
        return [
            {"published_at": day, "id": article_id, "pk": pk} for day, article_id, pk in ordered
        ]

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

    def counted(self, by: str) -> Counter[str | None]:
        """Hits by a column, counted in the index where that is exact."""
        if not self.expression.exact:
            rows = self.by_date()
            return Counter(row[by] if by in row else _cut(row, by) for row in rows)
        question = self.question()
        if question is None:
            return Counter()
        conditions, parameters = self.filters.conditions()
        joined = (
            "CROSS JOIN articles a ON a.pk = articles_fts.rowid"
            if by != "all" or parameters or self._hides_some
            else ""
        )
        counts = self.db.execute(
            f"""SELECT {COUNTED[by]} AS value, count(*) FROM articles_fts {joined}
            WHERE articles_fts MATCH :match {conditions} GROUP BY value""",
            {"match": question, **parameters},
        )
        return Counter({value: number for value, number in counts if number})


def _of_year(year: int, first: date, last: date) -> list[str]:
    """The terms of the months of a year that lie between two days."""
    months = range(
        first.month if year == first.year else 1, (last.month if year == last.year else 12) + 1
    )
    if len(months) == 12:
        return [f'"{facet("year", f"{year:04}")}"']
    return [f'"{facet("month", f"{year:04}-{month:02}")}"' for month in months]


def _marks(place: Class) -> list[Mark]:
    """What an article of this class has for certain; one of a higher class has it too."""
    titled, density = place
    marks: list[Mark] = ["title"] if titled else []
    return [*marks, LEVELS[density - 1]] if density else marks


def _cut(row: Row, by: str) -> str | None:
    length = {"month": 7, "year": 4}.get(by)
    return row["published_at"][:length] if length and row["published_at"] else None
