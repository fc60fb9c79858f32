"""Politeness as a host sees it: gaps between requests of several crawls, Retry-After, Crawl-delay, blocks, robots.txt, hours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from archive.errors import ArchiveError, UsageError
from crawler.hosts.host_state import LONGEST, HostStates
from crawler.hosts.hours import Window
from crawler.hosts.retry_after import retry_after
from tests.conftest import ACCOUNT, FAST, ROOT, Program, rows
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply, Request

HOST = "www.thepaper.cn"
SOON = 0.005  # seconds that an arrival may be noted early or late: the clocks of two processes, and the scheduler's


def stories(number: int, first: int = 5_700_000) -> list[Story]:
    return [Story(first + n, f"第{n}次通报", [f"疫情防控第{n}天。"]) for n in range(number)]


# --- the state of hosts ---

RESERVE = """
import sys, time
from pathlib import Path
from statistics import median
from crawler.hosts.host_state import HostStates
budget, taken = HostStates(Path(sys.argv[1])), []
while len(taken) < 12:
    if budget.wait("a.example") > 0 or (turn := budget.take_slot("a.example")) is None:
        time.sleep(0.002)
    elif budget.wait("a.example") > 0:
        budget.drop_slot("a.example", turn)
    else:
        taken.append(time.time())
        budget.use_slot("a.example", turn, 0.05)
