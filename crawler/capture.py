"""Captures every exchange at Twisted's HTTP/1.1 protocol, below all of Scrapy: the bytes as they went over the wire.

No middleware or signal sees them: header order and case, reason phrase, repeated fields, chunk framing, answers cut
short and 1xx answers are gone there (measured on 2.19). The private names of Scrapy and Twisted used here are why
Scrapy is bound to one minor version.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, BinaryIO, Protocol, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.internet.defer import Deferred

from archive import message
from archive.errors import CaptureError
from archive.exchange import Exchange

logger = logging.getLogger(__name__)
IN_MEMORY = 2**20  # bytes of an answer that may wait in memory
SECRET = re.compile(rb"(?im)^proxy-authorization:[^\n]*\n")
TLS_VERSIONS = {"TLSv1": "tls/1.0", "TLSv1.1": "tls/1.1", "TLSv1.2": "tls/1.2", "TLSv1.3": "tls/1.3"}


class Recorder(Protocol):
    """What an extension must do to keep exchanges; the setting CAPTURE_RECORDER names its class."""

    def record(self, exchange: Exchange, request: Request) -> None:
        """Keep an exchange. A CaptureError ends the crawl."""

    def record_failure(self, request: Request, error: Exception) -> None:
        """Keep the news that a request got no answer."""


class Tap:
    """What one request sends and gets."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew: Twisted tries again by itself when a kept connection turns out to be dead."""
        self.started = datetime.now(UTC)
        self.sent = bytearray()
        self.received: BinaryIO = tempfile.SpooledTemporaryFile(IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
        self.size = 0
        self.complete = False
        self.excess = b""
        self.ip: str | None = None
        self.tls: tuple[str, str] | None = None

    def add(self, data: bytes) -> None:
        """Bytes of the answer."""
        self.received.write(data)
        self.size += len(data)

    def end(self, excess: bytes) -> None:
        """The answer is whole; `excess` came behind it."""
        self.complete = True
        self.excess = excess
        if excess:
            self.size -= len(excess)
            self.received.seek(self.size)
            self.received.truncate()


class _Tee:
    """The transport that a request is written to, with a copy of every byte."""

    def __init__(self, transport: Any, sink: bytearray) -> None:
        self._transport, self._sink = transport, sink

    def write(self, data: bytes) -> None:
        self._sink += data
        self._transport.write(data)

    def writeSequence(self, pieces: Any) -> None:
        self.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class TapProtocol(_LenientHTTP11ClientProtocol):
    """The HTTP client protocol with a tap on both directions, behind TLS and before HTTP is parsed."""

    _tap: Tap | None = None

    def request(self, request: Any) -> Deferred[Any]:
        """Send one request; `_Tapped` has put the tap on it."""
        tap = self._tap = request._tap
        tap.reset()
        assert self.transport
        tap.ip = cast("Any", self.transport).getPeer().host
        write_to = type(request).writeTo
        request.writeTo = lambda transport: write_to(request, _Tee(transport, tap.sent))
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        """Copy what comes; only now is a TLS handshake certainly over."""
        if tap := self._tap:
            if not tap.size:
                tap.tls = _tls_of(self.transport)
            tap.add(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted

    def _finishResponse(self, rest: bytes) -> None:
        if tap := self._tap:
            self._tap = None
            tap.end(rest)
        super()._finishResponse(rest)

    def connectionLost(self, reason: Any) -> None:  # type: ignore[override]
        """Let the parser decide whether the answer is whole, then let go."""
        super().connectionLost(reason)  # type: ignore[no-untyped-call]  # Twisted
        self._tap = None


class TapFactory(_LenientHTTP11ClientFactory):
    """Builds tapped connections."""

    def buildProtocol(self, addr: Any) -> TapProtocol:
        """One connection."""
        return TapProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Tapped:
    """A connection from the pool that is about to serve one request."""

    def __init__(self, connection: Any, tap: Tap, discard: bool) -> None:
        self._connection, self._tap, self._discard = connection, tap, discard

    def request(self, request: Any) -> Deferred[Any]:
        request._tap = self._tap
        answered: Deferred[Any] = self._connection.request(request)
        return answered.addCallback(_discarding) if self._discard else answered


class _Nowhere:
    """Stands for the buffer of a body that nobody reads."""

    def write(self, data: bytes) -> None:
        """Forget."""

    def truncate(self, size: int) -> None:
        """There is nothing."""

    def getvalue(self) -> bytes:
        """Nothing."""
        return b""


def _discarding(response: Any) -> Any:
    """Let Scrapy hold no body: the tap has it, on disk where it is large."""
    deliver: Callable[[Any], None] = response.deliverBody

    def deliver_nowhere(reader: Any) -> None:
        reader._bodybuf = _Nowhere()
        deliver(reader)

    response.deliverBody = deliver_nowhere
    return response


class CaptureHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler with a tap. `request.meta["discard_body"]` gives a response without its body."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        name = crawler.settings["CAPTURE_RECORDER"]
        recorder = crawler.get_extension(load_object(name)) if name else None
        if recorder is None:
            raise ValueError(f"The extension {name!r} is not enabled (CAPTURE_RECORDER, EXTENSIONS): nothing would be recorded.")
        self._recorder = cast("Recorder", recorder)
        self._current: tuple[Tap, bool] = (Tap(), False)
        self._closing: asyncio.Task[None] | None = None
        self._tap_pool()

    def _tap_pool(self) -> None:
        """Give the pool our protocol. It is asked for a connection while `download_request` runs, so `_current` is right."""
        self._pool._factory = TapFactory
        get_connection = self._pool.getConnection

        def get_tapped(key: Any, endpoint: Any) -> Deferred[Any]:
            tap, discard = self._current
            connected: Deferred[Any] = get_connection(key, endpoint)
            return connected.addCallback(lambda connection: _Tapped(connection, tap, discard))

        self._pool.getConnection = get_tapped  # type: ignore[method-assign]

    async def download_request(self, request: Request) -> Response:
        """Download and record, whatever comes of it."""
        tap = Tap()
        self._current = (tap, bool(request.meta.get("discard_body")))
        error: Exception | None = None
        try:
            return await super().download_request(request)
        except Exception as caught:
            error = caught
            raise
        finally:
            self._record(request, tap, error)

    def _record(self, request: Request, tap: Tap, error: Exception | None) -> None:
        try:
            if tap.size and _has_status(tap):
                self._recorder.record(_exchange(request, tap, error), request)
            elif error:
                self._recorder.record_failure(request, error)
        except CaptureError as failure:
            self._stop(failure)
            raise

    def _stop(self, failure: CaptureError) -> None:
        """A crawl that cannot be recorded must not go on."""
        assert self._crawler.stats and self._crawler.engine
        if self._crawler.stats.get_value("capture/failed") is None:
            logger.error("%s", failure)
            self._crawler.stats.set_value("capture/failed", str(failure))
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
        protocols=("http/1.1", TLS_VERSIONS.get(tap.tls[0], tap.tls[0])) if tap.tls else ("http/1.1",),
        # OpenSSL's names are IANA's only since TLS 1.3.
        cipher=tap.tls[1] if tap.tls and tap.tls[1].startswith("TLS_") else None,
        excess=tap.excess,
    )


def _truncated(error: Exception | None) -> str:
    """The WARC word for why an answer was cut short."""
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "length" if isinstance(error, DownloadCancelledError) else "disconnect"


def _has_status(tap: Tap) -> bool:
    tap.received.seek(0)
    start = tap.received.read(65_536)
    found = message.split(start[len(message.interim(start)) :])[0].status is not None
    tap.received.seek(0, 2)
    return found


def _tls_of(transport: Any) -> tuple[str, str] | None:
    """`(version, cipher)` of the connection, None without TLS."""
    if not hasattr(transport, "getPeerCertificate"):
        return None
    connection = transport.getHandle()
    cipher = connection.get_cipher_name()
    return connection.get_protocol_version_name(), cipher or ""
