"""Reads rows of `archive.db` as the values that they were written as."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from archive.database.rows import Row
from archive.database.schema import TABLES
from archive.model.columns import columns_of

R = TypeVar("R", bound=Row)
Parameters = Sequence[object] | Mapping[str, object]


def select(
    connection: sqlite3.Connection, kind: type[R], condition: str, parameters: Parameters = ()
) -> Iterator[R]:
    """The rows of one table.

    Args:
        connection: to the database.
        kind: the class of the table's rows.
        condition: SQL from `WHERE` on.
        parameters: what it asks for.

    Example:
        >>> [row.title for row in select(connection, ArticleRow, "WHERE status = ?", ["live"])]
    """
    declaration: type = kind
    statement, names = _selection(declaration)
    for values in connection.execute(f"{statement} {condition}", parameters):
        yield kind(**dict(zip(names, values, strict=True)))


@cache
def _selection(kind: type) -> tuple[str, tuple[str, ...]]:
    table = next(table.name for table in TABLES if table.row is kind)
    names = tuple(column.name for column in columns_of(kind))
    listed = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {listed} FROM "{table}"', names
