"""Where what is read in the pictures of a collection goes: into each open shard that has a capture
of the picture."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from archive.collection import description
from archive.collection.indexing import index
from archive.database.opening import connect_for_reading
from archive.errors import Busy
from archive.ocr.answers import Answer, AnswerFile, answers, file_beside

CAPTURED = "SELECT 1 FROM captures WHERE payload_digest = ? AND outcome = 'media' LIMIT 1"


class StoreOfCollection:
    """The answers of all shards. Each is on the disk, in its shards, before the next picture is
    begun; the databases take them in at the end, and where that is broken off by `index`."""

    def __init__(self, folder: Path) -> None:
        """Take a collection.

        Args:
            folder: of it, indexed.
        """
        self._folder = folder
        self._shards = description.read(folder).shards
        self._open: list[tuple[sqlite3.Connection, AnswerFile]] = []

    def __enter__(self) -> Self:
        """Open all shards. Raises Busy where another process reads the pictures of one."""
        with ExitStack() as stack:
            for shard in self._shards:
                if shard.takes_more():
                    connection = connect_for_reading(shard.path / "archive.db")
                    stack.enter_context(closing(connection))
                    file = stack.enter_context(AnswerFile(file_beside(shard.path / "warc")))
                    self._open.append((connection, file))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._open.clear()
        self._stack.close()

    def known(self) -> Mapping[str, Answer]:
        """The answers of all shards."""
        known: dict[str, Answer] = {}
        for shard in self._shards:
            known |= answers(file_beside(shard.path / "warc"))
        return known

    def takes(self, payload_digest: str) -> bool:
        """Whether an open shard has a capture of the picture."""
        return any(_has(connection, payload_digest) for connection, _ in self._open)

    def add(self, answer: Answer) -> None:
        """Add an answer to each open shard that has a capture of the picture."""
        for connection, file in self._open:
            if _has(connection, answer.payload_digest):
                file.add(answer)

    def make_searchable(self) -> bool:
        """Bring the collection up to date, unless another process writes into it. Returns whether
        it is."""
        try:
            index(self._folder)
        except Busy:
            return False
        return True


def _has(connection: sqlite3.Connection, payload_digest: str) -> bool:
    return connection.execute(CAPTURED, [payload_digest]).fetchone() is not None
