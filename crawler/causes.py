"""Why a request got no answer, in words for a person."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

# of Scrapy's errors, the narrowest first
PROBLEMS: Mapping[type[Exception], str] = {
    CannotResolveHostError: "the name service does not know its host, or does not answer",
    DownloadConnectionRefusedError: "its host refuses the connection: nothing answers there",
    DownloadTimeoutError: "its answer takes longer than DOWNLOAD_TIMEOUT",
    DownloadCancelledError: "its answer is larger than DOWNLOAD_MAXSIZE",
    ResponseDataLossError: "its answer is cut short",
    DownloadFailedError: "the connection broke, or the answer is not HTTP",
}

UNCONNECTED = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError)
NO_NETWORK = "this machine has no network: it knows no way to any address of the Internet"
SOMEWHERE = ("192.0.2.1", "2001:db8::1")  # addresses of nobody (RFC 5737, RFC 3849)


def has_route() -> bool:
    """Whether this machine knows a way to the Internet. Nothing is sent: to connect a socket for
    datagrams only looks the way up."""
    for family, address in zip((socket.AF_INET, socket.AF_INET6), SOMEWHERE, strict=True):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return True
        except OSError:
            continue  # no way, or none for this version of the protocol
    return False


def cause_of(error: BaseException | None) -> str | None:
    """What one of Scrapy's errors means; None for any other, and for none.

    Example:
        >>> cause_of(DownloadConnectionRefusedError())
        'its host refuses the connection: nothing answers there'
    """
    if isinstance(error, UNCONNECTED) and not has_route():
        return NO_NETWORK
    return next((words for kind, words in PROBLEMS.items() if isinstance(error, kind)), None)
