"""`archive.db` of a package: the chosen rows in the archive's own schema, with a full-text index
of their own.

Rows go in by their keys in one transaction, articles in the order of their first capture, and the
file is packed by `VACUUM INTO`: the same rows give the same bytes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sqlite_utils

from archive.database import fulltext, store, writing
from archive.database.about import ABOUT
from archive.database.opening import TEXT_TABLES
from archive.disk import Progress
from archive.handover.selection import Selection
from archive.handover.withheld import Withheld

Row = dict[str, object]
APART = ("about", "warcs")  # written by themselves
WITHHELD = "withheld"  # in the table about: how many values were emptied, by column, as JSON
# In which the rows of tables with a key of their own are numbered.
ORDERS = {"media_text": "payload_digest", "attachment_text": "capture, number, part"}
AT_ONCE = 500  # articles between two calls of the progress callback


def tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of the schema, without those of the full-text indexes."""
    statement = """SELECT name FROM sqlite_master WHERE type = 'table'
        AND name NOT LIKE '%_fts%' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"""
    return [row[0] for row in connection.execute(statement)]


def key_of(connection: sqlite3.Connection, table: str) -> str:
    """The columns of a table's key, as ORDER BY takes them; `rowid` where it has no key."""
    rows = connection.execute(f"SELECT pk, name FROM pragma_table_info('{table}') WHERE pk")
    return ", ".join(f'"{name}"' for _, name in sorted(map(tuple, rows))) or "rowid"


def build(
    selection: Selection,
    work: Path,
    target: Path,
    *,
    warcs: Sequence[Row] | None,
    about: Mapping[str, str],
    withheld: Withheld | None,
    progress: Progress,
) -> None:
    """Write the database.

    Args:
        selection: the chosen rows.
        work: a file for the work, which is removed.
        target: the database.
        warcs: rows for the package's own WARC files; None where the package has none.
        about: more topics for the table `about`.
        withheld: decides what the tier may hold; None for everything.
        progress: gets the number of articles that were indexed.
    """
    work.unlink(missing_ok=True)
    connection = sqlite3.connect(work)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    db = sqlite_utils.Database(connection)
    try:
        with db.atomic():
            store.create(db, {**ABOUT, **about})
            _insert_rows(connection, selection, withheld)
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


def _insert_rows(
    connection: sqlite3.Connection, selection: Selection, withheld: Withheld | None
) -> None:
    for table in tables(connection):
        if table not in APART:
            writing.insert(connection, table, _rows(selection, table, withheld))
    if withheld:
        counts = json.dumps(withheld.counts, sort_keys=True)
        writing.insert(connection, "about", [{"topic": WITHHELD, "text": counts}])


def _index(db: sqlite_utils.Database, progress: Progress) -> None:
    keys = [row[0] for row in db.execute("SELECT pk FROM articles ORDER BY pk")]
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        fulltext.add(db, batch)
        progress(len(batch))
    for table in TEXT_TABLES:
        for pk, text in db.execute(f"SELECT pk, text FROM {table} ORDER BY pk"):
            fulltext.add_text(db.conn, table, pk, text)
    fulltext.optimize(db)


def _rows(selection: Selection, table: str, withheld: Withheld | None) -> Iterator[Row]:
    """The chosen rows of a table, by key, as the package holds them."""
    renamed = dict(selection.connection.execute("SELECT old, new FROM renamed").fetchall())
    for row in selection.connection.execute(_statement(selection, table), selection.values):
        shown = withheld.row(table, dict(row)) if withheld else dict(row)
        yield _with_ids(shown, renamed) if renamed else shown


def _with_ids(row: Row, renamed: Mapping[str, str]) -> Row:
    """A row with the ids that records have in the package."""
    if isinstance(proofs := row.get("proofs"), str):
        ids = [renamed.get(id_, id_) for id_ in json.loads(proofs)]
        row = row | {"proofs": json.dumps(ids)}
    return {
        name: renamed.get(value, value) if isinstance(value, str) else value
        for name, value in row.items()
    }


def _statement(selection: Selection, table: str) -> str:
    names = selection.names(table)
    if table == "articles":
        columns = ", ".join("c.pk AS pk" if name == "pk" else f"t.{name}" for name in names)
        return f"""SELECT {columns} FROM chosen_articles c
            CROSS JOIN articles t ON t.id = c.id ORDER BY c.pk"""
    if table in ORDERS:
        number = f"row_number() OVER (ORDER BY {ORDERS[table]}) AS pk"
        columns = ", ".join(number if name == "pk" else name for name in names)
        return f"SELECT {columns} FROM {table} WHERE {selection.rows_of(table)} ORDER BY 1"
    rows, key = selection.rows_of(table), key_of(selection.connection, table)
    return f"SELECT {_columns(table, names)} WHERE {rows} ORDER BY {key}"


def _columns(table: str, names: list[str]) -> str:
    """The columns of a table; rows that point into a WARC file point into the package's."""
    if not {"id", "warc", "offset"} <= {*names}:
        return f'{", ".join(names)} FROM "{table}"'
    place = 'coalesce((SELECT p."{0}" FROM places p WHERE p.id = t.id), t."{0}") AS "{0}"'
    columns = ", ".join(
        (place if name in ("warc", "offset", "length") else 't."{0}"').format(name)
        for name in names
    )
    return f'{columns} FROM "{table}" t'
