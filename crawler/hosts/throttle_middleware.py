"""What reports every answer to the throttle."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from crawler.hosts.host_names import host_of
from crawler.hosts.throttle import throttle_of


class ThrottleMiddleware:
    """Nearest to the wire: reports every answer to the throttle, also to robots.txt and retries."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ThrottleMiddleware:
        """Build it; the throttle is looked up when it is needed."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Report an answer; it goes on as it is."""
        throttle_of(self.crawler).receive(request, response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Back off from a host that lets a request time out."""
        if isinstance(exception, DownloadTimeoutError):
            throttle_of(self.crawler).back_off(host_of(request))
