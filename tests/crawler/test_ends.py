"""Every way a crawl can end has its exit code and a sentence, and loses nothing: signals, limits, errors in the program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import settings
from tests.conftest import ACCOUNT, FAST, ROOT, Program, rows, validate
from tests.rigs import faulty
from tests.rigs.serving import until
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply


@pytest.fixture(autouse=True)
def _hangup() -> Iterator[None]:
    """Whoever starts the tests under nohup hands on that SIGHUP is ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def stories(number: int) -> list[Story]:
    return [
        Story(5_700_000 + n, f"第{n}次通报", [f"疫情防控第{n}天。"], pictures=[])
        for n in range(number)
    ]


def started(web: LoopbackWeb, archive_dir: Path, *before: str) -> subprocess.Popen[str]:
    program = [*before, sys.executable, "-m", "crawler", "--archive", str(archive_dir)]
    return subprocess.Popen(
        [*program, "crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.05"],
        cwd=ROOT,
        env={**os.environ, **web.environ()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def logged(archive_dir: Path) -> str:
    """What a crawl has written into its log."""
    return "".join(path.read_text("utf-8") for path in (archive_dir / "logs").glob("*.log"))


def until_asked(web: LoopbackWeb, path: str) -> None:
    end = time.monotonic() + 90
    while not web.requests(path=path):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def slow(thepaper: ThePaper) -> ThePaper:
    """Twelve articles, of which the fifth takes a minute to answer."""
    thepaper.add(*stories(12))
    thepaper.interventions.append(
        lambda request: Reply(delay=60) if request.path.endswith("5700004") else None
    )
    return thepaper


INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


@pytest.mark.parametrize(
    "numbers",
    [(INT, INT), (TERM, TERM), (INT, TERM), (HUP, INT), (HUP,), (INT, INT, INT)],
    ids=lambda numbers: "-".join(number.name for number in numbers),
)
def test_signals_end_a_crawl_with_a_sentence_and_lose_nothing(
    numbers: tuple[signal.Signals, ...], web: LoopbackWeb, slow: ThePaper, zhengwen: Program,
    archive_dir: Path,
) -> None:  # fmt: skip
    running = started(web, archive_dir)
    until_asked(web, "/newsDetail_forward_5700004")
    begun = time.monotonic()
    for number in numbers:
        running.send_signal(number)
        # two that come before Python looks for one are one
        until(lambda: "Received SIG" in logged(archive_dir), lambda: logged(archive_dir))
    out, message = running.communicate(timeout=120)

    assert time.monotonic() - begun < 45  # of the 60 that the answer would take
    assert running.returncode == 1 and not out and "Traceback" not in message
    words = "asked twice to stop" if len(numbers) > 1 else "asked to stop"
    assert words in message and len(message.splitlines()) <= 2
    assert not list((archive_dir / "warc").glob("*.open")), "the file is finished"
    validate(archive_dir)
    zhengwen("index")
    assert rows(archive_dir, "SELECT finish_reason FROM runs") == [{"finish_reason": "shutdown"}]
    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == "budget" and "shutdown" in str(row["reason"])
    slow.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 12


def test_a_crawl_that_is_to_outlive_its_terminal_does(
    web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path
) -> None:
    thepaper.add(*stories(6))
    running = started(web, archive_dir, "nohup")
    until_asked(web, "/newsDetail")
    running.send_signal(HUP)

    running.communicate(timeout=180)

    assert running.returncode == 0
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 6


def test_a_signal_before_the_first_request_ends_the_program(
    web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path
) -> None:
    running = started(web, archive_dir)
    end = time.monotonic() + 60
    while not (archive_dir / ".lock").exists() and time.monotonic() < end:
        time.sleep(0.001)
    running.send_signal(INT)

    message = running.communicate(timeout=120)[1]

    assert running.returncode == 1 and "asked to stop" in message and "Traceback" not in message


ERRORS: dict[type, str] = {
    faulty.InSpider: "RuntimeError: broken for a test",
    faulty.InErrback: "An error in the program",
    faulty.InStart: "RuntimeError: broken for a test",
    faulty.InSignal: "RuntimeError: broken for a test",
    faulty.AtClose: "RuntimeError: broken for a test",
    faulty.AtOpening: "RuntimeError: broken for a test",
    faulty.AtStart: "could not start",
    faulty.InLoop: "loop ended in the middle",
}


@pytest.mark.parametrize("part", ERRORS)
def test_an_error_of_the_program_is_exit_code_1_and_loses_nothing(
    part: type, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(12))
    thepaper.interventions.append(
        lambda request: Reply(cut=9) if request.path.endswith("5700000") else None
    )
    extensions = {**settings.EXTENSIONS, f"{part.__module__}.{part.__name__}": 30}
    given = ["-s", f"EXTENSIONS={json.dumps(extensions)}", "-s", "DOWNLOAD_DELAY=0.1"]

    message = zhengwen("crawl", ACCOUNT, *given, "-s", "RETRY_TIMES=0", check=1).stderr

    last = [line for line in message.splitlines() if line.startswith("zhengwen: ")]
    assert ERRORS[part] in last[0]
    thepaper.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 12
    assert zhengwen("verify").stdout == ""


@pytest.mark.parametrize(
    "limit",
    ["CLOSESPIDER_PAGECOUNT=4", "CLOSESPIDER_TIMEOUT=1", "CLOSESPIDER_TIMEOUT_NO_ITEM=1"],
)
def test_a_limit_of_scrapy_is_an_ordinary_end(
    limit: str, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(40))
    extensions = {**settings.EXTENSIONS, "scrapy.extensions.closespider.CloseSpider": 40}

    zhengwen(
        "crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.2", "-s", limit,
        "-s", f"EXTENSIONS={json.dumps(extensions)}",
    )  # fmt: skip

    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == "budget" and "closespider" in str(row["reason"])
