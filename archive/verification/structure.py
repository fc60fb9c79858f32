"""Checks of a database as a file: its header, what SQLite itself checks, and the full-text index
against the articles."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from archive.database import opening
from archive.verification.finding import DATABASE, REBUILD, Finding
from archive.verification.fulltext import Fault, is_damage, structure_faults
from archive.verification.read_text import text_faults
from archive.verification.terms import term_faults

LONGEST = 200  # characters of a message of SQLite's, which may quote a declaration
HEADER = {  # https://www.sqlite.org/fileformat2.html#the_database_header; what each must be
    "its first words": (slice(0, 16), [b"SQLite format 3\0"]),
    "the versions of its format": (slice(18, 20), [b"\1\1", b"\2\2"]),
    "its payload fractions": (slice(21, 24), [bytes([64, 32, 32])]),
    "the format of its declarations": (slice(44, 48), [bytes([0, 0, 0, 4])]),
    "its text encoding": (slice(56, 60), [bytes([0, 0, 0, 1])]),
}
UNWRITTEN = {"the format of its declarations", "its text encoding"}
TABLES = """SELECT name FROM sqlite_master WHERE type = 'table'
    AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"""


def check_structure(
    path: Path,
    shown: str = DATABASE,
    todo: str = REBUILD,
    connect: Callable[[], sqlite3.Connection] | None = None,
) -> Iterator[Finding]:
    """Whether SQLite can read all of a database, and its full-text index agrees with the articles.

    Args:
        path: the database.
        shown: its name in findings.
        todo: what a finding advises.
        connect: opens it in another way than an archive's own is opened.

    Raises:
        sqlite3.DatabaseError: the folder for temporary files is full, or another program locks the
            database.
    """
    for record, wrong in _faults(path, connect or partial(opening.connect, path)):
        yield Finding(file=shown, record=record, wrong=wrong, todo=todo)


def _faults(path: Path, connect: Callable[[], sqlite3.Connection]) -> Iterator[Fault]:
    if not path.is_file():
        yield Fault(None, "it is no file")
        return
    yield from (header := list(_header_faults(path)))
    record = "header" if header else "sqlite_master"
    try:
        with closing(connect()) as db:
            db.text_factory = lambda data: data.decode("utf-8", "replace")
            if replaced := list(_replaced(db)):
                yield from replaced
                return
            tables = [row[0] for row in db.execute(TABLES)]
            record = "tables"
            if damage := list(_damage(db, tables)):
                yield from damage
                return
            record = "articles_fts"
            yield from structure_faults(db)
            yield from term_faults(db)
            record = "full-text indexes"
            yield from text_faults(db)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not is_damage(error):
            raise
        named = re.match(r"malformed database schema \((\w+)\)", str(error))
        place = f"sqlite_master {named[1]}" if named else record
        yield Fault(place, f"it cannot be read ({_short(error)})")


def _replaced(db: sqlite3.Connection) -> Iterator[Fault]:
    """What has the name of a table and is none, such as a view, which may have no end."""
    names = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    for name in sorted(names.intersection(opening.missing_tables(db))):
        yield Fault(f"sqlite_master {name}", "it is no table of this program")


def _header_faults(path: Path) -> Iterator[Fault]:
    with path.open("rb") as file:
        header = file.read(100)
    log = path.with_name(f"{path.name}-wal")
    # SQLite writes these with the first table, which may be in the write-ahead log alone so far.
    is_in_log = log.is_file() and log.stat().st_size > 0
    for name, (place, values) in HEADER.items():
        is_unwritten = is_in_log and name in UNWRITTEN and not any(header[place])
        if header[place] not in values and not is_unwritten:
            yield Fault("header", f"{name} are {header[place].hex()}, not {values[0].hex()}")


def _damage(db: sqlite3.Connection, tables: list[str]) -> Iterator[Fault]:
    """What SQLite's own check says, by the table where there is one."""
    damage = _integrity(db, "10")
    if not damage:
        return
    by_table = {table: _integrity(db, _quoted(table)) for table in tables}
    if not any(by_table.values()):
        by_table = {"": damage}
    for table, messages in by_table.items():
        yield from (Fault(table or None, message) for message in messages)


def _integrity(db: sqlite3.Connection, argument: str) -> list[str]:
    try:
        rows = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({argument})")]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        rows = [str(error)]
    return [_short(row) for row in rows if row != "ok"][:10]


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _short(error: object) -> str:
    """A message as one line."""
    return " ".join(str(error).split())[:LONGEST]
