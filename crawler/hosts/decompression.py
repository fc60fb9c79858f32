"""Undoing the content coding of answers, up to a size."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.model import Failure
from crawler.requests import IgnoredError


class Decompression(HttpCompressionMiddleware):
    """Scrapy's, but an answer that is not decompressed has its reason. The WARC has the answer as
    it came."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Decompress a body.

        Raises:
            IgnoredError: it grows beyond DOWNLOAD_MAXSIZE, or is not coded as it says.
        """
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            limit = request.meta.get("download_maxsize", self._max_size)
            detail = f"{len(response.body)} bytes decompress to more than {limit}"
            raise _unreadable("too-large", detail) from error
        except Exception as error:  # of gzip, zlib, brotli and zstd, each with classes of its own
            coding = (response.headers.get("Content-Encoding") or b"").decode("latin-1")[:40]
            detail = f"the body cannot be decompressed as {coding} ({error})"
            raise _unreadable("content-coding", detail) from error


def _unreadable(reason: str, detail: str) -> IgnoredError:
    return IgnoredError(Failure(outcome="unreadable", reason=reason, detail=detail))
