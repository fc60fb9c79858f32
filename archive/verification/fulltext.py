"""Checks of the full-text index as a structure: what FTS5 itself checks, its set of articles, and
its counts. What it holds for each article is compared in `archive.verification.terms`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from archive.counting import counted
from archive.database.schema import FULL_TEXT_OPTIONS

PARTS = ("data", "idx", "docsize", "config")  # the tables in which FTS5 keeps an index
INDEX = "articles_fts"
TOTALS = 1  # the row of `data` that counts articles and their terms


class Fault(NamedTuple):
    """What is wrong with the index: the table or the row that it is about, and a part of a
    sentence."""

    record: str | None
    wrong: str


def structure_faults(db: sqlite3.Connection) -> Iterator[Fault]:
    """What is wrong with the index, whatever the articles say.

    FTS5's `integrity-check` compares the lists of terms with the trees that lead to them, which a
    search takes and a reading from first to last does not. It wants the right to write, so it runs
    over a temporary copy.

    Args:
        db: an open `archive.db`; nothing is written but that copy, in SQLite's folder for temporary
            files.

    Raises:
        sqlite3.DatabaseError: where the database itself is damaged, or the copy finds no room.
    """
    yield from _other_articles(db)
    db.execute(f"CREATE VIRTUAL TABLE temp.copied USING fts5 {FULL_TEXT_OPTIONS}")
    for part in PARTS:
        db.execute(f"DELETE FROM temp.copied_{part}")
        db.execute(f"INSERT INTO temp.copied_{part} SELECT * FROM main.articles_fts_{part}")
    db.commit()
    try:
        db.execute("INSERT INTO temp.copied (copied) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        yield Fault(INDEX, f"FTS5's own check of it fails ({error})")
    finally:
        db.rollback()
        for part in PARTS:  # not the table itself: where it is damaged it cannot be dropped
            db.execute(f"DELETE FROM temp.copied_{part}")
        db.commit()
    yield from _wrong_totals(db)


def is_damage(error: Exception) -> bool:
    """Whether an error of reading says that a database is damaged, and not that the disk is full or
    the file locked.

    Example:
        >>> is_damage(sqlite3.OperationalError("database or disk is full"))
        True
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return code not in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_CANTOPEN,
    )


def varints(data: object) -> list[int]:
    """The numbers that SQLite has written one after the other in its variable-length form: seven
    bits a byte, the highest bit of all but the last byte set
    (https://www.sqlite.org/fileformat2.html#varint). None for a damaged value, which is no bytes.

    Example:
        >>> varints(b"\\x05\\x81\\x00")
        [5, 128]
    """
    numbers, number = [], 0
    for byte in data if isinstance(data, bytes) else b"":
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers


def _other_articles(db: sqlite3.Connection) -> Iterator[Fault]:
    articles, index = "SELECT pk FROM articles", "SELECT id FROM articles_fts_docsize"
    if count := _count(db, f"{index} EXCEPT {articles}"):
        yield Fault(
            INDEX,
            f"it holds {counted(count, 'article that is', 'articles that are')} not in articles",
        )
    if count := _count(db, f"{articles} EXCEPT {index}"):
        yield Fault(
            INDEX, f"it lacks {counted(count, 'article that is', 'articles that are')} in articles"
        )


def _count(db: sqlite3.Connection, statement: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM ({statement})").fetchone()[0])


def _wrong_totals(db: sqlite3.Connection) -> Iterator[Fault]:
    """The number of articles and of terms, by which `rank` weighs a hit."""
    counted = [0, 0, 0]
    for (size,) in db.execute("SELECT sz FROM articles_fts_docsize"):
        title, text, *_ = [*varints(size), 0, 0]
        counted = [counted[0] + 1, counted[1] + title, counted[2] + text]
    row = db.execute("SELECT block FROM articles_fts_data WHERE id = ?", [TOTALS]).fetchone()
    written = varints(row[0]) if row else []
    if any(counted) and written != counted:
        yield Fault(INDEX, f"it counts {written} articles and terms, not {counted}")
