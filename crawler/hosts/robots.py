"""Obeying robots.txt and what it asks for, staying on the hosts of the platform, and keeping to
the hours that are allowed."""

from __future__ import annotations

import logging
import re
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.errors import UsageError
from archive.platform import Platform
from crawler.hosts.throttle import Gate, gate_of, host_of

logger = logging.getLogger(__name__)
NOTHING = b"User-agent: *\nDisallow: /\n"


class RobotsUnreachableError(IgnoreRequest):
    """A host's robots.txt cannot be had, so nothing is asked of it. `answered`: the host is there
    and answers with an error."""

    def __init__(self, netloc: str, said: str, answered: bool) -> None:
        super().__init__(
            f"the robots.txt of {netloc} cannot be had ({said}), so nothing is asked of it"
        )
        self.answered = answered


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, but a robots.txt that cannot be had forbids everything (RFC 9309, 2.3.1.4) where
    Scrapy allows everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.unreachable: dict[
            str, tuple[str, bool]
        ] = {}  # by host: what was had instead, and whether that was an answer

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self.unreachable[netloc] = f"status {response.status}", True
            response = response.replace(body=NOTHING)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self.unreachable[netloc] = type(exc).__name__, False
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what robots.txt forbids, and everything where it cannot be had."""
        netloc = urlparse_cached(request).netloc
        if said := self.unreachable.get(netloc):
            raise RobotsUnreachableError(netloc, *said)
        super().process_request_2(rp, request)


class CrawlDelay:
    """Raises the gap of a host to its Crawl-delay, which Scrapy reads and does not act on."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        """Listens from the first robots.txt on."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note the delay for the gate."""
        asked = robotparser.rp.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])  # type: ignore[attr-defined]  # Protego's
        gate: Gate = gate_of(self.crawler)
        if asked and float(asked) > gate.delay:
            gate.host(host_of(request)).crawl_delay = float(asked)
            logger.info("%s asks for %s s between requests", host_of(request), asked)


class OtherHostError(IgnoreRequest):
    """A redirect led away from the platform's own hosts, or from its articles."""


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
        """Let pictures come from anywhere, and all else from the platform. Scrapy's robots.txt
        requests carry no facts."""
        host = urlparse_cached(request).hostname or ""
        platform: Platform = self.crawler.spider.platform  # type: ignore[union-attr]  # ArticleSpider
        if (
            "facts" in request.meta
            and not request.meta.get("allow_offsite")
            and not platform.owns(host)
        ):
            raise OtherHostError(f"{request.url} is on no host of the platform")
        if (
            request.meta.get("redirect_urls")
            and request.meta.get("facts", {}).get("role") == "article"
        ):
            there = platform.locate(request.url)
            if there is None or there.role != "article":
                raise OtherHostError(f"{request.url} is no article")


WINDOW = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s+(\S+)")


class Window:
    """Hours of the day in which a crawl may run, such as `22:00-06:00 Asia/Shanghai`; '' for all
    hours."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        found = WINDOW.fullmatch(self.text)
        try:
            if self.text and not found:
                raise ValueError
            self.begin = time(int(found[1]), int(found[2])) if found else time.min
            self.end = time(int(found[3]), int(found[4])) if found else time.max
            self.zone = ZoneInfo(found[5] if found else "UTC")
        except (ValueError, ZoneInfoNotFoundError) as error:
            raise UsageError(
                f"NIGHT_WINDOW is {text!r}; write it as '22:00-06:00 Asia/Shanghai', or nothing."
            ) from error

    def holds(self, moment: datetime) -> bool:
        """Whether a crawl may run at this moment."""
        if not self.text:
            return True
        now = moment.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def check(self, moment: datetime) -> None:
        """Raises UsageError outside the window."""
        if not self.holds(moment):
            now = moment.astimezone(self.zone)
            raise UsageError(
                f"It is {now:%H:%M} in {self.zone.key} and NIGHT_WINDOW is {self.text}; start the "
                "crawl in that time."
            )
