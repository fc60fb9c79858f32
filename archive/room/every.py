"""Questions that are asked of all databases of an archive: of one, or of a collection's several, of
which each article is in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.archive import Archive
from archive.database.opening import read_rows

Row = dict[str, Any]


def of_all(
    archive: Archive, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> Iterator[Row]:
    """The rows of all databases, one database after the other."""
    for connection in archive.connections:
        yield from read_rows(connection, statement, parameters)


def first_of_all(
    archive: Archive,
    statement: str,
    parameters: Sequence[Any] | Mapping[str, Any] = (),
    *,
    most: int,
    by: Sequence[str],
) -> list[Row]:
    """The first rows of all databases together.

    Args:
        archive: which is asked.
        statement: gives the first `most` rows of one database, sorted.
        parameters: of it.
        most: how many rows are wanted.
        by: the columns by which it sorts, the highest first, nothing last.
    """
    rows = [*of_all(archive, statement, parameters)]
    if len(archive.connections) > 1:
        for name in reversed(by):
            rows.sort(key=lambda row: (row[name] is not None, row[name]), reverse=True)
    return rows[:most]
