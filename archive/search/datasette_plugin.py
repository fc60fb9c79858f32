"""The plugin that lets Datasette's search box take queries of any length on our table.

Datasette asks `escape_fts(:search)` of SQL, for whatever table is searched. So the function is
ours only in a database whose one full-text index is ours.
"""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

from archive.database.schema import is_our_index
from archive.errors import UsageError
from archive.search.parser import fts_query

NOTHING = '"\ue006"'  # a term that no index of ours holds


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # pluggy is not seen through Datasette
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our rewriting in the place of Datasette's quoting."""
    if is_our_index(conn, alone=True):
        conn.create_function("escape_fts", 1, _rewritten)


def _rewritten(query: str) -> str:
    """The query for the index; what cannot be searched finds nothing, because an SQL function has
    no better way to say it."""
    try:
        return fts_query(query)
    except UsageError:
        return NOTHING
