"""The order of a list is observed and kept: a walk stops early only in a list that has its newest entries first; over many days no order of any list hides an article."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from archive.model import Link
from archive.platform import Listing
from crawler.ledger.list_order import covered_from, order_of, order_of_arrivals
from crawler.ledger.places import Before, Places
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
    old = [0]
    for walks, order in [
        ([6, 5, 4, 3, 2] + old * 6, "newest_first"),
        (old + [3, 3, 2, 2, 1] + old * 50, "newest_first"),
        (old * 6 + [1, 1, 2, 2, 3], "oldest_first"),
        (old * 3 + [3, 3, 2, 2, 1] + old * 3, "mixed"),
        ([2, 3, 4, 5, 6, *old], "mixed"),
        ([4, 3, 2, 1] + old * 6, None),
        (old * 6, None),
        ([3] * 6, None),
        ([], None),
    ]:
        assert order_of_arrivals(walks) == order, walks
    assert order_of_arrivals(old * 3 + [1] + old * 3, fewest=1) == "mixed"
    assert order_of_arrivals([1] + old * 3, fewest=1) == "newest_first"


def test_only_a_list_with_its_newest_first_says_what_it_covers() -> None:
    days = [dated(number) for number in range(9)]
    assert covered_from(days[::-1]) == days[2]
    assert covered_from(days) is None and covered_from(days[:2]) is None


OBSERVED: dict[str, tuple[Before, int, bool]] = {
    "no walk to the end, ten entries": (Before(), 10, True),
    "no walk to the end, nine entries": (Before(), 9, False),
    "as before": (Before(length=10, order="newest_first"), 10, True),
    "as before, nine entries": (Before(length=10, order="newest_first"), 9, False),
    "a short list before": (Before(length=9, order="newest_first"), 10, False),
    "otherwise than before": (Before(length=10, order="mixed"), 10, False),
    "nothing before": (Before(length=10), 10, False),
}


@pytest.mark.parametrize("name", OBSERVED)
def test_a_list_has_its_newest_first_where_that_was_observed_of_all_of_it(name: str) -> None:
    before, entries, expected = OBSERVED[name]
    for dates, as_expected in [
        ([dated(20 - number) for number in range(entries)], expected),
        ([dated(number) for number in range(entries)], False),
        ([dated(1)] * entries, expected and before.order is not None),
    ]:
        places = Places(before=before)
        places.add([link(number, day) for number, day in enumerate(dates)], lambda id_: None)
        assert places.has_newest_first() == as_expected, dates


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


def by_heat(links: list[Link], day: int, heat: int = 0) -> list[Link]:
    """The same order in all runs, and none of dates."""
    return sorted(links, key=lambda link: random.Random(f"{heat} {link.id}").random())


def heated(links: list[Link], day: int, heat: int = 0) -> list[Link]:
    """It has its newest entries first until day 10."""
    return by_heat(links, day, heat) if day >= 10 else links[::-1]


def late(links: list[Link], day: int) -> list[Link]:
    """Of the newest first, every fifth is up to seven places below where its date is."""
    return sorted(links, key=lambda link: int(link.id) - 7 * _fifth(int(link.id)), reverse=True)


def _fifth(number: int) -> float:
    chance = random.Random(number)
    return chance.random() if chance.random() < 0.2 else 0


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
    "late ones": late,
    "in an order of its own": by_heat,
    "in an order of its own from a day on": heated,
    "newest first, undated": undated(newest_first),
    "oldest first, undated": undated(oldest_first),
    "turned, undated": undated(turned),
    "pinned, undated": undated(pinned),
    "shuffled, undated": undated(shuffled),
    "in an order of its own, undated": undated(by_heat),
    "newest first, of one day": same_day(newest_first),
    "oldest first, of one day": same_day(oldest_first),
}


# Orders of which a few begin, by chance, as a list with its newest entries first.
BY_CHANCE: dict[str, Callable[[int], Arrange]] = {
    "shuffled": lambda seed: lambda links, day: shuffled(links, day + 1000 * seed),
    "in an order of its own": lambda seed: partial(by_heat, heat=seed),
    "in an order of its own from a day on": lambda seed: partial(heated, heat=seed),
}
# Each hides articles of some list from a walk that goes by its own first entries alone.
SEEDS = (0, 4, 23, 34)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dated_articles", [True, False], ids=["articles with dates", "without"])
def test_no_run_says_none_while_an_article_waits(
    name: str, seed: int, dated_articles: bool
) -> None:
    pages = crawled_for_a_month(ORDERS[name], seed, dated_articles)
    has_dates = dated_articles or not name.endswith("undated")
    if name.startswith(("newest first", "pinned")) and "one day" not in name and has_dates:
        assert sum(pages) < 3.5 * len(pages)  # of five to nine: such a list costs little


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        *((name, dates) for name in BY_CHANCE for dates in ("of the list", "of its articles")),
        ("shuffled", "none"),
        ("in an order of its own", "none"),
    ],
)
def test_an_order_that_looks_by_chance_like_newest_first_hides_nothing(
    name: str, dates: str
) -> None:
    for seed in SEEDS:
        arrange = BY_CHANCE[name](seed)
        if dates != "of the list":
            arrange = undated(arrange)
        crawled_for_a_month(arrange, seed, dates == "of its articles")


def crawled_for_a_month(arrange: Arrange, seed: int, dated_articles: bool) -> list[int]:
    """Crawls a list once a day in which articles appear and disappear, and looks that each run has
    all that is listed and says of nothing listed that it is gone; returns the pages that each run
    after the first asked for."""
    chance, links, day = random.Random(seed), [link(n, dated(n)) for n in range(23)], 0

    def listing(number: int) -> Listing:
        shown = arrange(links, day)
        more = ask(number + 1) if number * SIZE < len(shown) else None
        return Listing(
            links=tuple(shown[(number - 1) * SIZE : number * SIZE]), more=more, ended=more is None
        )

    site, asked = Site(listing=listing, day_of=dated if dated_articles else no_date), []
    ids = itertools.count(len(links))
    for day in range(30):
        newly = itertools.islice(ids, chance.choice([0, 0, 1, 2]))
        links.extend(link(number, dated(number)) for number in newly)
        if chance.random() < 0.1:
            del links[chance.randrange(len(links))]
        row = site.crawl()
        had = {article.removeprefix("made-") for article in site.memory.articles}
        waiting = [entry.id for entry in links if entry.id not in had]
        assert not waiting, (seed, day, row)
        assert row["outcome"] == ("new" if row["new"] else "none"), (seed, day, row)
        gone = site.gone_from_list()
        assert not gone & {entry.id for entry in links}, (seed, day, row)
        asked.append(row["pages"])
    return asked[1:]


def no_date(number: int) -> None:
    """The article prints none."""
