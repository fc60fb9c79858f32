"""The rows of a WARC file in a file of their own, between the process that reads and the one that
writes: what was read once is written into every database that is to have it.

A spool is gzip of pickled values, one for each record, and at the end the row of the file. It is
read by the program that wrote it and goes with the work that it was made for.
"""

from __future__ import annotations

import gzip
import os
import pickle
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.database.rows import WarcRow
from archive.disk import removed_on_failure
from archive.errors import StorageError, described
from archive.index.files import NoRows, RowsOfFile
from archive.index.notes import NoteRows
from archive.index.rows import Rows
from archive.warc.stored import NotFetched, WarcFile

PARTIAL = ".partial"  # with the process, ends the name of a spool that is being written
UNREADABLE = (OSError, EOFError, zlib.error, pickle.UnpicklingError)
LEVEL = 1  # of gzip: the rows are read once or twice, and then they go


class UnreadFile(Exception):
    """What ended the reading of a file elsewhere, in the words of `archive.errors.described`."""


@dataclass(frozen=True, slots=True)
class _Broken:
    """In place of the row of a file that could not be read to its end."""

    reason: str


def write(rows: RowsOfFile, target: Path) -> None:
    """Write a spool, completely or not at all.

    Args:
        rows: of a file; what ends their reading is in the spool too.
        target: the file to write. Others may write the same at the same time.

    Raises:
        OSError: it cannot be written.
        MemoryError: there is too little to read the file.
        StorageError, NotFetched: it is stored on S3, and cannot be had from there.
    """
    partial = target.with_name(f"{target.name}.{os.uname().nodename}.{os.getpid()}{PARTIAL}")
    with removed_on_failure(partial):
        with gzip.open(partial, "wb", compresslevel=LEVEL) as stream:
            for value in _values(rows):
                pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
        partial.replace(target)


def _values(rows: RowsOfFile) -> Iterator[Rows | NoteRows | WarcRow | _Broken]:
    taken = iter(rows)
    while True:
        try:
            value: Rows | NoteRows | WarcRow = next(taken)
        except StopIteration:
            break
        except (MemoryError, NotFetched, StorageError):
            raise
        except Exception as error:
            yield _Broken(described(error))
            return
        yield value
    yield rows.file


class Spooled:
    """The rows of a file as its spool has them."""

    def __init__(self, path: Path) -> None:
        """Args: path: of the spool."""
        self.path = path
        self._file: WarcRow | None = None

    def __iter__(self) -> Iterator[Rows | NoteRows]:
        """One record after the other.

        Raises:
            UnreadFile: the reading ended early.
            NoRows: the spool is gone or damaged.
        """
        for value in self._values():
            match value:
                case WarcRow():
                    self._file = value
                case _Broken():
                    raise UnreadFile(value.reason)
                case _:
                    yield value

    def _values(self) -> Iterator[Rows | NoteRows | WarcRow | _Broken]:
        try:
            with gzip.open(self.path, "rb") as stream:
                value = None
                while not isinstance(value, WarcRow | _Broken):
                    value = pickle.load(stream)
                    yield value
        except UNREADABLE as error:
            raise NoRows(
                f"What was read of a WARC file is not in {self.path} any more ({error}); run this "
                "again."
            ) from error

    @property
    def file(self) -> WarcRow:
        """The row of the file. Raises LookupError before all others were taken."""
        if self._file is None:
            raise LookupError(f"not all of {self.path} was taken")
        return self._file


class Spools:
    """Gives the rows of WARC files from a folder of spools, of which each is named after its
    file."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: that has them."""
        self.folder = folder

    def __enter__(self) -> Spools:
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass

    def rows_of(self, file: WarcFile) -> RowsOfFile:
        """The rows of a file."""
        return Spooled(spool_of(file, self.folder))


def spool_of(file: WarcFile, folder: Path) -> Path:
    """Where the spool of a WARC file is.

    Example:
        >>> spool_of(Path("warc/a.warc.gz"), Path(".dask"))
        PosixPath('.dask/a.warc.gz.rows')
    """
    return folder / f"{file.name}.rows"
