"""One start of the crawl, from its settings to its exit code: spiders, index, alarms, report."""

from __future__ import annotations

import logging
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.archive import Archive
from archive.cli.progress import byte_bar, bytes_to_index
from archive.errors import ArchiveError
from archive.monitoring import alarms
from archive.monitoring.files import faulty_files, indexed_files
from archive.monitoring.summary import RunSummary, summary_of
from archive.platforms import Platforms
from crawler import logs, report
from crawler.budget import Spent
from crawler.disk import check_disk
from crawler.hosts.host_state import HostStates, state_folder
from crawler.hosts.hours import Window
from crawler.run import FAILED, LOST
from crawler.targets import Targets
from crawler.wire.identity import check_contact
from crawler.wire.preparation import prepare
from crawler.wire.recorder import recorder_of

logger = logging.getLogger(__name__)
FAILURES = {  # by the reason with which a spider ended
    "shutdown": "The crawl was asked to stop before its end; what it has is stored, and the next "
    "one goes on from there.",
    "disk_full": "The disk is nearly full, so the crawl has stopped; make room, or allow less with "
    "-s MIN_FREE_DISK=SIZE, and crawl again.",
}
BROKEN_OFF = (
    "Scrapy's loop ended in the middle of the crawl; what it has is stored, the next crawl goes on "
    "from there, and logs/crawl.log may say why."
)
STOPPED_TWICE = (
    "The crawl was asked twice to stop, and ended at once; what it has is stored, and the next "
    "one, or `zhengwen index`, takes it in."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a start ended.

    Attributes:
        failed: why the crawl failed; None where it did not.
        problems: its alarms, one sentence a cause.
        changes: those of them that differ from the runs before; None: all of them.
        report: the path of its report.
        summary: what it brought; None where the database cannot be read.
    """

    failed: str | None
    problems: list[str] = field(default_factory=list)
    changes: list[str] | None = None
    report: Path | None = None
    summary: RunSummary | None = None

    @property
    def exit_code(self) -> int:
        """0 all well, 1 failed, 3 finished with alarms."""
        return 1 if self.failed else 3 if self.problems else 0


def crawl(archive: Archive, settings: Settings, wanted: Targets, limits: dict[str, str]) -> Outcome:
    """Crawl, index and report.

    Args:
        archive: where to, and whose platforms are crawled.
        settings: of `crawler.given_settings.settings_of`.
        wanted: for each platform, what to crawl; see `crawler.targets`.
        limits: further arguments of every spider; see `crawler.run.Wanted`.

    Returns:
        How it ended.

    Raises:
        Busy: another run writes into the archive.
        UsageError: a crawl may not start now.
    """
    begun = datetime.now(UTC)
    check_contact(settings)
    HostStates(state_folder(settings["HOST_STATE_DIR"]))
    Window(settings["NIGHT_WINDOW"]).check(begun)
    runs = {name: str(uuid4()) for name in wanted}
    ids = [*runs.values()]
    with prepare(archive.path):
        check_disk(settings["ARCHIVE"], settings["MIN_FREE_DISK"])
        faults = logs.begin(archive.path, settings["LOG_LEVEL"])
        if settings["CLUSTER"] and any(archive.warc_dir.glob("*.warc.gz")):
            archive.index(workers=None)  # so that what a killed worker captured is known
        with _signals_as_before():
            failed = run_spiders(settings, archive.platforms, wanted, limits, runs)
        if failed == STOPPED_TWICE:
            return Outcome(failed)
        failed = failed or faults.sentence
        archive.extend_chain(run={"ids": sorted(ids)})
        known = indexed_files(archive)
        try:
            with byte_bar("indexing", bytes_to_index(archive)) as progress:
                archive.index(workers=None, progress=progress)
        except (ArchiveError, sqlite3.Error, OSError) as error:
            report.write(archive, begun, ids, 1, failed or str(error), [], [])
            raise
        files = faulty_files(archive, known)
        alarming, changes = _problems(archive, ids)
        others = [*map(str, files), *_learn_names(archive)]
        problems = [*alarming, *others]
        summary = summary_of(archive.connection, ids)
        outcome = Outcome(failed, problems, [*changes, *others], summary=summary)
        path = report.write(archive, begun, ids, outcome.exit_code, failed, problems, files)
        logger.info("exit code %d, report %s", outcome.exit_code, path)
    return replace(outcome, report=path)


def run_spiders(
    settings: Settings,
    platforms: Platforms,
    wanted: Targets,
    limits: dict[str, str],
    runs: dict[str, str],
) -> str | None:
    """Run one spider a platform, all at once in this process.

    Args:
        settings: as in `crawl`.
        platforms: the archive's own, whatever the settings and the environment name.
        wanted: as in `crawl`.
        limits: as in `crawl`.
        runs: the id of each platform's run.

    Returns:
        Why the crawl failed; None where it did not.
    """
    settings = settings.copy()
    settings.set("PLATFORMS", platforms, priority="cmdline")
    process = _Process(settings)
    crawlers, spent = [], Spent()
    for name, addresses in wanted.items():
        crawler = process.create_crawler(name)
        crawler.settings.set("RUN_ID", runs[name], priority="cmdline")
        crawler.settings.set("SPENT", spent, priority="cmdline")
        crawlers.append(crawler)
        process.crawl(
            crawler, **{kind: ",".join(urls) for kind, urls in addresses.items()}, **limits
        )
    process.start()
    left_open = [crawler for crawler in crawlers if _close(crawler)]
    if left_open:
        killed = signal.getsignal(signal.SIGTERM) == signal.SIG_IGN  # as Scrapy leaves it
        return STOPPED_TWICE if killed else BROKEN_OFF
    if process.bootstrap_failed:
        return "The crawl could not start; the error is printed above."
    return next((failure for crawler in crawlers if (failure := _failure(crawler))), None)


class _Process(AsyncCrawlerProcess):
    """Scrapy's process, which ends in order also where its terminal is closed (SIGHUP), unless it
    was started to outlive it (`nohup`)."""

    def _setup_reactor(self, install_signal_handlers: bool) -> None:
        super()._setup_reactor(install_signal_handlers)
        if install_signal_handlers and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._signal_shutdown)


@contextmanager
def _signals_as_before() -> Iterator[None]:
    """Scrapy's handlers stay behind its crawl; then a signal stops the command as any other one."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _close(crawler: Crawler) -> bool:
    """Finish the record of a run that Scrapy left open.

    Returns:
        Whether it was open: a second signal ends Scrapy's loop, whatever runs in it.
    """
    stats = crawler.stats
    is_open = stats.get_value("start_time") and not stats.get_value("finish_reason")
    if is_open:
        recorder_of(crawler).closed("shutdown")
    return bool(is_open)


def _failure(crawler: Crawler) -> str | None:
    stats = crawler.stats
    failure: str | None = stats.get_value(FAILED) or stats.get_value(LOST)
    return failure or FAILURES.get(stats.get_value("finish_reason") or "")


def _learn_names(archive: Archive) -> list[str]:
    """Write the accounts' names into `accounts.csv`; a sentence where that cannot be done, because
    somebody may have edited the file in the meantime."""
    try:
        archive.learn_names()
    except (ArchiveError, OSError) as error:
        return [f"The names of accounts could not be written into accounts.csv: {error}"]
    return []


def _problems(archive: Archive, runs: list[str]) -> alarms.Alarms:
    """The alarms of these runs, and what of them differs from the runs before."""
    try:
        return alarms.of_runs(archive.connection, runs, datetime.now(UTC))
    except sqlite3.Error as error:
        raise ArchiveError(
            f"{archive.db_path} cannot be read after the crawl ({error}); run `zhengwen rebuild`."
        ) from error
