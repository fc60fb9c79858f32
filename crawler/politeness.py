"""Obeying what a host asks for (Crawl-delay, Retry-After), and staying on the hosts of the platform."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.platform import Platform

logger = logging.getLogger(__name__)


class CrawlDelay:
    """Raises the delay of a host to its Crawl-delay, which Scrapy reads and does not act on."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        """Listens from the first robots.txt on."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Apply the delay to the host's queue, now and when it is made anew."""
        settings = self.crawler.settings
        asked = robotparser.rp.crawl_delay(settings["ROBOTSTXT_USER_AGENT"])  # type: ignore[attr-defined]  # Protego's
        host = urlparse_cached(request).hostname or ""
        if not asked or asked <= settings.getfloat("DOWNLOAD_DELAY"):
            return
        assert self.crawler.engine
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings.setdefault(host, {})["delay"] = float(asked)
        if slot := downloader.slots.get(host):
            slot.delay = float(asked)
        logger.info("%s asks for %s s between requests", host, asked)


class RetryAfterMiddleware:
    """Keeps every request to a host back for as long as its last 429 or 503 asked, up to RETRY_AFTER_MAX."""

    def __init__(self, longest: float) -> None:
        self.longest = longest
        self.not_before: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfterMiddleware:
        """Reads RETRY_AFTER_MAX."""
        return cls(crawler.settings.getfloat("RETRY_AFTER_MAX"))

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked again."""
        host = urlparse_cached(request).hostname or ""
        while (wait := self.not_before.get(host, 0.0) - monotonic()) > 0:
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note what the answer asks for."""
        asked = seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        if response.status in (429, 503) and asked:
            host = urlparse_cached(request).hostname or ""
            self.not_before[host] = monotonic() + min(asked, self.longest)
            logger.warning("%s asks to wait %d s", host, asked)
        return response


def seconds(value: bytes | None, now: datetime) -> float:
    """Seconds that a Retry-After header asks for, given as a number or as a date (RFC 9110, 10.2.3); 0 for none."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


class OtherHostError(IgnoreRequest):
    """A redirect led away from the platform's own hosts."""


class OwnHosts:
    """Keeps a crawl on the platform's hosts: a redirect elsewhere is recorded and not followed.

    Scrapy's own check lets retried requests pass, and every subdomain of an allowed host.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OwnHosts:
        """The hosts are those of the spider's platform."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let pictures come from anywhere, and all else from the platform. Scrapy's robots.txt requests carry no facts."""
        host = urlparse_cached(request).hostname or ""
        platform: Platform = self.crawler.spider.platform  # type: ignore[union-attr]  # ArticleSpider
        if "facts" in request.meta and not request.meta.get("allow_offsite") and not platform.owns(host):
            raise OtherHostError(f"{request.url} is on no host of the platform")
        if request.meta.get("redirect_urls") and request.meta.get("facts", {}).get("role") == "article":
            there = platform.locate(request.url)
            if there is None or there.role != "article":
                raise OtherHostError(f"{request.url} is no article")
