"""Why a request got no answer, in words for a person."""

from __future__ import annotations

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
    CannotResolveHostError: "the name service does not know its host, or there is no network",
    DownloadConnectionRefusedError: "nothing answers at its address",
    DownloadTimeoutError: "its answer takes longer than DOWNLOAD_TIMEOUT",
    DownloadCancelledError: "its answer is larger than DOWNLOAD_MAXSIZE",
    ResponseDataLossError: "its answer is cut short",
    DownloadFailedError: "the connection broke, or the answer is not HTTP",
}


def cause_of(error: BaseException | None) -> str | None:
    """What one of Scrapy's errors means; None for any other, and for none.

    Example:
        >>> cause_of(DownloadConnectionRefusedError())
        'nothing answers at its address'
    """
    return next((words for kind, words in PROBLEMS.items() if isinstance(error, kind)), None)
