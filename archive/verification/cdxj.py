"""Checks of the index of a WACZ: every page is in it, and every line of it points at its record.

It is CDXJ, https://specs.webrecorder.net/cdxj/0.1.0/.
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from archive.disk import PIECE
from archive.errors import WarcError
from archive.verification.strict_json import strict_json
from archive.warc.reader import Record, read_record

PAGES = "pages/pages.jsonl"
# A WACZ holds its WARC files as they are and packs only lists and texts, so that all of it unpacks
# to little more than it has itself.
PLAIN, RATIO = 16 * 2**20, 50
LEAST_LINE = 50  # bytes that a line of the index counts as at least
LONGEST_LINE = 16 * 2**20  # bytes of a line of index or pages, which may hold the text of a page
TABLE = "CREATE TABLE lines (file TEXT, offset INTEGER, length INTEGER, url TEXT, timestamp TEXT)"
TABLE_INDEXES = """CREATE INDEX lines_place ON lines (file, offset);
    CREATE INDEX lines_page ON lines (url, timestamp);"""
Fault = tuple[str, str]
"""A member, line or place, and what is wrong with it."""


class IndexLine(NamedTuple):
    """One line of the index: the place of a record (in bytes), its address and its second."""

    file: str
    offset: int
    length: int
    url: str
    timestamp: str


def table(archive: zipfile.ZipFile, names: set[str], folder: Path) -> sqlite3.Connection:
    """The lines of the index as a table on disk, because a package may have millions."""
    db = sqlite3.connect(folder / "index.db")
    db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLE}")
    db.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", _index_lines(archive, names))
    db.executescript(TABLE_INDEXES)
    return db


def _index_lines(archive: zipfile.ZipFile, names: set[str]) -> Iterator[IndexLine]:
    for name in sorted(names):
        if not name.startswith("indexes/") or not name.endswith((".cdx.gz", ".cdxj", ".cdx")):
            continue
        with archive.open(name) as member:
            stream = gzip.GzipFile(fileobj=member) if name.endswith(".gz") else member
            left = PLAIN + RATIO * archive.getinfo(name).file_size
            for text in _lines(stream):
                if (left := left - max(len(text), LEAST_LINE)) < 0:
                    raise ValueError(f"{name} unpacks to too much")
                if not text.startswith("!"):
                    yield _index_line(text)


def _index_line(text: str) -> IndexLine:
    _, timestamp, value = text.split(" ", 2)
    line = strict_json(value.encode())
    place = line["filename"], int(line["offset"]), int(line["length"])
    return IndexLine(*place, url=line["url"], timestamp=timestamp)


def _lines(stream: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    """Lines as JSON Lines has them: other line ends of Unicode may occur in a text."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise ValueError(f"a line has more than {LONGEST_LINE} bytes")
        yield line.rstrip(b"\r\n").decode("utf-8")


def page_faults(archive: zipfile.ZipFile, index: sqlite3.Connection) -> Iterator[Fault]:
    """Each page of the list of pages that the index lacks."""
    statement = "SELECT 1 FROM lines WHERE url = ? AND timestamp = ?"
    with archive.open(PAGES) as member:
        lines = _lines(member)
        if strict_json(next(lines, "{}").encode()).get("format") != "json-pages-1.0":
            yield PAGES, "its first line is no header"
        for number, text in enumerate(lines, 2):
            page = strict_json(text.encode())
            if not index.execute(statement, (page["url"], _second(page["ts"]))).fetchone():
                yield f"{PAGES} line {number}", f"{page['url']} of {page['ts']} is not in the index"


def _second(time: str) -> str:
    """A time as the index has it: fourteen digits."""
    return re.sub(r"\D", "", time)[:14]


def index_faults(
    archive: zipfile.ZipFile, warcs: list[str], index: sqlite3.Connection, folder: Path
) -> Iterator[Fault]:
    """Each line of the index against the record that it points at."""
    for name in warcs:
        path = Path(archive.extract(name, folder))
        statement = "SELECT * FROM lines WHERE file = ? ORDER BY offset"
        if not index.execute("SELECT 1 FROM lines WHERE file = ?", [path.name]).fetchone():
            yield name, "no line of the index points into the file"
        end, left = 0, PLAIN + RATIO * path.stat().st_size
        for line in map(IndexLine._make, index.execute(statement, [path.name])):
            place = f"{line.file} at {line.offset}"
            if line.offset < end:
                yield place, "the line points into the record of another line"
                continue
            record, wrong = _read(path, line, left)
            if wrong:
                yield place, wrong
            if record:
                end, left = line.offset + record.length, left - record.unpacked
        path.unlink()
    known = {name.rpartition("/")[2] for name in warcs}
    for (file,) in index.execute("SELECT DISTINCT file FROM lines ORDER BY file"):
        if file not in known:
            yield file, "the index names the file and it is missing"


class _Size(NamedTuple):
    """A record that was read: its bytes in the file, and those that came of them."""

    length: int
    unpacked: int


def _read(path: Path, line: IndexLine, most: int) -> tuple[_Size | None, str | None]:
    """Read the record that a line points at, of so many bytes at most, and compare them."""
    try:
        record = read_record(path, line.offset)
        unpacked = _unpacked(record, most)
        record.finish()
    except WarcError as error:
        return None, f"the index points at no record ({error.wrong})"
    size = _Size(record.length, unpacked)
    if (record.url, _second(record.date), record.length) != (line.url, line.timestamp, line.length):
        return size, (
            f"the index says {line.url} {line.timestamp}, and the record {record.url} {record.date}"
        )
    return size, None


def _unpacked(record: Record, most: int) -> int:
    """The size of a record's block. Raises ValueError where it is too large."""
    size = 0
    while piece := record.read(PIECE):
        size += len(piece)
        if size > most:
            raise ValueError("its WARC files unpack to too much")
    return size
