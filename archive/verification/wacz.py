"""Checks of a WACZ, strictly: every member is listed with its true digest, every page is in the
index, every line of the index points at its record.

The stock validator compares lists with False and so passes packages without WARC, index or pages
(webrecorder/py-wacz#46). Source: WACZ 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/; the index
is CDXJ, https://specs.webrecorder.net/cdxj/0.1.0/.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from archive.disk import stream_sha256
from archive.errors import WarcError
from archive.verification.finding import ASK, Finding
from archive.warc.reader import read_record

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
)
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
        with zipfile.ZipFile(path) as archive:
            if member := archive.testzip():
                wrong = "the member is damaged (CRC)"
                yield Finding(file=shown, record=member, wrong=wrong, todo=ASK)
                return
            for place, wrong in _faults(archive):
                yield Finding(file=shown, record=place, wrong=wrong, todo=ASK)
    except UNREADABLE as error:
        wrong = f"it cannot be read ({type(error).__name__}: {error})"
        yield Finding(file=shown, wrong=wrong, todo=ASK)


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
    text = archive.read(DESCRIPTION)
    digest = json.loads(archive.read(DIGEST))
    hash_ = f"sha256:{hashlib.sha256(text).hexdigest()}"
    if digest.get("path") != DESCRIPTION or digest.get("hash") != hash_:
        yield DIGEST, f"it is not the digest of {DESCRIPTION}"
    resources = {resource["path"]: resource for resource in json.loads(text)["resources"]}
    described = resources.keys() | {DESCRIPTION, DIGEST}
    for name in sorted(names - described):
        yield name, "the member is not described"
    for name in sorted(described - names):
        yield name, f"{DESCRIPTION} describes it and it is missing"
    for name in sorted(names & resources.keys()):
        with archive.open(name) as member:
            if resources[name]["hash"] != f"sha256:{stream_sha256(member)}":
                yield name, f"the member is not what {DESCRIPTION} says"


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
            for text in _lines(gzip.GzipFile(fileobj=member) if name.endswith(".gz") else member):
                if not text.startswith("!"):
                    yield _index_line(text)


def _index_line(text: str) -> IndexLine:
    _, timestamp, value = text.split(" ", 2)
    line = json.loads(value)
    place = line["filename"], int(line["offset"]), int(line["length"])
    return IndexLine(*place, url=line["url"], timestamp=timestamp)


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """Lines as JSON Lines has them: other line ends of Unicode may occur in a text."""
    return (line.rstrip(b"\r\n").decode("utf-8") for line in stream)


def _page_faults(archive: zipfile.ZipFile, index: sqlite3.Connection) -> Iterator[Fault]:
    statement = "SELECT 1 FROM lines WHERE url = ? AND timestamp = ?"
    with archive.open(PAGES) as member:
        lines = _lines(member)
        if json.loads(next(lines, "{}")).get("format") != "json-pages-1.0":
            yield PAGES, "its first line is no header"
        for number, text in enumerate(lines, 2):
            page = json.loads(text)
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
        for row in index.execute(statement, [path.name]):
            yield from _record_faults(path, IndexLine(*row))
        path.unlink()
    known = {name.rpartition("/")[2] for name in warcs}
    for (file,) in index.execute("SELECT DISTINCT file FROM lines ORDER BY file"):
        if file not in known:
            yield file, "the index names the file and it is missing"


def _record_faults(path: Path, line: IndexLine) -> Iterator[Fault]:
    place = f"{line.file} at {line.offset}"
    try:
        record = read_record(path, line.offset)
        record.finish()
    except WarcError as error:
        yield place, f"the index points at no record ({error})"
        return
    if (record.url, _second(record.date), record.length) != (line.url, line.timestamp, line.length):
        yield (
            place,
            f"the index says {line.url} {line.timestamp}, and the record {record.url} "
            f"{record.date}",
        )
