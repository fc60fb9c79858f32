"""Where a list ends: `complete` only where that is known, `partial` with the reason where it is not; nothing is `none` by mistake."""

from __future__ import annotations

import pytest

from archive.model import Failure
from archive.platform import Listing
from tests.rigs.walking import Pages, Site, page

GONE = Failure(outcome="not-found", reason="http-404")
HOME = Failure(outcome="redirect", reason="moved", detail="sent on to https://list.example/")
STRANGE = Failure(outcome="unreadable", reason="listing-shape", detail="names no article")
BROKEN = Failure(outcome="error", reason="http-500")
BLOCKED = Failure(outcome="blocked", reason="http-403")
FIRST = page(9, 8, 7, more=2)
GUESS = page(9, 8, 7, more=2, trial=True)
SIGNS = page(9, 8, 7, more=2, trial=True, end="unknown")
LAST = page(6, 5, 4, ended=True, end="platform_said")

KNOWN: dict[str, tuple[Pages, str, int]] = {
    "the platform says it": ({1: FIRST, 2: LAST}, "platform_said", 6),
    "a reader that has no word for how": ({1: FIRST, 2: page(6, ended=True)}, "platform_said", 4),
    "no more links": ({1: page(9, 8, 7, ended=True, end="no_more_links")}, "no_more_links", 3),
    "as many as the total": ({1: page(9, 8, more=2, total=3), 2: page(7, total=3)}, "total_reached", 3),
    "as many as the total, on one page": ({1: page(9, 8, 7, total=3)}, "total_reached", 3),
    "the total, and the page repeats": ({1: page(9, 8, 7, more=2, total=3), 2: FIRST}, "total_reached", 3),
    "a guess that is not there": ({1: GUESS, 2: GONE}, "no_more_links", 3),
    "a guess that leads home": ({1: GUESS, 2: HOME}, "no_more_links", 3),
    "a guess that repeats itself": ({1: GUESS, 2: GUESS}, "repeats", 3),
    "a guess that holds, and the next that does not": ({1: GUESS, 2: page(6, 5, more=3, trial=True), 3: GONE}, "no_more_links", 5),
    "the last page for ever": ({1: FIRST, 2: page(6, 5, more=3), 3: page(6, 5, more=4)}, "repeats", 5),
    "a stub before the list": ({1: Listing(links=(), more=FIRST.more), 2: LAST}, "platform_said", 3),
    "an empty last page": ({1: FIRST, 2: Listing(links=(), ended=True)}, "platform_said", 3),
}  # fmt: skip

DOUBTFUL: dict[str, tuple[Pages, str, str]] = {
    "paging that nobody knows": ({1: page(9, 8, 7)}, "unknown", "after its page 1"),
    "paging that the reader does not know": ({1: page(9, 8, 7, ended=True, end="unknown")}, "unknown", "after its page 1"),
    "signs of more, and no such page": ({1: SIGNS, 2: GONE}, "unknown", "after its page 1"),
    "signs of more, and the same again": ({1: SIGNS, 2: SIGNS}, "unknown", "after its page 1"),
    "a guess that nobody can read": ({1: GUESS, 2: STRANGE}, "unknown", "after its page 1"),
    "paging without effect": ({1: FIRST, 2: FIRST}, "unknown", "its paging has no effect"),
    "paging without effect, that says it is over": ({1: FIRST, 2: page(9, 8, 7, ended=True, end="no_more_links")}, "unknown", "no effect"),
    "fewer than the total": ({1: page(9, 8, 7, ended=True, end="no_more_links", total=40)}, "no_more_links", "3 of the 40"),
    "a guess, and fewer than the total": ({1: page(9, 8, more=2, trial=True, total=40), 2: GONE}, "no_more_links", "2 of the 40"),
    "it goes on and then stops short": ({1: FIRST, 2: page(6, 5)}, "unknown", "after its page 2"),
}  # fmt: skip

BROKEN_OFF: dict[str, tuple[Failure, str, str]] = {
    "the second page is not there": (GONE, "partial", "page 2 of the list is not there (http-404)"),
    "the second page leads home": (HOME, "partial", "page 2 of the list is not there"),
    "the second page is refused": (BLOCKED, "blocked", "http-403"),
    "the second page is broken": (BROKEN, "unreachable", "http-500"),
    "the second page has another shape": (STRANGE, "format_changed", "listing-shape"),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_a_list_whose_end_is_known_is_complete(name: str) -> None:
    pages, end, listed = KNOWN[name]
    site = Site.of(pages)

    row = site.crawl(most_requests=40)

    assert (row["outcome"], row["complete"], row["ended"]) == ("new", 1, 1), row
    assert (row["list_end"], row["listed"], row["had"], row["new"]) == (end, listed, listed, listed)
    assert (row["failed"], row["failed_reasons"]) == (0, None)
    again = site.crawl(most_requests=40)
    assert (again["outcome"], again["complete"], again["new"]) == ("none", 1, 0), again


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_list_whose_end_is_not_known_is_partial(name: str) -> None:
    pages, end, reason = DOUBTFUL[name]
    site = Site.of(pages)

    for had in (len({link.id for shown in pages.values() if isinstance(shown, Listing) for link in shown.links}), 0):  # fmt: skip
        row = site.crawl(most_requests=40)
        assert (row["outcome"], row["complete"], row["ended"]) == ("partial", 0, 0), row
        assert (row["list_end"], row["had"]) == (end, had) and reason in row["reason"]


@pytest.mark.parametrize("name", BROKEN_OFF)
def test_a_list_that_breaks_off_is_not_complete(name: str) -> None:
    failure, outcome, reason = BROKEN_OFF[name]

    row = Site.of({1: FIRST, 2: failure}).crawl()

    assert (row["outcome"], row["complete"], row["ended"], row["had"]) == (outcome, 0, 0, 3)
    assert reason in row["reason"]


@pytest.mark.parametrize(
    ("shown", "outcome"),
    [
        (Listing(links=(), ended=True), "none"),
        (Listing(links=(), total=0), "none"),
        (Listing(links=(), ended=True, end="no_more_links"), "partial"),
        (Listing(links=()), "suspicious_empty"),
        (Listing(links=(), ended=True, end="repeats"), "partial"),
    ],
)
def test_an_empty_list_is_none_by_the_platforms_own_word(shown: Listing, outcome: str) -> None:
    assert Site.of({1: shown}).crawl()["outcome"] == outcome


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (range(68), range(8), "the list has 8 entries where it had 68"),
        (range(68), range(60, 68), "the list has 8 entries where it had 68"),
        (range(10), range(4), "4 entries where it had 10"),
        (range(30), range(100, 114), "14 entries where it had 30"),
        (range(68), range(40), None),
        (range(9), range(1), None),
        (range(12), range(3, 20), None),
    ],
)
def test_a_list_that_shrinks_is_reported_once(
    before: range, after: range, reason: str | None
) -> None:
    shown = before
    site = Site(listing=lambda number: page(*sorted(shown, reverse=True), ended=True))
    site.crawl()
    shown = after

    first, second = site.crawl(), site.crawl()

    assert (first["outcome"] == "suspicious_empty") is (reason is not None)
    assert (reason or "") in str(first["reason"])
    assert second["outcome"] == "none"
