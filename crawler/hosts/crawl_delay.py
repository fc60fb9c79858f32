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
    """The extension that raises the gap of a host to its Crawl-delay, and leaves a host alone that
    asks for more than CRAWL_DELAY_MAX."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        """Listen from the first robots.txt on."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Give the throttle the delay of this host, where it is longer than the setting's.

        Protego passes over what is no number, infinite or negative.
        """
        settings, name = self.crawler.settings, host_of(request)
        agent = settings["ROBOTSTXT_USER_AGENT"]
        delay = float(robotparser.rp.crawl_delay(agent) or 0)  # type: ignore[attr-defined]  # Protego's
        longest, throttle = settings.getfloat("CRAWL_DELAY_MAX"), throttle_of(self.crawler)
        if delay > longest:
            detail = f"{name} asks for {delay:g} s between requests (CRAWL_DELAY_MAX: {longest:g})"
            throttle.give_up(name, "throttled", "crawl-delay", detail)
        elif delay > throttle.delay:
            throttle.set_crawl_delay(name, delay)
            logger.info("%s asks for %g s between requests", name, delay)
