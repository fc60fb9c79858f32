"""Progress bars of click, on standard error: shown on a terminal, and nothing in cron."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

import click

from archive.archive import Archive
from archive.escaping import for_terminal
from archive.monitoring.files import indexed_files
from archive.warc.stored import all_files, size_of

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


@contextmanager
def byte_bar(label: str, size: int) -> Iterator[Callable[[int], None]]:
    """A bar of bytes: what it gives is called with the bytes that were read since the last call.

    Args:
        label: what is done, in front of the bar.
        size: bytes in all.

    Example:
        >>> with byte_bar("indexing", 20_000_000) as progress:
        ...     archive.index(progress=progress)
    """
    with _bar(label, size) as bar:
        yield bar.update


def bytes_to_index(archive: Archive) -> int:
    """The size of the WARC files that the database does not have yet."""
    indexed = indexed_files(archive)
    return sum(size_of(file) for file in all_files(archive.warc_dir) if file.name not in indexed)


def bytes_of_warc(archive: Archive) -> int:
    """The size of all WARC files."""
    return sum(map(size_of, all_files(archive.warc_dir)))


class StepBars:
    """A bar for each step of long work, one after the other.

    Example:
        >>> with StepBars() as bars:
        ...     archive.export("package", progress=bars)
    """

    def __init__(self) -> None:
        self._step: str | None = None
        self._bar: ProgressBar[int] | None = None

    def __enter__(self) -> StepBars:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end(is_complete=error is None)

    def __call__(self, step: str, done: int, of: int) -> None:
        """Show that `done` of `of` parts of a step are done. Another step ends the one before."""
        if self._bar is None or step != self._step:
            self._end(is_complete=True)
            self._step, self._bar = step, _bar(step, of)
            self._bar.render_progress()
        self._bar.update(done - self._bar.pos)

    def _end(self, *, is_complete: bool) -> None:
        if self._bar is None:
            return
        if is_complete and self._bar.length is not None:
            self._bar.update(self._bar.length - self._bar.pos)
        self._bar.render_finish()


def _bar(label: str, length: int) -> ProgressBar[int]:
    return click.progressbar(
        length=max(length, 1),
        label=for_terminal(label),
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    )
