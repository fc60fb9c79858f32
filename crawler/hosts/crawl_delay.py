"""Obeying the Crawl-delay of a robots.txt, which Scrapy reads and does not act on."""

from __future__ import annotations

import logging

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser

from crawler.hosts.host_names import host_of
from crawler.hosts.throttle import throttle_of

logger = logging.getLogger(__name__)


class CrawlDelay:
    """The extension that raises the gap of a host to its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        """Listen from the first robots.txt on."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Give the throttle the delay of this host, where it is longer than the setting's."""
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        delay = robotparser.rp.crawl_delay(agent)  # type: ignore[attr-defined]  # Protego's
        throttle = throttle_of(self.crawler)
        if delay and float(delay) > throttle.delay:
            throttle.host(host_of(request)).crawl_delay = float(delay)
            logger.info("%s asks for %s s between requests", host_of(request), delay)
