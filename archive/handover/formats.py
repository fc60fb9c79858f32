"""The formats of a package's tables: JSON Lines, CSV and Parquet.

JSON Lines and Parquet hold every value as it is in the database. CSV is for spreadsheets: UTF-8
with BOM, files of under a million rows, no cell above what a spreadsheet takes, and none that it
would take for a formula.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, TextIO

from archive.errors import UsageError
from archive.escaping import for_spreadsheet
from archive.model.columns import Column

# Characters; a cell of Excel takes 32,767 (https://support.microsoft.com, "Excel specifications and
# limits").
LONGEST_CELL = 32_000
CUT = "…[cut here; complete in the .jsonl and .parquet files]"

Values = tuple[Any, ...]
"""A row, in the order of the table's columns."""


class Writer(Protocol):
    """Takes the rows of a table, batch by batch."""

    def write(self, batch: list[Values]) -> None:
        """Write some rows."""


class JsonLines:
    """One JSON object a line (https://jsonlines.org), Chinese as it is."""

    def __init__(self, stack: ExitStack, columns: Sequence[Column], path: Path) -> None:
        self.names = [column.name for column in columns]
        self.file: TextIO = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))

    def write(self, batch: list[Values]) -> None:
        """Write some rows."""
        for row in batch:
            values = dict(zip(self.names, row, strict=True))
            self.file.write(json.dumps(values, ensure_ascii=False) + "\n")


class Spreadsheet:
    """CSV as RFC 4180 has it, with a BOM, which is how Excel knows UTF-8.

    Args:
        stack: closes the files.
        columns: those of the table.
        paths: as many files as the rows need.
        rows: how many rows a file takes, without its head.
    """

    def __init__(
        self, stack: ExitStack, columns: Sequence[Column], paths: Sequence[Path], rows: int
    ) -> None:
        self.stack, self.rows = stack, rows
        self.names = [column.name for column in columns]
        self.paths = iter(paths)
        self.room = 0
        self._next_file()

    def _next_file(self) -> None:
        path = next(self.paths)
        file = self.stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
        self.csv = csv.writer(file)
        self.csv.writerow(self.names)
        self.room = self.rows

    def write(self, batch: list[Values]) -> None:
        """Write some rows, in the next file where this one is full."""
        for row in batch:
            if not self.room:
                self._next_file()
            self.csv.writerow([cell(value) for value in row])
            self.room -= 1


def cell(value: Any) -> Any:
    """A value as a spreadsheet may hold it.

    Example:
        >>> cell("=1+1"), cell("济南"), cell(3)
        ("'=1+1", '济南', 3)
    """
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_CELL:
        value = value[:LONGEST_CELL] + CUT
    return for_spreadsheet(value)


class Parquet:
    """Apache Parquet, compressed with zstd; the meaning of each column is in the file."""

    def __init__(self, stack: ExitStack, columns: Sequence[Column], path: Path) -> None:
        self.pa, parquet = _pyarrow()
        types = {"INTEGER": self.pa.int64(), "REAL": self.pa.float64()}
        self.schema = self.pa.schema(
            self.pa.field(
                column.name,
                types.get(column.type, self.pa.string()),
                column.nullable,
                metadata={"description": column.description},
            )
            for column in columns
        )
        self.writer = stack.enter_context(
            parquet.ParquetWriter(path, self.schema, compression="zstd")
        )

    def write(self, batch: list[Values]) -> None:
        """Write some rows, as one row group."""
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
