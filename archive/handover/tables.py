"""The tables of a package's database as files, in one pass a table and in bounded memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archive.database.data_dictionary import PWID, columns_of_table
from archive.handover import layout
from archive.handover.formats import JsonLines, Parquet, Spreadsheet, Values, Writer
from archive.handover.pwid import pwid
from archive.handover.subset import key_of
from archive.handover.subset import tables as all_tables
from archive.model.columns import Column

# Of a CSV file, without its head. A sheet of Excel has 1,048,576 rows (https://support.microsoft.com,
# "Excel specifications and limits").
MOST_ROWS = 999_999
ROWS, CHARACTERS = 5_000, 8_000_000  # of a batch, whichever comes first
Target = Callable[[str], Path]
"""Where a path of the package is to be written."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the package.

    Attributes:
        columns: those of the database without `pk`; captures have one more, `pwid`.
        rows: how many it has.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def csv_paths(self) -> list[str]:
        """The paths of its CSV files: one, or several that each begin with the head."""
        parts = max(1, -(-self.rows // MOST_ROWS))
        if parts == 1:
            return [self.path("csv")]
        return [f"{layout.DATA}/{self.name}-{part:03}.csv" for part in range(1, parts + 1)]

    def path(self, suffix: str) -> str:
        """The path of its file in a format."""
        return f"{layout.DATA}/{self.name}.{suffix}"

    @property
    def paths(self) -> list[str]:
        """The paths of all its files."""
        return [self.path("jsonl"), *self.csv_paths, self.path("parquet")]


def tables(connection: sqlite3.Connection) -> list[Table]:
    """The tables that are handed over, in the order of the schema: all but `about`."""
    return [_table(connection, name) for name in all_tables(connection) if name != "about"]


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = [column for column in columns_of_table(name) if column.name != "pk"]
    if name == "captures":
        columns.append(PWID)
    count = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
    return Table(name, tuple(columns), count)


def write(
    connection: sqlite3.Connection, table: Table, archive_id: str, target: Target
) -> list[str]:
    """Write all files of a table.

    Args:
        connection: to the package's database.
        archive_id: what PWIDs name the archive by.
        target: where a path is to be written.

    Returns:
        The paths.
    """
    with ExitStack() as stack:
        csv_files = [target(path) for path in table.csv_paths]
        writers: list[Writer] = [
            JsonLines(stack, table.columns, target(table.path("jsonl"))),
            Spreadsheet(stack, table.columns, csv_files, MOST_ROWS),
            Parquet(stack, table.columns, target(table.path("parquet"))),
        ]
        for batch in _batches(_rows(connection, table, archive_id)):
            for writer in writers:
                writer.write(batch)
    return table.paths


def _rows(connection: sqlite3.Connection, table: Table, archive_id: str) -> Iterator[Values]:
    names = [column.name for column in table.columns if column.name != "pwid"]
    columns = ", ".join(f'"{name}"' for name in names)
    order = key_of(connection, table.name)
    rows = connection.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY {order}')
    if table.name != "captures":
        return rows
    places = [names.index(name) for name in ("role", "captured_at", "url")]
    return ((*row, pwid(archive_id, *(row[place] for place in places))) for row in rows)


def _batches(rows: Iterator[Values]) -> Iterator[list[Values]]:
    batch: list[Values] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(batch) >= ROWS or size >= CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
