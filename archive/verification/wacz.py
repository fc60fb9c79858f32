"""Checks of a WACZ, strictly: every member is listed with its true digest, and what its index says
is so (`archive.verification.cdxj`).

The stock validator compares lists with False and so passes packages without WARC, index or pages
(webrecorder/py-wacz#46). Source: WACZ 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from archive.disk import stream_sha256
from archive.verification import cdxj
from archive.verification.cdxj import Fault
from archive.verification.finding import ASK, Finding, Several
from archive.verification.strict_json import LARGEST, strict_json

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
LARGEST_DIRECTORY = 16 * 2**20  # bytes of the zip's own directory: 200,000 members
# APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16: where the directory's size is.
END, END64, LOCATOR = b"PK\5\6", b"PK\6\6", b"PK\6\7"
LARGEST_END = 22 + 0xFFFF + 76
DESCRIPTION, DIGEST = "datapackage.json", "datapackage-digest.json"


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
    if (unpacked := sum(member.file_size for member in members)) > cdxj.PLAIN + cdxj.RATIO * size:
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
        closing(cdxj.table(archive, names, Path(folder))) as index,
    ):
        if (
            not warcs
            or cdxj.PAGES not in names
            or not index.execute("SELECT 1 FROM lines").fetchone()
        ):
            yield "-", "it lacks WARC files, an index or pages"
            return
        yield from cdxj.page_faults(archive, index)
        yield from cdxj.index_faults(archive, warcs, index, Path(folder))


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
