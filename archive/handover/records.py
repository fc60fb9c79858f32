"""The WARC files of a package: whole files as they lie, or of each the records that are chosen,
byte for byte.

A record is one gzip member and is copied as it stands, so that every digest of every record stays
true. A file of which records were left out gets the suffix `-part`; its warcinfo record comes
first and still names the file it is from.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archive.disk import PIECE
from archive.errors import ArchiveError
from archive.handover.selection import Selection
from archive.warc.directory import SUFFIX
from archive.warc.reader import Record, records

FILES = """SELECT name, size FROM warcs WHERE :everything
    OR name IN (SELECT warc FROM captures WHERE id IN (SELECT id FROM chosen_captures) OR run IN (SELECT id FROM chosen_runs))
    OR name IN (SELECT warc FROM failures WHERE {failures}) ORDER BY name"""


@dataclass(frozen=True, slots=True)
class Source:
    """A WARC file of the archive as the database knows it."""

    name: str
    size: int

    @property
    def part(self) -> str:
        """The name of a file of which records were left out."""
        return self.name.removesuffix(SUFFIX) + "-part" + SUFFIX


def sources(selection: Selection, warc_dir: Path) -> list[Source]:
    """The WARC files that hold something chosen. Raises ArchiveError for one that is not as it was
    indexed."""
    statement = FILES.format(failures=selection.rows_of("failures"))
    values = selection.values | {"everything": selection.wanted.everything}
    found = [
        Source(row["name"], row["size"]) for row in selection.connection.execute(statement, values)
    ]
    for one in found:
        path = warc_dir / one.name
        if not path.is_file() or path.stat().st_size != one.size:
            raise ArchiveError(
                f"{path} is not the file that was indexed ({one.size} bytes); restore it from a "
                "copy, then `zhengwen rebuild`."
            )
    return found


def unindexed(selection: Selection, warc_dir: Path) -> list[str]:
    """Finished WARC files that the database does not know yet, and the package therefore lacks."""
    known = {row[0] for row in selection.connection.execute("SELECT name FROM warcs")}
    return sorted(path.name for path in warc_dir.glob(f"*{SUFFIX}") if path.name not in known)


def copy(selection: Selection, source: Path, target: Path) -> bool:
    """Write what is chosen of a file. Says whether there was anything; an empty one is not left
    behind."""
    if selection.wanted.everything:
        shutil.copyfile(source, target)
        return True
    with source.open("rb") as old, target.open("wb") as new:
        wrote = 0
        for offset, length, is_information in _chosen(selection, source):
            _append(old, new, offset, length)
            wrote += not is_information
    if not wrote:
        target.unlink()
    return bool(wrote)


def remember(selection: Selection, path: Path) -> int:
    """Note where the records of a file of the package lie; returns how many there are."""
    number = 0
    for record in records(path):
        record.finish()
        number += 1
        if record.type in ("response", "revisit", "metadata"):
            place = (record.id, path.name, record.offset, record.length)
            selection.connection.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", place)
    return number


def _append(old: BinaryIO, new: BinaryIO, offset: int, length: int) -> None:
    old.seek(offset)
    while length:
        piece = old.read(min(length, PIECE))
        new.write(piece)
        length -= len(piece)


def _chosen(selection: Selection, source: Path) -> Iterator[tuple[int, int, bool]]:
    """Offset and length of each record that is chosen, in the order of the file, and whether it is
    a warcinfo record."""
    chooser = _Chooser(selection)
    early: Record | None = (
        None  # a request that stands before its response, as other programs write it
    )
    for record in records(source):
        if record.type == "request" and not record.concurrent_to:
            record.finish()
            early = record
            continue
        kept = chooser.keeps(record)
        record.finish()
        if kept and early and record.url == early.url:
            yield early.offset, early.length, False
        early = None
        if kept:
            yield record.offset, record.length, record.type == "warcinfo"


class _Chooser:
    """Says of a record whether it belongs to what is chosen."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def keeps(self, record: Record) -> bool:
        """Exchanges by their response; notes by the rows that stand on them."""
        if record.type == "warcinfo":
            return True
        if record.type in ("response", "revisit"):
            return self._has("SELECT 1 FROM chosen_captures WHERE id = :it", record.id)
        if record.concurrent_to:
            return self._has("SELECT 1 FROM chosen_captures WHERE id = :it", record.concurrent_to)
        is_note = record.type == "metadata" and (
            record.headers.get("Content-Type") or ""
        ).startswith("application/json")
        return is_note and self._keeps_note(record)

    def _keeps_note(self, record: Record) -> bool:
        facts = json.loads(record.read())
        kind = facts.get("kind") if isinstance(facts, dict) else None
        if kind == "run":
            return self._has("SELECT 1 FROM chosen_runs WHERE id = :it", facts.get("id"))
        table, key = {"coverage": ("coverage", "record"), "failure": ("failures", "id")}.get(
            str(kind), ("", "")
        )
        return bool(table) and self._has(
            f"SELECT 1 FROM {table} WHERE {key} = :it AND ({self._rows(table)})", record.id
        )

    def _rows(self, table: str) -> str:
        return self.selection.rows_of(table)

    def _has(self, statement: str, it: Any) -> bool:
        return (
            self.selection.connection.execute(
                statement, self.selection.values | {"it": it}
            ).fetchone()
            is not None
        )
