"""A search of several databases whose answer is that of one with all articles.

Each database gives its hits in order, and they are merged. One is not asked before its turn comes:
by date not before a hit is wanted that may be older than its newest article, by relevance class by
class. Several whose turn it is are asked side by side, where they are large.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import total_ordering
from heapq import heapify, heappop, heappush
from os import cpu_count

from archive.collection.parts import Part, Parts
from archive.search.attached import Within
from archive.search.candidates import Row
from archive.search.expression import Expression
from archive.search.filters import Filters
from archive.search.hits import Hits, age

LAST = "\U0010ffff"  # after every id
AT_ONCE = max(2, cpu_count() or 1)  # databases that are asked side by side before one is needed


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
                following = [self._following(streams, head.stream)]
            else:
                batch = [head.stream, *self._beside(heads, head)]
                chosen = [self._chosen[number] for number in batch]
                following = self._parts.each(chosen, lambda n: self._following(streams, n), batch)
            for each in filter(None, following):
                heappush(heads, each)

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

    def _beside(self, heads: list[_Head], first: _Head) -> Iterator[int]:
        """Take the databases out that are to be asked together with a first one: those that come
        next and have no hit yet. Of small ones each is asked by itself: maybe none is needed
        after it."""
        for _ in range(AT_ONCE - 1):
            if not heads or heads[0].row or heads[0].place.number != first.place.number:
                return
            pair = (self._chosen[each.stream] for each in (first, heads[0]))
            if not self._parts.worth_threads([*pair]):
                return
            yield heappop(heads).stream

    def counted(self, by: str) -> Counter[str | None]:
        """Hits by a column."""
        total: Counter[str | None] = Counter()
        for counts in self._parts.each(self._chosen, lambda hits: hits.counted(by), self._hits):
            total += counts
        return total
