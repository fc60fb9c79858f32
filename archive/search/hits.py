"""The articles that satisfy a question together with their attachments, in the order wanted."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from heapq import merge
from itertools import islice

from archive.search.attached import Attached, Page, Within
from archive.search.candidates import CLASSES, Candidates
from archive.search.expression import Expression
from archive.search.filters import Filters
from archive.search.indexed import Row
from archive.search.passing import Passing


class Hits:
    """The articles of one database that satisfy one expression and the filters."""

    def __init__(
        self,
        db: sqlite3.Connection,
        expression: Expression,
        filters: Filters,
        within: Within = "everywhere",
    ) -> None:
        self.expression = expression
        self._articles = Candidates(db, expression, filters)
        self._attached = Attached(db, expression, filters, within)

    def complete(self, row: Row) -> Row:
        """A hit with its text and all columns that are shown."""
        return self._articles.complete(row)

    def by_date(self) -> Iterator[Row]:
        """Hits, newest first, each as `complete` takes it."""
        return merge(
            self._by_themselves(self._articles.by_date),
            self._attached.rows(),
            key=age,
            reverse=True,
        )

    def by_relevance(self, skip: int = 0) -> Iterator[Row]:
        """Hits by class, newest first in each; those by their attachments are the last class.
        Each is as `complete` takes it.

        Args:
            skip: how many hits are passed over first.
        """
        is_far = skip and self._attached.within != "attachments" and not self._attached.fewer
        if is_far and self._articles.is_countable:
            return self._far_by_relevance(Passing(skip))
        return islice((row for _, row in self.by_class() if row), skip, None)

    def _far_by_relevance(self, passing: Passing) -> Iterator[Row]:
        yield from self._articles.far_by_class(passing)
        yield from islice(self._attached.rows(), passing.left, None)

    def by_class(self) -> Iterator[tuple[int, Row | None]]:
        """The same with the number of their class; None where the hits of a class begin."""
        if self._attached.within != "attachments":
            for number, row in self._articles.by_class():
                if row is None or row["pk"] not in self._attached.fewer:
                    yield number, row
        yield len(CLASSES), None
        yield from ((len(CLASSES), row) for row in self._attached.rows())

    def counted(self, by: str) -> Counter[str | None]:
        """Hits by a column."""
        of_articles: Counter[str | None] = Counter()
        if self._attached.within != "attachments":
            of_articles = self._articles.counted(by)
        more, fewer = self._attached.counted(by)
        return of_articles + more - fewer

    def page(self, row: Row) -> Page | None:
        """The page of an attachment that makes an article a hit; None for one that is a hit by
        itself."""
        return self._attached.page(row["id"]) if row["pk"] in self._attached.more else None

    def _by_themselves(self, rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
        if self._attached.within == "attachments":
            return iter(())
        return (row for row in rows() if row["pk"] not in self._attached.fewer)


def age(row: Row) -> tuple[str, str]:
    """What articles are sorted by, the highest first: day and time of publication, then id."""
    return row["published_at"] or "", row["id"]
