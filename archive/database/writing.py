"""Writes rows into `archive.db`. Only `index` and a hand-over do.

Rows of captures are inserted as they are; rows of versions, articles and media are functions of
them and are made again for every article that new captures touch. That is what makes the order of
the WARC files irrelevant. Every value is settled on its way (`archive.database.values`); a row that
its table cannot hold raises Unstorable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache

from archive.database.schema import TABLES
from archive.database.values import row_values
from archive.model.columns import Column

# A row of `about`.
OLD_STATUSES = (
    "account status",
    "Files were added since account_status was made; run zhengwen index.",
)
Values = Mapping[str, object]
"""A row by column."""

# A later entry of a listing is right; the time in which it was listed grows at both ends.
LATER_LINK = """UPDATE SET {entry},
    first_listed_at = min(first_listed_at, excluded.first_listed_at),
    last_listed_at = max(last_listed_at, excluded.last_listed_at)""".format(
    entry=", ".join(
        f"{name} = iif(excluded.last_listed_at > last_listed_at, excluded.{name}, {name})"
        for name in ("url", "kind", "title", "published_at")
    )
)

# An observation that lacks a value leaves the value of an earlier one.
LATER_ACCOUNT = """UPDATE SET
    name = iif(excluded.seen_at >= seen_at,
        coalesce(excluded.name, name), coalesce(name, excluded.name)),
    description = iif(excluded.seen_at >= seen_at,
        coalesce(excluded.description, description), coalesce(description, excluded.description)),
    url = coalesce(max(url, excluded.url), url, excluded.url),
    seen_at = max(seen_at, excluded.seen_at)"""

# The time in which a name was seen grows at both ends, each with its proof.
LATER_NAME = """UPDATE SET
    first_capture = iif((excluded.first_seen_at, excluded.first_capture)
        < (first_seen_at, first_capture), excluded.first_capture, first_capture),
    first_seen_at = min(first_seen_at, excluded.first_seen_at),
    last_capture = iif((excluded.last_seen_at, excluded.last_capture)
        > (last_seen_at, last_capture), excluded.last_capture, last_capture),
    last_seen_at = max(last_seen_at, excluded.last_seen_at)"""


@contextmanager
def savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    """Undoes what is written inside it where that ends with an error; the transaction of the caller
    goes on."""
    connection.execute("SAVEPOINT record")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK TO record")
            connection.execute("RELEASE record")
        raise
    connection.execute("RELEASE record")


def is_of_database(error: Exception) -> bool:
    """Whether an error says that the database cannot be written at all, as on a full disk, and not
    that it does not take a row."""
    of_row = sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, of_row)


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Values]) -> None:
    """Insert rows that are new by their key. A row that is there already stays, because captures
    never change.

    Args:
        connection: to the database, in a transaction of the caller.
        table: its name.
        rows: by column; a column that is left out is NULL.

    Example:
        >>> insert(connection, "warcs", [{"name": "a.warc.gz", "size": 1024, "records": 7}])
    """
    for row in rows:
        statement = insertion(table, tuple(row), verb="INSERT OR IGNORE")
        connection.execute(statement, _values(table, row))


def check(table: str, row: Values) -> None:
    """Raise Unstorable for a row that a table cannot hold."""
    _values(table, row)


def merge_versions(connection: sqlite3.Connection, rows: Iterable[Values]) -> None:
    """Insert versions of one page. What is not in the digest (pictures, account, rules) is that of
    the earliest capture, and not that of a version joined of several pages, which is made again."""
    for row in rows:
        statement = _merged_version(tuple(row))
        connection.execute(statement, _values("versions", row))


@lru_cache(maxsize=8)
def _merged_version(names: tuple[str, ...]) -> str:
    earlier = _excluded(name for name in names if name != "last_captured_at")
    conflict = f"""UPDATE SET {earlier} WHERE (excluded.first_captured_at, excluded.capture)
        < (first_captured_at, capture) OR versions.pages > 1"""
    return insertion("versions", names, conflict)


def merge_aliases(connection: sqlite3.Connection, rows: Iterable[Values]) -> None:
    """Insert other ids of articles, each as it was first seen."""
    for row in rows:
        conflict = f"""UPDATE SET {_excluded(("url", "seen_at", "capture"))}
            WHERE (excluded.seen_at, excluded.capture) < (seen_at, capture)"""
        statement = insertion("aliases", tuple(row), conflict)
        connection.execute(statement, _values("aliases", row))


def merge_links(connection: sqlite3.Connection, rows: Iterable[Values]) -> None:
    """Insert entries of listings: first and last time widen, the rest is that of the last time."""
    for row in rows:
        connection.execute(insertion("links", tuple(row), LATER_LINK), _values("links", row))


def merge_accounts(connection: sqlite3.Connection, rows: Iterable[Values]) -> None:
    """Insert accounts as they were last seen; a row that lacks a value leaves that of an earlier
    one."""
    for row in rows:
        connection.execute(
            insertion("accounts", tuple(row), LATER_ACCOUNT), _values("accounts", row)
        )


def merge_account_names(connection: sqlite3.Connection, rows: Iterable[Values]) -> None:
    """Insert names of accounts: first and last time widen."""
    for row in rows:
        statement = insertion("account_names", tuple(row), LATER_NAME)
        connection.execute(statement, _values("account_names", row))


def merge_runs(connection: sqlite3.Connection, rows: Iterable[Values]) -> None:
    """Insert runs. Each is recorded twice, at its start and its end, which may be in two files."""
    for row in rows:
        settings = _excluded(name for name in row if name != "id")
        conflict = f"UPDATE SET {settings}" if settings else "NOTHING"
        connection.execute(insertion("runs", tuple(row), conflict), _values("runs", row))


def insert_article(connection: sqlite3.Connection, row: Values) -> int:
    """Insert an article that is new; returns its key."""
    cursor = connection.execute(insertion("articles", tuple(row)), _values("articles", row))
    return cursor.lastrowid or 0


def update_article(connection: sqlite3.Connection, pk: int, row: Values) -> None:
    """Write the columns of an article that is there, by its key."""
    settings = ", ".join(f"{_quoted(name)} = ?" for name in row)
    connection.execute(
        f"UPDATE articles SET {settings} WHERE pk = ?", (*_values("articles", row), pk)
    )


def replace_rows(
    connection: sqlite3.Connection, table: str, article_id: str, rows: Iterable[Values]
) -> None:
    """Write the rows that a table has for an article, in place of those that it had."""
    connection.execute(f"DELETE FROM {_quoted(table)} WHERE article_id = ?", (article_id,))
    for row in rows:
        connection.execute(insertion(table, tuple(row)), _values(table, row))


def note_old_statuses(connection: sqlite3.Connection) -> None:
    """Note that files were added since `account_status` was made: what it has stays to be read
    until it is made again, when all files are."""
    connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", OLD_STATUSES)


def are_statuses_old(connection: sqlite3.Connection) -> bool:
    """Whether files were added since `account_status` was made."""
    rows = connection.execute("SELECT 1 FROM about WHERE topic = ?", OLD_STATUSES[:1])
    return rows.fetchone() is not None


def forget_statuses(connection: sqlite3.Connection) -> None:
    """Delete what the accounts were, and the note that it is old."""
    connection.execute("DELETE FROM account_status")
    connection.execute("DELETE FROM about WHERE topic = ?", OLD_STATUSES[:1])


def forget_unread(connection: sqlite3.Connection) -> None:
    """Delete the rows of WARC files of which nothing could be read, so that they are tried
    again."""
    connection.execute("DELETE FROM warcs WHERE damage IS NOT NULL AND records = 0")


@lru_cache(maxsize=256)
def insertion(
    table: str, names: tuple[str, ...], conflict: str = "", *, verb: str = "INSERT"
) -> str:
    """The statement that inserts a row, with a question mark for each value.

    Args:
        table: its name.
        names: the columns that get a value.
        conflict: what to do where the key is there already: `NOTHING`, or an `UPDATE SET …` in
            which `excluded` is the new row.
        verb: `INSERT`, or `INSERT OR IGNORE`, which leaves out whatever the table does not take.

    Example:
        >>> insertion("warcs", ("name", "size"))
        'INSERT INTO "warcs" ("name", "size") VALUES (?, ?)'
    """
    columns = ", ".join(_quoted(name) for name in names)
    marks = ", ".join("?" for _ in names)
    statement = f"{verb} INTO {_quoted(table)} ({columns}) VALUES ({marks})"
    return f"{statement} ON CONFLICT DO {conflict}" if conflict else statement


def _excluded(names: Iterable[str]) -> str:
    return ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names)


def _quoted(name: str) -> str:
    """A name as an identifier of SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _values(table: str, row: Values) -> tuple[object, ...]:
    return row_values(_columns(table), row)


@cache
def _columns(table: str) -> Mapping[str, Column]:
    return {column.name: column for each in TABLES if each.name == table for column in each.columns}
