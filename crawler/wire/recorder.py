"""The extension between Scrapy and the archive: writes every exchange into the WARC with the facts
that only the crawl knows, and the records of the run around them."""

from __future__ import annotations

import logging
from typing import cast
from uuid import uuid4

from scrapy import Request, signals
from scrapy.crawler import Crawler

from archive.database.catalogue import Catalogue
from archive.errors import ArchiveError
from archive.folder import archive_dir
from archive.model import Failure
from archive.warc.chain import links, state_of
from archive.warc.exchange import Exchange
from archive.warc.originals import Original
from archive.warc.writer import WarcWriter
from crawler.requests import noted, purpose_of
from crawler.run import FAILED, Crawling, Run
from crawler.wire.identity import Identity
from crawler.wire.preparation import complete, prepare
from crawler.wire.run_records import RunRecords

logger = logging.getLogger(__name__)
# Listings are stored in full each time: what they say is their date.
ONCE_ROLES = frozenset({"article", "part", "media", "requisite", "robots"})


class Recorder:
    """Records one crawl. A failed write is a CaptureError and ends the crawl.

    `run` is made here, from what the spider was started for, and is what the spider fills.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        spider = cast("Crawling", crawler.spider)  # Scrapy makes it before its extensions
        self.crawler = crawler
        self.directory = archive_dir(settings["ARCHIVE"])
        # The command line holds the lock over several platforms; `scrapy crawl` holds it here.
        self.lock = None if settings.getbool("ARCHIVE_HELD") else prepare(self.directory)
        self.run = Run(
            id=settings.get("RUN_ID") or str(uuid4()),
            platform=spider.platform,
            wanted=spider.wanted,
            catalogue=Catalogue(self.directory / "archive.db"),
        )
        identity = Identity.of(settings)
        settings.set("USER_AGENT", identity.user_agent, priority="cmdline")
        chain_state = state_of(list(links(self.directory)))
        self.writer = WarcWriter(
            self.directory / "warc",
            prefix=f"zhengwen-{self.run.platform.name}",
            info={**identity.warcinfo(self.run.id), **chain_state.warcinfo()},
            find_original=self._original,
            max_size=settings.getint("WARC_MAX_SIZE"),
            keep_chunks=settings.getbool("WARC_KEEP_CHUNKS"),
        )
        self.records = RunRecords(self.writer, self.run)
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.note, noted)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        """Take the archive for this crawl.

        Raises:
            ArchiveError: it cannot be written; Busy where another run writes into it. Never
                NotConfigured: no crawl goes unrecorded.
        """
        return cls(crawler)

    def _original(self, digest: str, url: str | None) -> Original | None:
        row = self.run.catalogue.original(digest, url)
        return Original(*row) if row else None

    def opened(self) -> None:
        """Record that the run begins."""
        self.records.begin()

    def record(self, exchange: Exchange, request: Request) -> None:
        """Write one exchange with the facts of its request.

        Raises:
            CaptureError: it cannot be written.
        """
        purpose = purpose_of(request)
        facts = {"run": self.run.id, "platform": self.run.platform.name}
        if purpose:
            facts |= purpose.facts()
        elif exchange.url.endswith("/robots.txt"):
            facts["role"] = "robots"
        role = facts.get("role", "other")
        self.writer.write_exchange(
            exchange,
            facts,
            # A listing is never a revisit: two POSTs to one address are two questions.
            allow_revisit=role in ONCE_ROLES,
            asked_with=purpose.original if purpose else None,
        )
        self.crawler.stats.inc_value(f"capture/{role}")

    def record_failure(self, request: Request, error: Exception) -> None:
        """Record that a request got no answer. Raises CaptureError."""
        self.records.no_answer(request, error)

    def note(self, request: Request, failure: Failure) -> None:
        """Record what was wrong with an answer that is used all the same. Raises CaptureError."""
        self.records.failure(request, failure.outcome, failure.reason, failure.detail)

    def closed(self, reason: str) -> None:
        """Record how the run ended, and give the archive back.

        After a failed write there is no more to record. A failure here is left in the statistics,
        where `start` finds it.
        """
        stats = self.crawler.stats
        try:
            if not stats.get_value(FAILED):
                self.records.end(reason, stats.get_stats())
            self.writer.close()
        except ArchiveError as error:
            logger.error("%s", error)
            stats.set_value(FAILED, str(error))
        finally:
            self.run.catalogue.close()
            if self.lock:
                complete(self.directory, self.run.id, self.lock)


def recorder_of(crawler: Crawler) -> Recorder:
    """The recorder of a running crawl.

    Raises:
        ArchiveError: the extension is not enabled.
    """
    recorder = crawler.get_extension(Recorder)
    if recorder is None:
        raise ArchiveError(
            "The extension Recorder is not enabled (EXTENSIONS): nothing would be recorded."
        )
    return recorder
