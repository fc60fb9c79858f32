"""The records that statements rest on: captures, and the notes of crawls, such as that a list was
walked to its end without an article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from time import thread_time
from typing import NamedTuple

from archive.archive import Archive
from archive.database.reading import select
from archive.database.rows import CaptureRow
from archive.errors import WarcError
from archive.room.answer import Answer, NotHere, attachment
from archive.room.asked import Asked
from archive.room.rendering import page
from archive.room.signposting import RECORD, to_article
from archive.warc.reader import Record, member_at, read_record, records
from archive.warc.stored import WarcFile, is_there

LARGEST = 64 * 2**20  # bytes of a record that is handed on by a page
MOST_SECONDS = 5.0  # of computing while looking for a note, whose place no table holds
NOTE = "SELECT * FROM coverage WHERE record = ?"
# SQLite takes an index of some rows only where a question says the same of them, word for word.
OF_LIST = """role IN ('profile', 'listing') AND role = 'listing'
    AND platform = :platform AND account_id = :account_id AND run = :run"""
# Of each file of the run the last record that was there when the walk was over. Articles, and lists
# of the account, are found by an index; all else by reading every capture of the archive.
FILES = """SELECT warc, coalesce(max(offset) FILTER (WHERE captured_at < :at), 0) FROM ({captures})
    GROUP BY warc ORDER BY 2 DESC, 1"""
INDEXED = f"""SELECT warc, offset, captured_at FROM captures
        WHERE run = :run AND role = 'article'
    UNION ALL SELECT warc, offset, captured_at FROM captures
        WHERE {OF_LIST}"""
ALL = "SELECT warc, offset, captured_at FROM captures WHERE run = :run"
PAGES = f"""WHERE {OF_LIST}
    ORDER BY captured_at, id LIMIT 100"""
SHOWN = (
    "run", "platform", "account_id", "account", "outcome", "reason", "listed", "new", "known",
    "total", "complete", "list_end", "covered_from", "begun_at", "at",
)  # fmt: skip
NOT_NAMED = "Nothing in this archive rests on a record {}."


class Place(NamedTuple):
    """Where the gzip member of a record is: a file, and where in it, in bytes; and the article that
    it is a capture of."""

    path: WarcFile
    offset: int
    length: int
    article_id: str | None = None


def proof(archive: Archive, asked: Asked, record_id: str) -> Answer:
    """The page of a note: what it says, and the pages of the listing that it was made of."""
    note = _note(archive, record_id)
    place = _of_note(archive, note)
    return page(
        asked,
        "proof.html",
        note=note,
        rows=[(name, note[name]) for name in SHOWN if note.get(name) not in (None, "")],
        text=_text(read_record(place.path, place.offset)) if place else None,
        pages=list(select(archive.connection, CaptureRow, PAGES, note)),
    )


def download(archive: Archive, asked: Asked, record_id: str) -> Answer:
    """A record as its file has it, byte for byte: a WARC file of its own."""
    place = _place(archive, record_id)
    if place.length > LARGEST:
        raise NotHere(
            f"The record is {place.length} bytes long; take it from {place.path.name} at "
            f"{place.offset}."
        )
    data = member_at(place.path, place.offset, place.length)
    name = re.sub(r"[^0-9a-zA-Z-]", "-", record_id.removeprefix("urn:uuid:"))
    headers = attachment(f"{name}.warc.gz")
    if place.article_id:
        headers |= to_article(asked, place.article_id, "collection")
    return Answer(body=data, content_type=RECORD, headers=headers)


def _place(archive: Archive, record_id: str) -> Place:
    captured = next(select(archive.connection, CaptureRow, "WHERE id = ?", [record_id]), None)
    if captured:
        path = _path(archive, captured.warc)
        return Place(path, captured.offset, captured.length, captured.article_id)
    place = _of_note(archive, _note(archive, record_id))
    if place is None:
        raise NotHere(f"The WARC file with the record {record_id} is not here.")
    return place


def _path(archive: Archive, warc: str) -> WarcFile:
    if Path(warc).name != warc:
        raise WarcError(f"archive.db names a WARC file {warc!r}; run `zhengwen verify`.")
    return archive.warc_file(warc)


def _note(archive: Archive, record_id: str) -> dict[str, object]:
    cursor = archive.connection.execute(NOTE, [record_id])
    names = [column[0] for column in cursor.description]
    row = cursor.fetchone()
    if row is None:
        raise NotHere(NOT_NAMED.format(record_id))
    return dict(zip(names, row, strict=True))


def _of_note(archive: Archive, note: dict[str, object]) -> Place | None:
    """The place of a note: after what was captured before it, else anywhere in the run's files."""
    end = thread_time() + MOST_SECONDS
    for path, start in _starts(archive, note):
        if is_there(path) and (place := _within(path, start, str(note["record"]), end)):
            return place
    return None


def _starts(archive: Archive, note: dict[str, object]) -> Iterator[tuple[WarcFile, int]]:
    """Where to look for a note, the likeliest first: a file, and the first byte in it."""
    for captures in (INDEXED, ALL):
        files = archive.connection.execute(FILES.format(captures=captures), note).fetchall()
        yield from ((_path(archive, warc), offset) for warc, offset in files)
    yield from ((_path(archive, warc), 0) for warc, _ in files)


def _within(path: WarcFile, start: int, record_id: str, end: float) -> Place | None:
    for record in records(path, start):
        if thread_time() > end:
            raise NotHere(f"The record {record_id} is in {path.name}, too far in for a page.")
        if record.id == record_id:
            record.finish()
            return Place(path, record.offset, record.length)
    return None


def _text(record: Record) -> str:
    """What a note says, line by line."""
    data = record.read(LARGEST)
    try:
        return json.dumps(json.loads(data), ensure_ascii=False, indent=2)
    except ValueError:
        return data.decode("utf-8", "replace")
