"""Before and after a crawl: the archive's lock, recovery, chain and index."""

from __future__ import annotations

import logging
from pathlib import Path

import archive.index.indexer  # noqa: F401 - what reads the pages at the end is as at the beginning
from archive.archive import Archive
from archive.database.chain_state import known_state
from archive.errors import ArchiveError
from archive.lock import Lock
from archive.warc import chaining
from archive.warc.recovery import recover

logger = logging.getLogger(__name__)


def prepare(directory: Path) -> Lock:
    """Take the archive for writing, and mend what a killed run left.

    Args:
        directory: the folder of the archive.

    Returns:
        The archive's lock, which the caller releases.

    Raises:
        ArchiveError: there is no such folder, or its files cannot be mended.
        Busy: another process writes into the archive.
        UsageError: nothing may be written there.
    """
    if not directory.is_dir():
        raise ArchiveError(
            f"There is no folder {directory}; make it, or give another with --archive."
        )
    lock = Lock(directory)
    try:
        for recovered in recover(directory / "warc"):
            logger.warning("recovered %s", recovered)
        chaining.extend(directory, known=known_state(directory / "archive.db"))
    except BaseException:
        lock.release()
        raise
    return lock


def complete(directory: Path, run_id: str, lock: Lock) -> None:
    """Chain and index the files of a run that is over, and release the lock in any case.

    Raises:
        ArchiveError: the archive cannot be indexed.
    """
    try:
        with Archive(directory) as archive:
            archive.extend_chain(run={"id": run_id})
            archive.index()
    finally:
        lock.release()
