"""A search of several databases whose answer is that of one with all articles.

Each database gives its hits in order, and they are merged. One is not asked before its turn comes:
by date not before a hit is wanted that may be older than its newest article, by relevance the same
class by class. Two at a time would often be one in vain: most pages are full after the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import total_ordering
from heapq import heapify, heappop, heappush

from archive.collection.parts import Part, Parts
from archive.search.attached import Within
from archive.search.expression import Expression
from archive.search.filters import Filters
from archive.search.hits import Hits, age
from archive.search.indexed import Row

LAST = "\U0010ffff"  # after every id


@total_ordering
@dataclass(frozen=True, slots=True)
class _Place:
    """A place among all hits: the number of the class, then the newest first."""

    number: int
    age: tuple[str, str]

    def __lt__(self, other: _Place) -> bool:
        return (self.number, other.age) < (other.number, self.age)


@dataclass(frozen=True, slots=True)
class _Head:
    """The next hit of a database, or None and the place before which there is none."""

    place: _Place
    stream: int
    row: Row | None

    def __lt__(self, other: _Head) -> bool:
        return (self.place, self.row is not None) < (other.place, other.row is not None)


class Asked:
    """What a query finds in some of the databases of a collection."""

    def __init__(
        self,
        parts: Parts,
        chosen: Sequence[Part],
        expression: Expression,
        filters: Filters,
        within: Within,
    ) -> None:
        self._parts = parts
        self._chosen = [*chosen]
        self._hits = [Hits(part.connection, expression, filters, within) for part in chosen]

    def rows(self, *, by_relevance: bool) -> Iterator[tuple[Hits, Row]]:
        """All hits in order, each with those of its database."""
        streams = [self._stream(hits, by_relevance) for hits in self._hits]
        heads = [
            _Head(_Place(0, (part.newest, LAST)), number, None)
            for number, part in enumerate(self._chosen)
        ]
        heapify(heads)
        while heads:
            head = heappop(heads)
            if head.row is not None:
                yield self._hits[head.stream], head.row
            if following := self._following(streams, head.stream):
                heappush(heads, following)

    @staticmethod
    def _stream(hits: Hits, by_relevance: bool) -> Iterator[tuple[int, Row | None]]:
        return hits.by_class() if by_relevance else ((0, row) for row in hits.by_date())

    def _following(
        self, streams: Sequence[Iterator[tuple[int, Row | None]]], number: int
    ) -> _Head | None:
        following = next(streams[number], None)
        if following is None:
            return None
        place, row = following
        newest = (self._chosen[number].newest, LAST)
        return _Head(_Place(place, age(row) if row else newest), number, row)

    def counted(self, by: str) -> Counter[str | None]:
        """Hits by a column; large databases are asked side by side, as each has its part in it."""
        total: Counter[str | None] = Counter()
        for counts in self._parts.each(self._chosen, lambda hits: hits.counted(by), self._hits):
            total += counts
        return total
