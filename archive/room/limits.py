"""How long a page may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from archive.archive import Archive

MOST_SECONDS = 10.0  # of one page
STEPS = 10_000  # instructions of SQLite between two looks at the clock


@contextmanager
def limited(archive: Archive) -> Iterator[None]:
    """SQLite stops in whatever it does when the time of a page is over."""
    if not archive.is_indexed():
        yield
        return
    end = monotonic() + MOST_SECONDS
    archive.connection.set_progress_handler(lambda: monotonic() > end, STEPS)
    yield
