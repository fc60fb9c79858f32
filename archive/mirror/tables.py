"""The tables of a mirror: made where they are missing, and named so that they share a server with
tables of others."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from archive.errors import UsageError
from archive.mirror.server import Server

ARTICLES, TERMS, NAMES, STATE = (
    f"Zhengwen{name}" for name in ("Articles", "Terms", "Names", "State")
)
VERSION = 1  # of these tables; a mirror with others is made anew
SEARCHED = ("title", "text", "account", "attachments")
"""What words are looked for in; each has a column of its units, with an index."""
PRINTED = ("published", "account", "account_id", "platform", "status", "kind", "url", "digest")
COMPRESSED = "COLUMN_SCALAR|COMPRESS_ZSTD"


@dataclass(frozen=True, slots=True)
class State:
    """What a mirror is of.

    Attributes:
        archive: the digest of the first line of the archive's hash chain, which is its own.
        version: of the tables.
    """

    archive: str
    version: int = VERSION


def state_of(server: Server) -> State | None:
    """What the mirror on a server is of; None where there is none. Raises ArchiveError."""
    if not server.ask("object_exist", name=STATE):
        return None
    rows = selected(server, table=STATE, output_columns="value")
    return State(**json.loads(rows[0]["value"])) if rows else State("", 0)


def prepare(server: Server, archive: str, *, anew: bool) -> None:
    """Make the tables, or take those that are there.

    Args:
        server: where.
        archive: as in `State`.
        anew: take away what is there first.

    Raises:
        UsageError: they hold another archive.
        ArchiveError: the server cannot be asked.
    """
    state = state_of(server)
    if state and state.archive and state.archive != archive and not anew:
        raise UsageError(
            f"The search server at {server.where} mirrors another archive; give the address of "
            "another server, or --anew to put this archive in its place."
        )
    if state and not anew and state.version == VERSION:
        return
    for name in (STATE, ARTICLES, TERMS, NAMES):
        if server.ask("object_exist", name=name):
            server.ask("object_remove", name=name, force="yes")
    _make(server)
    server.load(STATE, [{"_key": "state", "value": json.dumps(asdict(State(archive)))}])


def _make(server: Server) -> None:
    _table(server, STATE)
    _column(server, STATE, "value", "COLUMN_SCALAR", "ShortText")
    _table(server, NAMES)
    _table(server, ARTICLES)
    for name in PRINTED:
        _column(server, ARTICLES, name, "COLUMN_SCALAR", "ShortText")
    for name in ("title", "text", "pages", *(f"{name}_units" for name in SEARCHED)):
        _column(server, ARTICLES, name, COMPRESSED, "LongText")
    _column(server, ARTICLES, "names", "COLUMN_VECTOR", NAMES)
    _column(server, NAMES, "articles", "COLUMN_INDEX", ARTICLES, source="names")
    # No normalizer: units are in comparable form, and differ by every byte.
    _table(server, TERMS, default_tokenizer="TokenDelimit")
    for name in SEARCHED:
        units = f"{name}_units"
        _column(server, TERMS, units, "COLUMN_INDEX|WITH_POSITION", ARTICLES, source=units)


def _table(server: Server, name: str, **more: str) -> None:
    server.ask("table_create", name=name, flags="TABLE_PAT_KEY", key_type="ShortText", **more)


def _column(server: Server, table: str, name: str, flags: str, type_: str, **more: str) -> None:
    server.ask("column_create", table=table, name=name, flags=flags, type=type_, **more)


def selected(server: Server, **parameters: str | int) -> list[dict[str, Any]]:
    """The rows that a select gives, by column."""
    return rows_of(server.ask("select", **parameters)[0])


def rows_of(table: list[Any]) -> list[dict[str, Any]]:
    """The rows of a table as Groonga writes it: how many there are in all, columns, rows.

    Example:
        >>> rows_of([[2], [["_key", "ShortText"]], ["thepaper-1"]])
        [{'_key': 'thepaper-1'}]
    """
    _total, columns, *rows = table
    names = [name for name, _type in columns]
    return [dict(zip(names, row, strict=True)) for row in rows]
