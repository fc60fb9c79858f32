"""The order of a list is observed and kept: a walk stops early only in a list that has its newest entries first; over many days no order of any list hides an article."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.model import Link
from archive.platform import Listing
from crawler.ledger.list_order import covered_from, order_of, order_of_arrivals
from tests.rigs.walking import Site, ask, dated, link

pytestmark = pytest.mark.slow  # tries many inputs

SIZE = 5


def test_the_order_is_that_of_the_dates() -> None:
    days = [dated(number) for number in range(12)]
    pinned = [days[1], *reversed(days)]
    for dates, order in [
        (days, "oldest_first"),
        (days[::-1], "newest_first"),
        (pinned, "newest_first"),
        ([*days[:6], *days[:6]], "oldest_first"),
        (days[::2] + days[5::-2], "mixed"),
        ([days[3]] * 9, None),
        (days[:2], None),
        ([], None),
    ]:
        assert order_of(dates) == order, dates


def test_the_order_is_that_of_new_entries_where_there_are_no_dates() -> None:
    old, new = [True], [False]
    for known, order in [
        (new * 2 + old * 6, "newest_first"),
        (old + new * 2 + old * 6, "newest_first"),
        (old * 6 + new * 2, "oldest_first"),
        (old * 3 + new * 2 + old * 3, "mixed"),
        (old * 6, None),
        (new * 6, None),
        (new + old * 2, None),
    ]:
        assert order_of_arrivals(known) == order, known


def test_only_a_list_with_its_newest_first_says_what_it_covers() -> None:
    days = [dated(number) for number in range(9)]
    assert covered_from(days[::-1]) == days[2]
    assert covered_from(days) is None and covered_from(days[:2]) is None


Arrange = Callable[[list[Link], int], list[Link]]


def newest_first(links: list[Link], day: int) -> list[Link]:
    return links[::-1]


def oldest_first(links: list[Link], day: int) -> list[Link]:
    return links


def turned(links: list[Link], day: int) -> list[Link]:
    """It turns on day 10, and back on day 20."""
    return links if 10 <= day < 20 else links[::-1]


def shuffled(links: list[Link], day: int) -> list[Link]:
    return random.Random(day).sample(links, len(links))


def pinned(links: list[Link], day: int) -> list[Link]:
    return [*links[:2], *links[2:][::-1]]


def by_heat(links: list[Link], day: int) -> list[Link]:
    """The same order in all runs, and none of dates."""
    return sorted(links, key=lambda link: hash(link.id) % 97)


def undated(arrange: Arrange) -> Arrange:
    return lambda links, day: [replace(link, published_at=None) for link in arrange(links, day)]


def same_day(arrange: Arrange) -> Arrange:
    return lambda links, day: [
        replace(link, published_at="2026-05-01") for link in arrange(links, day)
    ]


ORDERS: dict[str, Arrange] = {
    "newest first": newest_first,
    "oldest first": oldest_first,
    "turned": turned,
    "shuffled": shuffled,
    "pinned": pinned,
    "in an order of its own": by_heat,
    "newest first, undated": undated(newest_first),
    "oldest first, undated": undated(oldest_first),
    "turned, undated": undated(turned),
    "newest first, of one day": same_day(newest_first),
    "oldest first, of one day": same_day(oldest_first),
}


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("seed", range(3))
def test_no_run_says_none_while_an_article_waits(name: str, seed: int) -> None:
    chance, links, day = random.Random(seed), [link(n, dated(n)) for n in range(23)], 0

    def listing(number: int) -> Listing:
        shown = ORDERS[name](links, day)
        more = ask(number + 1) if number * SIZE < len(shown) else None
        return Listing(
            links=tuple(shown[(number - 1) * SIZE : number * SIZE]), more=more, ended=more is None
        )

    site, asked = Site(listing=listing), []
    for day in range(30):
        for _ in range(chance.choice([0, 0, 1, 2])):
            links.append(link(len(links), dated(len(links))))
        if chance.random() < 0.1:
            del links[chance.randrange(len(links))]
        row = site.crawl()
        had = {article.removeprefix("made-") for article in site.memory.articles}
        waiting = [entry.id for entry in links if entry.id not in had]
        assert not waiting, (day, row)
        assert row["outcome"] == ("new" if row["new"] else "none"), (day, row)
        asked.append(row["pages"])

    if name in ("newest first", "pinned"):
        assert sum(asked[1:]) < 3.2 * len(asked)  # of five to eight: such a list costs little
