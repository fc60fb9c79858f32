"""The throttle in one process, without a wire: what it delays, and when it stops to ask a host."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.extension import ExtensionManager
from scrapy.http import Response

from archive.errors import ArchiveError
from archive.model import Failure
from crawler.hosts.throttle import STOPPED, NotAskedError, Throttle, throttle_of
from crawler.requests import KEY, Purpose

PAGE = "https://a.example/1"
CLOCKS = 0.005  # seconds by which two clocks of a machine may differ
BLOCKED = Failure(outcome="blocked", reason="http-403")


class Transmission:
    """A request on its way that arrives when the test says so."""

    def __init__(self) -> None:
        self.arrive: Callable[[], None] | None = None
        self.patience = 0.0

    def when_arrived(self, call: Callable[[], None], patience: float) -> None:
        self.arrive, self.patience = call, patience


def throttle(folder: Path, **settings: object) -> Throttle:
    crawler = Crawler(
        Spider,
        {
            "DOWNLOAD_DELAY": 0.2,
            "RETRY_AFTER_WAIT": 120,
            "BLOCKS_IN_A_ROW": 3,
            "HOST_STATE_DIR": str(folder),
            **settings,
        },
    )
    crawler.crawling = True
    return Throttle(crawler)


def request(role: Any = "article") -> Request:
    return Request(PAGE, meta={KEY: Purpose(role=role)})


def wait(throttle: Throttle, transmission: Transmission, timeout: float = 5.0) -> float:
    """Wait for a slot; returns the seconds that it took."""
    begun = time.monotonic()
    asyncio.run(asyncio.wait_for(throttle.wait_for_slot(request(), transmission), timeout))
    return time.monotonic() - begun


@pytest.mark.parametrize(("gap", "patience"), [(0.02, 1.0), (1.0, 1.0), (2.5, 2.5)])
def test_a_busy_host_has_a_second_to_take_a_request_in(
    gap: float, patience: float, tmp_path: Path
) -> None:
    transmission = Transmission()
    wait(throttle(tmp_path, DOWNLOAD_DELAY=gap), transmission)
    assert transmission.patience == patience


def test_the_next_request_waits_for_the_gap_after_the_last_arrival(tmp_path: Path) -> None:
    limited, first, second = throttle(tmp_path), Transmission(), Transmission()
    wait(limited, first)
    assert first.patience == 1.0
    with pytest.raises(TimeoutError):  # the host does not have the first one yet
        wait(limited, second, timeout=0.5)

    assert first.arrive
    begun = time.monotonic()  # before it: the machine may be busy in between
    first.arrive()
    wait(limited, second)

    assert time.monotonic() - begun >= 0.2 - CLOCKS
    assert second.arrive
    second.arrive()


def test_without_a_gap_nothing_waits(tmp_path: Path) -> None:
    transmission = Transmission()

    wait(throttle(tmp_path, DOWNLOAD_DELAY=0), transmission)

    assert transmission.arrive is None


def test_blocks_in_a_row_give_up_the_pages_of_a_host_or_its_files(tmp_path: Path) -> None:
    limited = throttle(tmp_path)
    for failure in (BLOCKED, BLOCKED, None, BLOCKED, BLOCKED):
        limited.count_blocks(request("media"), failure)
    assert limited.host("a.example (files)").given_up is None

    limited.count_blocks(request("media"), BLOCKED)

    with pytest.raises(NotAskedError, match="blocked 3 requests in a row") as error:
        asyncio.run(limited.wait_for_slot(request("requisite"), Transmission()))
    assert error.value.failure.outcome == "blocked"
    wait(limited, Transmission())


def test_a_retry_after_beyond_patience_gives_the_host_up(tmp_path: Path) -> None:
    limited = throttle(tmp_path)
    limited.receive(request(), Response(PAGE, status=503, headers={"Retry-After": "7200"}))

    with pytest.raises(NotAskedError, match="asks to be left alone until") as error:
        wait(limited, Transmission())
    assert error.value.failure.outcome == "throttled"
    with pytest.raises(NotAskedError):  # and another process knows it from the shared state
        wait(throttle(tmp_path), Transmission())


def test_no_request_leaves_after_the_end_of_a_run(tmp_path: Path) -> None:
    limited = throttle(tmp_path)
    limited.closing = True

    with pytest.raises(NotAskedError) as error:
        wait(limited, Transmission())
    assert error.value.failure.reason == STOPPED


def test_overload_doubles_the_gap_and_good_answers_bring_it_back(tmp_path: Path) -> None:
    limited, first, second = throttle(tmp_path), Transmission(), Transmission()
    limited.receive(request(), Response(PAGE, status=500))
    wait(limited, first)
    assert first.arrive
    first.arrive()
    assert wait(limited, second) > 0.3
    for _ in range(10):
        limited.receive(request(), Response(PAGE, status=200))

    assert json.loads((tmp_path / "a.example.json").read_text())["gap"] == 0


def test_a_crawl_without_a_throttle_is_an_error() -> None:
    crawler = Crawler(Spider)
    crawler.extensions = ExtensionManager(crawler=crawler)

    with pytest.raises(ArchiveError, match="Throttle is not enabled"):
        throttle_of(crawler)
