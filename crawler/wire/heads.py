"""Bounds of the head of an answer: a server may send one that never ends."""

from __future__ import annotations

import re
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTPClientParser
from twisted.web._newclient import HEADER, STATUS

from archive.model import Failure
from crawler.requests import IgnoredError

STATUS_LINE = re.compile(rb"\S+ +\d{3}(?!\S)")  # version and status (RFC 9112, section 4)
LARGEST_HEAD, MOST_FIELDS = 64 * 2**10, 500  # bytes; header fields


class BadHeadError(IgnoredError):
    """The head of an answer has more bytes or fields than are read, or no status: nothing of it is
    stored."""

    def __init__(self, reason: str, problem: str) -> None:
        super().__init__(Failure(outcome="error", reason=reason, detail=problem))


class BoundedParser(_LenientHTTPClientParser):
    """Scrapy's parser of an answer, with an end to header fields and their lengths.

    Attributes:
        most_fields: header fields of the answer and the 1xx answers before it.
        fields: how many came.
        fault: why the answer was broken off; None where it was not.
    """

    most_fields: int
    fields: int
    fault: BadHeadError | None

    @property
    def is_in_head(self) -> bool:
        """Whether the head has not ended yet."""
        return self.state in (STATUS, HEADER)

    def ends_connection(self) -> bool:
        """Whether the server closes the connection after this answer (RFC 9112, section 9.3).

        Twisted knows `close` only, in small letters and alone, and keeps connections of HTTP/1.0.
        A request that is sent over such a connection is lost when the server closes it.
        """
        fields = self.connHeaders.getRawHeaders(b"Connection", [])
        options = {option.strip().lower() for field in fields for option in field.split(b",")}
        version = self.response.version[1:]
        return b"close" in options or (version < (1, 1) and b"keep-alive" not in options)

    def refuse(self, limit: str) -> BadHeadError:
        """Note that the head has more than this.

        Returns:
            The error that is to be raised.
        """
        self.fault = BadHeadError("head-too-large", f"the head of the answer has more than {limit}")
        return self.fault

    def statusReceived(self, status: bytes) -> None:  # noqa: N802  # Twisted's
        """Take in the status line; Twisted takes any number for a status. Raises BadHeadError."""
        if not STATUS_LINE.match(status):
            self.fault = BadHeadError("bad-status", f"the answer begins with {status[:40]!r}")
            raise self.fault
        super().statusReceived(status)  # type: ignore[no-untyped-call]  # Twisted

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802  # Twisted's
        """Take in a header field. Raises BadHeadError."""
        self.fields += 1
        if self.fields > self.most_fields:
            raise self.refuse(f"{self.most_fields} fields")
        super().headerReceived(name, value)  # type: ignore[no-untyped-call]  # Twisted

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802  # likewise
        """Break off at a line that is too long. Raises BadHeadError."""
        raise self.refuse(f"{self.MAX_LENGTH} bytes in one line")


def bounded(parser: Any, largest: int, most_fields: int) -> BoundedParser:
    """Give a parser that Twisted has made an end, as Scrapy makes its own of it."""
    parser.__class__ = BoundedParser
    parser.MAX_LENGTH, parser.most_fields, parser.fields, parser.fault = (
        largest,
        most_fields,
        0,
        None,
    )
    return parser  # type: ignore[no-any-return]
