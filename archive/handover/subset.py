"""`archive.db` of a package: the chosen rows in the archive's own schema, with a full-text index
of their own.

Rows go in by their keys in one transaction, articles in the order of their first capture, and the
file is packed by `VACUUM INTO`: the same rows give the same bytes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlite_utils

from archive.database import fulltext, store, writing
from archive.database.about import ABOUT
from archive.handover.selection import Selection
from archive.handover.withheld import Withheld

APART = ("about", "warcs")  # written by themselves
WITHHELD = "withheld"  # in the table about: how many values were emptied, by column, as JSON
AT_ONCE = 500  # articles between two words about progress
Progress = Callable[[int], None]


def tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of the schema, without those of the full-text index."""
    statement = """SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%'
        AND name NOT LIKE 'sqlite_%' ORDER BY rowid"""
    return [row[0] for row in connection.execute(statement)]


def build(
    selection: Selection,
    work: Path,
    target: Path,
    *,
    warcs: list[dict[str, Any]] | None,
    about: Mapping[str, str],
    withheld: Withheld | None,
    progress: Progress,
) -> None:
    """Write the database. `warcs`: rows for the package's own WARC files; None where the package
    has none."""
    work.unlink(missing_ok=True)
    connection = sqlite3.connect(work)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    db = sqlite_utils.Database(connection)
    try:
        with db.atomic():
            store.create(db, {**ABOUT, **about})
            for table in tables(connection):
                if table not in APART:
                    writing.insert(connection, table, _rows(selection, table, withheld))
            if withheld:
                writing.insert(
                    connection,
                    "about",
                    [{"topic": WITHHELD, "text": json.dumps(withheld.counted, sort_keys=True)}],
                )
            writing.insert(
                connection, "warcs", warcs if warcs is not None else _rows(selection, "warcs", None)
            )
        with db.atomic():
            _index(db, progress)
        target.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        db.close()
    work.unlink()


def _index(db: sqlite_utils.Database, progress: Progress) -> None:
    keys = [row[0] for row in db.execute("SELECT pk FROM articles ORDER BY pk")]
    for start in range(0, len(keys), AT_ONCE):
        fulltext.add(db, keys[start : start + AT_ONCE])
        progress(len(keys[start : start + AT_ONCE]))
    fulltext.optimize(db)


def _rows(selection: Selection, table: str, withheld: Withheld | None) -> Iterator[dict[str, Any]]:
    """The chosen rows of a table, by key, as the package holds them."""
    for row in selection.connection.execute(_statement(selection, table), selection.values):
        yield withheld.row(table, dict(row)) if withheld else dict(row)


def _statement(selection: Selection, table: str) -> str:
    names = selection.names(table)
    if table == "articles":
        columns = ", ".join("c.pk AS pk" if name == "pk" else f"t.{name}" for name in names)
        return f"SELECT {columns} FROM chosen_articles c CROSS JOIN articles t ON t.id = c.id ORDER BY c.pk"
    return f"SELECT {_columns(selection, table, names)} WHERE {selection.rows_of(table)} ORDER BY {_key(selection, table)}"


def _columns(selection: Selection, table: str, names: list[str]) -> str:
    """Rows that point into a WARC file point into the package's."""
    if not {"id", "warc", "offset"} <= {*names}:
        return f'{", ".join(names)} FROM "{table}"'
    place = 'coalesce((SELECT p."{0}" FROM places p WHERE p.id = t.id), t."{0}") AS "{0}"'
    columns = ", ".join(
        (place if name in ("warc", "offset", "length") else 't."{0}"').format(name)
        for name in names
    )
    return f'{columns} FROM "{table}" t'


def _key(selection: Selection, table: str) -> str:
    rows = selection.connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = sorted((row["pk"], row["name"]) for row in rows if row["pk"])
    return ", ".join(f'"{name}"' for _, name in keys) or "rowid"
