"""The rows of one WARC file, wherever its records are read: what the writer of a database takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from archive.database.rows import WarcRow
from archive.errors import ArchiveError
from archive.index import any_page
from archive.index.exchanges import Exchanges, Note
from archive.index.notes import NoteRows
from archive.index.recorded import Recorded
from archive.index.rows import Rows
from archive.index.workers import Workers
from archive.warc.stored import WarcFile, on_disk, size_of


class NoRows(ArchiveError):
    """The rows of a file cannot be had, which is no fault of the file: nothing is made of it."""


class RowsOfFile(Protocol):
    """The rows of the records of a file in their order, to be taken once."""

    def __iter__(self) -> Iterator[Rows | NoteRows]:
        """One record after the other; raises whatever ends the reading of the file."""

    @property
    def file(self) -> WarcRow:
        """The row of the file itself, once all others were taken."""


class Files(Protocol):
    """What gives the rows of WARC files; a context manager."""

    def __enter__(self) -> Files:
        """Begin to read."""

    def __exit__(self, *exc_info: object) -> None:
        """End what reads."""

    def rows_of(self, file: WarcFile) -> RowsOfFile:
        """The rows of a file."""


class FilesHere:
    """Reads files in this process, or in processes that it starts."""

    def __init__(self, workers: Workers, folder: Path | None = None) -> None:
        """Take who reads.

        Args:
            workers: this process or others.
            folder: where files that are stored elsewhere are for as long as each is read; None for
                that of temporary files.
        """
        self.workers, self.folder = workers, folder

    def __enter__(self) -> FilesHere:
        self.workers.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.workers.__exit__(*exc_info)

    def rows_of(self, file: WarcFile) -> RowsOfFile:
        """The rows of a file."""
        return _ReadHere(file, self.workers, self.folder)


class _ReadHere:
    """The rows of a file that is read here."""

    def __init__(self, stored: WarcFile, workers: Workers, folder: Path | None) -> None:
        self.stored, self.workers, self.folder = stored, workers, folder
        self.exchanges = Exchanges(stored)

    def __iter__(self) -> Iterator[Rows | NoteRows]:
        with on_disk(self.stored, self.folder) as path:
            self.exchanges = Exchanges(path)
            records: Iterable[Recorded | Note] = self.exchanges
            if any_page.is_wanted(path):
                records = any_page.with_any_page(self.exchanges, self.workers.platforms)
            yield from self.workers.read(records)

    @property
    def file(self) -> WarcRow:
        return WarcRow(
            name=self.stored.name,
            size=size_of(self.stored),
            records=self.exchanges.count,
            damage=self.exchanges.damage_in_words,
            unused=_as_json(self.exchanges.unused),
        )


def _as_json(unused: Mapping[str, int]) -> str | None:
    return json.dumps(unused, ensure_ascii=False, sort_keys=True) if unused else None
