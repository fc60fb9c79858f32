"""The session cookies of a visitor who keeps what a site sets, and no log-in.

Some sites answer 403 to the first request and set a cookie with it; a browser comes back with the
cookie, and so do we, once. https://github.com/DIYgod/RSSHub/issues/20598 reports this of The Paper
(2025-11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from http.cookiejar import Cookie, DefaultCookiePolicy
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from archive.model import Failure
from crawler.hosts.host_names import host_of
from crawler.requests import noted

FOLLOWED = "cookie_followed"  # of `Request.meta`: this is the second try; known here only


class SessionMiddleware(CookiesMiddleware):
    """Scrapy's cookie jar within bounds, and without the public suffix list, which Scrapy takes
    from the network: a cookie for `.gov.cn` is refused, of other suffixes none is known."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        super().__init__(settings.getbool("COOKIES_DEBUG"))
        self.crawler = crawler
        self.most = settings.getint("COOKIES_PER_HOST")
        self.largest = settings.getint("COOKIES_MAXSIZE")
        self.jars: defaultdict[Any, CookieJar] = defaultdict(
            lambda: CookieJar(DefaultCookiePolicy(strict_domain=True))
        )
        self.reported: set[str] = set()  # hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SessionMiddleware:
        """Build it from the settings.

        Raises:
            NotConfigured: COOKIES_ENABLED is False.
        """
        if not crawler.settings.getbool("COOKIES_ENABLED"):
            raise NotConfigured
        return cls(crawler)

    def _process_cookies(
        self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request
    ) -> None:
        for cookie in cookies:
            if self._has_room(jar, cookie):
                jar.set_cookie_if_ok(cookie, request)
            else:
                self._report(request, f"cookies for {cookie.domain}")

    def _has_room(self, jar: CookieJar, cookie: Cookie) -> bool:
        """Whether a cookie may be kept next to those that are kept of its domain."""
        others = [stored for stored in _stored(jar, cookie.domain) if stored.name != cookie.name]
        size = sum(map(_size, others)) + _size(cookie)
        return len(others) < self.most and size <= self.largest

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override]
        """Send the cookies, as many as COOKIES_MAXSIZE has room for."""
        answer = super().process_request(request)
        header = request.headers.get("Cookie") or b""
        if len(header) > self.largest:
            sent = header[: self.largest + 1].rpartition(b";")[0]
            request.headers["Cookie"] = sent
            self._report(request, f"cookies to {host_of(request)}")
        return answer

    def _report(self, request: Request, which: str) -> None:
        """Record once for each host that some of its cookies are not used."""
        host = host_of(request)
        if host in self.reported:
            return
        self.reported.add(host)
        detail = (
            f"there are more {which} than {self.most} or {self.largest} bytes of them; the others "
            "are not used"
        )
        failure = Failure(outcome="error", reason="cookies", detail=detail)
        self.crawler.signals.send_catch_log(noted, request=request, failure=failure)

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


def _stored(jar: CookieJar, domain: str) -> Iterator[Cookie]:
    for names in jar._cookies.get(domain, {}).values():
        yield from names.values()


def _size(cookie: Cookie) -> int:
    return len(cookie.name) + len(cookie.value or "")
