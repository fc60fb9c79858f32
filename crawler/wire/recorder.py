"""Keeps what a crawl hears: every exchange into the WARC, with the facts that only the crawl
knows, and the run's own story."""

from __future__ import annotations

import getpass
import json
import logging
import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from scrapy import Request, signals
from scrapy.crawler import Crawler

from archive.archive import Archive, archive_dir
from archive.database.catalogue import Catalogue
from archive.errors import ArchiveError
from archive.lock import Lock
from archive.warc import chain
from archive.warc.exchange import Exchange
from archive.warc.originals import Original
from archive.warc.recovery import recover
from archive.warc.writer import WarcWriter

if TYPE_CHECKING:
    from crawler.spider.spider import ArticleSpider

logger = logging.getLogger(__name__)
# Listings are kept whole each time: what they say is their date.
ONCE_ROLES = frozenset({"article", "media", "requisite", "robots"})


def prepare(directory: Path) -> Lock:
    """Take the archive for writing and mend what a killed run left. The lock is the caller's to
    release."""
    if not directory.is_dir():
        raise ArchiveError(
            f"There is no folder {directory}; make it, or give another with --archive."
        )
    lock = Lock(directory)
    try:
        for mended in recover(directory / "warc"):
            logger.warning("recovered %s", mended)
        chain.extend(directory)
    except BaseException:
        lock.release()
        raise
    return lock


class Recorder:
    """The extension between Scrapy and the archive. A failed write is a CaptureError and ends the
    crawl."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.directory = archive_dir(settings["ARCHIVE"])
        self.run = settings.get("RUN_ID") or str(uuid4())
        # The command line holds the lock over several platforms; `scrapy crawl` holds it here.
        self.lock = None if settings.getbool("ARCHIVE_HELD") else prepare(self.directory)
        self.catalogue = Catalogue(self.directory / "archive.db")
        self.contact = (
            settings["CONTACT"]
            or os.environ.get("ZHENGWEN_CONTACT")
            or f"{getpass.getuser()}@{socket.getfqdn()}"
        )
        self.user_agent = f"{settings['USER_AGENT']} (+{self.contact})"
        settings.set("USER_AGENT", self.user_agent, priority="cmdline")
        self.writer = WarcWriter(
            self.directory / "warc",
            prefix=f"zhengwen-{crawler.spidercls.name}",
            info=self._info(),
            find_original=self._original,
            max_size=settings.getint("WARC_MAX_SIZE"),
            keep_chunks=settings.getbool("WARC_KEEP_CHUNKS"),
        )
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.idle, signals.spider_idle)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        """Raises Busy or ArchiveError, never NotConfigured: no crawl goes unrecorded."""
        return cls(crawler)

    def _info(self) -> dict[str, str]:
        settings = self.crawler.settings
        return {
            "software": f"Zhengwen/{version('zhengwen')} Scrapy/{version('scrapy')} warcio/{version('warcio')}",
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "http-header-user-agent": self.user_agent,
            "operator": f"{settings['OPERATOR'] or getpass.getuser()} <{self.contact}>",
            "isPartOf": self.run,
        }

    def _original(self, digest: str, url: str | None) -> Original | None:
        found = self.catalogue.original(digest, url)
        return Original(*found) if found else None

    def opened(self, spider: ArticleSpider) -> None:
        """Tell the archive that a run begins."""
        story = {
            "id": self.run,
            "platform": spider.name,
            "started_at": now(),
            "software": self._info()["software"],
            "wanted": json.dumps(spider.wanted, ensure_ascii=False),
        }
        self.writer.write_metadata({"kind": "run", **story})

    def idle(self, spider: ArticleSpider) -> None:
        """Before the end: what the spider may still want to know."""
        spider.second_look.look_for_control()

    def record(self, exchange: Exchange, request: Request) -> None:
        """Write one exchange with the facts of its request."""
        facts: dict[str, Any] = {
            "run": self.run,
            "platform": self.crawler.spidercls.name,
            **request.meta.get("facts", {}),
        }
        if "facts" not in request.meta and exchange.url.endswith("/robots.txt"):
            facts["role"] = "robots"
        # A listing is never a revisit: two POSTs to one address are two questions.
        once, asked_with = facts.get("role") in ONCE_ROLES, request.meta.get("asked_with")
        written = self.writer.write_exchange(
            exchange, facts, allow_revisit=once, asked_with=asked_with
        )
        request.meta["capture"] = written
        assert self.crawler.stats
        self.crawler.stats.inc_value(f"capture/{facts.get('role', 'other')}")

    def record_failure(self, request: Request, error: Exception) -> None:
        """Note a request that got no answer."""
        reason = type(error).__name__.removesuffix("Error")
        self.note_failure(request, "error", "no-answer", f"{reason}: {error}"[:500])

    def note_failure(self, request: Request, outcome: str, reason: str, detail: str) -> None:
        """Note that a request was not answered or not made, and why."""
        facts: Mapping[str, Any] = request.meta.get("facts", {})
        self.writer.write_metadata(
            {
                "kind": "failure",
                "run": self.run,
                "platform": self.crawler.spidercls.name,
                "url": request.url,
                "outcome": outcome,
                "reason": reason,
                "detail": detail,
                **{
                    name: facts[name]
                    for name in ("role", "article_id", "account_id")
                    if name in facts
                },
            }
        )

    def closed(self, spider: ArticleSpider, reason: str) -> None:
        """Tell what happened to each account and that the run is over; after a failed write there
        is no more to tell."""
        assert self.crawler.stats
        try:
            if not self.crawler.stats.get_value("capture/failed"):
                self._tell(spider, reason)
            self.writer.close()
        except ArchiveError as error:
            logger.error("%s", error)
            self.crawler.stats.set_value("capture/failed", str(error))
        finally:
            self.catalogue.close()
            self._release()

    def _tell(self, spider: ArticleSpider, reason: str) -> None:
        for walk in spider.walks:
            walk.end(reason)
            self.writer.write_metadata({"kind": "coverage", **walk.row(self.run)})
        assert self.crawler.stats
        counts = {
            name: value
            for name, value in self.crawler.stats.get_stats().items()
            if isinstance(value, int | float)
        }
        story = {
            "id": self.run,
            "finished_at": now(),
            "finish_reason": reason,
            "counts": json.dumps(counts, sort_keys=True),
        }
        self.writer.write_metadata({"kind": "run", **story})

    def _release(self) -> None:
        if self.lock is None:
            return
        try:
            chain.extend(self.directory, run={"id": self.run})
            with Archive(self.directory) as archive:
                archive.index()
        finally:
            self.lock.release()


def recorder_of(crawler: Crawler) -> Recorder:
    """The recorder of a running crawl."""
    return cast("Recorder", crawler.get_extension(Recorder))


def now() -> str:
    """This moment in UTC, as the rows of runs keep it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
