"""The tables of a package's database as JSON Lines, CSV and Parquet, in one pass a table and in
bounded memory.

JSON Lines and Parquet hold every value as it stands in the database. CSV is for spreadsheets:
UTF-8 with BOM, files of under a million rows, no cell above what a spreadsheet takes, and none
that it would take for a formula.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from archive.database.data_dictionary import PWID, columns_of_table
from archive.errors import UsageError
from archive.handover import layout
from archive.handover.pwid import pwid
from archive.handover.subset import tables as all_tables
from archive.model.columns import Column

# of a CSV file, beside its head: https://support.microsoft.com "Excel specifications and limits":
# 1,048,576
MOST_ROWS = 999_999
LONGEST_CELL = 32_000  # characters; the same page: 32,767
CUT = "…[cut here; whole in the .jsonl and .parquet files]"
FORMULA = re.compile(
    r"[=+\-@\t\r]"
)  # what a spreadsheet may take for a formula at the begin of a cell (OWASP, CSV Injection)
ROWS, CHARACTERS = 5_000, 8_000_000  # of a batch, whichever comes first
Values = tuple[Any, ...]
Opener = Callable[[str], Path]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the package: its columns, one more than the database for captures (`pwid`), and
    how many rows it has."""

    name: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def csv_paths(self) -> list[str]:
        """Its CSV files: one, or several that each begin with the head."""
        parts = max(1, -(-self.rows // MOST_ROWS))
        return (
            [self.path("csv")]
            if parts == 1
            else [f"{layout.DATA}/{self.name}-{part:03}.csv" for part in range(1, parts + 1)]
        )

    def path(self, suffix: str) -> str:
        """Its file in a format."""
        return f"{layout.DATA}/{self.name}.{suffix}"

    @property
    def paths(self) -> list[str]:
        """All its files."""
        return [self.path("jsonl"), *self.csv_paths, self.path("parquet")]


def tables(connection: sqlite3.Connection) -> list[Table]:
    """The tables that are handed over, in the order of the schema."""
    return [_table(connection, name) for name in all_tables(connection) if name != "about"]


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = [column for column in columns_of_table(name) if column.name != "pk"]
    if name == "captures":
        columns.append(PWID)
    count = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
    return Table(name, tuple(columns), count)


def write(
    connection: sqlite3.Connection, table: Table, archive_id: str, opened: Opener
) -> list[str]:
    """Write all files of a table; `opened` gives the place of a path of the package. Returns the
    paths."""
    with ExitStack() as stack:
        writers: list[_Writer] = [
            _Lines(stack, table, opened(table.path("jsonl"))),
            _Spreadsheet(stack, table, [opened(path) for path in table.csv_paths]),
            _Parquet(stack, table, opened(table.path("parquet"))),
        ]
        for batch in _batches(_rows(connection, table, archive_id)):
            for writer in writers:
                writer.write(batch)
    return table.paths


def _rows(connection: sqlite3.Connection, table: Table, archive_id: str) -> Iterator[Values]:
    names = [column.name for column in table.columns if column.name != "pwid"]
    listed = ", ".join(f'"{name}"' for name in names)
    keys = sorted(
        (row[5], row[1])
        for row in connection.execute(f'PRAGMA table_info("{table.name}")')
        if row[5]
    )
    order = ", ".join(f'"{name}"' for _, name in keys) or "rowid"
    rows = connection.execute(f'SELECT {listed} FROM "{table.name}" ORDER BY {order}')
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


class _Writer(Protocol):
    def write(self, batch: list[Values]) -> None: ...


class _Lines:
    """One JSON object a line (https://jsonlines.org), Chinese as it is."""

    def __init__(self, stack: ExitStack, table: Table, path: Path) -> None:
        self.names = [column.name for column in table.columns]
        self.file: TextIO = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))

    def write(self, batch: list[Values]) -> None:
        for row in batch:
            self.file.write(
                json.dumps(dict(zip(self.names, row, strict=True)), ensure_ascii=False) + "\n"
            )


class _Spreadsheet:
    """CSV as RFC 4180 has it, with a BOM, which is how Excel knows UTF-8."""

    def __init__(self, stack: ExitStack, table: Table, paths: Sequence[Path]) -> None:
        self.stack, self.names, self.paths = (
            stack,
            [column.name for column in table.columns],
            list(paths),
        )
        self.left = 0
        self._next()

    def _next(self) -> None:
        self.file = self.stack.enter_context(
            self.paths.pop(0).open("w", encoding="utf-8-sig", newline="")
        )
        self.csv = csv.writer(self.file)
        self.csv.writerow(self.names)
        self.left = MOST_ROWS

    def write(self, batch: list[Values]) -> None:
        for row in batch:
            if not self.left:
                self._next()
            self.csv.writerow([cell(value) for value in row])
            self.left -= 1


def cell(value: Any) -> Any:
    """A value as a spreadsheet may hold it."""
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_CELL:
        value = value[:LONGEST_CELL] + CUT
    return "'" + value if FORMULA.match(value) else value


class _Parquet:
    """Apache Parquet, zstd; the meaning of each column stands in the file."""

    def __init__(self, stack: ExitStack, table: Table, path: Path) -> None:
        pa, pq = _pyarrow()
        types = {"INTEGER": pa.int64(), "REAL": pa.float64()}
        self.pa = pa
        self.schema = pa.schema(
            pa.field(
                one.name,
                types.get(one.type, pa.string()),
                one.nullable,
                metadata={"description": one.description},
            )
            for one in table.columns
        )
        self.writer = stack.enter_context(pq.ParquetWriter(path, self.schema, compression="zstd"))

    def write(self, batch: list[Values]) -> None:
        columns = zip(*batch, strict=True)
        arrays = [
            self.pa.array(values, field.type)
            for values, field in zip(columns, self.schema, strict=True)
        ]
        self.writer.write_batch(self.pa.RecordBatch.from_arrays(arrays, schema=self.schema))


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            "A hand-over needs pyarrow for its Parquet files; run pip install 'zhengwen[handover]'."
        ) from error
    return pyarrow, parquet
