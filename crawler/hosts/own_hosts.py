"""Keeping a crawl on the platform's own hosts."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.page.urls import urlsplit
from archive.platform import Platform
from crawler.requests import purpose_of


class OtherHostError(IgnoreRequest):
    """A redirect led away from the platform's own hosts, or from its articles."""


class OwnHosts:
    """The middleware that keeps a crawl on the platform's hosts: a redirect elsewhere is recorded
    and not followed.

    Scrapy's own check lets retried requests pass, and every subdomain of an allowed host.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.platform: Platform = crawler.spidercls.platform  # type: ignore[attr-defined]  # ours

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OwnHosts:
        """Build it for the hosts of the spider's platform."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let files come from anywhere, all else from the platform, and articles from articles.

        Scrapy's requests for robots.txt have no purpose and go where the request behind them goes.

        Raises:
            OtherHostError: the address is on another host, or an article led to something else.
        """
        purpose = purpose_of(request)
        if purpose is None:
            return
        host = urlsplit(request.url).hostname or ""
        if not purpose.any_host and not self.platform.owns(host):
            raise OtherHostError(f"{request.url} is on no host of the platform")
        if purpose.role == "article" and request.meta.get("redirect_urls"):
            address = self.platform.locate(request.url)
            if address is None or address.role != "article":
                raise OtherHostError(f"{request.url} is no article")
