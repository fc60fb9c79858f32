"""Reading exchanges in several processes, where there is enough to read; rows come back in the
order of the file."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from archive.database.producer import is_code_on_disk
from archive.index.exchanges import Recorded
from archive.index.observing import observe
from archive.index.rows import Rows
from archive.platforms import Platforms

CHUNK = 16  # exchanges that a worker takes at once
WORTH_WORKERS = 8_000_000  # bytes of WARC below which starting processes costs more than it saves


class Workers:
    """What reads the exchanges of an archive: this process, or a pool of others. A context
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

    def __enter__(self) -> Workers:
        # Others would import an upgrade, and read by its rules in the name of this program.
        if self.count > 1 and is_code_on_disk():
            self._pool = ProcessPoolExecutor(
                self.count,
                mp_context=get_context("spawn"),  # not fork: a crawl's reactor may run here
                initializer=_begin,
                initargs=(self.platforms, self.producer),
            )
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def observe(self, exchanges: Iterable[Recorded]) -> Iterator[Rows]:
        """The rows of each exchange, in the order of the exchanges."""
        if self._pool is None:
            for exchange in exchanges:
                yield observe(exchange, self.platforms, self.producer)
            return
        waiting: deque[Future[list[Rows]]] = deque()
        source = iter(exchanges)
        while chunk := list(islice(source, CHUNK)):
            waiting.append(self._pool.submit(_observe_all, chunk))
            if len(waiting) > 2 * self.count:
                yield from waiting.popleft().result()
        for future in waiting:
            yield from future.result()


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


def _observe_all(chunk: list[Recorded]) -> list[Rows]:
    return [observe(exchange, *_worker) for exchange in chunk]
