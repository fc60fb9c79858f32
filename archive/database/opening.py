"""Opens `archive.db` for reading, with Python's own sqlite3 and nothing else.

Searching and showing go through here: sqlite-utils, which the rest of the package uses, imports
pandas where that is installed and loads everybody's plugins, half a second before the first row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.disk import is_full
from archive.errors import ArchiveError

# PRAGMA user_version: of the tables in `archive.database.schema`, which are not imported here
# because a search needs none of them. Another number means that the file wants `zhengwen rebuild`.
VERSION = 9
TABLES = frozenset(  # those of `archive.database.schema`
    {
        "about",
        "account_names",
        "account_status",
        "accounts",
        "aliases",
        "article_pages",
        "articles",
        "attachment_text",
        "captures",
        "coverage",
        "failures",
        "link_changes",
        "link_states",
        "links",
        "listing_pages",
        "media",
        "media_text",
        "page_readings",
        "producers",
        "runs",
        "versions",
        "warcs",
        "withdrawals",
    }
)
TEXT_TABLES = ("media_text", "attachment_text")  # each with an index of its column `text`
INDEXES = ("articles_fts", *(f"{table}_fts" for table in TEXT_TABLES))
DECLARATIONS = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
# The second: the message quotes a damaged declaration, and Python cannot decode it.
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)

LOCKED, UNLOCKED, IMMUTABLE = "mode=ro", "mode=ro&vfs=unix-none", "immutable=1"
# Errors that are not of the file: of its folder, its disk, or SQLite's files next to it.
OF_SURROUNDINGS = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
)


def is_begun(path: Path) -> bool:
    """Whether there is a database with tables, and not what a full disk or a kill left of a first
    one. Raises ArchiveError for a folder, a named pipe and the like, which are never opened."""
    require_file(path)
    if not path.exists() or not path.stat().st_size:
        return False
    try:
        with closing(connect(path)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except UNREADABLE:
        return True  # it is something, and whoever opens it will say what is wrong


def connect(path: Path, *, check_same_thread: bool = True) -> sqlite3.Connection:
    """A connection that cannot write, as `reading_uri` says. Nothing is read yet.

    Args:
        path: the database.
        check_same_thread: as in `sqlite3.connect`.
    """
    uri = reading_uri(path)
    connection = sqlite3.connect(uri, uri=True, check_same_thread=check_same_thread)
    _prepare(connection, uri)
    return connection


def attach(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Make a database readable under a name in a connection to another. Raises
    sqlite3.DatabaseError."""
    uri = reading_uri(path)
    _prepare(connection, uri)
    try:
        connection.execute(f"ATTACH ? AS {name}", [uri])
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError(f"a declaration of {path.name} is no text") from error


def reading_uri(path: Path) -> str:
    """The address under which SQLite can open a database for reading only.

    SQLite keeps files of its own next to a database with a write-ahead log, `-shm` and `-wal`.
    Where it cannot, in a folder that may only be read or on a full disk, it calls the database
    unreadable. Then nobody can be writing it in the usual way, and the log, if there is one, is
    read without locks (`vfs=unix-none`, in exclusive mode, which keeps the index of the log in
    memory); a database without a log is taken for one that nobody changes (`immutable`).

    Raises:
        ArchiveError: something else is in the place of the file.

    Sources: https://www.sqlite.org/wal.html, "Read-Only Databases" and "Use of WAL Without
    Shared-Memory"; https://www.sqlite.org/uri.html.
    """
    require_file(path)
    uris = [f"{path.absolute().as_uri()}?{mode}" for mode in (LOCKED, _without_locks(path))]
    return next(filter(_is_openable, uris), uris[0])


def how_it_is_read(path: Path) -> str | None:
    """How a database is read where SQLite's own files cannot be kept next to it, as part of a
    sentence; None where it is read in the usual way."""
    if not path.is_file():
        return None
    mode = reading_uri(path).partition("?")[2]
    return {UNLOCKED: "without locks", IMMUTABLE: "as a file that nobody changes"}.get(mode)


def require_file(path: Path) -> None:
    """Raise ArchiveError where a folder or a pipe is in the place of the database: SQLite would
    wait for the pipe's other end for ever."""
    if path.exists() and not path.is_file():
        raise ArchiveError(f"{path} is no file, and so no database; move it away.")


def _without_locks(path: Path) -> str:
    log = path.with_name(path.name + "-wal")
    return UNLOCKED if log.exists() and log.stat().st_size else IMMUTABLE


def _is_openable(uri: str) -> bool:
    """Whether SQLite can read by this address; a damaged file counts as one that it can."""
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            _prepare(connection, uri)
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF not in OF_SURROUNDINGS
    except UNREADABLE:
        return True
    return True


def _prepare(connection: sqlite3.Connection, uri: str) -> None:
    if uri.endswith(UNLOCKED):
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """A connection to the database at `path` that cannot write.

    Raises:
        ArchiveError: the file is no database, or one of another version of the program.
    """
    return check_version(check_file(connect(path), path), path)


def check_file(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection, which waits up to 10 s for another writer from now on. Raises ArchiveError,
    and closes it, where the file is no database."""
    try:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except UNREADABLE as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in OF_SURROUNDINGS:
            raise ArchiveError(_not_read(path, error)) from error
        raise ArchiveError(
            f"{path} is not a readable database ({error}); run `zhengwen rebuild` to make it again."
        ) from error
    return connection


def _not_read(path: Path, error: Exception) -> str:
    if isinstance(error, sqlite3.Error) and is_full(error, path.parent):
        return (
            f"{path} cannot be read, as the disk is full ({error}); make room, then run it again."
        )
    return f"{path} cannot be read ({error}); see to its rights and to the disk."


def check_version(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection. Raises ArchiveError, and closes it, where the tables are those of another
    version of the program, or of another program."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        connection.close()
        raise ArchiveError(
            f"{path} has schema {version} and this program needs {VERSION}; run `zhengwen rebuild`."
        )
    if missing := missing_tables(connection):
        connection.close()
        raise ArchiveError(
            f"{path} has no table {missing[0]} of this program; move it away if it is another "
            "program's, and run `zhengwen rebuild`."
        )
    return connection


def missing_tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of an archive that a database lacks, by name. A view or a virtual table in the
    place of one, which may be a program without end, is none."""
    kinds = {name: str(sql)[:20].upper() for name, sql in connection.execute(DECLARATIONS)}
    is_virtual = {name: kind.startswith("CREATE VIRTUAL") for name, kind in kinds.items()}
    missing = {name for name in TABLES if is_virtual.get(name, True)}
    return sorted(missing | {name for name in INDEXES if not is_virtual.get(name)})


def read_rows(
    connection: sqlite3.Connection,
    statement: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
) -> Iterator[dict[str, Any]]:
    """The rows of a statement, one after the other, as dictionaries by the names of their columns.

    Raises:
        ArchiveError: a value is bytes, where every column holds text or numbers.

    Example:
        >>> [row["id"] for row in read_rows(connection, "SELECT id FROM articles")]
    """
    cursor = connection.execute(statement, parameters)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        if bytes in map(type, values):
            name = next(name for name, value in row.items() if isinstance(value, bytes))
            raise ArchiveError(
                f"archive.db holds bytes for text in the column {name}; run `zhengwen verify`, "
                "then `zhengwen rebuild`."
            )
        yield row
