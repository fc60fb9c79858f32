"""`archive.db`: opening it, and writing what captures say. The rest of the package reads it; only
`index` writes.

Rows of captures are inserted as they are; rows of versions, articles and media are functions of
them and are made again for every article that new captures touch. That is what makes the order of
the WARC files irrelevant.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlite_utils

from archive.database import fulltext
from archive.database.about import ABOUT
from archive.database.opening import VERSION, check_file, check_version, connect_for_reading
from archive.database.producer import Producer
from archive.database.schema import FULL_TEXT, TABLES
from archive.errors import ArchiveError

Row = Mapping[str, Any]


def open_for_index(path: Path) -> sqlite_utils.Database:
    """The database at `path` for writing, made if it is not there or if a kill left it without
    tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite_utils.Database(check_file(sqlite3.connect(path), path))
    if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
        db.enable_wal()
        with db.atomic():
            create(db, ABOUT)
    check_version(db.conn, path)
    return db


def open_for_reading(path: Path) -> sqlite_utils.Database:
    """The database at `path` for reading only."""
    return sqlite_utils.Database(connect_for_reading(path))


def create(db: sqlite_utils.Database, about: Mapping[str, str]) -> None:
    """Make the tables and the full-text index in an empty file, inside the caller's transaction."""
    for table in TABLES:
        for statement in table.statements():
            db.execute(statement)
    db.execute(FULL_TEXT)
    fulltext.configure(db)
    insert(db, "about", [{"topic": topic, "text": text} for topic, text in about.items()])
    db.execute(f"PRAGMA user_version = {VERSION}")


def other_producers(db: sqlite_utils.Database, producer: Producer) -> list[str]:
    """The ids of those that made rows and are not this one."""
    return [
        row[0]
        for row in db.execute("SELECT id FROM producers WHERE id <> ? ORDER BY id", [producer.id])
    ]


def sign(db: sqlite_utils.Database, producer: Producer) -> None:
    """Note the producer. Raises ArchiveError where the rows were made by another: one file never
    mixes two."""
    if other_producers(db, producer):
        raise ArchiveError(
            "The database was made by another version of the program or its libraries; run "
            "`zhengwen rebuild` so that"
            " all rows are made by one (the WARC files are untouched)."
        )
    insert(db, "producers", [{"id": producer.id, **asdict(producer)}])


def insert(db: sqlite_utils.Database, table: str, rows: Iterable[Row]) -> None:
    """Rows that are new by their key; a row that is there already stays, because captures never
    change."""
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        db.conn.execute(
            f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values())
        )


def merge_versions(db: sqlite_utils.Database, rows: Iterable[Row]) -> None:
    """Versions: what stands outside the digest (pictures, account, rules) is that of the earliest
    capture."""
    for row in rows:
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        earlier = ", ".join(
            f"{name} = excluded.{name}" for name in row if name != "last_captured_at"
        )
        db.conn.execute(
            f"""INSERT INTO versions ({names}) VALUES ({values}) ON CONFLICT DO UPDATE SET {earlier}
            WHERE (excluded.first_captured_at, excluded.capture) < (first_captured_at, capture)""",
            row,
        )


def merge_links(db: sqlite_utils.Database, rows: Iterable[Row]) -> None:
    """Listing entries: first and last sight widen, the words are those of the last sight."""
    newer = "excluded.last_listed_at > last_listed_at"
    words = ", ".join(
        f"{name} = iif({newer}, excluded.{name}, {name})"
        for name in ("url", "kind", "title", "published_at")
    )
    statement = f"""INSERT INTO links (platform, native_id, account_id, article_id, url, kind, title, published_at,
        first_listed_at, last_listed_at)
        VALUES (:platform, :native_id, :account_id, :article_id, :url, :kind, :title, :published_at,
        :first_listed_at, :last_listed_at)
        ON CONFLICT DO UPDATE SET {words}, first_listed_at = min(first_listed_at, excluded.first_listed_at),
        last_listed_at = max(last_listed_at, excluded.last_listed_at)"""
    for row in rows:
        db.conn.execute(statement, row)


def merge_accounts(db: sqlite_utils.Database, rows: Iterable[Row]) -> None:
    """Accounts as last seen; a sight that lacks a value leaves the value of an earlier one."""
    statement = """INSERT INTO accounts (platform, account_id, name, description, url, seen_at)
        VALUES (:platform, :account_id, :name, :description, :url, :seen_at)
        ON CONFLICT DO UPDATE SET
            name = iif(excluded.seen_at >= seen_at, coalesce(excluded.name, name), coalesce(name, excluded.name)),
            description = iif(excluded.seen_at >= seen_at, coalesce(excluded.description, description),
                coalesce(description, excluded.description)),
            url = coalesce(max(url, excluded.url), url, excluded.url),
            seen_at = max(seen_at, excluded.seen_at)"""
    for row in rows:
        db.conn.execute(statement, row)


def merge_runs(db: sqlite_utils.Database, rows: Iterable[Row]) -> None:
    """A run is told in two records, at its start and its end, which may lie in two files."""
    for row in rows:
        names = [name for name in row if name != "id"]
        settings = ", ".join(f"{name} = excluded.{name}" for name in names)
        conflict = f"UPDATE SET {settings}" if names else "NOTHING"
        columns, marks = ", ".join(["id", *names]), ", ".join("?" for _ in row)
        db.conn.execute(
            f"INSERT INTO runs ({columns}) VALUES ({marks}) ON CONFLICT DO {conflict}",
            (row["id"], *(row[name] for name in names)),
        )
