"""In which order a listing has its entries, as a walk observes it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from archive.model import ListOrder

LEAST = 3  # entries, below which nothing is said of their order
ORDERED = 0.8  # share of the pairs that are in one order, from which on the list is
FEWEST_ARRIVALS = 5  # entries; so many are all at the top by chance once in thousands
ORDERED_ARRIVALS = 0.9  # as ORDERED, of all pairs of entries that came in at different times


def order_of(dates: Sequence[str]) -> ListOrder | None:
    """The order by the dates of publication; None where too few differ to tell.

    Some pairs may be out of order: pinned entries, and what is inserted late.

    Args:
        dates: ISO 8601, as the listing has its entries.

    Example:
        >>> order_of(["2031-03-05", "2031-03-04", "2031-03-04", "2031-03-01"])
        'newest_first'
    """
    pairs = len(dates) - 1
    down = sum(above > below for above, below in pairwise(dates))
    up = sum(above < below for above, below in pairwise(dates))
    if pairs < LEAST - 1 or down + up == 0:
        return None
    if down > up and pairs - up >= ORDERED * pairs:
        return "newest_first"
    if up > down and pairs - down >= ORDERED * pairs:
        return "oldest_first"
    return "mixed"


def order_of_arrivals(walks: Sequence[int], fewest: int = FEWEST_ARRIVALS) -> ListOrder | None:
    """The order by when the entries came into the listing, for one without dates; None where too
    few came in since it was first read: one may be at the top by chance.

    Args:
        walks: for each entry, as the listing has them, the number of the walk that met it first.
        fewest: entries that came in since then, without which nothing is said.

    Example:
        >>> order_of_arrivals([5, 4, 4, 3, 2, 0, 0, 0])
        'newest_first'
    """
    first = min(walks, default=0)
    if sum(walk > first for walk in walks) < fewest:
        return None
    down = up = 0
    above: list[int] = []
    for walk in walks:
        up += bisect_left(above, walk)
        down += len(above) - bisect_right(above, walk)
        insort(above, walk)
    if down >= ORDERED_ARRIVALS * (down + up):
        return "newest_first"
    return "oldest_first" if up >= ORDERED_ARRIVALS * (down + up) else "mixed"


def covered_from(dates: Sequence[str]) -> str | None:
    """The date of publication from which on a walk that met these met all that is listed; None
    where they are not the newest first.

    Not the earliest date: pinned entries are old, and feeds drop what is older than their last
    entries.
    """
    ordered = sum(newer >= older for newer, older in pairwise(dates))
    if len(dates) < LEAST or ordered < ORDERED * (len(dates) - 1):
        return None
    return max(dates[-LEAST:])
