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
        self._few: dict[str, list[int] | None] = {}

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
        class in `CLASSES`; None where the hits of a class begin. No row of a class is read before
        one is wanted."""
        question = self.question()
        if question and self._few_of(question) != []:  # of none, no class is asked for
            yield from self._class_by_class()

    def _class_by_class(self) -> Iterator[tuple[int, Row | None]]:
        given: set[int] = set()
        placed: dict[int, Class | None] = {}  # candidates that the index could not place
        for number, place in enumerate(CLASSES):
            if self._is_empty(place):
                continue
            yield number, None
            elsewhere = given | {pk for pk, other in placed.items() if other != place}
            for row in self.candidates(*_marks(place), without=elsewhere):
                pk = row["pk"]
                if not self.expression.exact and pk not in placed:
                    placed[pk] = self._class(self.complete(row))
                if placed.get(pk, place) == place:
                    given.add(pk)
                    yield number, row

    def _is_empty(self, place: Class) -> bool:
        """Whether no article is of a class: none has one of its marks, or, where few have each,
        none has all. What is dense is so at each lower level too."""
        titled, density = place
        marks: list[Mark] = ["title"] if titled else []
        few = []
        for mark in [*marks, *LEVELS[:density]]:
            question = self.question(mark)
            keys = self._few_of(question) if question else []
            if not keys:
                return keys is not None
            few.append(set(keys))
        if few and (question := self.question(*_marks(place))):
            self._few[question] = [*set.intersection(*few)]
            return not self._few[question]
        return False

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
            yield from self._sorted(part, without)

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
        return self._few_of(question) is None

    def _few_of(self, question: str) -> list[int] | None:
        """The keys of the articles that the index gives; None where they are more than `FEW`. They
        are remembered, as asking the index is what takes long."""
        if question not in self._few:
            asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
            keys = [row[0] for row in self.db.execute(asked, [question, FEW + 1])]
            self._few[question] = keys if len(keys) <= FEW else None
        return self._few[question]

    def _sorted(self, question: str, without: Container[int] = ()) -> list[Row]:
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
