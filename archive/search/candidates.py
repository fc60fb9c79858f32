"""The articles that satisfy a question, in the order wanted: asked of the full-text index, checked
by their texts where the index alone cannot be exact. A row is read when it is shown or checked, so
that a page far down costs little more than the first.

By relevance the index is asked for one class of articles after the other: the title holds the
query, or not; and within each, how densely the text holds it. Never are many rows read to show a
few.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from archive.database.opening import read_rows
from archive.search.expression import DENSEST, LEVELS, Document, Expression, Mark
from archive.search.filters import Filters
from archive.search.indexed import Indexed, Row
from archive.search.passing import Passing

SHOWN = "pk, id, title, account, published_at, platform, url, status, text"
# In a shard of a collection `articles` is a view without what is elsewhere. Where that is left out
# already, or makes no difference, the table is asked, which takes half as long.
COMPLETE = f"SELECT {SHOWN} FROM main.articles WHERE pk = ?"
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
        self._indexed = Indexed(db, expression, filters)

    @cached_property
    def _hides_some(self) -> bool:
        """Whether a view takes the place of the table, so that the index has articles that are not
        there: as in a shard of a collection."""
        asked = "SELECT 1 FROM sqlite_temp_master WHERE name = 'articles'"
        return self.db.execute(asked).fetchone() is not None

    def by_date(self) -> Iterator[Row]:
        """Hits, newest first, each as `complete` takes it."""
        for row in self._indexed.rows("anywhere"):
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
        question = self._indexed.question()
        if question and self._indexed.few(question) != []:  # of none, no class is asked for
            yield from self._class_by_class()

    def _class_by_class(self) -> Iterator[tuple[int, Row | None]]:
        given: set[int] = set()
        placed: dict[int, Class | None] = {}  # candidates that the index could not place
        for number, place in enumerate(CLASSES):
            if self._is_empty(place):
                continue
            yield number, None
            elsewhere = given | {pk for pk, other in placed.items() if other != place}
            for row in self._indexed.rows(*_marks(place), without=elsewhere):
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
            question = self._indexed.question(mark)
            keys = self._indexed.few(question) if question else []
            if not keys:
                return keys is not None
            few.append(set(keys))
        if few and (question := self._indexed.question(*_marks(place))):
            keys = [*set.intersection(*few)]
            self._indexed.narrow(question, keys)
            return not keys
        return False

    def far_by_class(self, passing: Passing) -> Iterator[Row]:
        """The hits of `by_class` without the first ones, where `is_countable`: classes and months
        that are passed over are neither read nor sorted."""
        for place in CLASSES:
            question = self._indexed.question(*_marks(place))
            for part in self._not_passed([question], passing) if question else ():
                for month in self._not_passed(self._indexed.parts(part), passing):
                    rows = self._indexed.newest_first(month)
                    yield from (row for row in rows if passing.shows(row["pk"]))

    def _not_passed(self, questions: Iterable[str], passing: Passing) -> Iterator[str]:
        for question in questions:
            keys = self._indexed.keys(question) if passing.left else None
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

    def counted(self, by: str) -> Counter[str | None]:
        """Hits by a column, counted in the index where that is exact."""
        if not self.expression.exact:
            rows = self.by_date()
            return Counter(row[by] if by in row else _cut(row, by) for row in rows)
        question = self._indexed.question()
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


def _marks(place: Class) -> list[Mark]:
    """What an article of this class has for certain; one of a higher class has it too."""
    titled, density = place
    marks: list[Mark] = ["title"] if titled else []
    return [*marks, LEVELS[density - 1]] if density else marks


def _cut(row: Row, by: str) -> str | None:
    length = {"month": 7, "year": 4}.get(by)
    return row["published_at"][:length] if length and row["published_at"] else None
