"""All records of an archive as one table, so that sets of records can be compared however many
there are."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from archive.database.opening import reading_uri

TABLES = """
CREATE TABLE records (id TEXT, type TEXT, warc TEXT, offset INTEGER, length INTEGER, url TEXT, date TEXT, http INTEGER,
    status INTEGER, payload TEXT, concurrent TEXT, refers TEXT, refers_url TEXT, refers_date TEXT, profile TEXT, kind TEXT);
CREATE TABLE files (name TEXT PRIMARY KEY, size INTEGER, records INTEGER, whole INTEGER);
"""
# `pairs`: either record may name the other (WARC 1.1, 5.7): ours and Heritrix name the answer,
# wget and Common Crawl the request.
INDEXES = """
CREATE INDEX records_id ON records (id);
CREATE INDEX records_place ON records (warc, offset);
CREATE TABLE pairs AS SELECT concurrent AS answer, id AS request FROM records WHERE type = 'request' AND concurrent IS NOT NULL
    UNION SELECT r.id, q.id FROM records r JOIN records q ON q.id = r.concurrent
    WHERE r.type IN ('response', 'revisit') AND q.type = 'request';
CREATE INDEX pairs_answer ON pairs (answer);
CREATE INDEX pairs_request ON pairs (request);
"""
COLUMNS = 16


class Ledger:
    """A temporary database of records; `attach` puts the database that is to be checked beside
    it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.db = sqlite3.connect(Path(self._folder.name) / "records.db", uri=True)
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA journal_mode = OFF")
        self.db.executescript(TABLES)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.db.close()
        self._folder.cleanup()

    def add(self, row: tuple[object, ...]) -> None:
        """One record."""
        self.db.execute(f"INSERT INTO records VALUES ({', '.join('?' * COLUMNS)})", row)

    def add_file(self, name: str, size: int, records: int, whole: bool) -> None:
        """One file, read to its end."""
        self.db.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (name, size, records, int(whole)))

    def complete(self) -> None:
        """All records are in."""
        self.db.commit()
        self.db.executescript(INDEXES)

    def attach(self, path: Path) -> None:
        """Put the database at `path` beside the records, as `live`, for reading."""
        self.db.commit()
        self.db.execute("ATTACH ? AS live", [reading_uri(path)])

    def rows(self, statement: str, *values: object) -> Iterator[tuple[object, ...]]:
        """What a statement gives."""
        yield from self.db.execute(statement, values)
