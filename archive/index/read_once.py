"""Reads each WARC file once, whichever databases are to have its rows: they wait in files of a
folder for as long as any is made."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from archive.database.producer import current
from archive.index import spool
from archive.index.files import FilesHere, NoRows, RowsOfFile
from archive.index.workers import Workers
from archive.platforms import Platforms
from archive.warc.stored import WarcFile


class ReadOnce:
    """Gives the rows of WARC files to one database after the other. `close` ends what reads.

    Example:
        >>> with closing(ReadOnce(platforms, folder, count=1)) as once:
        ...     indexer.make(warc_dir, first, platforms, files=once)
        ...     indexer.make(warc_dir, second, platforms, files=once)
    """

    def __init__(self, platforms: Platforms, folder: Path, count: int) -> None:
        """Say by what, where and by whom files are read.

        Args:
            platforms: by whose rules.
            folder: where the rows wait, and files that are stored elsewhere while they are read.
            count: processes that read; 1 for this one alone.
        """
        self._folder, self._producer = folder, current(platforms).id
        self._reader = FilesHere(Workers(count, platforms, self._producer), folder)
        self._processes = ExitStack()
        self._spools: dict[WarcFile, Path] = {}

    def close(self) -> None:
        """End the processes that read."""
        self._processes.close()

    def is_by(self, platforms: Platforms) -> bool:
        """Whether it reads by the rules of these platforms."""
        return current(platforms).id == self._producer

    def __enter__(self) -> ReadOnce:
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Go on: the next database takes the same rows."""

    def rows_of(self, file: WarcFile) -> RowsOfFile:
        """The rows of a file, which is read now if it was not before. Raises NoRows where there is
        no room for them."""
        self.read(file)
        return spool.Spooled(self._spools[_same(file)])

    def read(self, file: WarcFile, there: Path | None = None) -> None:
        """Read a file, unless it was read before.

        Args:
            file: which.
            there: where its bytes are, for an object that was fetched.

        Raises:
            NoRows: there is no room for what is read.
        """
        if _same(file) in self._spools:
            return
        if not self._spools:  # the processes begin when there is something to read
            self._processes.enter_context(self._reader)
        target = self._folder / f"{len(self._spools)}.rows"
        try:
            spool.write(self._reader.rows_of(there or file), target)
        except OSError as error:
            raise NoRows(
                f"What was read of {file} cannot be written into {self._folder} "
                f"({error.strerror}); set TMPDIR to a folder with more room."
            ) from error
        self._spools[_same(file)] = target


def _same(file: WarcFile) -> WarcFile:
    """A file by its one name: `joined` and others have links to it."""
    return file.resolve() if isinstance(file, Path) else file
