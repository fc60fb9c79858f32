"""Where a walk met the entries of a listing, and what their places say of its order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from archive.database.known_lists import Met
from archive.model import Link, ListOrder
from crawler.ledger.list_order import LEAST, order_of, order_of_arrivals

CountNewer = Callable[[str], int]  # of entries that are listed, after a date

HEAD = 500  # entries by which the order of a list is known well enough
# Entries without which nothing is done on the order of a list: of so many, at most one pair of
# neighbours is out of order by chance once in thousands; of five, none is once in a hundred.
FEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What earlier runs know of an account's listing.

    Attributes:
        listed: how many entries earlier walks saw.
        walks: when those walks began (ISO 8601), the first one first.
        ended: when the last walk began that came to the list's end (ISO 8601); None where none did.
        complete: when the last complete walk began (ISO 8601); None where there was none.
        newest: the ids of the newest entries that it met.
        order: the order of the list, when a walk that came to its end last observed it.
        length: how many entries the list had, when a walk last read all of it.
        total: how many articles the platform reported last.
    """

    listed: int = 0
    walks: tuple[str, ...] = ()
    ended: str | None = None
    complete: str | None = None
    newest: frozenset[str] = frozenset()
    order: ListOrder | None = None
    length: int | None = None
    total: int | None = None


@dataclass(slots=True, kw_only=True)
class Places:
    """The entries of a listing as one walk met them, one after the other.

    Attributes:
        before: what earlier runs know of the listing.
        dates: their dates of publication, those that articles give too.
        known_dates: those of entries that were listed before, as they were.
        arrivals: for each the number of the walk that met it first.
        firsts: for those of the last page, when earlier walks met them first; None: never.
        above, below: how many entries that were listed before, and are none of the newest, stand
            above the first of the newest, and below it.
        met_newest: whether one of the newest entries of before was met.
    """

    before: Before = field(default_factory=Before)
    dates: list[str] = field(default_factory=list)
    known_dates: list[str] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    firsts: list[str | None] = field(default_factory=list)
    above: int = 0
    below: int = 0
    met_newest: bool = False

    def add(self, fresh: Iterable[Link], met: Callable[[str], Met | None]) -> None:
        """Take in the entries of one page that the walk had not seen.

        Args:
            fresh: those entries.
            met: gives when earlier walks met an entry (its id); None: never.
        """
        self.firsts = []
        for link in fresh:
            earlier = met(link.id) if self.before.listed else None
            self.firsts.append(earlier.first_at if earlier else None)
            if day := link.published_at or (earlier.published_at if earlier else None):
                self.dates.append(day)
            if earlier and earlier.published_at:
                self.known_dates.append(earlier.published_at)
            self._place(link.id, earlier)

    def _place(self, native_id: str, earlier: Met | None) -> None:
        walks = self.before.walks
        self.arrivals.append(bisect_right(walks, earlier.first_at) if earlier else len(walks) + 1)
        if native_id in self.before.newest:
            self.met_newest = True
        elif earlier and self.met_newest:
            self.below += 1
        elif earlier:
            self.above += 1

    def order(self, most: int | None = None) -> ListOrder | None:
        """The order of the list, as far as this walk observed it.

        Args:
            most: of its first entries; None: of all.
        """
        return order_of(self.dates[:most]) or order_of_arrivals(self.arrivals[:most])

    def has_newest_first(self) -> bool:
        """Whether the list has its newest entries first: a walk to its end observed that, and this
        one observed nothing else, by dates or, without them, by any new entry. Where there was
        none, this one says it."""
        before = self.before
        if len(self.arrivals) < FEWEST:
            return False
        if before.length is None:
            return self.order(HEAD) == "newest_first"
        known = before.order if before.length >= FEWEST else None
        now = order_of(self.dates[:HEAD]) or order_of_arrivals(self.arrivals[:HEAD], fewest=1)
        return known == "newest_first" and now in (None, "newest_first")

    def is_walked_past(self, newer: CountNewer) -> bool:
        """Whether the last complete walk already covered the entries of the last page, and what
        follows them.

        Of an entry that is not met again where its date is, nothing is known before the end of the
        list: it may be gone, or further down.

        Args:
            newer: gives how many entries were published after a date, of those that a walk met
                since the last one that came to the end of the list.
        """
        complete = self.before.complete
        if complete is None or not self._begins_with_newest():
            return False
        if not all(first and first < complete for first in self.firsts):
            return False
        if len(self.dates) < LEAST:
            return True
        reached = max(self.dates[-LEAST:])  # what is older may be pinned
        had = sum(date > reached for date in self.known_dates)
        return had >= newer(reached)

    def _begins_with_newest(self) -> bool:
        """Whether what was the newest is still above what was older, but for pinned ones."""
        return self.met_newest and (not self.above or self.above < self.below)
