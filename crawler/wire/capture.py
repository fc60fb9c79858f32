"""Captures every exchange at Twisted's HTTP/1.1 protocol, below all of Scrapy: the bytes as they
went over the wire.

No middleware or signal sees them: header order and case, reason phrase, repeated fields, chunk
framing, answers cut short and 1xx answers are gone there (measured on 2.19). The private names of
Scrapy and Twisted used here are why Scrapy is bound to one minor version.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.internet.defer import Deferred

from archive.errors import CaptureError
from archive.model import Failure
from archive.warc import http
from archive.warc.exchange import Exchange
from crawler.hosts.network_guard import NetworkGuard
from crawler.hosts.not_asked import NotAskedError
from crawler.hosts.throttle import Throttle
from crawler.requests import IgnoredError, purpose_of
from crawler.run import FAILED
from crawler.wire.certificates import MatchingNames, refusal_in
from crawler.wire.connection import check_connections
from crawler.wire.heads import LARGEST_HEAD, MOST_FIELDS
from crawler.wire.tap import Tap, TapFactory

logger = logging.getLogger(__name__)
SECRET = re.compile(rb"(?im)^proxy-authorization:[^\n]*\n")
TLS_VERSIONS = {
    "TLSv1": "tls/1.0",
    "TLSv1.1": "tls/1.1",
    "TLSv1.2": "tls/1.2",
    "TLSv1.3": "tls/1.3",
}


class ExchangeRecorder(Protocol):
    """What the extension that the setting CAPTURE_RECORDER names must do."""

    def record(self, exchange: Exchange, request: Request) -> None:
        """Store an exchange. A CaptureError ends the crawl."""

    def record_failure(self, request: Request, error: Exception) -> None:
        """Store that a request got no answer. A CaptureError ends the crawl."""


@dataclass(frozen=True, slots=True)
class _Current:
    """The request for which the pool is asked for a connection: its tap, whether its body is
    discarded, and whether a proxy makes the connection to the host."""

    tap: Tap
    discard: bool = False
    proxied: bool = False


class _Tapped:
    """A connection from the pool that is about to serve one request."""

    def __init__(self, connection: Any, tap: Tap, discard: bool) -> None:
        self._connection, self._tap, self._discard = connection, tap, discard

    def request(self, request: Any) -> Deferred[Any]:
        request._tap = self._tap
        answered: Deferred[Any] = self._connection.request(request)
        return answered.addCallback(_discarding) if self._discard else answered


class _Nowhere:
    """The buffer of a body that nobody reads: it stays empty."""

    def write(self, data: bytes) -> None:
        pass

    def truncate(self, size: int) -> None:
        pass

    def getvalue(self) -> bytes:
        return b""


def _discarding(response: Any) -> Any:
    """Let Scrapy store no body: the tap has it, on disk where it is large."""
    deliver: Callable[[Any], None] = response.deliverBody

    def deliver_nowhere(reader: Any) -> None:
        reader._bodybuf = _Nowhere()
        deliver(reader)

    response.deliverBody = deliver_nowhere
    return response


class CaptureHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler with a tap on its connections.

    A request whose purpose says `discard_body` gets a response without its body.

    Raises:
        ValueError: the extension that CAPTURE_RECORDER names is not enabled.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        name = crawler.settings["CAPTURE_RECORDER"]
        recorder = crawler.get_extension(load_object(name)) if name else None
        if recorder is None:
            raise ValueError(
                f"The extension {name!r} is not enabled (CAPTURE_RECORDER, EXTENSIONS): nothing "
                "would be recorded."
            )
        self._recorder = cast("ExchangeRecorder", recorder)
        self._taps: set[Tap] = set()
        self._throttle = crawler.get_extension(Throttle)
        if self._throttle:
            self._throttle.aborts.append(self.abort)
        self._guard = crawler.get_extension(NetworkGuard)
        if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            old = frozenset(crawler.settings.getlist("OLD_CERTIFICATES"))
            self._contextFactory = MatchingNames(self._contextFactory, old)  # type: ignore[assignment]  # zope
        settings = crawler.settings
        self._largest_head = settings.getint("RESPONSE_HEAD_MAXSIZE", LARGEST_HEAD)
        self._most_fields = settings.getint("RESPONSE_HEADERS_MAX", MOST_FIELDS)
        self._current = _Current(Tap())
        self._closing: asyncio.Task[None] | None = None
        self._tap_pool()

    def _tap_pool(self) -> None:
        """Give the pool our protocol. It is asked for a connection while `download_request` runs,
        so `_current` is right."""
        self._pool._factory = TapFactory
        # Twisted would ask again at once and in silence where an old connection is dead; Scrapy
        # waits for a slot and logs it.
        self._pool.retryAutomatically = False
        get_connection = self._pool.getConnection

        def get_tapped(key: Any, endpoint: Any) -> Deferred[Any]:
            current = self._current
            if self._guard and not current.proxied:
                check_connections(endpoint, self._guard.check_address)
            connected: Deferred[Any] = get_connection(key, endpoint)
            return connected.addCallback(
                lambda connection: _Tapped(connection, current.tap, current.discard)
            )

        self._pool.getConnection = get_tapped  # type: ignore[method-assign]

    async def download_request(self, request: Request) -> Response:
        """Download and record, whatever comes of it.

        Raises:
            CaptureError: it could not be recorded; the crawl is stopped.
            NotAskedError: the request is not made, as the network guard or the throttle says, or
                for the server's certificate.
            BadHeadError: the head of the answer ends too late or never, or has no status.
        """
        if self._guard:
            request = self._guard.checked(request)
        tap, purpose = Tap(self._largest_head, self._most_fields), purpose_of(request)
        if self._throttle:
            await self._throttle.wait_for_slot(request, tap)
        self._current = _Current(
            tap,
            discard=purpose is not None and purpose.discard_body,
            proxied=bool(request.meta.get("proxy")),
        )
        error: Exception | None = None
        self._taps.add(tap)
        try:
            return await super().download_request(request)
        except Exception as caught:
            error = tap.fault or caught
            if refusal := refusal_in(caught):  # before anything was sent
                failure = Failure(outcome="error", reason="certificate", detail=str(refusal))
                error = NotAskedError(failure)
            raise error from caught
        finally:
            tap.arrived()
            self._taps.discard(tap)
            self._record(request, tap, error)

    def abort(self) -> None:
        """Break off the answers that are on their way; what came of them is recorded and marked."""
        for tap in list(self._taps):
            if tap.connection and tap.connection.transport:
                tap.connection.transport.abortConnection()

    def _record(self, request: Request, tap: Tap, error: Exception | None) -> None:
        try:
            if isinstance(error, IgnoredError):
                pass  # the spider records that
            elif tap.size and _has_status(tap):
                self._recorder.record(_exchange(request, tap, error), request)
            elif error:
                self._recorder.record_failure(request, error)
        except CaptureError as failure:
            self._stop(failure)
            raise

    def _stop(self, failure: CaptureError) -> None:
        """A crawl that cannot be recorded must not go on."""
        if self._crawler.stats.get_value(FAILED) is None:
            logger.error("%s", failure)
            self._crawler.stats.set_value(FAILED, str(failure))
            closing = self._crawler.engine.close_spider_async(reason="capture_failed")
            self._closing = asyncio.get_running_loop().create_task(closing)


def _exchange(request: Request, tap: Tap, error: Exception | None) -> Exchange:
    return Exchange(
        url=request.url.partition("#")[0],
        started=tap.started,
        request=SECRET.sub(b"", bytes(tap.sent)),
        response=tap.received,
        truncated=None if tap.complete else _truncated(error),
        ip=None if request.meta.get("proxy") else tap.ip,
        protocols=("http/1.1", TLS_VERSIONS.get(tap.tls[0], tap.tls[0]))
        if tap.tls
        else ("http/1.1",),
        # OpenSSL's names are IANA's only since TLS 1.3.
        cipher=tap.tls[1] if tap.tls and tap.tls[1].startswith("TLS_") else None,
        excess=tap.excess,
    )


def _truncated(error: Exception | None) -> str:
    """Why an answer was cut short, in the words of `WARC-Truncated`."""
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "length" if isinstance(error, DownloadCancelledError) else "disconnect"


def _has_status(tap: Tap) -> bool:
    tap.received.seek(0)
    start = tap.received.read(65_536)
    status = http.split(start[len(http.interim(start)) :])[0].status
    tap.received.seek(0, 2)
    return status is not None
