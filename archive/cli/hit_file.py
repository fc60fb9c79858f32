"""The hits of a search as a file: CSV or an Excel workbook for people, JSON lines for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive.cli.asked_files import by_ending, write_asked
from archive.search.hit_formats import csv_of, json_lines_of, workbook_of
from archive.search.search import Hit

Writer = Callable[[Sequence[dict[str, Any]]], bytes]


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


WRITERS = {".csv": csv_of, ".xlsx": workbook_of, ".jsonl": json_lines_of, ".json": json_lines_of}
