"""In which order a listing has its entries, as a walk observes it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from archive.model import ListOrder

LEAST = 3  # entries, below which nothing is said of their order
ORDERED = 0.8  # share of the pairs that are in one order, from which on the list is


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


def order_of_arrivals(known: Sequence[bool]) -> ListOrder | None:
    """The order by where new entries stand among those that were listed before, for a listing
    without dates; None where that does not say it.

    Args:
        known: for each entry, as the listing has them, whether it was listed before.

    Example:
        >>> order_of_arrivals([False, False, True, True, True])
        'newest_first'
    """
    olds = sum(known)
    pairs = olds * (len(known) - olds)
    if olds < LEAST or not pairs:
        return None
    above = seen = 0
    for is_known in known:
        seen += is_known
        above += 0 if is_known else olds - seen
    if above >= ORDERED * pairs:
        return "newest_first"
    return "oldest_first" if pairs - above >= ORDERED * pairs else "mixed"


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
