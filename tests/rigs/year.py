"""A year of crawls in minutes: the program itself, but for the wire and the clock.

`python -m tests.rigs.year FOLDER SEED [DAYS STEP USUAL]` crawls 40 accounts of a stand-in each STEP days, which publish each USUAL
days, and prints, as JSON, what was false, late or too long. Scrapy, our spider and middlewares, the WARC writer, the index and the alarms are those of a crawl;
only the answers come from a function in this process and the time from a clock that the rig sets.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import time_machine
from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from twisted.internet.defer import Deferred

from archive.archive import Archive
from archive.monitoring import alarms
from archive.warc.exchange import Exchange
from crawler.given_settings import settings_of
from crawler.hosts.throttle import Throttle
from crawler.wire.preparation import prepare
from crawler.wire.recorder import Recorder
from tests.rigs.year_measures import Measures
from tests.rigs.year_world import BEGUN, World
from tests.standin.web import Request as Asked

HOUR_OF_CRAWL = timedelta(hours=8)
QUIET = {
    "MEDIA_ENABLED": "False",
    "REQUISITES_ENABLED": "False",
    "RETRY_TIMES": "0",
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "LOG_ENABLED": "False",
    "MIN_FREE_DISK": "0",
    "CONTACT": "tests@example.org",
}


class Wire:
    """In the place of the network: each request is answered by the world, and recorded."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self.world: World = crawler.settings["WORLD"]
        recorder, throttle = crawler.get_extension(Recorder), crawler.get_extension(Throttle)
        assert recorder is not None and throttle is not None
        self.recorder, self.throttle = recorder, throttle

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Wire:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        await self.throttle.wait_for_slot(request, None)  # type: ignore[arg-type]  # no gap, no slot
        at = datetime.now(UTC)
        asked = Asked(at.timestamp(), request.method, request.url, {}, request.body, b"")
        reply = self.world(asked)
        if reply is None:
            error = DownloadFailedError("the connection was closed")
            self.recorder.record_failure(request, error)
            raise error
        head = f"{request.method} {request.url} HTTP/1.1\r\nHost: {asked.host}\r\n\r\n".encode()
        exchange = Exchange(
            url=request.url,
            started=at,
            request=head + request.body,
            response=BytesIO(reply.wire(request.method)),
        )
        self.recorder.record(exchange, request)
        headers = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
        kind = responsetypes.from_args(url=request.url, body=reply.body)
        return kind(request.url, reply.status, headers, reply.body, request=request)

    async def close(self) -> None:
        """Nothing is open."""


class Year:
    """The crawls of a year, and what is measured of them."""

    def __init__(self, folder: Path, seed: int, days: int, step: int, usual: int) -> None:
        self.folder, self.days, self.step = folder, days, step
        self.world = World(seed, days, usual)
        self.is_over = False
        self.measures = Measures(self.world)

    async def run(self) -> None:
        """Let the days pass."""
        with Archive(self.folder) as archive, prepare(self.folder):
            archive.follow(self.world.addresses())
        for day in range(0, self.days, self.step):
            moment = BEGUN + timedelta(days=day)
            for passed in range(max(0, day - self.step + 1), day + 1):
                self.world.live(passed)
            with time_machine.travel(moment + HOUR_OF_CRAWL, tick=True):
                await self._crawl(day)
        with Archive(self.folder) as archive:
            self.measures.withdrawals(archive.connection)
        self.is_over = True

    async def _crawl(self, day: int) -> None:
        run = str(uuid4())
        options = [f"{name}={value}" for name, value in QUIET.items()]
        options.append(f"HOST_STATE_DIR={self.folder / 'hosts'}")
        settings = settings_of(self.folder, options, {})
        handlers = dict.fromkeys(("http", "https"), f"{__name__}.Wire")
        settings.set("DOWNLOAD_HANDLERS", handlers, priority="cmdline")
        settings.set("RUN_ID", run, priority="cmdline")
        with Archive(self.folder) as archive:
            settings.set("PLATFORMS", archive.platforms, priority="cmdline")
            with prepare(self.folder):
                crawler = AsyncCrawlerRunner(settings).create_crawler("thepaper")
                crawler.settings.set("WORLD", self.world, priority="cmdline")
                await crawler.crawl_async(recheck="all")
                archive.extend_chain(run={"ids": [run]})
                archive.index(workers=1)
                now = datetime.now(UTC)
                mail = alarms.of_runs(archive.connection, [run], now).changes
                archive.learn_names()
            self.measures.run(archive.connection, run, day, mail)


def main(words: list[str]) -> None:
    """Run one year, and print what was measured."""
    from twisted.internet import asyncioreactor

    asyncioreactor.install()
    from twisted.internet import reactor, task  # only now, as importing it installs one

    folder, seed = Path(words[0]), int(words[1])
    days, step, usual = map(int, words[2:] or (365, 1, 12))
    year = Year(folder, seed, days, step, usual)

    def begin(_: Any) -> Deferred[None]:
        work: Awaitable[None] = year.run()
        return Deferred.fromFuture(asyncio.ensure_future(work))

    try:
        task.react(begin, _reactor=reactor)
    except SystemExit as ended:
        if ended.code:
            raise
    if not year.is_over:
        raise SystemExit("the year was broken off")
    print(json.dumps(year.measures.value(), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
