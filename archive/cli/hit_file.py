"""The hits of a search as a file: CSV or an Excel workbook for people, JSON lines for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.cli.asked_files import by_ending, write_asked
from archive.errors import UsageError
from archive.escaping import for_json, for_spreadsheet
from archive.search.search import Hit

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Writer = Callable[[Sequence[dict[str, Any]]], bytes]

NAMES = tuple(field.name for field in fields(Hit))
MOST_ROWS = 1_048_575  # of a sheet, under its headings ("Excel specifications and limits")
WIDTHS = {"title": 50, "account": 20, "published_at": 26, "snippet": 80, "url": 50, "id": 24}
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # as if made then: one state gives one file


def write_hits(path: Path, hits: Sequence[Hit]) -> None:
    """Write hits, completely or not at all; a file that is there is replaced.

    Args:
        path: its ending says the format: .csv, .xlsx, .jsonl or .json (one JSON object a line).
        hits: in the order in which they are written.

    Raises:
        UsageError: another ending, no such folder, or more hits than a sheet has rows.
        ArchiveError: it cannot be written.
    """
    write_asked(path, writer_for(path)([asdict(hit) for hit in hits]))


def writer_for(path: Path) -> Writer:
    """What makes the bytes of such a file. Raises UsageError for an ending that is not known."""
    return by_ending(path, WRITERS)


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, NAMES)
    sheet.writeheader()
    sheet.writerows({name: for_spreadsheet(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _json_lines(rows: Sequence[dict[str, Any]]) -> bytes:
    return "".join(f"{for_json(row)}\n" for row in rows).encode()


def _workbook(rows: Sequence[dict[str, Any]]) -> bytes:
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
        for column, name in enumerate(NAMES):
            sheet.set_column(column, column, WIDTHS.get(name, 10))
            sheet.write_string(0, column, name)
            for number, row in enumerate(rows, 1):
                _write_cell(sheet, number, column, row[name])
    return data.getvalue()


def _write_cell(sheet: Worksheet, row: int, column: int, value: str | int | None) -> None:
    """A number as one, all else as text, which is never a formula or a link."""
    if isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, value)


WRITERS = {".csv": _csv, ".xlsx": _workbook, ".jsonl": _json_lines, ".json": _json_lines}
