"""Obeying robots.txt, also where it cannot be had."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.model import Failure
from crawler.hosts.not_asked import NotAskedError

FORBIDS_ALL = b"User-agent: *\nDisallow: /\n"
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Unavailable:
    """What came in place of a robots.txt: `problem` names it; `answered`: the host is there and
    answers with an error."""

    problem: str
    answered: bool


class RobotsUnreachableError(IgnoreRequest):
    """A host's robots.txt cannot be had, so nothing is asked of it. `answered`: the host is there
    and answers with an error."""

    def __init__(self, netloc: str, unavailable: Unavailable) -> None:
        super().__init__(
            f"the robots.txt of {netloc} cannot be had ({unavailable.problem}), so nothing is "
            "asked of it"
        )
        self.answered = unavailable.answered


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, but a robots.txt that cannot be had forbids everything (RFC 9309, 2.3.1.4) where
    Scrapy allows everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.unavailable: dict[str, Unavailable] = {}  # by host and port
        self.not_asked: dict[str, Failure] = {}  # likewise: why there was no request for it

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == TOO_MANY_REQUESTS:
            self.unavailable[netloc] = Unavailable(f"status {response.status}", answered=True)
            response = response.replace(body=FORBIDS_ALL)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, NotAskedError):
            self.not_asked[netloc] = exc.failure
        elif not isinstance(exc, IgnoreRequest):
            self.unavailable[netloc] = Unavailable(type(exc).__name__, answered=False)
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what robots.txt forbids, and everything where it cannot be had.

        Raises:
            RobotsUnreachableError: there is no robots.txt to obey.
            NotAskedError: nor was it asked for, for this reason.
            IgnoreRequest: it forbids the address.
        """
        netloc = urlparse_cached(request).netloc
        if failure := self.not_asked.get(netloc):
            raise NotAskedError(failure)
        if unavailable := self.unavailable.get(netloc):
            raise RobotsUnreachableError(netloc, unavailable)
        super().process_request_2(rp, request)
