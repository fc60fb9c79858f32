"""One page for `zhengwen extract URL`: a crawl of one request, by the client, the network guard,
the robots.txt and the limits of every crawl. Nothing is archived."""

from __future__ import annotations

import logging
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure as TwistedFailure

from archive.disk import PIECE
from archive.errors import ArchiveError, UsageError
from archive.page.urls import canonical, urlsplit
from archive.platform import Platform
from archive.warc import http
from archive.warc.exchange import Exchange
from crawler.causes import cause_of
from crawler.given_settings import settings_of
from crawler.hosts.host_state import HostStates, state_folder
from crawler.spider.no_response import failure_of
from crawler.wire.identity import Identity

# what a crawl runs next to its spider, and one page does not need
LEFT_OUT = ("crawler.wire.recorder.Recorder", "crawler.progress.ProgressLine")


class Unrecorded:
    """The extension in the place of the recorder: it records nothing.

    Attributes:
        cut: whether the last answer breaks off within its compressed data, which is read as far as
            it goes elsewhere.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.cut = False
        identity = Identity.of(crawler.settings)
        crawler.settings.set("USER_AGENT", identity.user_agent, priority="cmdline")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Unrecorded:
        """Build it, and name the operator to the site."""
        return cls(crawler)

    def record(self, exchange: Exchange, request: Request) -> None:
        """Note whether the answer is complete, and let it go: the page is not archived."""
        exchange.response.seek(0)
        block = exchange.response.read()
        head, body = http.split(block[len(http.interim(block)) :])
        body = http.dechunk(body).body if head.is_chunked else body
        self.cut = "gzip" in (head.get("Content-Encoding") or "") and breaks_off(body)

    def record_failure(self, request: Request, error: Exception) -> None:
        """Let a failure go: the command reports it."""


class OnePage(Spider):
    """Requests one page.

    Attributes:
        platform: the host of the page, as if it were a platform of its own.
        response: the answer; None as long as there is none.
        problem: why there is none.
    """

    name = "extract"
    platform: Platform
    response: Response | None = None
    problem: str | None = None

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page

    async def start(self) -> AsyncIterator[Request]:
        """Request it."""
        yield Request(self.page, callback=self.parse, errback=self.no_answer, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Take the answer."""
        if 200 <= response.status < 300:
            self.response = response
        else:
            self.problem = f"status {response.status}"

    def no_answer(self, failure: TwistedFailure) -> None:
        """Take the reason why there is none."""
        error = failure.value
        self.problem = cause_of(error) or failure_of(error).detail


def breaks_off(body: bytes) -> bool:
    """Whether the first member of gzip data has no end.

    Example:
        >>> import gzip
        >>> data = gzip.compress(b"text")
        >>> breaks_off(data), breaks_off(data[:-1])
        (False, True)
    """
    stream, rest = zlib.decompressobj(31), body
    try:
        while rest and not stream.eof:
            stream.decompress(rest, PIECE)
            rest = stream.unconsumed_tail
    except zlib.error:
        return False  # it is damaged or no gzip, and is refused or read as it is
    return not stream.eof


def fetch(
    url: str, folder: Path, given: Sequence[str] = ()
) -> tuple[bytes, str, Mapping[str, str]]:
    """Get one page.

    Args:
        url: its address.
        folder: the archive that the command is used with; nothing is written there.
        given: `NAME=VALUE` of settings.

    Returns:
        Its body, its address after redirects, and its headers.

    Raises:
        ArchiveError: robots.txt, the network guard or the site refuses it, or there is no answer
            within MAX_TIME.
        UsageError: the address, the contact or a setting is invalid.
    """
    page = canonical(url)
    if not urlsplit(page).hostname:
        raise UsageError(f"{url!r} is not a URL; give the full address of a page.")
    settings = _settings(folder, given)
    HostStates(state_folder(settings["HOST_STATE_DIR"]))
    Identity.of(settings)
    logging.getLogger().addHandler(logging.NullHandler())  # what happens is in the one sentence
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(_spider_of(urlsplit(page).hostname or ""))
    process.crawl(crawler, page=page)
    process.start()
    return _answer(url, crawler)


def _settings(folder: Path, given: Sequence[str]) -> Settings:
    """Those of a crawl, for one page that is not archived."""
    settings = settings_of(folder, given, {})
    extensions = {
        name: order
        for name, order in settings.getdict("EXTENSIONS").items()
        if name not in LEFT_OUT
    }
    own: dict[str, Any] = {
        "EXTENSIONS": {f"{__name__}.{Unrecorded.__name__}": 0, **extensions},
        "CAPTURE_RECORDER": f"{__name__}.{Unrecorded.__name__}",
        # Once more where the connection broke: a server may close the one that it answered
        # robots.txt on at any moment (RFC 9112, section 9.3.1).
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [],
        "RETRY_EXCEPTIONS": ["scrapy.exceptions.DownloadFailedError"],
        "MAX_TIME": settings["MAX_TIME"] or settings["DOWNLOAD_TIMEOUT"],
        "MIN_FREE_DISK": 0,
        "LOG_ENABLED": False,
    }
    settings.update(own, priority="cmdline")
    return settings


def _spider_of(host: str) -> type[OnePage]:
    """A spider for which this host is the platform."""
    platform = Platform(
        name=OnePage.name,
        title=host,
        hosts=frozenset({host}),
        locate=lambda url: None,
        rules=(),
        refusal=lambda page: None,
    )
    return type("PageOfHost", (OnePage,), {"platform": platform})


def _answer(url: str, crawler: Crawler) -> tuple[bytes, str, Mapping[str, str]]:
    page = crawler.spider
    response = page.response if isinstance(page, OnePage) else None
    problem = _problem(crawler)
    if response is None or problem:
        sentence = " ".join((problem or "the command was stopped").split())
        raise ArchiveError(
            f"{url} cannot be fetched ({sentence}); see to the address and the network."
        )
    headers: Mapping[str, str] = {
        str(name): value for name, value in response.headers.to_unicode_dict().items()
    }
    return response.body, response.url, headers


def _problem(crawler: Crawler) -> str | None:
    """Why there is no complete answer; None where there is one, or nothing was asked."""
    page, unrecorded = crawler.spider, crawler.get_extension(Unrecorded)
    if not isinstance(page, OnePage) or unrecorded is None or crawler.stats is None:
        return "the client could not start"
    if page.response is None:
        if crawler.stats.get_value("finish_reason") == "budget_time":
            return f"there is no answer within {crawler.settings['MAX_TIME']} s"
        return page.problem
    if unrecorded.cut:
        return "its answer is cut short"
    return None if page.response.body else "its answer is empty"
