"""A WACZ, strictly: every member listed with its true digest, every page in the index, every line of the index at its record.

The stock validator compares lists with False and so passes packages without WARC, index or pages (webrecorder/py-wacz#46).
Source: https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.errors import WarcError
from archive.verification.finding import ASK, Finding
from archive.warc import STEP, read_record

DATAPACKAGE, DIGEST, PAGES = "datapackage.json", "datapackage-digest.json", "pages/pages.jsonl"


def check_wacz(path: Path, shown: str) -> Iterator[Finding]:
    """What is wrong with the WACZ; `shown` is its name in findings."""
    try:
        with zipfile.ZipFile(path) as archive:
            if broken := archive.testzip():
                yield Finding(file=shown, record=broken, wrong="the member is damaged (CRC)", todo=ASK)
                return
            for record, wrong in _checked(archive):
                yield Finding(file=shown, record=record, wrong=wrong, todo=ASK)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError, NotImplementedError, EOFError) as error:
        yield Finding(file=shown, wrong=f"it cannot be read ({type(error).__name__}: {error})", todo=ASK)


Wrong = tuple[str, str]


def _checked(archive: zipfile.ZipFile) -> Iterator[Wrong]:
    names = set(archive.namelist())
    text = archive.read(DATAPACKAGE)
    digest = json.loads(archive.read(DIGEST))
    if digest.get("path") != DATAPACKAGE or digest.get("hash") != f"sha256:{hashlib.sha256(text).hexdigest()}":
        yield DIGEST, f"it is not the digest of {DATAPACKAGE}"
    resources = {one["path"]: one for one in json.loads(text)["resources"]}
    for name in sorted(names ^ (resources.keys() | {DATAPACKAGE, DIGEST})):
        yield name, "the member is not described" if name in names else f"{DATAPACKAGE} describes it and it is not there"
    for name in sorted(names & resources.keys()):
        if resources[name]["hash"] != f"sha256:{_digest(archive, name)}":
            yield name, f"the member is not what {DATAPACKAGE} says"
    warcs = sorted(name for name in names if name.startswith("archive/"))
    index = list(_index(archive, names))
    if not warcs or not index or PAGES not in names:
        yield "-", "it lacks WARC files, an index or pages"
        return
    yield from _pages(archive, {(line["url"], line["timestamp"]) for line in index})
    yield from _records(archive, warcs, index)


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with archive.open(name) as member:
        while piece := member.read(STEP):
            found.update(piece)
    return found.hexdigest()


def _index(archive: zipfile.ZipFile, names: set[str]) -> Iterator[dict[str, Any]]:
    """The lines of the CDXJ index, in whichever of its two forms."""
    for name in sorted(names):
        if not name.startswith("indexes/") or not name.endswith((".cdx.gz", ".cdxj", ".cdx")):
            continue
        data = archive.read(name)
        for line in (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8").splitlines():
            key, _, rest = line.partition(" ")
            timestamp, _, said = rest.partition(" ")
            if not key.startswith("!"):
                yield {**json.loads(said), "timestamp": timestamp}


def _pages(archive: zipfile.ZipFile, indexed: set[tuple[str, str]]) -> Iterator[Wrong]:
    lines = archive.read(PAGES).decode("utf-8").splitlines()
    if not lines or json.loads(lines[0]).get("format") != "json-pages-1.0":
        yield PAGES, "its first line is no header"
    for number, line in enumerate(lines[1:], 2):
        page = json.loads(line)
        if (page["url"], re.sub(r"\D", "", page["ts"])[:14]) not in indexed:
            yield f"{PAGES} line {number}", f"{page['url']} of {page['ts']} is not in the index"


def _records(archive: zipfile.ZipFile, warcs: list[str], index: list[dict[str, Any]]) -> Iterator[Wrong]:
    """Each line of the index beside the record that it points at."""
    with tempfile.TemporaryDirectory() as folder:
        for name in warcs:
            path = Path(archive.extract(name, folder))
            for line in index:
                if line["filename"] == name.rpartition("/")[2]:
                    yield from _record(path, line)
    known = {name.rpartition("/")[2] for name in warcs}
    for line in index:
        if line["filename"] not in known:
            yield line["filename"], "the index names the file and it is not there"


def _record(path: Path, line: dict[str, Any]) -> Iterator[Wrong]:
    place = f"{line['filename']} at {line['offset']}"
    try:
        record = read_record(path, int(line["offset"]))
        record.finish()
    except WarcError as error:
        yield place, f"the index points at no record ({error})"
        return
    if (record.url, re.sub(r"\D", "", record.date)[:14], record.length) != (line["url"], line["timestamp"], int(line["length"])):
        yield place, f"the index says {line['url']} {line['timestamp']}, and the record {record.url} {record.date}"
