"""The bytes of files that hold the hits of a search: CSV, JSON lines, an Excel workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.escaping import for_json, for_spreadsheet
from archive.search.search import Hit

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAMES = tuple(field.name for field in fields(Hit))
MOST_ROWS = 1_048_575  # of a sheet, under its headings ("Excel specifications and limits")
WIDTHS = {
    "title": 50,
    "account": 20,
    "published_at": 26,
    "snippet": 80,
    "url": 50,
    "id": 24,
    "attachment": 30,
    "picture": 50,
}
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # as if made then: one state gives one file


def csv_of(rows: Sequence[dict[str, Any]], names: Sequence[str] = NAMES) -> bytes:
    """Hits as CSV that a spreadsheet program takes for no formulas."""
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, names)
    sheet.writeheader()
    sheet.writerows({name: for_spreadsheet(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def json_lines_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """Hits as JSON, one a line."""
    return "".join(f"{for_json(row)}\n" for row in rows).encode()


def workbook_of(rows: Sequence[dict[str, Any]], names: Sequence[str] = NAMES) -> bytes:
    """Hits as an Excel workbook. Raises UsageError for more than a sheet has rows."""
    import xlsxwriter

    if len(rows) > MOST_ROWS:
        raise UsageError(
            f"A sheet has {MOST_ROWS} rows and there are {len(rows)} hits; write .csv or .jsonl."
        )
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": BEGINNING})
        sheet = book.add_worksheet("hits")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            sheet.set_column(column, column, WIDTHS.get(name, 10))
            sheet.write_string(0, column, name)
            for number, row in enumerate(rows, 1):
                _write_cell(sheet, number, column, row[name])
    return data.getvalue()


def _write_cell(sheet: Worksheet, row: int, column: int, value: str | float | None) -> None:
    """A number as one, all else as text, which is never a formula or a link."""
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, value)
