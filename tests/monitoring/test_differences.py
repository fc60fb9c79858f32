"""Alarms that are read: one sentence a cause, since when it holds, and what differs from the crawl before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.monitoring.alarms import of_runs
from tests.rigs.history import ANSWERS, BEGUN, STORY, URL, History, page
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # tries many inputs

HOST = "www.thepaper.cn"
GOOD = [(number, page(replace(STORY, cont_id=number))) for number in range(5_700_100, 5_700_110)]


def refused(reply: Reply) -> list[tuple[int, Reply]]:
    return [(number, reply) for number, _ in GOOD]


class Crawls:
    """An archive that grows run by run, and what each run would mail."""

    def __init__(self, folder: Path) -> None:
        self.history, self.folder, self.hours = History(folder), folder, 0.0

    def crawl(self, answers: list[tuple[int, Reply]], **accounts: tuple[str, str]) -> list[str]:
        """What is mailed of a run a day after the one before; `accounts` with outcome and reason."""
        rows = {name.lstrip("_"): value for name, value in accounts.items()}
        self.run = self.history.articles(self.hours, answers, coverage=rows)
        now = BEGUN + timedelta(hours=self.hours, minutes=1)
        self.hours += 24
        self.history.index()
        with Archive(self.folder) as archive:
            alarms = of_runs(archive.connection, [self.run], now)
        self.all = alarms.all
        return alarms.changes


@pytest.fixture
def crawls(tmp_path: Path) -> Crawls:
    return Crawls(tmp_path)


@pytest.mark.parametrize("status", ["500", "502", "503", "504"])
def test_an_outage_is_one_sentence_and_no_block(status: str, crawls: Crawls) -> None:
    crawls.crawl(GOOD)
    (sentence,) = crawls.crawl(
        refused(ANSWERS[status]), _44871=("throttled", f"http-{status}"), _7=("unreachable", f"http-{status}")
    )  # fmt: skip

    assert "outage" in sentence and f"http-{status}" in sentence and "block" not in sentence
    assert "10 articles" in sentence and HOST in sentence and URL.format(5_700_100) in sentence
    assert "2 accounts (44871, 7)" in sentence


@pytest.mark.parametrize("answer", ["403", "429", "captcha", "waf", "garbled", "login"])
def test_one_sentence_a_cause_with_count_and_example(answer: str, crawls: Crawls) -> None:
    crawls.crawl(GOOD)
    (sentence,) = crawls.crawl([*GOOD[:2], *refused(ANSWERS[answer])[2:]])

    assert f"8 articles of {HOST}, such as {URL.format(5_700_102)}" in sentence
    assert "outage" not in sentence


def test_an_error_of_one_page_is_no_outage_of_its_host(crawls: Crawls) -> None:
    (sentence,) = crawls.crawl([*GOOD[:9], (GOOD[9][0], ANSWERS["503"])])
    assert sentence == f"{URL.format(GOOD[9][0])}: throttled (http-503)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("blocked", "http-403"),
        ("unreachable", "certificate: the certificate of a.example has expired"),
        ("unreachable", "no-answer: a.example cannot be reached: nothing answers there"),
        ("unreachable", "private-address: a.example is 10.0.0.1"),
        ("suspicious_empty", "an empty list where 68 entries were listed before"),
        ("robots", "robots-txt"),
        ("format_changed", "unknown-layout"),
    ],
)
def test_what_holds_is_mailed_once_and_then_counted_once_a_week(
    outcome: str, reason: str, crawls: Crawls
) -> None:
    """In the rows the word for a reason comes before the words on it, in a sentence with a colon."""
    row = outcome, reason.replace(": ", " ", 1)
    mails = [crawls.crawl(GOOD, _1=("none", ""))]
    mails += [crawls.crawl(GOOD, _1=row) for _ in range(20)]

    assert mails[0] == [] and mails[1] == [f"thepaper 1: {outcome} ({reason})"]
    later = [line for mail in mails[2:] for line in mail]
    assert all(
        line.startswith("1 alarm holds as before, the oldest since 2031-03-02") for line in later
    )
    assert len(later) == 3
    assert crawls.all == [f"thepaper 1: {outcome} ({reason}), since 2031-03-02 (20 runs)"]
    assert crawls.crawl(GOOD, _1=("none", "")) == [
        f"over: thepaper 1: was {outcome} since 2031-03-02"
    ]
    assert crawls.all == [] and crawls.crawl(GOOD, _1=("none", "")) == []


@pytest.mark.parametrize(
    ("outcome", "reason", "event"),
    [
        ("gone", "http-404", "removed"),
        ("gone", "said 用户不存在", "removed"),
        ("moved", "moved sent on to https://b.example/", "moved"),
    ],
)
def test_an_event_of_an_account_is_reported_by_the_run_that_sees_it(
    outcome: str, reason: str, event: str, crawls: Crawls
) -> None:
    mails = [crawls.crawl(GOOD, _1=("new", ""))]
    mails += [crawls.crawl(GOOD, _1=(outcome, reason)) for _ in range(3)]
    mails += [crawls.crawl(GOOD, _1=("new", ""))]

    (sentence,) = mails[1]
    assert sentence.startswith(f"thepaper 1: {event} (")
    assert not any(event in line for mail in mails[2:4] for line in mail)
    assert mails[4] == [] or mails[4][0].startswith(
        (f"thepaper 1: back (it was {event})", "over: thepaper 1")
    )


def test_a_new_problem_is_mailed_and_not_again_what_holds(crawls: Crawls) -> None:
    crawls.crawl(GOOD, _1=("blocked", "http-403"), _2=("new", ""), _3=("gone", "http-404"))
    mail = crawls.crawl(GOOD, _1=("blocked", "http-403"), _2=("blocked", "http-403"), _3=("gone", "http-404"))  # fmt: skip

    assert mail == [
        "thepaper 2: blocked (http-403)",
        "2 alarms hold as before, the oldest since 2031-03-01; reports/latest.json of the archive has all",
    ]
    assert (
        crawls.all[0]
        == "thepaper: 2 accounts (1, 2): blocked (http-403), since 2031-03-01 (2 runs)"
    )


def test_a_run_that_did_not_look_ends_nothing(crawls: Crawls) -> None:
    crawls.crawl(refused(ANSWERS["403"]), _1=("blocked", "http-403"))

    assert crawls.crawl([], _1=("budget", "the run ended")) == []
    assert crawls.crawl([]) == []
    (count,) = crawls.crawl(refused(ANSWERS["403"]), _1=("blocked", "http-403")) or [""]
    assert "over" not in count and "blocked" not in count


def test_an_outage_with_changing_numbers_is_one(crawls: Crawls) -> None:
    first = crawls.crawl(refused(ANSWERS["503"]))
    second = crawls.crawl(refused(ANSWERS["502"]))
    assert len(first) == 1 and not [line for line in second if "outage" in line]
    assert crawls.crawl(GOOD) == [f"over: the articles of {HOST}: was outage since 2031-03-01"]


@pytest.mark.parametrize("outcome", ["blocked", "throttled", "unreachable"])
def test_what_nobody_could_see_does_not_begin_an_older_alarm_anew(
    outcome: str, crawls: Crawls
) -> None:
    """A dead account is not new because all of the site could not be asked in between."""
    moved = ("suspicious_empty", "an empty list where 8 entries were listed before")
    crawls.crawl(GOOD, _1=("new", ""), _2=("new", ""))
    crawls.crawl(GOOD, _1=moved, _2=("none", ""))
    crawls.crawl([], _1=(outcome, "http-403"), _2=(outcome, "http-403"))
    mail = crawls.crawl(GOOD, _1=moved, _2=("none", ""))

    assert mail[0].startswith(f"over: thepaper 2: was {outcome}") and len(mail) == 2
    assert mail[1].startswith("1 alarm holds as before, the oldest since 2031-03-02")


def test_what_is_over_is_one_sentence(crawls: Crawls) -> None:
    crawls.crawl(GOOD, **{f"_{n}": ("blocked", "http-403") for n in range(1, 10)})
    mail = crawls.crawl(GOOD, **{f"_{n}": ("none", "") for n in range(1, 10)})

    assert mail == ["over: thepaper: 9 accounts (1, 2, 3 and 6 more): was blocked since 2031-03-01"]
