"""Obeying robots.txt (RFC 9309), also where it cannot be had or understood.

Of a 2xx answer every line that is a rule holds, whatever is around it (RFC 9309, section 2.2):
a page of HTML has no such line, so it allows everything. Chinese sites often answer an address that
is not there with such a page and the status 200, and the large crawlers read it so too. A page that
refuses us (a challenge, a firewall's notice) is no robots.txt: it forbids.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.general import refusals
from archive.model import Failure
from archive.page.page import Page
from crawler.causes import cause_of
from crawler.hosts.not_asked import NotAskedError
from crawler.requests import IgnoredError, purpose_of

FORBIDS_ALL = b"User-agent: *\nDisallow: /\n"
TOO_MANY_REQUESTS = 429
NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x19\x1c-\x1f\x7f]")  # bytes that no text has
NOT_UTF8 = re.compile(rb"[\x80-\xff]")


class RobotsUnreachableError(IgnoredError):
    """A host's robots.txt cannot be had or understood, so nothing is asked of it."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, but a robots.txt that cannot be had or understood forbids everything (RFC 9309,
    2.3.1.4) where Scrapy allows everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.largest = crawler.settings.getint("ROBOTSTXT_MAXSIZE")
        self.unusable: dict[str, Failure] = {}  # by host and port

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Wait for the robots.txt of the host, and refuse what it forbids.

        Raises:
            RobotsUnreachableError: there is no robots.txt to obey.
            IgnoredError: it forbids the address, or its host is not asked any more.
        """
        if purpose_of(request) is None and request.url.endswith("/robots.txt"):
            request.meta.setdefault("download_maxsize", self.largest)
        await super().process_request(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body = FORBIDS_ALL
        if 400 <= response.status < 500 and response.status != TOO_MANY_REQUESTS:
            body = b""
        elif not 200 <= response.status < 300:
            self.unusable[netloc] = _no_success(netloc, response.status)
        elif problem := _problem(response):
            self.unusable[netloc] = _not_understood(netloc, problem)
        else:
            body = _as_utf8(response.body)
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.unusable[netloc] = self._meaning(exc, netloc)
        super()._robots_error(exc, netloc)

    def _meaning(self, error: Exception, netloc: str) -> Failure:
        """What it means for a host that its robots.txt ended with this error."""
        if isinstance(error, DownloadCancelledError):
            return _not_understood(netloc, f"it has more than {self.largest} bytes")
        if isinstance(error, NotAskedError):
            return error.failure
        if isinstance(error, IgnoredError) and error.failure.outcome == "unreadable":
            return _not_understood(netloc, error.failure.detail)
        if isinstance(error, IgnoredError):
            return _unreachable(netloc, error.failure.detail)
        if isinstance(error, IgnoreRequest):  # it answered, such as with redirects in a circle
            return _unreachable(netloc, type(error).__name__)
        return _no_answer(netloc, cause_of(error) or type(error).__name__)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what robots.txt forbids, and everything where it is of no use.

        Raises:
            RobotsUnreachableError: there is no robots.txt to obey.
            IgnoredError: it forbids the address, or its host is not asked any more.
        """
        if failure := self.unusable.get(urlparse_cached(request).netloc):
            raise RobotsUnreachableError(failure)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise IgnoredError(
                Failure(outcome="robots", reason="robots-txt", detail=str(error))
            ) from error


def _unreachable(netloc: str, problem: str) -> Failure:
    return Failure(
        outcome="robots",
        reason="robots-unreachable",
        detail=f"the robots.txt of {netloc} cannot be had ({problem}), so nothing is asked of it",
    )


def _no_success(netloc: str, status: int) -> Failure:
    """What a status that is neither success nor "not there" means. An error of the server is not
    one of its rules: the site is down, or has enough of us for now."""
    if status == TOO_MANY_REQUESTS:
        detail = f"{netloc} asks for fewer requests (status 429), so nothing is asked of it"
        return Failure(outcome="throttled", reason="http-429", detail=detail)
    if status >= 500:
        problem = f"is out of order (its robots.txt has status {status})"
        detail = f"{netloc} {problem}, so nothing is asked of it"
        return Failure(outcome="error", reason="outage", detail=detail)
    return _unreachable(netloc, f"status {status}")


def _no_answer(netloc: str, problem: str) -> Failure:
    detail = f"{netloc} cannot be reached: {problem}"
    return Failure(outcome="error", reason="no-answer", detail=detail)


def _not_understood(netloc: str, problem: str) -> Failure:
    return Failure(
        outcome="robots",
        reason="robots-unreadable",
        detail=f"the robots.txt of {netloc} cannot be understood ({problem}), so nothing is asked "
        "of it",
    )


def _problem(response: Response) -> str | None:
    """Why a robots.txt cannot be understood; None where it can."""
    if coding := response.headers.get("Content-Encoding"):
        return f"it is coded as {coding.decode('latin-1')[:40]}"
    if NO_TEXT.search(response.body) or response.body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is no text in UTF-8 or another coding that has ASCII"
    if response.body.lstrip()[:1] != b"<":
        return None
    page = Page(
        url=response.url,
        body=response.body,
        status=response.status,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        captured_at=datetime.now(UTC),
    )
    failure = refusals.refused(page) or refusals.dead(page)
    if failure and failure.outcome in ("blocked", "throttled"):
        return f"a page that refuses came in its place: {failure.detail or failure.reason}"
    return None


def _as_utf8(body: bytes) -> bytes:
    """The bytes as UTF-8. Those of GBK, which Scrapy would drop out of their paths, are
    percent-encoded, as RFC 9309, section 2.2.2 compares them."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        body.decode()
    except UnicodeDecodeError:
        return NOT_UTF8.sub(lambda match: b"%%%02X" % match[0][0], body)
    return body
