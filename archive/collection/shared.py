"""`shared/archive.db` of a collection: the articles that no single shard knows completely, with
their full-text index, and which rows of the shards it replaces.

It is derived: the database of all WARC files together is compared with those of the shards, row by
row. An article whose rows are the same in the one shard that has it stays there; any other is taken
from the database of all, and is hidden in the shards. So each article has one place, with its
complete history.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import sqlite_utils

from archive.collection import vocabulary
from archive.collection.description import Shard
from archive.collection.manifest import TABLE, manifest_of
from archive.database import fulltext, store
from archive.database.about import ABOUT
from archive.database.opening import TEXT_TABLES, attach
from archive.database.schema import TABLES
from archive.disk import removed_on_failure, sync_directory

FOLDER = "shared"
NEW = ".new"  # ends the name of a database that is being made
TOPIC = {
    "collection": "The articles of a collection that no single shard has completely; "
    "collection_shards lists its archives, elsewhere the articles that are hidden in each of them."
}
ELSEWHERE = """CREATE TABLE elsewhere (shard TEXT NOT NULL, article_id TEXT NOT NULL,
    PRIMARY KEY (shard, article_id)) WITHOUT ROWID"""
WORK = """CREATE TEMP TABLE places (id TEXT, shard TEXT, PRIMARY KEY (id, shard)) WITHOUT ROWID;
    CREATE TEMP TABLE candidates (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE same (id TEXT PRIMARY KEY, shard TEXT) WITHOUT ROWID;
    CREATE TEMP TABLE chosen (id TEXT PRIMARY KEY) WITHOUT ROWID;"""
ALONE = """INSERT INTO candidates SELECT id FROM places GROUP BY id
    HAVING count(*) = 1 AND min(shard) = ?"""
OTHERWISE = """DELETE FROM candidates WHERE id IN (SELECT o.{article} FROM candidates c
    CROSS JOIN {one}.{table} o ON o.{article} = c.id LEFT JOIN {other}.{table} p ON {key}
    WHERE p.{column} IS NULL OR {differs})"""
DOCUMENTS = """DELETE FROM candidates WHERE id IN (SELECT m.article_id FROM candidates c
    CROSS JOIN complete.media m ON m.article_id = c.id
    JOIN {one}.attachment_text o ON o.capture = m.capture
    LEFT JOIN {other}.attachment_text p ON p.capture = o.capture AND p.number IS o.number
        AND p.part IS o.part
    WHERE p.pk IS NULL OR {differs})"""
HISTORY = ("versions", "withdrawals", "media", "article_pages", "aliases", "link_changes")
"""The tables that say what an article is and was, besides its own row."""
OF_ARTICLE = (*HISTORY, "links", "failures", "page_readings")
COMPLETE = (
    "producers",
    "warcs",
    "runs",
    "coverage",
    "accounts",
    "account_names",
    "account_status",
)
"""Those of which the collection has every row: who is called how is asked of all shards."""
CAPTURES = """WITH RECURSIVE needed (id) AS (
    SELECT id FROM complete.captures WHERE article_id IN (SELECT id FROM chosen)
    UNION SELECT capture FROM main.media WHERE capture IS NOT NULL
    UNION SELECT capture FROM main.article_pages WHERE capture IS NOT NULL
    UNION SELECT c.refers_to FROM needed n JOIN complete.captures c ON c.id = n.id
        WHERE c.refers_to IS NOT NULL)
    SELECT {columns} FROM complete.captures WHERE id IN (SELECT id FROM needed)"""
CHOSEN_ROWS = {
    "articles": "id IN (SELECT id FROM chosen)",
    "attachment_text": "capture IN (SELECT capture FROM main.media WHERE kind = 'attachment')",
    "media_text": "payload_digest IN (SELECT payload_digest FROM main.media)",
}

_COLUMNS: Mapping[str, Sequence[str]] = {
    table.name: [column.name for column in table.columns] for table in TABLES
}
_KEYS: Mapping[str, Sequence[str]] = {table.name: table.key for table in TABLES} | {
    "articles": ("id",)
}


def path_of(folder: Path) -> Path:
    """Where the database is, by the folder of the collection."""
    return folder / FOLDER / "archive.db"


def make(
    folder: Path,
    complete: Path,
    shards: Iterable[Shard],
    done: Callable[[int], None] = lambda articles: None,
) -> None:
    """Make the database of a collection; the one of before stays until it is complete.

    Args:
        folder: of the collection.
        complete: a database of the WARC files of all shards together.
        shards: all shards, each indexed.
        done: called with how many articles were indexed.
    """
    target = path_of(folder)
    target.parent.mkdir(exist_ok=True)
    fresh = target.with_name(target.name + NEW)
    fresh.unlink(missing_ok=True)
    with removed_on_failure(fresh):
        connection = sqlite3.connect(fresh.absolute().as_uri(), uri=True)
        connection.execute("PRAGMA journal_mode = OFF")
        db = sqlite_utils.Database(connection)
        try:
            _fill(db, complete, [*shards], done)
        finally:
            db.close()
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(fresh, target)
    sync_directory(target.parent)


def _fill(
    db: sqlite_utils.Database,
    complete: Path,
    shards: Sequence[Shard],
    done: Callable[[int], None],
) -> None:
    connection = db.conn
    with db.atomic():
        store.create(db, {**ABOUT, **TOPIC})
        connection.execute(ELSEWHERE)
        connection.execute(TABLE)
        connection.execute(vocabulary.TABLE)
    attach(connection, complete, "complete")
    connection.executescript(WORK)
    for shard in shards:
        _with_shard(connection, shard, _note_places)
    for shard in shards:
        _with_shard(connection, shard, _note_same)
    with db.atomic():
        connection.execute(
            "INSERT INTO chosen SELECT id FROM complete.articles EXCEPT SELECT id FROM same"
        )
        connection.execute(
            """INSERT INTO elsewhere SELECT shard, id FROM places
            EXCEPT SELECT shard, id FROM same"""
        )
        _copy(connection)
        _index(db, done)
        vocabulary.note(connection, "main", 0)
    numbers = vocabulary.numbers(shard.name for shard in shards)
    for shard in shards:
        _with_shard(connection, shard, _note_manifest)
        _with_shard(connection, shard, lambda db, name: vocabulary.note(db, "shard", numbers[name]))
    connection.execute("DETACH complete")


def _with_shard(
    connection: sqlite3.Connection, shard: Shard, work: Callable[[sqlite3.Connection, str], None]
) -> None:
    attach(connection, shard.path / "archive.db", "shard")
    with connection:
        work(connection, shard.name)
    connection.execute("DETACH shard")


def _note_places(connection: sqlite3.Connection, shard: str) -> None:
    connection.execute("INSERT INTO places SELECT id, ? FROM shard.articles", [shard])


def _note_same(connection: sqlite3.Connection, shard: str) -> None:
    """Note the articles that only this shard has, and as all files together have them."""
    connection.execute("DELETE FROM candidates")
    connection.execute(ALONE, [shard])
    connection.execute("DELETE FROM candidates WHERE id NOT IN (SELECT id FROM complete.articles)")
    for table in ("articles", *HISTORY):
        _forget_other(connection, table)
    differs = _differs("attachment_text", without={"pk"})
    for first, other in (("complete", "shard"), ("shard", "complete")):
        connection.execute(DOCUMENTS.format(one=first, other=other, differs=differs))
    connection.execute("INSERT INTO same SELECT id, ? FROM candidates", [shard])


def _forget_other(connection: sqlite3.Connection, table: str) -> None:
    """Forget the candidates of which a table has other rows in the shard."""
    key = _KEYS[table]
    for first, other in (("complete", "shard"), ("shard", "complete")):
        statement = OTHERWISE.format(
            article="id" if table == "articles" else "article_id",
            one=first,
            other=other,
            table=table,
            key=" AND ".join(f"p.{name} = o.{name}" for name in key),
            column=key[0],
            differs=_differs(table, without={"pk", *key}),
        )
        connection.execute(statement)


def _differs(table: str, without: Iterable[str]) -> str:
    names = [name for name in _COLUMNS[table] if name not in {*without}]
    return " OR ".join(f'o."{name}" IS NOT p."{name}"' for name in names)


def _copy(connection: sqlite3.Connection) -> None:
    """Take the rows of the chosen articles, and who is called how."""
    chosen = dict.fromkeys(OF_ARTICLE, "article_id IN (SELECT id FROM chosen)") | CHOSEN_ROWS
    for table in (*COMPLETE, *chosen):
        names = _names(table)
        condition = f"WHERE {chosen[table]}" if table in chosen else ""
        connection.execute(
            f"INSERT INTO main.{table} ({names}) SELECT {names} FROM complete.{table} {condition}"
        )
    names = _names("captures")
    connection.execute(f"INSERT INTO main.captures ({names}) {CAPTURES.format(columns=names)}")


def _names(table: str) -> str:
    return ", ".join(f'"{name}"' for name in _COLUMNS[table])


def _index(db: sqlite_utils.Database, done: Callable[[int], None]) -> None:
    keys = [row[0] for row in db.execute("SELECT pk FROM main.articles ORDER BY pk")]
    fulltext.add(db, keys)
    done(len(keys))
    for table in TEXT_TABLES:
        for pk, text in db.execute(f"SELECT pk, text FROM main.{table} ORDER BY pk").fetchall():
            fulltext.add_text(db.conn, table, pk, text)
    fulltext.optimize(db)


def _note_manifest(connection: sqlite3.Connection, shard: str) -> None:
    values = manifest_of(connection, "shard", shard)
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    connection.execute(
        f"INSERT INTO collection_shards ({names}) VALUES ({marks})", [*values.values()]
    )
