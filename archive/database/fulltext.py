"""The full-text index of articles: what it has for an article, and how it follows the articles.

It is a contentless FTS5 table with `detail=none`: it knows in which articles a term is, and no
more. What FTS5 would need positions for are terms of their own, each with a private-use character
that no text can bring in (U+E000 and on are no letters): terms of the title, terms that are
frequent in the text, terms of the account's name, and the values that a reader filters by. The
stock programs never meet them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from archive.database.opening import TEXT_TABLES
from archive.database.terms import terms

if TYPE_CHECKING:  # a search needs the terms, not what sqlite-utils imports
    import sqlite_utils

    from archive.database.rows import ArticleRow

TITLE = "\ue000"  # before a term: it is in the title
ACCOUNT = "\ue001"  # before a term: it is in the name of the account
FACET = "\ue002"  # before a digest: a value of a column that readers filter by
FREQUENT = ("", "\ue003", "\ue004", "\ue005")  # after a term: how dense it is in the text
LEVELS = (1, 2, 3)
SHORTEST = 1000  # characters; a shorter text counts as one of this length

# Measured on 100,000 articles (benchmarks/search.py): the defaults of FTS5 (1 MB, 4) build a third
# slower.
SETTINGS = {"hashsize": 2 * 2**20, "automerge": 8, "crisismerge": 16}
# Where all articles come at once and `optimize` follows: a fifth faster, for 20 MB of memory more.
AT_ONCE = {"hashsize": 16 * 2**20, "automerge": 0, "crisismerge": 256}
# Characters of terms that are made before SQLite takes them in, those of some 30 articles: each of
# the two finds its own in the processor's cache then.
TOGETHER = 500_000

INDEXES = ("articles_fts", *(f"{table}_fts" for table in TEXT_TABLES))
LEFT_OUT = ("no full text", "This database is for comparing rows; its full-text index is empty.")
"""A topic of `about`, in a database that nobody searches."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The columns of an article that decide what the index has for it."""

    title: str
    text: str
    account: str | None
    account_id: str | None
    platform: str
    status: str
    published_at: str | None


INDEXED = tuple(field.name for field in fields(Indexed))
OF_ARTICLE = f"SELECT {', '.join(INDEXED)} FROM articles WHERE pk = ?"


def indexed(connection: sqlite3.Connection, pk: int) -> Indexed:
    """What the index must have for a stored article, by its key. Raises LookupError where there is
    none."""
    row = connection.execute(OF_ARTICLE, (pk,)).fetchone()
    if row is None:
        raise LookupError(f"there is no article with the key {pk}")
    return Indexed(*row)


def indexed_of(article: ArticleRow) -> Indexed:
    """What the index must have for an article."""
    return Indexed(*(getattr(article, name) for name in INDEXED))


def density(count: int, length: int) -> int:
    """How dense a term is in a text, from 0 to 3: from 2, 4, 8 times in a thousand characters.

    Args:
        count: how often the term occurs.
        length: of the text, in characters.

    Example:
        >>> density(4, 1000)
        2
    """
    return sum(count >= _least_count(level, length) for level in LEVELS)


def _least_count(level: int, length: int) -> int:
    """How often a term occurs at least in a text of this length that has it at a level."""
    return -(-(1 << level) * max(length, SHORTEST) // 1000)


def facet(name: str, value: str) -> str:
    """The term for a value of a column.

    Args:
        name: `platform`, `status`, `month`, `year`, or `account` for its name as for its id.
        value: as in the column; of a month `2020-02`.
    """
    return FACET + hashlib.sha256(f"{name}\0{value}".encode()).hexdigest()[:16]


def document(article: Indexed) -> tuple[str, str]:
    """What the two columns of the index take for an article: terms separated by spaces."""
    from archive.database.grams import joined  # a search needs no numpy

    title = dict.fromkeys(terms(article.title))
    special = [TITLE + term for term in title]
    special += [ACCOUNT + term for term in dict.fromkeys(terms(article.account or ""))]
    special += [facet("platform", article.platform), facet("status", article.status)]
    day = article.published_at or ""
    special += [facet("month", day[:7]), facet("year", day[:4])]
    account = {value for value in (article.account, article.account_id) if value}
    special += [facet("account", value) for value in account]
    return " ".join([*title, *sorted(special)]), joined(article.text, _marks(article.text))


def _marks(text: str) -> dict[str, int]:
    """How often a term occurs at least in a text, by what is behind it then."""
    return {FREQUENT[level]: _least_count(level, len(text)) for level in LEVELS}


def configure(db: sqlite_utils.Database, settings: Mapping[str, int] = SETTINGS) -> None:
    """Set how the index grows; SQLite keeps it in the file."""
    for name, value in settings.items():
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES (?, ?)", [name, value])


def leave_out(db: sqlite_utils.Database) -> None:
    """Take nothing into the index of an empty database, which is a third of the work of making
    one."""
    db.execute("INSERT INTO about VALUES (?, ?)", LEFT_OUT)


def clear(db: sqlite_utils.Database) -> None:
    """Empty each index, whatever is in the tables."""
    for index in INDEXES:
        db.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")


def is_left_out(connection: sqlite3.Connection) -> bool:
    """Whether a database takes nothing into its index."""
    rows = connection.execute("SELECT 1 FROM about WHERE topic = ?", LEFT_OUT[:1])
    return rows.fetchone() is not None


def forget(db: sqlite_utils.Database, pk: int, article: Indexed) -> None:
    """Take an article out of the index.

    Args:
        db: the open database.
        pk: the article's key.
        article: as it was when it was taken in; a contentless index does not know.
    """
    if is_left_out(db.conn):
        return
    db.conn.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        (pk, *document(article)),
    )


def add(db: sqlite_utils.Database, pks: Iterable[int]) -> None:
    """Take articles into the index, by rising key: FTS5 writes its buffer out whenever a key is
    smaller than the last.

    Args:
        db: the open database, in which they are stored.
        pks: their keys.
    """
    if is_left_out(db.conn):
        return
    statement = "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)"
    rows: list[tuple[int, str, str]] = []
    size = 0
    for pk in sorted(pks):
        title, text = document(indexed(db.conn, pk))
        rows.append((pk, title, text))
        size += len(text)
        if size > TOGETHER:
            db.conn.executemany(statement, rows)
            rows, size = [], 0
    db.conn.executemany(statement, rows)


def optimize(db: sqlite_utils.Database) -> None:
    """Merge each index into one piece: a third smaller, and each term is looked up once."""
    for index in INDEXES:
        db.conn.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def text_document(text: str) -> str:
    """What the index of a table of `TEXT_TABLES` takes for a text: its terms separated by
    spaces."""
    from archive.database.grams import joined  # a search needs no numpy

    return joined(text, {})


def add_text(connection: sqlite3.Connection, table: str, pk: int, text: str) -> None:
    """Take the text of a row, if it has one, into the index of its table.

    Args:
        connection: to the database, in a transaction of the caller.
        table: one of `TEXT_TABLES`.
        pk: the row's key.
        text: its text.
    """
    if text and not is_left_out(connection):
        statement = f"INSERT INTO {table}_fts (rowid, text) VALUES (?, ?)"
        connection.execute(statement, (pk, text_document(text)))


def forget_text(connection: sqlite3.Connection, table: str, pk: int, text: str) -> None:
    """Take the text of a row out of the index of its table, as it was taken in. Takes what
    `add_text` does."""
    if text and not is_left_out(connection):
        statement = f"INSERT INTO {table}_fts ({table}_fts, rowid, text) VALUES ('delete', ?, ?)"
        connection.execute(statement, (pk, text_document(text)))
