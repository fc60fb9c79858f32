"""Opens `archive.db` for reading, with Python's own sqlite3 and nothing else.

Searching and showing go through here: sqlite-utils, which the rest of the package uses, imports
pandas where that is installed and loads everybody's plugins, half a second before the first row.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError

# PRAGMA user_version: of the tables in `archive.database.schema`, which are not imported here
# because a search needs none of them. Another number means that the file wants `zhengwen rebuild`.
VERSION = 4
# The second: the message quotes a damaged declaration, and Python cannot decode it.
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)


def is_begun(path: Path) -> bool:
    """Whether there is a database with tables, and not what a full disk or a kill left of a first
    one."""
    if not path.exists() or not path.stat().st_size:
        return False
    connection = sqlite3.connect(reading_uri(path), uri=True)
    try:
        return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except UNREADABLE:
        return True  # it is something, and whoever opens it will say what is wrong
    finally:
        connection.close()


def reading_uri(path: Path) -> str:
    """The address under which SQLite opens a database for reading only.

    In a folder that cannot be written, where SQLite could not keep its own files, the database is
    taken for one that nobody changes.
    """
    mode = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
    return f"{path.absolute().as_uri()}?{mode}"


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """A connection to the database at `path` that cannot write.

    Raises:
        ArchiveError: the file is no database, or one of another version of the program.
    """
    return check_version(check_file(sqlite3.connect(reading_uri(path), uri=True), path), path)


def check_file(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection, which waits up to 10 s for another writer from now on. Raises ArchiveError,
    and closes it, where the file is no database."""
    try:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except UNREADABLE as error:
        connection.close()
        raise ArchiveError(
            f"{path} is not a readable database ({error}); run `zhengwen rebuild` to make it again."
        ) from error
    return connection


def check_version(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection. Raises ArchiveError, and closes it, where the tables are those of another
    version of the program."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        connection.close()
        raise ArchiveError(
            f"{path} has schema {version} and this program needs {VERSION}; run `zhengwen rebuild`."
        )
    return connection


def read_rows(
    connection: sqlite3.Connection,
    statement: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
) -> Iterator[dict[str, Any]]:
    """The rows of a statement, one after the other, as dictionaries by the names of their columns.

    Example:
        >>> [row["id"] for row in read_rows(connection, "SELECT id FROM articles")]
    """
    cursor = connection.execute(statement, parameters)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield dict(zip(names, values, strict=True))
