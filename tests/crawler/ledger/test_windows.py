"""A feed has the newest entries alone: its end is not that of the account, and what leaves it between two runs is missed aloud."""

from __future__ import annotations

import pytest

from archive.platform import Listing
from tests.rigs.walking import HOST, Site, link, page

FIRST = "a feed has its newest entries alone; older ones are not known by it"
GAP = "none of the entries that were known is in the feed any more"


def feed(*numbers: int, dated: bool = True) -> Listing:
    if dated:
        return page(*numbers, window=True)
    return Listing(links=tuple(link(number) for number in numbers), window=True)


def down(first: int, last: int) -> range:
    return range(first, last - 1, -1)


# What the feed has in each run, and the outcome of each.
RUNS: dict[str, tuple[list[Listing], list[tuple[str, int]]]] = {
    "it goes on": ([feed(*down(5, 1)), feed(*down(7, 3)), feed(*down(7, 3))], [("new", 0), ("new", 1), ("none", 1)]),
    "one entry is left": ([feed(*down(5, 1)), feed(*down(9, 5))], [("new", 0), ("new", 1)]),
    "none is left": ([feed(*down(5, 1)), feed(*down(12, 8))], [("new", 0), ("partial", 0)]),
    "none is left, then it goes on": ([feed(*down(5, 1)), feed(*down(12, 8)), feed(*down(13, 9))], [("new", 0), ("partial", 0), ("new", 1)]),
    "a pinned one is left": ([feed(1, *down(15, 11)), feed(1, *down(25, 21))], [("new", 0), ("partial", 0)]),
    "the newest was deleted": ([feed(*down(5, 1)), feed(*down(6, 6), *down(4, 2))], [("new", 0), ("new", 1)]),
    "an older one comes late": ([feed(5, 4, 3, 1), feed(6, 5, 4, 3, 2)], [("new", 0), ("new", 1)]),
    "without dates": ([feed(*down(5, 1), dated=False), feed(*down(6, 2), dated=False), feed(*down(20, 16), dated=False)], [("new", 0), ("new", 1), ("partial", 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_a_feed_is_followed_from_run_to_run_or_its_gap_is_an_alarm(name: str) -> None:
    shown, expected = RUNS[name]
    place = iter(shown)
    site = Site(listing=lambda number: current)
    for number, (outcome, complete) in enumerate(expected):
        current = next(place)
        row = site.crawl()
        assert (row["outcome"], row["complete"], row["ended"]) == (outcome, complete, 0), number
        assert row["list_end"] == "unknown"
        assert (GAP in (row["reason"] or "")) == (outcome == "partial")
        assert (row["reason"] == FIRST) == (number == 0)


def test_an_entry_that_is_not_there_is_an_alarm_with_a_feed_too() -> None:
    site = Site(listing=lambda number: Listing(links=(link(1, kind="video"),), window=True))

    row = site.crawl()

    assert row["left_out"] == 1 and f"{HOST}/a/1" in row["left_out_reasons"]
