"""The WARC files of a package: complete files as they are, or of each the records that are chosen,
byte for byte.

A record is one gzip member and is copied as it is, so that every digest of every record stays
true. A file of which records were left out gets the suffix `-part`; its warcinfo record comes
first and still names the file it is from.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.disk import PIECE
from archive.errors import ArchiveError, Unreadable
from archive.handover.selection import Selection
from archive.index.facts import facts_of
from archive.index.segments import ORIGIN
from archive.warc.directory import SUFFIX, warc_files
from archive.warc.fields import bare, id_by_place
from archive.warc.reader import Record, records
from archive.warc.stored import WarcFile, is_there, size_of, warc_file

FILES = """SELECT name, size FROM warcs WHERE :everything
    OR name IN (SELECT warc FROM captures WHERE id IN (SELECT id FROM chosen_captures)
        OR run IN (SELECT id FROM chosen_runs))
    OR name IN (SELECT warc FROM failures WHERE {failures}) ORDER BY name"""

CHOSEN = """SELECT c."offset", c.id FROM captures c JOIN chosen_captures USING (id)
    WHERE c.warc = ?"""
AT_PLACES = """SELECT "offset", id FROM failures WHERE warc = :warc
    UNION ALL SELECT "offset", id FROM captures WHERE warc = :warc"""
IS_TAKEN = """SELECT ? IN (SELECT id FROM chosen_captures) OR ? IN (SELECT new FROM renamed)"""


@dataclass(frozen=True, slots=True)
class Source:
    """A WARC file of the archive as the database knows it; its size in bytes."""

    name: str
    size: int

    @property
    def part(self) -> str:
        """The name of a file of which records were left out."""
        return self.name.removesuffix(SUFFIX) + "-part" + SUFFIX


def sources(selection: Selection, warc_dir: Path) -> list[Source]:
    """The WARC files that have a chosen record.

    Raises:
        ArchiveError: for one that is missing or has not the size that was indexed.
    """
    statement = FILES.format(failures=selection.rows_of("failures"))
    values = selection.values | {"everything": selection.request.everything}
    rows = selection.connection.execute(statement, values)
    files = [Source(row["name"], row["size"]) for row in rows]
    for file in files:
        path = warc_file(warc_dir, file.name)
        if size_of(path) != file.size or not is_there(path):
            raise ArchiveError(
                f"{path} is not the file that was indexed ({file.size} bytes); restore it from a "
                "copy, then `zhengwen rebuild`."
            )
    return files


def unindexed(selection: Selection, warc_dir: Path) -> list[str]:
    """Finished WARC files that the database does not know yet, and the package therefore lacks."""
    known = {row[0] for row in selection.connection.execute("SELECT name FROM warcs")}
    return [path.name for path in warc_files(warc_dir) if path.name not in known]


def copy(selection: Selection, source: Path, target: Path) -> bool:
    """Copy what is chosen of a file.

    Args:
        selection: what is chosen.
        source: a WARC file of the archive.
        target: the file to write; it is not left behind if nothing was chosen.

    Returns:
        Whether there was anything.
    """
    if selection.request.everything:
        shutil.copyfile(source, target)
        return True
    with source.open("rb") as old, target.open("wb") as new:
        count = 0
        for offset, length, is_warcinfo in _chosen(selection, source):
            _append(old, new, offset, length)
            count += not is_warcinfo
    if not count:
        target.unlink()
    return bool(count)


def note_places(selection: Selection, source: WarcFile, target: Path) -> int:
    """Note where the records of a file of the package are, for its database, and which of them have
    another id there: one that has none of its own is named by its place.

    Args:
        selection: what is chosen.
        source: the WARC file of the archive.
        target: what was copied of it.

    Returns:
        How many records the file has.
    """
    places: Iterator[int] = itertools.repeat(-1)
    ids = dict(selection.connection.execute(AT_PLACES, {"warc": source.name}).fetchall())
    if any(id_ == id_by_place(source.name, offset) for offset, id_ in ids.items()):
        places = (offset for offset, _, _ in _chosen(selection, source))
    else:
        ids = {}  # each record has the id that the archive knows it by
    count = 0
    for offset, record in zip(places, records(target), strict=False):
        record.finish()
        count += 1
        if record.is_answer or record.type == "metadata":
            id_ = ids.get(offset, record.id)
            place = (id_, target.name, record.offset, record.length)
            selection.connection.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", place)
            if id_ == id_by_place(source.name, offset):
                _rename(selection, id_, record, target.name)
    return count


def _rename(selection: Selection, id_: str, record: Record, warc: str) -> None:
    """Note the id that a record has in the package: its own where no other record there has it."""
    is_taken = selection.connection.execute(IS_TAKEN, [record.id, record.id]).fetchone()[0]
    new = id_by_place(warc, record.offset) if is_taken or not record.id else record.id
    selection.connection.execute("INSERT OR REPLACE INTO renamed VALUES (?, ?)", (id_, new))


def _append(old: BinaryIO, new: BinaryIO, offset: int, length: int) -> None:
    old.seek(offset)
    while length:
        piece = old.read(min(length, PIECE))
        new.write(piece)
        length -= len(piece)


def _chosen(selection: Selection, source: WarcFile) -> Iterator[tuple[int, int, bool]]:
    """Offset and length of each record that is chosen, in the order of the file, and whether it is
    a warcinfo record."""
    chooser = _Chooser(selection, source)
    early: Record | None = None  # a request before its response, as other programs write it
    answered: tuple[str, bool] | None = None  # the last answer, where its request may still come
    for record in records(source):
        if record.type == "request" and not record.concurrent_to:
            record.finish()
            if answered and answered[0] == record.url:
                if answered[1]:
                    yield record.offset, record.length, False
                answered = None
            else:
                early = record
            continue
        is_chosen = chooser.is_chosen(record)
        record.finish()
        if is_chosen and early and record.url == early.url:
            yield early.offset, early.length, False
        if record.is_answer:
            answered = None if early and record.url == early.url else (record.url, is_chosen)
        early = None
        if is_chosen:
            yield record.offset, record.length, record.type == "warcinfo"


class _Chooser:
    """Decides for a record whether it belongs to what is chosen."""

    def __init__(self, selection: Selection, source: WarcFile) -> None:
        self.selection = selection
        chosen = selection.connection.execute(CHOSEN, [source.name]).fetchall()
        self.offsets = {offset for offset, _ in chosen}
        self.ids = {id_ for _, id_ in chosen}
        if any(id_ == id_by_place(source.name, offset) for offset, id_ in chosen):
            self.ids |= self._own_ids(source)

    def _own_ids(self, source: WarcFile) -> set[str]:
        """The ids that chosen answers have in the file, where the archive knows some by place."""
        ids = set()
        for record in records(source):
            record.finish()
            if record.offset in self.offsets:
                ids.add(record.id)
        return ids - {""}

    def is_chosen(self, record: Record) -> bool:
        """Exchanges are chosen by their response, notes by the rows that they prove."""
        if record.type == "warcinfo":
            return True
        if record.is_answer:
            return record.offset in self.offsets
        # of an answer in this file or, where a program went on to another file between, in another
        of = bare(record.headers.get(ORIGIN) or "") or record.concurrent_to
        if of:
            statement = "SELECT 1 FROM chosen_captures WHERE id = :id"
            return of in self.ids or self._has(statement, of)
        return record.type == "metadata" and self._is_chosen_note(record)

    def _is_chosen_note(self, record: Record) -> bool:
        """A note is chosen by the row that it proves, one that cannot be read by its failure."""
        if self._is_row("failures", "id", record.id):
            return True
        try:
            facts = facts_of(record)
        except Unreadable:
            return False
        kind = str(facts.get("kind"))
        if kind == "run":
            return self._has("SELECT 1 FROM chosen_runs WHERE id = :id", str(facts.get("id")))
        return kind == "coverage" and self._is_row("coverage", "record", record.id)

    def _is_row(self, table: str, column: str, id_: str) -> bool:
        rows = self.selection.rows_of(table)
        return self._has(f"SELECT 1 FROM {table} WHERE {column} = :id AND ({rows})", id_)

    def _has(self, statement: str, id_: str) -> bool:
        values = self.selection.values | {"id": id_}
        return self.selection.connection.execute(statement, values).fetchone() is not None
