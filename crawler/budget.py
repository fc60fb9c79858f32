"""What a run may spend (requests, time, bytes, disk), and its end: clean, and within seconds when
it is told to stop."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler

from archive.archive import archive_dir
from archive.disk import free_bytes
from archive.errors import UsageError
from crawler.hosts.robots import Window
from crawler.hosts.throttle import gate_of

LOOK = 0.25  # seconds between two looks
GRACE = 3.0  # seconds for answers that are on their way when a run is told to stop
SIZES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(slots=True)
class Spent:
    """What all spiders of this process have spent together."""

    requests: int = 0
    bytes: int = 0
    begun: float = 0.0


SPENT = Spent()


class RunBudget:
    """The extension that ends the run. The recorder then tells which accounts were not finished,
    and why."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.requests = settings.getint("MAX_REQUESTS")
        self.time = span(settings["MAX_TIME"], "MAX_TIME")
        self.bytes = size(settings["MAX_BYTES"], "MAX_BYTES")
        self.disk = size(settings["MIN_FREE_DISK"], "MIN_FREE_DISK")
        self.window = Window(settings["NIGHT_WINDOW"])
        self.folder = archive_dir(settings["ARCHIVE"])
        self.stopping: float | None = None
        self.watcher: asyncio.Task[None] | None = None
        SPENT.begun = SPENT.begun or monotonic()
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.asked, signals.request_reached_downloader)
        crawler.signals.connect(self.heard, signals.bytes_received)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunBudget:
        """Raises UsageError for a budget that is none."""
        return cls(crawler)

    def opened(self) -> None:
        """Begin to watch."""
        self.watcher = asyncio.ensure_future(self._watch())

    def asked(self, request: Request) -> None:
        """Count a request."""
        SPENT.requests += 1

    def heard(self, data: bytes) -> None:
        """Count what comes of a body as it comes, pictures too, of which no response holds the
        body."""
        SPENT.bytes += len(data)

    def closed(self) -> None:
        """Stop watching."""
        if self.watcher:
            self.watcher.cancel()

    async def _watch(self) -> None:
        while True:
            gate = gate_of(self.crawler)
            reason = self._used_up()
            if self.stopping is None and (reason or not self.crawler.crawling):
                self.stopping, gate.closing = monotonic(), True
                if reason and self.crawler.crawling and self.crawler.engine:
                    self._closing = asyncio.ensure_future(
                        self.crawler.engine.close_spider_async(reason=reason)
                    )
            if self.stopping is not None and monotonic() - self.stopping > GRACE:
                for abort in gate.aborts:
                    abort()
            await asyncio.sleep(LOOK)

    def _used_up(self) -> str | None:
        if self.requests and SPENT.requests >= self.requests:
            return "budget_requests"
        if self.time and monotonic() - SPENT.begun >= self.time:
            return "budget_time"
        if self.bytes and SPENT.bytes >= self.bytes:
            return "budget_bytes"
        if not self.window.holds(datetime.now(UTC)):
            return "night_window_closed"
        if self.disk and free_bytes(self.folder) < self.disk:
            return "disk_full"
        return None


def size(text: str | int | None, name: str) -> int:
    """`500MB` in bytes; 0 for nothing. Raises UsageError."""
    found = re.fullmatch(r"\s*(\d+)\s*([KMGT]?)B?\s*", str(text or 0), re.I)
    if not found:
        raise UsageError(f"{name} is {text!r}; write it as 500MB or 2GB.")
    return int(found[1]) * SIZES[found[2].upper()]


def span(text: str | int | None, name: str) -> int:
    """`90s`, `30m`, `2h` in seconds; 0 for nothing. Raises UsageError."""
    found = re.fullmatch(r"\s*(\d+)\s*([smhd]?)\s*", str(text or 0))
    if not found:
        raise UsageError(f"{name} is {text!r}; write it as 90s, 30m or 2h.")
    return int(found[1]) * SPANS[found[2] or "s"]


def check_disk(folder: str | None, least: str | int | None) -> None:
    """Raises UsageError where there is less room than a run wants to leave."""
    wanted, free = size(least, "MIN_FREE_DISK"), free_bytes(archive_dir(folder))
    if free < wanted:
        raise UsageError(
            f"There are {free / 1e6:.0f} MB free for the archive and MIN_FREE_DISK is "
            f"{wanted / 1e6:.0f} MB;"
            " make room, or allow less with -s MIN_FREE_DISK=SIZE."
        )
