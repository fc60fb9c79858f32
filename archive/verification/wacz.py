"""A WACZ, strictly: every member listed with its true digest, every page in the index, every line
of the index at its record.

The stock validator compares lists with False and so passes packages without WARC, index or pages
(webrecorder/py-wacz#46). Source: https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.disk import stream_sha256
from archive.errors import WarcError
from archive.verification.finding import ASK, Finding
from archive.warc.reader import read_record

# What a member that is not as it must be may raise; the last three where a value of the index has
# no place in a table.
UNREADABLE = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    NotImplementedError,
    EOFError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
)
DATAPACKAGE, DIGEST, PAGES = "datapackage.json", "datapackage-digest.json", "pages/pages.jsonl"


def check_wacz(path: Path, shown: str) -> Iterator[Finding]:
    """What is wrong with the WACZ; `shown` is its name in findings."""
    try:
        with zipfile.ZipFile(path) as archive:
            if broken := archive.testzip():
                yield Finding(
                    file=shown, record=broken, wrong="the member is damaged (CRC)", todo=ASK
                )
                return
            for record, wrong in _checked(archive):
                yield Finding(file=shown, record=record, wrong=wrong, todo=ASK)
    except UNREADABLE as error:
        yield Finding(
            file=shown, wrong=f"it cannot be read ({type(error).__name__}: {error})", todo=ASK
        )


Wrong = tuple[str, str]
LINES = (
    """CREATE TABLE lines (file TEXT, offset INTEGER, length INTEGER, url TEXT, timestamp TEXT)"""
)
INDEXES = "CREATE INDEX lines_place ON lines (file, offset); CREATE INDEX lines_page ON lines (url, timestamp);"


def _checked(archive: zipfile.ZipFile) -> Iterator[Wrong]:
    names = set(archive.namelist())
    text = archive.read(DATAPACKAGE)
    digest = json.loads(archive.read(DIGEST))
    if (
        digest.get("path") != DATAPACKAGE
        or digest.get("hash") != f"sha256:{hashlib.sha256(text).hexdigest()}"
    ):
        yield DIGEST, f"it is not the digest of {DATAPACKAGE}"
    resources = {one["path"]: one for one in json.loads(text)["resources"]}
    for name in sorted(names ^ (resources.keys() | {DATAPACKAGE, DIGEST})):
        yield (
            name,
            "the member is not described"
            if name in names
            else f"{DATAPACKAGE} describes it and it is not there",
        )
    for name in sorted(names & resources.keys()):
        if resources[name]["hash"] != f"sha256:{_digest(archive, name)}":
            yield name, f"the member is not what {DATAPACKAGE} says"
    warcs = sorted(name for name in names if name.startswith("archive/"))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(_index(archive, names, Path(folder))) as index,
    ):
        if not warcs or PAGES not in names or not index.execute("SELECT 1 FROM lines").fetchone():
            yield "-", "it lacks WARC files, an index or pages"
            return
        yield from _pages(archive, index)
        yield from _records(archive, warcs, index, Path(folder))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return stream_sha256(member)


def _index(archive: zipfile.ZipFile, names: set[str], folder: Path) -> sqlite3.Connection:
    """The lines of the CDXJ index as a table on disk, because a package may hold millions."""
    db = sqlite3.connect(folder / "index.db")
    db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {LINES}")
    said = (
        (line["filename"], int(line["offset"]), int(line["length"]), line["url"], timestamp)
        for timestamp, line in _index_lines(archive, names)
    )
    db.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", said)
    db.executescript(INDEXES)
    return db


def _index_lines(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Timestamp and value of each line, in whichever of its two forms."""
    for name in sorted(names):
        if not name.startswith("indexes/") or not name.endswith((".cdx.gz", ".cdxj", ".cdx")):
            continue
        with archive.open(name) as member:
            for line in _lines(gzip.GzipFile(fileobj=member) if name.endswith(".gz") else member):
                key, _, rest = line.partition(" ")
                timestamp, _, said = rest.partition(" ")
                if not key.startswith("!"):
                    yield timestamp, json.loads(said)


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """Lines as JSON Lines has them: other line ends of Unicode may stand in a text."""
    return (line.rstrip(b"\r\n").decode("utf-8") for line in stream)


def _pages(archive: zipfile.ZipFile, index: sqlite3.Connection) -> Iterator[Wrong]:
    with archive.open(PAGES) as member:
        lines = _lines(member)
        if json.loads(next(lines, "{}")).get("format") != "json-pages-1.0":
            yield PAGES, "its first line is no header"
        for number, line in enumerate(lines, 2):
            page = json.loads(line)
            key = (page["url"], re.sub(r"\D", "", page["ts"])[:14])
            if not index.execute(
                "SELECT 1 FROM lines WHERE url = ? AND timestamp = ?", key
            ).fetchone():
                yield f"{PAGES} line {number}", f"{page['url']} of {page['ts']} is not in the index"


def _records(
    archive: zipfile.ZipFile, warcs: list[str], index: sqlite3.Connection, folder: Path
) -> Iterator[Wrong]:
    """Each line of the index beside the record that it points at."""
    for name in warcs:
        path = Path(archive.extract(name, folder))
        for line in index.execute(
            "SELECT * FROM lines WHERE file = ? ORDER BY offset", [path.name]
        ):
            yield from _record(path, *line)
        path.unlink()
    known = {name.rpartition("/")[2] for name in warcs}
    for (file,) in index.execute("SELECT DISTINCT file FROM lines ORDER BY file"):
        if file not in known:
            yield file, "the index names the file and it is not there"


def _record(
    path: Path, file: str, offset: int, length: int, url: str, timestamp: str
) -> Iterator[Wrong]:
    place = f"{file} at {offset}"
    try:
        record = read_record(path, offset)
        record.finish()
    except WarcError as error:
        yield place, f"the index points at no record ({error})"
        return
    if (record.url, re.sub(r"\D", "", record.date)[:14], record.length) != (url, timestamp, length):
        yield place, f"the index says {url} {timestamp}, and the record {record.url} {record.date}"
