"""A bare crawl for the capture tests: `python -m tests.rigs.plain_crawl FOLDER JSON` fetches URLs, with our capture and nothing else of ours."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import psutil
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from crawler.requests import KEY, Purpose


class PlainRecorder:
    """Writes exchanges and nothing else."""

    def __init__(self, crawler: Crawler) -> None:
        folder = Path(crawler.settings["FOLDER"])
        self.writer = WarcWriter(
            folder,
            prefix="TEST",
            info={"software": "Zhengwen/test"},
            keep_chunks=crawler.settings.getbool("KEEP"),
        )
        self.folder = folder
        self.failures: list[str] = []
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PlainRecorder:
        return cls(crawler)

    def record(self, exchange: Exchange, request: Request) -> None:
        self.writer.write_exchange(exchange, {}, allow_revisit=False)

    def record_failure(self, request: Request, error: Exception) -> None:
        self.failures.append(f"{request.url} {type(error).__name__}")

    def closed(self, reason: str) -> None:
        self.writer.close()
        memory = psutil.Process().memory_info()
        (self.folder / "report.json").write_text(
            json.dumps({"failures": self.failures, "reason": reason, "rss": memory.rss})
        )


class Plain(Spider):
    name = "plain"
    asks: ClassVar[list[dict[str, Any]]] = []

    async def start(self) -> AsyncIterator[Request]:
        for ask in self.asks:
            body, discards = ask.pop("body", "").encode(), ask.pop("discards", False)
            meta = {KEY: Purpose(role="media", discard_body=discards)}
            yield Request(
                **ask,
                body=body,
                dont_filter=True,
                callback=self.parse,
                errback=self.failed,
                meta=meta,
            )

    def parse(self, response: Any) -> None:
        if response.meta[KEY].discard_body:
            assert response.body == b""

    def failed(self, failure: Any) -> None:
        pass


def main() -> None:
    folder, asks, settings = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
    Plain.asks = asks
    handler = "crawler.wire.capture.CaptureHandler"
    process = AsyncCrawlerProcess(
        {
            "FOLDER": folder,
            "CAPTURE_RECORDER": "tests.rigs.plain_crawl.PlainRecorder",
            "EXTENSIONS": {"tests.rigs.plain_crawl.PlainRecorder": 0},
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip", "X-Odd-Case": "kept"},
            "DOWNLOAD_VERIFY_CERTIFICATES": True,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "HTTPERROR_ALLOW_ALL": True,
            "RETRY_TIMES": 1,
            "RETRY_EXCEPTIONS": [],
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "CRITICAL",
            **settings,
        }
    )
    process.crawl(Plain)
    process.start()


if __name__ == "__main__":
    main()
