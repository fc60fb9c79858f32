"""Checks of a WACZ, strictly: every member is listed with its true digest, every page is in the
index, every line of the index points at its record.

The stock validator compares lists with False and so passes packages without WARC, index or pages
(webrecorder/py-wacz#46). Source: WACZ 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/; the index
is CDXJ, https://specs.webrecorder.net/cdxj/0.1.0/.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import IO, NamedTuple

from archive.disk import PIECE, stream_sha256
from archive.errors import WarcError
from archive.verification.finding import ASK, Finding, Several
from archive.verification.strict_json import LARGEST, strict_json
from archive.warc.reader import Record, read_record

# What a member that is not as it must be may raise: RuntimeError where it is encrypted or nested
# too deeply; the last three where a value of the index has no place in a table.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    NotImplementedError,
    MemoryError,
)
# A WACZ holds its WARC files as they are and packs only lists and texts, so that all of it unpacks
# to little more than it has itself.
PLAIN, RATIO = 16 * 2**20, 50
LEAST_LINE = 50  # bytes that a line of the index counts as at least
LARGEST_DIRECTORY = 16 * 2**20  # bytes of the zip's own directory: 200,000 members
LONGEST_LINE = 16 * 2**20  # bytes of a line of index or pages, which may hold the text of a page
# APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16: where the directory's size is.
END, END64, LOCATOR = b"PK\5\6", b"PK\6\6", b"PK\6\7"
LARGEST_END = 22 + 0xFFFF + 76
DESCRIPTION, DIGEST, PAGES = "datapackage.json", "datapackage-digest.json", "pages/pages.jsonl"
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


def check_wacz(path: Path, shown: str) -> Iterator[Finding]:
    """What is wrong with a WACZ.

    Args:
        path: the file.
        shown: its name in findings.
    """
    try:
        _require_small_directory(path)
        with zipfile.ZipFile(path) as archive:
            _require_honest_sizes(archive, path.stat().st_size)
            if member := archive.testzip():
                wrong = "the member is damaged (CRC)"
                yield Finding(file=shown, record=member, wrong=wrong, todo=ASK)
                return
            yield from Several().add_all(
                Finding(file=shown, record=place, wrong=wrong, todo=ASK)
                for place, wrong in _faults(archive)
            )
    except UNREADABLE as error:
        wrong = f"it cannot be read ({type(error).__name__}: {error})"
        yield Finding(file=shown, wrong=wrong, todo=ASK)


def _require_small_directory(path: Path) -> None:
    """Raises ValueError where the directory, which zipfile reads into memory, is too large."""
    with path.open("rb") as file:
        file.seek(-min(LARGEST_END, path.stat().st_size), os.SEEK_END)
        tail = file.read(LARGEST_END)
    place = max(tail.rfind(END), 0)
    size = int.from_bytes(tail[place + 12 : place + 16], "little")
    if tail[max(place - 20, 0) :].startswith(LOCATOR):
        place = max(tail.rfind(END64, 0, place), 0)
        size = int.from_bytes(tail[place + 40 : place + 48], "little")
    if size > LARGEST_DIRECTORY:
        raise ValueError(f"its directory has more than {LARGEST_DIRECTORY} bytes")


def _require_honest_sizes(archive: zipfile.ZipFile, size: int) -> None:
    """Raises ValueError where members overlap, share a name or unpack to too much."""
    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    if len({member.filename for member in members}) < len(members):
        raise ValueError("two members have the same name")
    for member, following in pairwise(members):
        if member.header_offset + 30 + member.compress_size > following.header_offset:
            raise ValueError(f"{member.filename} and {following.filename} overlap")
    if (unpacked := sum(member.file_size for member in members)) > PLAIN + RATIO * size:
        raise ValueError(f"it unpacks to {unpacked} bytes")


def _document(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member that is read into memory."""
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} has more than {LARGEST} bytes")
    return archive.read(name)


def _faults(archive: zipfile.ZipFile) -> Iterator[Fault]:
    names = set(archive.namelist())
    yield from _member_faults(archive, names)
    warcs = sorted(name for name in names if name.startswith("archive/"))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(_index(archive, names, Path(folder))) as index,
    ):
        if not warcs or PAGES not in names or not index.execute("SELECT 1 FROM lines").fetchone():
            yield "-", "it lacks WARC files, an index or pages"
            return
        yield from _page_faults(archive, index)
        yield from _index_faults(archive, warcs, index, Path(folder))


def _member_faults(archive: zipfile.ZipFile, names: set[str]) -> Iterator[Fault]:
    """Members against the description, and the description against its own digest."""
    text = _document(archive, DESCRIPTION)
    digest = strict_json(_document(archive, DIGEST))
    hash_ = f"sha256:{hashlib.sha256(text).hexdigest()}"
    if digest.get("path") != DESCRIPTION or digest.get("hash") != hash_:
        yield DIGEST, f"it is not the digest of {DESCRIPTION}"
    resources = {resource["path"]: resource for resource in strict_json(text)["resources"]}
    described = resources.keys() | {DESCRIPTION, DIGEST}
    for name in sorted(name for name in names if not _is_inside(name)):
        yield name, "the name of the member leads out of the file"
    for name in sorted(names - described):
        yield name, "the member is not described"
    for name in sorted(described - names):
        yield name, f"{DESCRIPTION} describes it and it is missing"
    for name in sorted(names & resources.keys()):
        with archive.open(name) as member:
            if resources[name]["hash"] != f"sha256:{stream_sha256(member)}":
                yield name, f"the member is not what {DESCRIPTION} says"


def _is_inside(name: str) -> bool:
    """Whether a program that unpacks the member puts it where it puts the others."""
    is_relative = not name.startswith("/") and "\\" not in name and ":" not in name
    return is_relative and ".." not in name.split("/")


def _index(archive: zipfile.ZipFile, names: set[str], folder: Path) -> sqlite3.Connection:
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


def _page_faults(archive: zipfile.ZipFile, index: sqlite3.Connection) -> Iterator[Fault]:
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


def _index_faults(
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
