"""Extensions with errors, each of another kind, for crawls that are to end with the right exit code all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler


def fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("broken for a test")


class Extension:
    """Does nothing wrong."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.opened, signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Extension:
        return cls(crawler)

    def opened(self) -> None:
        pass


class InSpider(Extension):
    def opened(self) -> None:
        self.crawler.spider.parse_article = fail  # type: ignore[union-attr]


class InErrback(Extension):
    def opened(self) -> None:
        self.crawler.spider.no_answer = fail  # type: ignore[union-attr]


class InStart(Extension):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)

        async def start() -> AsyncIterator[Request]:
            fail()
            yield Request("https://www.thepaper.cn/")

        self.crawler.spider.start = start  # type: ignore[union-attr, method-assign]


class InSignal(Extension):
    def opened(self) -> None:
        self.crawler.signals.connect(fail, signals.response_received)


class AtClose(Extension):
    def opened(self) -> None:
        self.crawler.signals.connect(fail, signals.spider_closed)


class AtOpening(Extension):
    def opened(self) -> None:
        fail()


class AtStart(Extension):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        fail()


class InLoop(Extension):
    """Ends Scrapy's loop in the middle of the crawl, as an error in the reactor does."""

    def opened(self) -> None:
        asyncio.get_running_loop().call_later(0.5, self.interrupt)

    def interrupt(self) -> None:
        asyncio.get_running_loop().stop()
