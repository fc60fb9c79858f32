"""Opens `archive.db` for whoever writes it, and signs it: one file is never made by two versions of
the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import sqlite_utils

from archive.database import fulltext
from archive.database.about import ABOUT
from archive.database.opening import VERSION, check_file, check_version, require_file
from archive.database.producer import Producer, described_otherwise
from archive.database.schema import FULL_TEXT, TABLES, TEXT_INDEXES
from archive.database.writing import insert
from archive.errors import ArchiveError

CACHE = 32 * 1024  # KiB of the database in memory; SQLite's 2 MiB are full after a few articles


class Writable(sqlite_utils.Database):
    """A database whose transactions are for writing from their begin on, so that they wait for
    whoever has its lock: one that begins with a question cannot wait any more when it writes, and
    a reader who is the first or the last one has the lock for a moment.

    Source: https://www.sqlite.org/lang_transaction.html, "Read transactions versus write
    transactions"; https://www.sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL
    Mode".
    """

    @contextmanager
    def atomic(self) -> Generator[sqlite_utils.Database, None, None]:
        """A transaction, or a part of the one that goes on."""
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        with self.conn:
            self.conn.execute("BEGIN IMMEDIATE")
            yield self


def open_for_index(path: Path) -> sqlite_utils.Database:
    """Open the database for writing; it is made if it is not there, or if a kill left it without
    tables.

    Args:
        path: of `archive.db`; its folder is made too.

    Raises:
        ArchiveError: the file is no database, or one of another version of the program.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    require_file(path)
    db = Writable(check_file(sqlite3.connect(path), path))
    db.execute(f"PRAGMA cache_size = -{CACHE}")
    if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
        db.enable_wal()
        with db.atomic():
            create(db, ABOUT)
    check_version(db.conn, path)
    if trigger := db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone():
        db.close()
        raise ArchiveError(
            f"{path} has a trigger, {trigger[0]}, which would change what is written; remove it, "
            "or run `zhengwen rebuild`."
        )
    return db


def create(db: sqlite_utils.Database, about: Mapping[str, str]) -> None:
    """Make the tables and the full-text index in an empty file, inside the caller's transaction.

    Args:
        db: the empty database.
        about: paragraphs on how to read it, by topic.
    """
    for table in TABLES:
        for statement in table.statements():
            db.execute(statement)
    db.execute(FULL_TEXT)
    for statement in TEXT_INDEXES:
        db.execute(statement)
    fulltext.configure(db)
    insert(db.conn, "about", [{"topic": topic, "text": text} for topic, text in about.items()])
    db.execute(f"PRAGMA user_version = {VERSION}")


def other_producers(db: sqlite_utils.Database, producer: Producer) -> list[str]:
    """The ids of those that made rows and are not this one."""
    statement = "SELECT id FROM producers WHERE id <> ? ORDER BY id"
    return [row[0] for row in db.execute(statement, [producer.id])]


def new_descriptions(db: sqlite_utils.Database, producer: Producer) -> list[str]:
    """Which descriptions of platforms are not those that the rows were made by, a part of a
    sentence for each; nothing where they are the same, or where code or libraries differ too."""
    return [
        difference
        for row in db["producers"].rows
        for difference in described_otherwise(row["id"], row.get("descriptions"), producer)
    ]


def sign(db: sqlite_utils.Database, producer: Producer) -> None:
    """Note the producer.

    Raises:
        ArchiveError: rows were made by another.
    """
    if differences := new_descriptions(db, producer):
        raise ArchiveError(
            "The database was made by other descriptions of platforms "
            f"({', '.join(differences)}); run `zhengwen rebuild` so that all rows are made by "
            "these (the WARC files are untouched)."
        )
    if other_producers(db, producer):
        raise ArchiveError(
            "The database was made by another version of the program or its libraries; run "
            "`zhengwen rebuild` so that all rows are made by one (the WARC files are untouched)."
        )
    insert(db.conn, "producers", [{"id": producer.id, **asdict(producer)}])
