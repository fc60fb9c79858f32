"""The session cookies of a visitor who keeps what a site sets, and no log-in.

Some sites answer 403 to the first request and set a cookie with it; a browser comes back with the
cookie, and so do we, once. https://github.com/DIYgod/RSSHub/issues/20598 reports this of The Paper
(2025-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

FOLLOWED = "cookie_followed"  # of `Request.meta`: this is the second try; known here only


class SessionMiddleware(CookiesMiddleware):
    """Scrapy's cookie jar without the public suffix list, which Scrapy takes from the network."""

    def _process_cookies(
        self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request
    ) -> None:
        for cookie in cookies:
            jar.set_cookie_if_ok(cookie, request)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Store the cookies, and ask once more after a first 403 that sets one."""
        answer = super().process_response(request, response)
        if (
            response.status == 403
            and response.headers.getlist("Set-Cookie")
            and not request.meta.get(FOLLOWED)
        ):
            return request.replace(dont_filter=True, meta={**request.meta, FOLLOWED: True})
        return answer
