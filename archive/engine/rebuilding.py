"""`rebuild` by workers: they read each WARC file once. The database of one archive is written here
meanwhile; those of a collection by the workers, each by one of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from archive.archive import Archive
from archive.collection import description, joined, shared
from archive.collection.complete import files_of, lay_out
from archive.collection.description import Description, Shard
from archive.collection.indexing import WORK, locked
from archive.database.producer import current
from archive.disk import Progress, no_progress
from archive.engine import tasks
from archive.engine.crew import Crew, Task
from archive.engine.tasks import Reading
from archive.index import fresh_database, spool
from archive.index.files import RowsOfFile
from archive.lock import Lock
from archive.platforms import Platforms, of_archive
from archive.warc.stored import WarcFile, all_files, size_of

FOLDER = ".dask"  # in the folder of an archive, while it is rebuilt by workers


def rebuild_archive(archive: Archive, crew: Crew, *, progress: Progress = no_progress) -> None:
    """Make the database of an archive again. The caller has its lock.

    Args:
        archive: whose folder the workers see at the same place.
        crew: the workers.
        progress: called with the bytes of each WARC file when its rows are written.

    Raises:
        ArchiveError: what is wrong with a worker, or nobody is left; the old database stays.
    """
    work = archive.path.resolve() / FOLDER
    shutil.rmtree(work, ignore_errors=True)  # a killed one's
    work.mkdir()
    try:
        warc_dir = work.parent / archive.warc_dir.name
        crew.require_ready(archive.platforms, work, [warc_dir])
        reading = _reading(work, archive.platforms)
        archive.rebuild(files=_ReadByWorkers(crew, reading, all_files(warc_dir)), progress=progress)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def rebuild_collection(
    folder: Path, crew: Crew, *, progress: Progress = no_progress
) -> Description:
    """Make the databases of all shards again, and what they share. They replace the old ones when
    all are made.

    Args:
        folder: of the collection; the workers see it and all shards at the same places.
        crew: the workers.
        progress: called with the bytes of each WARC file when it is read.

    Raises:
        ArchiveError: a shard is not there, or as for `rebuild_archive`.
        Busy: another process writes a shard or the collection.
    """
    folder = folder.resolve()
    described = description.read(folder)
    files_of(described.shards)  # all are there before anything is written
    with ExitStack() as locks:
        locks.enter_context(locked(folder))
        for shard in described.shards:
            locks.enter_context(Lock(shard.path, may_be_sealed=True))
        work = folder / WORK
        try:
            _rebuild(folder, work, described.shards, crew, progress)
        finally:
            shutil.rmtree(work, ignore_errors=True)
            for shard in described.shards:
                fresh_database.remove_unfinished(shard.path / "archive.db")
    return described


def _rebuild(
    folder: Path, work: Path, shards: Sequence[Shard], crew: Crew, progress: Progress
) -> None:
    lay_out(work, shards)
    complete = _Part(work, _reading(work, of_archive(folder)), searchable=False)
    parts = [_part(shard, work) for shard in shards]
    folders = [part.warc_dir for part in parts]
    crew.require_ready(complete.reading.platforms, work, folders)
    _read_all(crew, [complete, *parts], progress)
    written = _written(crew, [complete, *parts])
    for shard, part in zip(shards, parts, strict=True):
        with Archive(shard.path) as archive:
            archive.put_database(written[part])
    shared.make(folder, written[complete], shards)
    joined.put_database(folder, shards, written[complete])


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """An archive of which a database is made: a shard, or all of them together."""

    folder: Path
    reading: Reading
    searchable: bool = True

    @property
    def warc_dir(self) -> Path:
        return self.folder / "warc"

    @property
    def size(self) -> int:
        return sum(map(size_of, all_files(self.warc_dir)))


def _part(shard: Shard, work: Path) -> _Part:
    """A shard, after its chain and what only its old database has were seen to."""
    with Archive(shard.path) as archive:
        archive.prepare_database()
        return _Part(shard.path.resolve(), _reading(work, archive.platforms))


def _reading(work: Path, platforms: Platforms) -> Reading:
    """How files are read by these platforms: those of one producer are read once."""
    producer = current(platforms).id
    spools = work / producer
    spools.mkdir(exist_ok=True)
    return Reading(spools, platforms, producer)


def _read_all(crew: Crew, parts: Iterable[_Part], progress: Progress) -> None:
    """Have each file read once by the rules of each part that has it."""
    begun: set[Path] = set()
    for part in parts:
        for file in all_files(part.warc_dir):
            target = spool.spool_of(file, part.reading.spools)
            if target not in begun:
                begun.add(target)
                crew.begin(_to_read(part.reading, file))
    for _ in begun:
        _, size = crew.next()
        progress(size)


def _to_read(reading: Reading, file: WarcFile) -> Task:
    return Task(f"Reading {file}", tasks.read_file, (reading, file))


def _written(crew: Crew, parts: Iterable[_Part]) -> dict[_Part, Path]:
    """Have the database of each part written, the largest first, so that all end together."""
    waiting = {}
    for priority, part in enumerate(sorted(parts, key=lambda part: part.size)):
        db_path = part.folder / "archive.db"
        given = (part.reading, part.warc_dir, db_path, part.searchable)
        task = Task(f"Writing {db_path}", tasks.write_database, given, priority)
        waiting[task] = part
        crew.begin(task)
    return {waiting[task]: target for task, target in (crew.next() for _ in waiting)}


@dataclass(slots=True)
class _ReadByWorkers:
    """Gives the rows of an archive's WARC files, in the order of the files, as workers have read
    them."""

    crew: Crew
    reading: Reading
    files: Sequence[WarcFile]
    read: set[str] = field(default_factory=set)  # names

    def __enter__(self) -> _ReadByWorkers:
        for file in self.files:
            self.crew.begin(_to_read(self.reading, file))
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass

    def rows_of(self, file: WarcFile) -> RowsOfFile:
        """The rows of a file, once it is read."""
        while file.name not in self.read:
            task, _ = self.crew.next()
            self.read.update(each.name for each in task.given if isinstance(each, WarcFile))
        return spool.Spooled(spool.spool_of(file, self.reading.spools))
