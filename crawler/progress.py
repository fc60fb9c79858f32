"""One line on a terminal that shows how far a crawl is; nothing anywhere else."""

from __future__ import annotations

import sys

from scrapy import signals
from scrapy.crawler import Crawler

from archive.cli.output import end_line, rewrite_line


class ProgressLine:
    """Rewrites one line of standard error after each answer."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        if sys.stderr.isatty():
            crawler.signals.connect(self.show, signals.response_received)
            crawler.signals.connect(self.end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressLine:
        """Build it; it writes nothing where standard error is no terminal."""
        return cls(crawler)

    def show(self) -> None:
        """Write the counts of the recorder."""
        counts = [
            f"{self.crawler.stats.get_value(f'capture/{role}', 0)} {role}"
            for role in ("listing", "article", "media")
        ]
        rewrite_line(f"{self.crawler.spidercls.name}: {', '.join(counts)}")

    def end(self) -> None:
        """End the line, so that what follows begins a new one."""
        end_line()
