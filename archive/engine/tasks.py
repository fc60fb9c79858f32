"""What a worker of Dask does: read a WARC file, or write a database of what was read. Nothing here
needs Dask, and a task that is done twice leaves what one leaves."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from uuid import uuid4

from archive.child import may_have_children
from archive.database.producer import Producer, current
from archive.errors import ArchiveError
from archive.index import fresh_database, indexer, spool
from archive.index.files import FilesHere
from archive.index.workers import Workers
from archive.platforms import Platforms
from archive.warc.stored import WarcFile, size_of

PROBE = "probe"  # a file in the folder of a rebuild: who reads it there sees the same folder
_task_lock = Lock()  # libraries that read pages were not made for several threads


@dataclass(frozen=True, slots=True)
class Reading:
    """By whose rules and into which folder WARC files are read.

    Attributes:
        spools: the folder of what was read, which all workers see.
        platforms: those of the archive.
        producer: the id that the rows are to have.
    """

    spools: Path
    platforms: Platforms
    producer: str

    def require_same(self) -> None:
        """Raise ArchiveError where this process would read otherwise than the one that asks."""
        if current(self.platforms).id != self.producer:
            raise ArchiveError(
                f"A worker on {os.uname().nodename} has another version of the program or its "
                "libraries; install there what is here, and start it again."
            )


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What a worker sees: who it would be as a producer, the text of the probe (None where there is
    none), and which folders are missing."""

    producer: Producer
    probe: str | None
    missing: tuple[Path, ...]


def inspect(platforms: Platforms, work: Path, folders: Iterable[Path]) -> WorkerState:
    """Say what this worker sees.

    Args:
        platforms: those of the archive.
        work: the folder of the rebuild, with its probe.
        folders: those of WARC files and databases.
    """
    probe = work / PROBE
    return WorkerState(
        producer=current(platforms),
        probe=probe.read_text("utf-8") if probe.is_file() else None,
        missing=tuple(folder for folder in folders if not os.access(folder, os.R_OK | os.X_OK)),
    )


def differences(theirs: Producer, ours: Producer) -> list[str]:
    """What differs between two producers, each as a part of a sentence.

    Example:
        >>> differences(producer, replace(producer, lxml="5.0"))
        ['lxml 6.0 in place of 5.0']
    """
    here = asdict(ours)
    return [
        f"{name} {value} in place of {here[name]}"
        for name, value in asdict(theirs).items()
        if value != here[name]
    ]


def read_file(reading: Reading, file: WarcFile) -> int:
    """Read a WARC file into its spool.

    Args:
        reading: how.
        file: here, or stored elsewhere.

    Returns:
        Its size in bytes.
    """
    with _task_lock:
        reading.require_same()
        here = FilesHere(Workers(1, reading.platforms, reading.producer), reading.spools)
        spool.write(here.rows_of(file), spool.spool_of(file, reading.spools))
        return size_of(file)


def write_database(
    reading: Reading, warc_dir: Path, db_path: Path, searchable: bool = True
) -> Path:
    """Write a database of the spools of all WARC files of a folder.

    Args:
        reading: how they were read.
        warc_dir: the folder of the WARC files.
        db_path: the database that it is to replace; it is not touched.
        searchable: whether it gets a full-text index.

    Returns:
        The new one, in the same folder. Of a task that was ended before, or runs a second time
        elsewhere, each has a name of its own.

    Raises:
        ArchiveError: it cannot be written.
    """
    target = db_path.with_suffix(f"{fresh_database.REBUILDING}-{uuid4().hex}")
    with _task_lock, may_have_children():  # documents are read in processes of their own
        reading.require_same()
        try:
            indexer.make(
                warc_dir,
                target,
                reading.platforms,
                files=spool.Spools(reading.spools),
                searchable=searchable,
            )
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"{target} cannot be written on {os.uname().nodename} ({error}); see to the room "
                "and the rights there, and run this again."
            ) from error
    return target
