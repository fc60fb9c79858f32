"""One crawl of the benchmark site: `python -m benchmarks.crawl plain|capture PORT PAGES FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

MODE, PORT, PAGES, FOLDER = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]


class Bench(Spider):
    """Fetches every page and does nothing with it."""

    name = "bench"
    pages = 0

    async def start(self) -> AsyncIterator[Request]:
        """All pages."""
        for number in range(PAGES):
            yield Request(f"http://127.0.0.1:{PORT}/page/{number}")

    def parse(self, response: Any) -> None:
        """Count it."""
        self.pages += 1


def settings() -> dict[str, Any]:
    """The same for both, but for the capture."""
    shared = {
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
    }
    shared |= {
        "DOWNLOAD_DELAY": 0,
        "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip"},
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    }
    if MODE == "plain":
        return shared
    recorder = "tests.rigs.plain_crawl.PlainRecorder"
    handlers = dict.fromkeys(("http", "https"), "crawler.wire.capture.CaptureHandler")
    return shared | {
        "FOLDER": FOLDER,
        "CAPTURE_RECORDER": recorder,
        "EXTENSIONS": {recorder: 0},
        "DOWNLOAD_HANDLERS": handlers,
    }


if __name__ == "__main__":
    process = AsyncCrawlerProcess(settings())
    crawler = process.create_crawler(Bench)
    process.crawl(crawler)
    process.start()
    pages = crawler.spider.pages if isinstance(crawler.spider, Bench) else 0
    if pages != PAGES:
        sys.exit(f"{pages} of {PAGES} pages were fetched; the measurement says nothing")
