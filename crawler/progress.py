"""One line on a terminal that shows how far a crawl is; nothing anywhere else."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from scrapy import signals
from scrapy.crawler import Crawler

from archive.cli.output import end_line, rewrite_line
from archive.counting import counted

FEWEST = 5  # answers, from which on the time that is left can be estimated


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
        """Write the counts of the recorder, and what is known to be left."""
        counts = [
            f"{self._number(f'capture/{role}')} {role}" for role in ("listing", "article", "media")
        ]
        known, sent = map(self._number, ("scheduler/enqueued", "scheduler/dequeued"))
        begun = self.crawler.stats.get_value("start_time")
        elapsed = datetime.now(UTC) - begun if begun else timedelta()
        left = left_to_do(sent, known, elapsed)
        rewrite_line(f"{self.crawler.spidercls.name}: {', '.join(counts)}; {left}")

    def _number(self, name: str) -> int:
        return int(self.crawler.stats.get_value(name, 0))

    def end(self) -> None:
        """End the line, so that what follows begins a new one."""
        end_line()


def left_to_do(sent: int, known: int, elapsed: timedelta) -> str:
    """How many requests of those that are known were sent, and how long the rest may take at the
    pace of this run; pages of lists and articles may add others.

    Args:
        sent: requests that were sent.
        known: those and the ones that wait.
        elapsed: since the run began.

    Example:
        >>> left_to_do(20, 80, timedelta(minutes=2))
        '20 of 80 requests, about 6 min left'
    """
    known = max(known, sent)
    counts = f"{sent} of {counted(known, 'request')}"
    if sent < FEWEST or sent == known:
        return counts
    seconds = elapsed.total_seconds() * (known - sent) / sent
    if seconds < 60:
        return f"{counts}, less than 1 min left"
    minutes = round(seconds / 60)
    spelt = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return f"{counts}, about {spelt} left"
