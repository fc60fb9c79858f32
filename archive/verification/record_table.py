"""All records of an archive as one table, so that sets of records can be compared however many
there are."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from archive.database.opening import attach
from archive.warc.fields import id_by_place

TABLES = """
CREATE TABLE records (id TEXT, type TEXT, warc TEXT, offset INTEGER, length INTEGER, url TEXT,
    date TEXT, http INTEGER, status INTEGER, payload TEXT, concurrent TEXT, refers TEXT,
    refers_url TEXT, refers_date TEXT, ours INTEGER);
CREATE TABLE files (name TEXT PRIMARY KEY, size INTEGER, records INTEGER);
CREATE TABLE others (id TEXT PRIMARY KEY, url TEXT, date TEXT, payload TEXT);
"""
# Ids may repeat any number of times, so no two sets of records are joined by them alone.
# `pairs`: either record may name the other (WARC 1.1, WARC-Concurrent-To): ours and Heritrix name
# the answer, wget and Common Crawl the request.
INDEXES = """
CREATE INDEX records_id ON records (id, type);
CREATE INDEX records_place ON records (warc, offset);
CREATE TABLE pairs AS
    SELECT concurrent AS answer, id AS request FROM records
    WHERE type = 'request' AND concurrent IS NOT NULL
    UNION SELECT id, concurrent FROM records r WHERE type IN ('response', 'revisit')
    AND EXISTS (SELECT 1 FROM records q WHERE q.id = r.concurrent AND q.type = 'request');
CREATE INDEX pairs_answer ON pairs (answer);
CREATE INDEX pairs_request ON pairs (request);
"""


OTHERS = """INSERT OR IGNORE INTO others SELECT c.id, c.url, c.captured_at, c.payload_digest
    FROM records v JOIN other.captures c ON c.id = v.refers WHERE v.type = 'revisit'"""


class RecordRow(NamedTuple):
    """One record, in the order of the table's columns.

    Attributes:
        offset, length: those of its gzip member, in bytes.
        http: whether it is an answer.
        payload: WARC-Payload-Digest as declared, in one spelling.
        ours: whether our own writer made it.
        concurrent, refers: the ids of the records that it belongs to and refers to.
    """

    id: str
    type: str
    warc: str
    offset: int
    length: int
    url: str
    date: str
    http: bool
    status: int | None
    payload: str | None
    concurrent: str | None
    refers: str | None
    refers_url: str | None
    refers_date: str | None
    ours: bool = True


class Place(NamedTuple):
    """Where something is wrong: a WARC file, the offset of a record in it, a record or row."""

    warc: str | None
    offset: int | None
    record: str | None
    ours: int = 1


class RecordTable:
    """A temporary database of records, to which a database that is to be checked is attached.

    Use it as a context manager; it is deleted at the end. `absent` counts what records of other
    programs lack and need not have, by kind.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._db = sqlite3.connect(Path(self._folder.name) / "records.db", uri=True)
        self.absent: Counter[str] = Counter()
        self._db.create_function("id_by_place", 2, id_by_place, deterministic=True)
        self._db.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.executescript(TABLES)
        except sqlite3.Error:
            self._clean_up()
            raise

    def __enter__(self) -> RecordTable:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        self._db.close()
        self._folder.cleanup()

    def add(self, row: RecordRow) -> None:
        """Add a record."""
        self._db.execute(f"INSERT INTO records VALUES ({', '.join('?' * len(row))})", row)

    def add_file(self, name: str, size: int, records: int) -> None:
        """Add a file that was read to its end.

        Args:
            size: bytes.
            records: how many could be read.
        """
        self._db.execute("INSERT INTO files VALUES (?, ?, ?)", (name, size, records))

    def complete(self) -> None:
        """Make the indexes, when all records are in."""
        self._db.commit()
        self._db.executescript(INDEXES)

    def know_others(self, databases: Iterable[Path]) -> None:
        """Note the records of other archives that revisits of this one refer to, by their
        databases; after `complete`."""
        for path in databases:
            attach(self._db, path, "other")
            self._db.execute(OTHERS)
            self._db.commit()
            self._db.execute("DETACH other")

    def attach(self, path: Path) -> None:
        """Make the database at `path` readable as `live` next to the records."""
        self._db.commit()
        attach(self._db, path, "live")

    def attach_uri(self, uri: str) -> sqlite3.Connection:
        """Make the database at an address of SQLite readable as `live` next to the records, and
        return the connection, whose limits can be set."""
        self._db.commit()
        self._db.execute("ATTACH ? AS live", [uri])
        return self._db

    def places(self, statement: str) -> Iterator[Place]:
        """The places that a statement selects: WARC file, offset, record or row.

        Raises:
            sqlite3.DatabaseError: where the attached database is damaged or lacks a table.
        """
        return (Place(*row) for row in self._db.execute(statement))