print(*taken)
"""


@pytest.mark.e2e
def test_three_processes_share_the_slots_of_a_host(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RESERVE, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    taken = sorted(
        float(word) for process in running for word in process.communicate(timeout=120)[0].split()
    )
    assert [process.returncode for process in running] == [0, 0, 0]

    assert len(taken) == 36
    assert min(later - earlier for earlier, later in pairwise(taken)) >= 0.05


class Clock:
    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


def spend(states: HostStates, gap: float) -> None:
    slot = states.take_slot("a.example")
    assert slot is not None and states.take_slot("a.example") is None
    states.use_slot("a.example", slot, gap)


def test_the_state_outlives_its_process_and_is_the_hosts_own(tmp_path: Path) -> None:
    clock = Clock()
    spend(HostStates(tmp_path, clock), 2.0)
    HostStates(tmp_path, clock).close("b.example", 100.0)
    again = HostStates(tmp_path, clock)

    assert (again.wait("a.example"), again.wait("b.example"), again.wait("c.example")) == (
        2.0,
        100.0,
        0.0,
    )
    clock.now += 2.0
    assert (again.wait("a.example"), again.closed_for("b.example")) == (0.0, 98.0)


def test_a_clock_that_was_set_back_and_a_torn_file_hold_nothing_up(tmp_path: Path) -> None:
    clock = Clock()
    states = HostStates(tmp_path, clock)
    spend(states, 2.0)
    states.close("a.example", 3600.0)
    clock.now -= 400 * LONGEST
    assert states.wait("a.example") == 2.0
    clock.now += 2.0
    assert states.wait("a.example") == 0.0
    (tmp_path / "a.example.json").write_text('{"next": 19')
    assert states.wait("a.example") <= 1.0
    states.close("b.example", 10 * LONGEST)
    assert states.wait("b.example") == LONGEST


def test_a_crawl_delay_of_minutes_holds_while_backing_off(tmp_path: Path) -> None:
    clock = Clock()
    states = HostStates(tmp_path, clock)
    assert states.back_off("a.example", 300.0) == 300.0
    spend(states, 300.0)
    states.ease("a.example", 300.0)
    assert states.wait("a.example") == 300.0
    clock.now += 299.0
    assert states.wait("a.example") == 1.0


def test_backing_off_doubles_the_gap_and_good_answers_bring_it_back(tmp_path: Path) -> None:
    states = HostStates(tmp_path, Clock())
    raised = [states.back_off("a.example", 1.0) for _ in range(8)]
    assert raised[:3] == [2.0, 4.0, 8.0] and raised[-1] == 60.0
    spend(states, 1.0)
    assert states.wait("a.example") == 60.0
    for _ in range(60):
        states.ease("a.example", 1.0)
    spend(HostStates(tmp_path, Clock()), 1.0)
    assert states.wait("a.example") == 1.0


def test_a_state_that_cannot_be_stored_is_reported(tmp_path: Path, zhengwen: Program) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="HOST_STATE_DIR"):
        HostStates(tmp_path / "file" / "hosts")
    message = zhengwen(
        "crawl", ACCOUNT, "-s", f"HOST_STATE_DIR={tmp_path}/file/hosts", check=1
    ).stderr
    assert "HOST_STATE_DIR" in message and "Traceback" not in message


# --- what a host sees ---


def crawling(web: LoopbackWeb, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "crawler", "--archive", str(folder), "crawl", *words]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **web.environ()})


@pytest.mark.parametrize(("setting", "crawl_delay"), [(0.3, None), (0.1, 0.3)])
def test_three_crawls_at_once_keep_the_gap_together(
    setting: float, crawl_delay: float | None, web: LoopbackWeb, thepaper: ThePaper, tmp_path: Path
) -> None:
    thepaper.add(*stories(4))
    if crawl_delay:
        thepaper.robots = f"User-agent: *\nCrawl-delay: {crawl_delay}\n"
    running = [
        crawling(web, tmp_path / f"archive-{n}", ACCOUNT, "-s", f"DOWNLOAD_DELAY={setting}")
        for n in range(3)
    ]
    for process in running:
        assert (
            process.wait(timeout=120) == 0
        )  # most of it is the start of three programs on a busy machine

    for host in {request.host for request in web.log}:
        times = sorted(
            request.at
            for request in web.requests(host=host)
            if crawl_delay is None or request.path != "/robots.txt"
        )
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert len(times) >= 3 and min(gaps) >= 0.3 - SOON, (host, gaps)
    assert all(
        len(rows(tmp_path / f"archive-{n}", "SELECT id FROM articles")) == 4 for n in range(3)
    )


def test_a_crawl_alone_is_not_slower_than_the_gap(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program
) -> None:
    thepaper.add(*stories(8))
    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=1")
    times = [request.at for request in web.requests(host=HOST, path="/newsDetail")]

    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert times[-1] - times[0] >= 7 * 1 - SOON
    assert median(gaps) < 1 * 1.5, gaps  # a busy machine makes some of them longer


def test_a_slow_answer_does_not_occupy_the_slot(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program
) -> None:
    thepaper.add(*stories(8))
    site = web.sites[HOST]
    web.sites[HOST] = lambda request: replace(
        site(request), delay=2.0 if request.path.startswith("/newsDetail") else 0.0
    )
    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.3")

    times = [request.at for request in web.requests(host=HOST, path="/newsDetail")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 7 and 0.3 - SOON <= min(gaps) < 2.0


def test_a_request_that_is_repeated_waits_for_its_slot(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(4))
    nothing, hung_up = Reply(raw=b"", cut=0), []

    def hangs_up(request: Request) -> Reply | None:
        if (
            not request.path.startswith("/newsDetail")
            or len(hung_up) == 2
            or request.path in hung_up
        ):
            return None
        hung_up.append(request.path)
        return nothing

    thepaper.interventions.append(hangs_up)
    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.3", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")

    times = [request.at for request in web.requests(host=HOST)]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.3 - SOON
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 4
    failures = rows(archive_dir, "SELECT detail FROM failures WHERE role = 'article'")
    assert len(failures) == len(hung_up) == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_nothing_comes_inside_a_retry_after(
    form: str, web: LoopbackWeb, thepaper: ThePaper, tmp_path: Path
) -> None:
    thepaper.add(*stories(6))
    until: list[float] = []

    def busy_once(request: Request) -> Reply | None:
        if not request.path.startswith("/newsDetail") or until:
            return None
        wait = 6
        if form == "date":
            moment = (datetime.now(UTC) + timedelta(seconds=7)).replace(microsecond=0)
            until.append(request.at + (moment - datetime.now(UTC)).total_seconds())
            return Reply(429, {"Retry-After": format_datetime(moment, usegmt=True)})
        until.append(request.at + wait)
        return Reply(503, {"Retry-After": str(wait)})

    thepaper.interventions.append(busy_once)
    first = crawling(web, tmp_path / "one", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.1")
    while not until:
        assert first.poll() is None
        time.sleep(0.01)
    second = crawling(web, tmp_path / "two", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.1")
    assert (first.wait(120), second.wait(120)) == (0, 0)

    inside = [
        request
        for request in web.requests(host=HOST)
        # a busy machine has three seconds to read the answer
        if until[0] - 3 < request.at < until[0] - SOON
    ]
    assert not inside, [request.at - until[0] for request in inside]
    assert (
        len(rows(tmp_path / "one", "SELECT id FROM articles"))
        == len(rows(tmp_path / "two", "SELECT id FROM articles"))
        == 6
    )


def test_a_long_retry_after_gives_the_host_up_and_is_remembered(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(5))
    thepaper.interventions.append(
        lambda request: (
            Reply(429, {"Retry-After": "7200"}) if request.path.startswith("/newsDetail") else None
        )
    )
    begun = time.monotonic()
    message = zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.05", check=3).stderr
    asked = len(web.requests(host=HOST, path="/newsDetail"))
    thepaper.interventions.clear()
    again = zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.05", check=3).stderr

    assert "throttled" in message and again == ""  # the same, so there is nothing to say
    assert asked == 1 and len(web.requests(host=HOST, path="/newsDetail")) == 1
    assert time.monotonic() - begun < 120  # of the 7200 that the host asks for
    failures = rows(archive_dir, "SELECT reason, detail FROM failures WHERE reason = 'retry-after'")
    assert len(failures) >= 5 and "asks to be left alone until" in str(failures[0]["detail"])


def test_three_blocks_in_a_row_give_the_host_up(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(15))
    thepaper.interventions.append(
        lambda request: Reply(403) if request.path.startswith("/newsDetail") else None
    )

    message = zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.02", check=3).stderr

    # Two more may be on their way while the third is read.
    assert 3 <= len(web.requests(host=HOST, path="/newsDetail")) <= 5
    assert len(rows(archive_dir, "SELECT url FROM failures WHERE outcome = 'blocked'")) >= 15
    assert "blocked" in message
    thepaper.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 15


def test_a_host_that_refuses_its_pictures_is_left_alone_and_the_articles_come(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    """Also where both are on one host: a site may guard the one and show the other."""
    urls = [f"https://{HOST}/pictures/{number}.png" for number in range(12)]
    for number in range(3):
        thepaper.add(
            Story(
                5_700_000 + number,
                f"第{number}号",
                ["正文。"],
                pictures=urls[4 * number : 4 * number + 4],
            )
        )
    thepaper.interventions.append(
        lambda request: Reply(403) if request.path.startswith("/pictures") else None
    )

    zhengwen(
        "crawl",
        ACCOUNT,
        "-s",
        "DOWNLOAD_DELAY=0.02",
        "-s",
        "CONCURRENT_REQUESTS_PER_DOMAIN=1",
        check=None,
    )

    assert 3 <= len(web.requests(host=HOST, path="/pictures")) <= 5
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 3
    failures = rows(archive_dir, "SELECT url, detail FROM failures WHERE role = 'media'")
    assert {row["url"] for row in failures} == {*urls}, "each picture that is missing is recorded"
    assert any("(files) blocked 3 requests in a row" in str(row["detail"]) for row in failures)


def test_a_block_among_good_answers_counts_once(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(8))
    bad = ("1", "3", "5", "7")
    thepaper.interventions.append(
        lambda request: (
            Reply(403)
            if request.path.startswith("/newsDetail") and request.path.endswith(bad)
            else None
        )
    )

    zhengwen(
        "crawl",
        ACCOUNT,
        "-s",
        "DOWNLOAD_DELAY=0.02",
        "-s",
        "CONCURRENT_REQUESTS_PER_DOMAIN=1",
        check=3,
    )

    assert len(web.requests(host=HOST, path="/newsDetail")) == 8
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 4


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (500, "unreachable", "outage"),
        (503, "unreachable", "outage"),
        (429, "throttled", "http-429"),
        (302, "robots", "robots-unreachable"),
    ],
)
def test_a_robots_txt_that_cannot_be_had_forbids_everything(
    status: int,
    outcome: str,
    reason: str,
    web: LoopbackWeb,
    thepaper: ThePaper,
    zhengwen: Program,
    archive_dir: Path,
) -> None:
    thepaper.add(*stories(2))
    thepaper.interventions.append(
        lambda request: Reply(status) if request.path == "/robots.txt" else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=1", check=3)

    assert not [request for request in web.log if request.path != "/robots.txt"]
    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == outcome and str(row["reason"]).startswith(reason)


def test_a_host_that_does_not_answer_at_all_is_unreachable_and_reported_in_a_sentence(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    web.close()

    message = zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=0", check=3).stderr

    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == "unreachable" and "robots" not in str(row["reason"])
    assert "refuses the connection" in str(row["reason"])
    assert (
        message.startswith("zhengwen: thepaper 44871: unreachable")
        and len(message.splitlines()) == 1
    )
    assert "Traceback" in (archive_dir / "logs" / "crawl.log").read_text("utf-8")


def test_a_robots_txt_that_is_not_there_allows_everything(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    thepaper.interventions.append(
        lambda request: Reply(404) if request.path == "/robots.txt" else None
    )

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(rows(archive_dir, "SELECT id FROM articles")) == 2


# --- words ---


def test_retry_after_in_both_forms() -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert retry_after(b"120", now) == 120
    assert retry_after(b"Tue, 24 Nov 2026 12:01:30 GMT", now) == 90
    assert retry_after(b"Tue, 24 Nov 2026 11:00:00 GMT", now) == 0
    garbage = (None, b"", b"soon", b"-5", "１２".encode(), b"1e9", b"nan", b"\xff", b"0x10")
    years = (b"Fri, 31 Dec 0000 23:59:59 GMT", b"Fri, 31 Dec %s 23:59:59 GMT" % (b"9" * 30))
    assert [retry_after(value, now) for value in (*garbage, *years)] == [0.0] * 11
    for_ever = (b"9" * 400, b"9" * 16, b"Fri, 31 Dec 9999 23:59:59 GMT")
    assert all(1e11 < retry_after(value, now) < 1e16 for value in for_ever)


@pytest.mark.parametrize(
    "poison",
    [
        '{"next": 3e9, "booked": 1e9}',
        '{"next": Infinity, "booked": Infinity}',
        '{"next": NaN, "booked": NaN, "gap": NaN}',
        '{"gap": 1e300}',
        '{"booked": -1e9, "gap": -1}',
        f'{{"next": {10**400}}}',
        '{"closed_until": Infinity}',
    ],
)
def test_a_state_that_no_run_may_write_keeps_no_host_closed(poison: str, tmp_path: Path) -> None:
    clock = Clock()
    states = HostStates(tmp_path, clock)
    (tmp_path / "a.example.json").write_text(poison)

    assert states.wait("a.example") <= 1
    slot = states.take_slot("a.example")
    assert slot is not None
    states.use_slot("a.example", slot, 0.5)
    clock.now += 1
    assert states.wait("a.example") == 0 and states.back_off("a.example", 1.0) <= 60


@pytest.mark.parametrize(
    ("window", "moment", "inside"),
    [
        ("", "2026-11-24T12:00:00+00:00", True),
        ("22:00-06:00 Asia/Shanghai", "2026-11-24T15:00:00+00:00", True),  # 23:00 there
        ("22:00-06:00 Asia/Shanghai", "2026-11-24T21:59:00+00:00", True),  # 05:59
        ("22:00-06:00 Asia/Shanghai", "2026-11-24T22:00:00+00:00", False),  # 06:00
        (
            "09:00-17:00 Europe/Berlin",
            "2026-03-29T07:30:00+00:00",
            True,
        ),  # 09:30 on the day that the clocks go forward
        ("09:00-17:00 Europe/Berlin", "2026-03-28T07:30:00+00:00", False),  # 08:30 the day before
    ],
)
def test_hours_that_are_allowed(window: str, moment: str, inside: bool) -> None:
    assert Window(window).is_open(datetime.fromisoformat(moment)) is inside


@pytest.mark.parametrize(
    "text", ["night", "25:00-06:00 Asia/Shanghai", "22:00-06:00 Nowhere/Town", "22:00-06:00"]
)
def test_invalid_hours_are_reported(text: str) -> None:
    with pytest.raises(UsageError, match="NIGHT_WINDOW"):
        Window(text)


def test_the_state_is_readable_by_its_user_alone(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program
) -> None:
    thepaper.add(*stories(1))
    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.02")
    folder = Path(web.environ()["XDG_STATE_HOME"]) / "zhengwen" / "hosts"

    assert folder.stat().st_mode & 0o77 == 0
    assert json.loads((folder / f"{HOST}.json").read_text())["next"] > 0
