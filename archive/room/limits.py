"""How long a page may take: so much computing, and much longer for a disk that is slow to give what
it was not asked for since the machine was started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic, thread_time

from archive.archive import Archive

MOST_SECONDS = 10.0  # of computing for one page
MOST_WAITING = 600.0  # seconds for one page, in which mostly a disk is waited for
STEPS = 10_000  # instructions of SQLite between two looks at the clock

stopping = Event()
"""Set when the program is to end: what SQLite does for a page is interrupted."""


@contextmanager
def limited(archive: Archive) -> Iterator[None]:
    """SQLite stops in whatever it does when the time of a page is over."""
    if not archive.is_indexed():
        yield
        return
    computed, end = thread_time() + MOST_SECONDS, monotonic() + MOST_WAITING

    def is_over() -> bool:
        return stopping.is_set() or thread_time() > computed or monotonic() > end

    archive.interrupt_when(is_over, STEPS)
    yield
