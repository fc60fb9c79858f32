"""What was had of a list, what failed and what was not followed: counted by reason, with examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine

from archive.model import Failure
from archive.platform import LeftOut, Listing
from crawler.ledger.tally import Tally
from tests.rigs.walking import HOST, Site, link, page

GONE = Failure(outcome="not-found", reason="http-404")
LIST = page(*range(9, 0, -1), ended=True)

NOT_HAD = {
    "404": (GONE, "unreachable"),
    "410": (Failure(outcome="not-found", reason="http-410"), "unreachable"),
    "a tombstone": (Failure(outcome="withdrawn", reason="said", detail="已下线"), "unreachable"),
    "no text": (Failure(outcome="empty", reason="no-text"), "unreachable"),
    "an unknown shape": (Failure(outcome="unreadable", reason="shape"), "unreachable"),
    "no answer": (Failure(outcome="error", reason="no-answer"), "unreachable"),
    "sent away": (Failure(outcome="redirect", reason="moved"), "unreachable"),
    "refused": (Failure(outcome="blocked", reason="http-403"), "blocked"),
    "throttled": (Failure(outcome="throttled", reason="http-429"), "throttled"),
}


@pytest.mark.parametrize("name", NOT_HAD)
def test_a_list_of_which_none_can_be_had_is_reported_by_every_run(name: str) -> None:
    failure, outcome = NOT_HAD[name]
    site = Site.of({1: page(3, 2, 1, ended=True)}, article=lambda number: failure)

    for run in range(3):
        row = site.crawl()
        assert (row["outcome"], row["listed"], row["had"], row["failed"]) == (outcome, 3, 0, 3)
        assert f"{HOST}/a/" in row["failed_reasons"]
        assert json.loads(row["failed_reasons"])[failure.reason]["count"] == 3
        if outcome == "unreachable":
            assert row["reason"] == f"3 listed, none could be had (3 × {failure.reason})", run


def test_articles_that_are_not_there_are_new_once() -> None:
    gone = {4, 7}
    site = Site.of({1: LIST}, article=lambda number: GONE if number in gone else None)

    first, second = site.crawl(), site.crawl()
    gone.clear()
    third = site.crawl()

    columns = ("outcome", "new", "had", "failed", "known")
    assert [first[name] for name in columns] == ["new", 9, 7, 2, 0]
    assert [second[name] for name in columns] == ["none", 0, 0, 2, 7]
    assert [third[name] for name in columns] == ["new", 0, 2, 0, 7]
    assert second["reason"] == "2 articles could not be had (2 × http-404)"


def test_several_new_articles_of_which_none_is_had_are_reported() -> None:
    shown = LIST
    site = Site(listing=lambda number: shown, article=lambda number: GONE if number > 9 else None)  # fmt: skip
    site.crawl()
    shown = page(*range(12, 0, -1), ended=True)

    row = site.crawl()

    assert row["outcome"] == "unreachable"
    assert row["reason"] == "3 new ones listed, none could be had (3 × http-404)"


def test_every_row_that_is_not_followed_is_counted_with_its_reason() -> None:
    rows = (
        link(1, "2026-03-01"),
        link(2, "2026-03-01", kind="video"),
        link(3, "2026-03-01", kind="outside"),
        link(4, "2019-03-01"),
    )  # fmt: skip
    left = tuple(LeftOut(reason="no-address", example=f"第{n}行") for n in range(2))
    shown = Listing(links=rows, left_out=left, ended=True)

    row = Site.of({1: shown}).crawl(since="2026-01-01")

    assert (row["listed"], row["had"], row["left_out"]) == (4, 1, 5)
    assert json.loads(row["left_out_reasons"]) == {
        "date-not-wanted": {"count": 1, "example": f"{HOST}/a/4"},
        "kind-outside": {"count": 1, "example": f"{HOST}/a/3"},
        "kind-video": {"count": 1, "example": f"{HOST}/a/2"},
        "no-address": {"count": 2, "example": "第0行"},
    }
    assert "5 rows were not followed (2 × no-address" in row["reason"]


def test_rows_that_all_lead_nowhere_are_no_empty_list() -> None:
    left = tuple(LeftOut(reason="unknown-address", example=f"{HOST}/x?id={n}") for n in range(3))

    row = Site.of({1: Listing(links=(), left_out=left, ended=True)}).crawl()

    assert row["outcome"] == "format_changed" and row["left_out"] == 3
    assert row["reason"] == "none of 3 rows leads to an article that is read (3 × unknown-address)"


def test_a_tally_names_the_commonest_reasons_and_one_example_of_each() -> None:
    tally = Tally()
    for reason, count in {"a": 1, "b": 4, "c": 2, "d": 1}.items():
        for number in range(count):
            tally.add(reason, f"{reason}{number}" * 200)

    assert str(tally) == "4 × b, 2 × c, 1 × a, 1 other"
    value = json.loads(tally.as_json() or "")
    assert value["b"]["count"] == 4 and len(value["b"]["example"]) == 300


def test_an_example_is_the_same_in_whatever_order_they_came() -> None:
    texts = ["https://a.cn/3", "https://a.cn/1", "https://a.cn/2"]
    tallies = Tally(), Tally()
    for text, other in zip(texts, reversed(texts), strict=True):
        tallies[0].add("http-404", text)
        tallies[1].add("http-404", other)

    assert tallies[0].as_json() == tallies[1].as_json()
    assert tallies[0].examples == {"http-404": "https://a.cn/1"}


@pytest.mark.parametrize("every", [6, 12, 24, 48, 168])
def test_entries_that_are_never_there_are_asked_for_in_growing_gaps(every: int) -> None:
    """Every so many hours for a year: a few requests, and no run says that nothing waits."""
    dead = {4, 7}
    site = Site.of({1: LIST}, article=lambda number: GONE if number in dead else None)
    hours: list[int] = []
    for hour in range(0, 365 * 24, every):
        moment = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        with time_machine.travel(moment, tick=False):
            row = site.crawl()
        asked = [url for url in site.asked if url in (f"{HOST}/a/4", f"{HOST}/a/7")]
        hours += [hour] * (len(asked) == 2)
        assert (row["listed"], row["failed"]) == (9, len(asked))
        assert row["outcome"] == ("new" if not hour else "none" if asked else "deferred")
        if not asked:
            assert "2 articles were not there before and are asked for again" in row["reason"]

    gaps = [after - before for before, after in pairwise(hours)]
    assert len(hours) <= 26 and gaps == sorted(gaps), hours
    assert all(gap <= 0.5 * hour + every for hour, gap in zip(hours, gaps, strict=False)), hours


def test_a_list_of_which_nothing_is_ever_there_stays_an_alarm_while_nothing_is_asked() -> None:
    site = Site.of({1: page(3, 2, 1, ended=True)}, article=lambda number: GONE)
    for day in range(8):
        with time_machine.travel(datetime(2031, 1, 1 + day, tzinfo=UTC), tick=False):
            row = site.crawl()
        assert row["outcome"] == "unreachable", day
        assert row["reason"] == "3 listed, none could be had (3 × http-404)", day
    assert row["failed"] == 0, "none was asked for on the last day"


def test_an_entry_whose_article_comes_to_be_there_is_new_when_it_is_due() -> None:
    dead = {4}
    site = Site.of({1: LIST}, article=lambda number: GONE if number in dead else None)
    had = []
    for day in range(12):
        dead -= {4} if day == 6 else set()
        with time_machine.travel(datetime(2031, 1, 1 + day, tzinfo=UTC), tick=False):
            had.append(site.crawl()["had"])

    assert had[0] == 8 and had[1:].count(1) == 1 and sum(had) == 9
