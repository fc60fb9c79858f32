"""The tap on a connection: Twisted's HTTP/1.1 client protocol, with a copy of every byte in both
directions."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure as TwistedFailure

from crawler.wire.heads import LARGEST_HEAD, MOST_FIELDS, BadHeadError, BoundedParser, bounded

IN_MEMORY = 2**20  # bytes of an answer that may wait in memory


class Tap:
    """What one request sends and receives: the throttle's Transmission, and the bytes to record.

    Attributes:
        connection: the one that the request was sent over.
        fresh: on a new connection, where what is written waits for the TLS handshake.
        started: when the request was sent.
        sent: the bytes of the request.
        received: the bytes of the answer, in memory or, if many, on disk.
        size: how many they are.
        complete: whether the answer came to its end.
        excess: bytes that came after the end.
        ip: the address of the server (or of the proxy).
        tls: version and cipher of the connection, None without TLS.
        largest_head: bytes that the head may have, with the 1xx answers before it.
        most_fields: header fields that they may have.
        fault: why the answer was broken off by this program; None where it was not.
    """

    def __init__(self, largest_head: int = LARGEST_HEAD, most_fields: int = MOST_FIELDS) -> None:
        self.largest_head, self.most_fields = largest_head, most_fields
        self._when_arrived: Callable[[], None] | None = None
        self._patience = 0.0
        self.connection: TapProtocol | None = None
        self.fresh = True
        self.reset()

    def when_arrived(self, call: Callable[[], None], patience: float) -> None:
        """Call this once, when the server has the request for certain: it answers, or all is over.

        What is written leaves later, as long as this process and the network are busy.

        Args:
            call: what is to be called.
            patience: seconds after which a host that has not answered has the request by now, if it
                was written to a connection that was open already.
        """
        self._when_arrived, self._patience = call, patience

    def arrived(self) -> None:
        """Note that the server has the request."""
        call, self._when_arrived = self._when_arrived, None
        if call:
            call()

    def written(self) -> None:
        """Note that the request was written to the connection."""
        if self._when_arrived and not self.fresh:
            asyncio.get_running_loop().call_later(self._patience, self.arrived)

    def reset(self) -> None:
        """Forget what an earlier connection sent and received."""
        self.started = datetime.now(UTC)
        self.sent = bytearray()
        self.received: BinaryIO = tempfile.SpooledTemporaryFile(IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
        self.size = 0
        self.complete = False
        self.fault: BadHeadError | None = None
        self.excess = b""
        self.ip: str | None = None
        self.tls: tuple[str, str] | None = None

    def add(self, data: bytes) -> None:
        """Take in bytes of the answer."""
        self.arrived()
        self.received.write(data)
        self.size += len(data)

    def end(self, excess: bytes) -> None:
        """Note that the answer is complete; `excess` came after it."""
        self.complete = True
        self.excess = excess
        if excess:
            self.size -= len(excess)
            self.received.seek(self.size)
            self.received.truncate()


class _Tee:
    """The transport that a request is written to, with a copy of every byte."""

    def __init__(self, transport: Any, tap: Tap) -> None:
        self._transport, self._tap = transport, tap

    def write(self, data: bytes) -> None:
        self._tap.sent += data
        self._transport.write(data)
        self._tap.written()

    def writeSequence(self, pieces: Any) -> None:
        self.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class TapProtocol(_LenientHTTP11ClientProtocol):
    """The HTTP client protocol with a tap on both directions, behind TLS and before HTTP is
    parsed."""

    _tap: Tap | None = None
    _head: BoundedParser
    _used = False

    def request(self, request: Any) -> Deferred[Any]:
        """Send one request; `_Tapped` has put the tap on it."""
        tap = self._tap = request._tap
        tap.reset()
        tap.connection = self
        tap.fresh, self._used = not self._used, True
        tap.ip = cast("Any", self.transport).getPeer().host
        write_to = type(request).writeTo
        request.writeTo = lambda transport: write_to(request, _Tee(transport, tap))
        answered = super().request(request)
        self._head = bounded(self._parser, tap.largest_head, tap.most_fields)
        return answered

    def dataReceived(self, data: bytes) -> None:
        """Copy what comes; only now is a TLS handshake certainly over."""
        if tap := self._tap:
            if not tap.size:
                tap.tls = _tls_of(self.transport)
            if tap.size + len(data) > tap.largest_head and self._head.is_in_head:
                self._receive_at_limit(tap, data)
            else:
                tap.add(data)
                self._parse(tap, data)
        else:
            super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted

    def _parse(self, tap: Tap, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted
        tap.fault = self._head.fault

    def _receive_at_limit(self, tap: Tap, data: bytes) -> None:
        """Parse no more of a head than is allowed, and see whether it ends there."""
        inside, rest = data[: tap.largest_head - tap.size], data[tap.largest_head - tap.size :]
        tap.add(inside)
        self._parse(tap, inside)
        if tap.fault:
            return
        if self._head.is_in_head:
            tap.fault = self._head.refuse(f"{tap.largest_head} bytes")
            self._giveUp(TwistedFailure(tap.fault))  # type: ignore[no-untyped-call]
        elif self._tap:
            tap.add(rest)
            self._parse(tap, rest)
        else:  # it has no body and is complete
            tap.excess += rest
            cast("Any", self.transport).loseConnection()

    def _finishResponse(self, rest: bytes) -> None:
        if tap := self._tap:
            self._tap = None
            tap.end(rest)
        request = self._currentRequest  # None where the connection has ended already
        if request and (rest or self._head.ends_connection()):
            request.persistent = False
        super()._finishResponse(rest)

    def connectionLost(self, reason: Any) -> None:  # type: ignore[override]
        """Let the parser decide whether the answer is complete, then let go."""
        super().connectionLost(reason)  # type: ignore[no-untyped-call]  # Twisted
        self._tap = None


class TapFactory(_LenientHTTP11ClientFactory):
    """Makes every connection of the pool a tapped one."""

    def buildProtocol(self, addr: Any) -> TapProtocol:
        """Build the protocol of one connection."""
        return TapProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def _tls_of(transport: Any) -> tuple[str, str] | None:
    """`(version, cipher)` of the connection, None without TLS."""
    if not hasattr(transport, "getPeerCertificate"):
        return None
    connection = transport.getHandle()
    cipher = connection.get_cipher_name()
    return connection.get_protocol_version_name(), cipher or ""
