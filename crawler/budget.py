"""What a run may spend (requests, time, bytes, disk), and its end: clean, and within seconds when
it is asked to stop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler

from archive.disk import free_bytes
from archive.folder import archive_dir
from crawler.hosts.hours import Window
from crawler.hosts.throttle import throttle_of
from crawler.units import parse_duration, parse_size

INTERVAL = 0.25  # seconds between two checks
GRACE = 3.0  # seconds for answers that are on their way when a run is to stop


@dataclass(slots=True)
class Spent:
    """What all spiders of one start have spent together; the start gives it to each of them.

    Attributes:
        requests: how many were sent.
        bytes: of bodies, as they came over the wire.
        begun: when the start began (seconds of the monotonic clock).
    """

    requests: int = 0
    bytes: int = 0
    begun: float = field(default_factory=monotonic)


class RunBudget:
    """The extension that ends the run. The recorder then writes which accounts were not finished,
    and why.

    Raises:
        UsageError: MAX_TIME, MAX_BYTES, MIN_FREE_DISK or NIGHT_WINDOW is invalid.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.requests = settings.getint("MAX_REQUESTS")
        self.time = parse_duration(settings["MAX_TIME"], "MAX_TIME")
        self.bytes = parse_size(settings["MAX_BYTES"], "MAX_BYTES")
        self.disk = parse_size(settings["MIN_FREE_DISK"], "MIN_FREE_DISK")
        self.window = Window(settings["NIGHT_WINDOW"])
        self.folder = archive_dir(settings["ARCHIVE"])
        self.stopping: float | None = None
        self.watcher: asyncio.Task[None] | None = None
        # A value that `start` hands over and no one types; `scrapy crawl` has one spider.
        self.spent: Spent = settings.get("SPENT") or Spent()
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.requested, signals.request_reached_downloader)
        crawler.signals.connect(self.received, signals.bytes_received)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunBudget:
        """Build it from the settings. Raises UsageError for a budget that is invalid."""
        return cls(crawler)

    def opened(self) -> None:
        """Begin to watch."""
        self.watcher = asyncio.ensure_future(self._watch())

    def requested(self, request: Request) -> None:
        """Count a request."""
        self.spent.requests += 1

    def received(self, data: bytes) -> None:
        """Count the bytes of a body as they come, those of pictures too, whose responses have no
        body."""
        self.spent.bytes += len(data)

    def closed(self) -> None:
        """Stop watching."""
        if self.watcher:
            self.watcher.cancel()

    async def _watch(self) -> None:
        while True:
            throttle = throttle_of(self.crawler)
            reason = self._used_up()
            if self.stopping is None and (reason or not self.crawler.crawling):
                self.stopping, throttle.closing = monotonic(), True
                if reason and self.crawler.crawling:
                    self._closing = asyncio.ensure_future(
                        self.crawler.engine.close_spider_async(reason=reason)
                    )
            if self.stopping is not None and monotonic() - self.stopping > GRACE:
                for abort in throttle.aborts:
                    abort()
            await asyncio.sleep(INTERVAL)

    def _used_up(self) -> str | None:
        """Why the run is to end, as `runs.finish_reason` has it; None while it may go on."""
        if self.requests and self.spent.requests >= self.requests:
            return "budget_requests"
        if self.time and monotonic() - self.spent.begun >= self.time:
            return "budget_time"
        if self.bytes and self.spent.bytes >= self.bytes:
            return "budget_bytes"
        if not self.window.is_open(datetime.now(UTC)):
            return "night_window_closed"
        if self.disk and free_bytes(self.folder) < self.disk:
            return "disk_full"
        return None
