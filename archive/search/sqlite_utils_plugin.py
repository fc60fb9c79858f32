"""The plugin that lets the stock `sqlite-utils search` take queries of any length on our table,
and leaves others alone.

sqlite-utils loads it by its entry point. Nothing of our package is imported before a search needs
it: sqlite-utils itself may still be half imported here.
"""

from __future__ import annotations

import sqlite3
from functools import wraps
from pathlib import Path
from typing import Any

import click
from sqlite_utils.hookspecs import hookimpl


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Wrap `search`: the query is rewritten where the table is ours."""
    command = cli.commands["search"]
    search = command.callback
    if search is None:
        return

    @wraps(search)
    def rewriting(**given: Any) -> Any:
        if _is_ours(Path(given["path"]), given["dbtable"]):
            given |= _rewritten(given["q"], given["quote"])
        return search(**given)

    command.callback = rewriting


def _rewritten(query: str, quoted: bool) -> dict[str, Any]:
    from archive.errors import UsageError
    from archive.search.parser import fts_query, phrase

    try:
        return {"q": fts_query(phrase(query) if quoted else query), "quote": False}
    except UsageError as error:
        raise click.ClickException(str(error)) from error


def _is_ours(path: Path, table: str) -> bool:
    """Whether the full-text index of this table was made by us; what is wrong with the file the
    program itself says."""
    if table != "articles" or not path.is_file():
        return False
    from archive.database.opening import connect
    from archive.database.schema import is_our_index

    connection = connect(path)
    try:
        return is_our_index(connection)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
