"""Following redirects, and where that ends."""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.model import Failure
from archive.page.urls import urljoin
from crawler.hosts.cookies import FOLLOWED
from crawler.requests import IgnoredError

NOT_ASCII = re.compile(rb"[\x80-\xff]++")
LONGEST_DETAIL = 200  # characters
COOKIE_SET = "cookie_set"  # of `Request.meta`: a redirect on the way here set a cookie


class Redirects(RedirectMiddleware):
    """Scrapy's, but a redirect that leads back is a loop, and every end has its reason.

    Scrapy drops a redirect to an address that was requested before without a word. Here each
    redirect is followed: the request at its beginning waits for an answer of its own.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a redirect.

        Raises:
            IgnoredError: it leads back to where it came from, or is one too many (the setting
                REDIRECT_MAX_TIMES).
        """
        if location := response.headers.get("Location"):
            response.headers["Location"] = _target(request.url, location) or location
        try:
            following = super().process_response(request, response)
        except IgnoreRequest as error:
            detail = f"more than {self.max_redirect_times} redirects, the last from {request.url}"
            raise _ended("too-many-redirects", detail) from error
        if isinstance(following, Response):
            return following
        following.dont_filter = True
        if response.headers.getlist("Set-Cookie"):
            following.meta[COOKIE_SET] = True
        if following.url in following.meta["redirect_urls"] and following.method == request.method:
            self._go_back(following)
        return following

    @staticmethod
    def _go_back(following: Request) -> None:
        """Let a request go once to an address where it was, with the cookie that it got since."""
        meta = following.meta
        if meta.get(FOLLOWED) or not meta.get(COOKIE_SET):
            detail = " → ".join((*meta["redirect_urls"], following.url))
            raise _ended("redirect-loop", f"the redirects lead in a circle: {detail}")
        meta[FOLLOWED] = True


def _target(url: str, location: bytes) -> str:
    """Where a redirect leads, as browsers read it: bytes in whatever charset are sent back as they
    are; '' where that is no address of the web."""
    written = NOT_ASCII.sub(lambda match: quote_from_bytes(match[0]).encode(), location)
    target = urljoin(url, written.decode("ascii"))
    return target if target.startswith(("http://", "https://")) else ""


def _ended(reason: str, detail: str) -> IgnoredError:
    return IgnoredError(Failure(outcome="error", reason=reason, detail=detail[:LONGEST_DETAIL]))
