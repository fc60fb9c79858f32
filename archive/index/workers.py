"""Reading exchanges in several processes, where there is enough to read; rows come back in the
order of the file."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context

from archive.child import end_with_parent, interrupts_blocked
from archive.database.producer import is_code_on_disk
from archive.errors import ArchiveError
from archive.index.exchanges import Note
from archive.index.notes import NoteRows
from archive.index.observing import in_place_of, read
from archive.index.recorded import Recorded
from archive.index.rows import Rows
from archive.model import Failure
from archive.platforms import Platforms

CHUNK = 16  # records that a worker takes at once
CHUNK_BYTES = 4 * 2**20  # from which on fewer are a chunk
WAITING_BYTES = 64 * 2**20  # of records that wait for workers, whatever their number
WORTH_WORKERS = 8_000_000  # bytes of WARC below which starting processes costs more than it saves

QUIET = "ignore:resource_tracker"  # as an option -W of Python
ENDED = Failure(
    outcome="unreadable",
    reason="ended-process",
    detail="the process that read it was killed, or ran out of memory",
)


class NoProcess(ArchiveError):
    """The processes that read cannot be started at all."""


@dataclass(slots=True)
class _Chunk:
    """Some records, their size in bytes, and their rows to be."""

    records: list[Recorded | Note] = field(default_factory=list)
    size: int = 0
    rows: Future[list[Rows | NoteRows]] | None = None

    def add(self, record: Recorded | Note) -> None:
        self.records.append(record)
        if isinstance(record, Recorded):
            self.size += len(record.block) + len(record.request)

    @property
    def is_full(self) -> bool:
        return len(self.records) >= CHUNK or self.size >= CHUNK_BYTES


class Workers:
    """What reads the records of an archive: this process, or a pool of others. A context
    manager."""

    def __init__(self, count: int, platforms: Platforms, producer: str) -> None:
        """Say how many processes read.

        Args:
            count: 1 means this process, and no other is started; nor is one after an upgrade of
                the program that this process does not run yet.
            platforms: those of the archive; each worker gets them once.
            producer: the id of the producer, for the rows.
        """
        self.count = count
        self.platforms, self.producer = platforms, producer
        self._pool: ProcessPoolExecutor | None = None
        self._single: ProcessPoolExecutor | None = None  # for what a worker may have died of

    def __enter__(self) -> Workers:
        # Others would import an upgrade, and read by its rules in the name of this program.
        if self.count > 1 and is_code_on_disk():
            self._pool = self._processes(self.count)
        return self

    def __exit__(self, *exc_info: object) -> None:
        for pool in (self._pool, self._single):
            if pool:
                pool.shutdown(cancel_futures=True)

    def read(self, records: Iterable[Recorded | Note]) -> Iterator[Rows | NoteRows]:
        """The rows of each record, in the order of the records.

        A record that ends the process that reads it has the rows of a failure.

        Raises:
            NoProcess: none can be started.
        """
        if self._pool is None:
            yield from map(self._read_here, records)
            return
        waiting: deque[_Chunk] = deque()
        for chunk in _chunks(records):
            chunk.rows = self._submit(chunk)
            waiting.append(chunk)
            while len(waiting) > 2 * self.count or _size(waiting) > WAITING_BYTES:
                yield from self._rows(waiting.popleft())
        for chunk in waiting:
            yield from self._rows(chunk)

    def _processes(self, count: int) -> ProcessPoolExecutor:
        # Python removes the semaphores of a program that was ended, which is no news to its user.
        if QUIET not in sys.warnoptions:
            sys.warnoptions.append(QUIET)
        pool = ProcessPoolExecutor(
            count,
            mp_context=get_context("spawn"),  # not fork: a crawl's reactor may run here
            initializer=_begin,
            initargs=(self.platforms, self.producer),
        )
        with interrupts_blocked():
            for _ in range(count):
                pool.submit(_read_all, [])  # the first calls start the processes
        return pool

    def _read_here(self, record: Recorded | Note) -> Rows | NoteRows:
        return read(record, self.platforms, self.producer)

    def _submit(self, chunk: _Chunk) -> Future[list[Rows | NoteRows]] | None:
        try:
            return self._pool.submit(_read_all, chunk.records) if self._pool else None
        except BrokenProcessPool:
            self._pool = self._processes(self.count)
            return self._pool.submit(_read_all, chunk.records)

    def _rows(self, chunk: _Chunk) -> list[Rows | NoteRows]:
        try:
            if chunk.rows:
                return chunk.rows.result()
        except (BrokenProcessPool, MemoryError):
            pass
        return [self._read_alone(record) for record in chunk.records]

    def _read_alone(self, record: Recorded | Note) -> Rows | NoteRows:
        """Read a record in a process of its own, since a worker died of it or of one near it."""
        pool = self._single = self._single or self._processes(1)
        try:
            pool.submit(_read_all, []).result()
        except (BrokenProcessPool, OSError) as error:
            raise NoProcess(
                f"The processes that read pages cannot be started ({error}); in a script, see that "
                'the call is below `if __name__ == "__main__":`, or give workers=1.'
            ) from error
        try:
            return pool.submit(_read_all, [record]).result()[0]
        except (BrokenProcessPool, MemoryError):
            pool.shutdown(wait=False)
            self._single = None
            return in_place_of(record, ENDED)


def _chunks(records: Iterable[Recorded | Note]) -> Iterator[_Chunk]:
    chunk = _Chunk()
    for record in records:
        chunk.add(record)
        if chunk.is_full:
            yield chunk
            chunk = _Chunk()
    if chunk.records:
        yield chunk


def _size(chunks: Iterable[_Chunk]) -> int:
    return sum(chunk.size for chunk in chunks)


def count_for(size: int, workers: int | None) -> int:
    """How many processes are to read.

    Args:
        size: bytes of WARC.
        workers: the number wanted; None: one a core, where there is enough to read.
    """
    if workers is None:
        return (os.cpu_count() or 1) if size >= WORTH_WORKERS else 1
    return max(workers, 1)


_worker: tuple[Platforms, str]  # of this process, where it is one of a pool


def _begin(platforms: Platforms, producer: str) -> None:
    global _worker  # a pool's initializer can leave something nowhere else
    _worker = platforms, producer
    end_with_parent()


def _read_all(records: list[Recorded | Note]) -> list[Rows | NoteRows]:
    return [read(record, *_worker) for record in records]
