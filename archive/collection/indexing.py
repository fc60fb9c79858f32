"""Brings a collection up to date with its shards: what was written into it is laid into shards,
each open one is indexed, and the articles that several of them share are derived again."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.archive import Archive
from archive.collection import description, joined, shared
from archive.collection.complete import files_of
from archive.collection.description import Description, Shard
from archive.collection.filing import file_new
from archive.disk import Progress, no_progress
from archive.errors import ArchiveError, NotWritable
from archive.folder import is_sealed
from archive.lock import Lock

NO_RIGHT = (errno.EROFS, errno.EACCES, errno.EPERM)
WORK = ".complete"  # the folder in which workers make databases


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a collection, which whoever writes into it needs. Raises Busy where another
    process has it."""
    shared.path_of(folder).parent.mkdir(exist_ok=True)
    with Lock(shared.path_of(folder).parent):
        yield


def index(folder: Path, *, anew: bool = False, progress: Progress = no_progress) -> Description:
    """Bring everything up to date: of all shards together only new WARC files are read.

    Args:
        folder: the collection.
        anew: make all databases again, as another version of the program needs.
        progress: called with the bytes of each WARC file when it is read.

    Returns:
        What `collection.toml` says then: a shard that was missing for new files is made.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes a shard or the collection.
    """
    files_of(description.read(folder).shards)  # all are there before anything is written
    with locked(folder):
        return take_in(folder, anew=anew, progress=progress)


@contextmanager
def to_write(folder: Path) -> Iterator[Path]:
    """Hold the lock of a collection, and give its `joined` to write into, which knows what all
    shards have. What is written there is laid into shards by `take_in`, of this call or, where it
    is broken off, of the next.

    Args:
        folder: of the collection.

    Yields:
        The folder of an archive.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes a shard or the collection.
    """
    shards = description.read(folder).shards
    files_of(shards)  # all are there before anything is written
    with locked(folder):
        joined.renew(folder, shards)
        yield joined.path_of(folder)


def all_rows(folder: Path, *, reading: Callable[[], None] = lambda: None) -> Path:
    """The `joined` of a collection, up to date, for whoever reads the rows of all shards.

    Args:
        folder: of the collection, whose shards are indexed.
        reading: called where WARC files are to be read.

    Returns:
        The folder of an archive.

    Raises:
        ArchiveError: a shard is not there, or `joined` is not up to date and cannot be written.
        Busy: another process writes the collection, and `joined` is not up to date.
    """
    shards = description.read(folder).shards
    files_of(shards)
    if not joined.is_up_to_date(folder, shards):
        reading()
        with _reported_as_missing(folder), to_write(folder):
            pass
    return joined.path_of(folder)


@contextmanager
def _reported_as_missing(folder: Path) -> Iterator[None]:
    """Report a collection that cannot be written as a database that somebody has to make first."""
    try:
        yield
    except (NotWritable, OSError) as error:
        if isinstance(error, OSError) and error.errno not in NO_RIGHT:
            raise
        database = joined.path_of(folder) / "archive.db"
        state = "is not up to date" if database.exists() else "is missing"
        raise ArchiveError(
            f"{database}, which has the rows of all shards, {state}, and this disk cannot be "
            "written; copy the collection to one that can be, run `zhengwen --archive COPY index`, "
            "then this with that copy."
        ) from error


def all_files(folder: Path) -> Path:
    """The `joined` of a collection, with the WARC files of all shards; its database stays as it is.

    Args:
        folder: of the collection.

    Returns:
        The folder of an archive.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes the collection.
    """
    with locked(folder):
        return joined.lay_out(folder, description.read(folder).shards)


def take_in(folder: Path, *, anew: bool = False, progress: Progress = no_progress) -> Description:
    """Do what `index` does. The caller has the lock of the collection."""
    described = description.read(folder)
    database = joined.renew(folder, described.shards, anew=anew, progress=progress)
    described = file_new(folder, described)
    for shard in described.shards:
        _index(shard, anew=anew)
    shared.make(folder, database, described.shards)
    return described


def _index(shard: Shard, *, anew: bool) -> None:
    if not (shard.takes_more() or anew):
        return
    with Lock(shard.path, may_be_sealed=True), Archive(shard.path) as archive:
        if anew:
            if not is_sealed(shard.path):
                archive.extend_chain()
            archive.rebuild(workers=None)
        else:
            archive.index(workers=None)
