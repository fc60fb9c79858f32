"""After a kill: the torn end of an open WARC file is cut, all else is kept, and the file gets its
final name.

A kill may fall between the records of an exchange: a large body is more than one write, and a
write may end early. Damage in the middle is not a kill's but a disk's: what stands behind it is
put aside, never thrown away.
"""

from __future__ import annotations

import mmap
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from archive.disk import sync_directory
from archive.errors import WarcError
from archive.warc.reader import OPEN, SUFFIX, read_record, records

MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins
DAMAGED = ".damaged"
UNFINISHED = frozenset(
    {"response", "revisit", "request"}
)  # what is known of an exchange is written last


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a file holds: `good_end` is the offset behind its last whole exchange or note,
    `records` how many stand before.

    `readable_end` is the offset behind the last whole record, which may belong to an exchange that
    is not whole.
    """

    good_end: int
    readable_end: int
    size: int
    records: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """A file that a killed run left open, and how many bytes of its end were cut; `aside` holds
    them if it was damaged before."""

    path: Path
    records: int
    cut: int
    aside: Path | None = None

    def __str__(self) -> str:
        where = (
            f"; the file was damaged, and what stands behind is kept in {self.aside.name}"
            if self.aside
            else ""
        )
        return f"{self.path.name}: {self.records} records kept, {self.cut} bytes of a torn exchange cut{where}"


def scan(path: Path) -> Scan:
    """Read a file to its end or to the first damage. An answer without its request and facts is no
    whole exchange."""
    good = end = kept = count = 0
    error = None
    try:
        for record in records(path):
            record.finish()  # learns its length, and raises where it is torn
            count, end = count + 1, record.offset + record.length
            if record.type not in UNFINISHED:
                good, kept = end, count
    except WarcError as damage:
        error = str(damage)
    return Scan(
        good_end=good, readable_end=end, size=path.stat().st_size, records=kept, error=error
    )


def recover(warc_dir: Path) -> list[Recovered]:
    """Mend every open file of a folder. The caller holds the archive's lock, so that nobody is
    writing them."""
    mended = [_recover(path) for path in sorted(warc_dir.glob(f"*{SUFFIX}{OPEN}"))]
    if mended:
        sync_directory(warc_dir)
    return mended


def _recover(path: Path) -> Recovered:
    final = path.with_name(path.name.removesuffix(OPEN))
    if final.exists():
        raise WarcError(
            f"Both {path} and {final.name} are there; move one of them out of the folder."
        )
    found = scan(path)
    aside = (
        _put_aside(path, found.good_end, final)
        if found.error and _goes_on(path, found.readable_end)
        else None
    )
    if not found.records:
        path.unlink()
        return Recovered(path, 0, found.size, aside)
    with path.open("r+b") as file:
        file.truncate(found.good_end)
        os.fsync(file.fileno())
    path.rename(final)
    return Recovered(final, found.records, found.size - found.good_end, aside)


def _goes_on(path: Path, damage: int) -> bool:
    """Whether a whole record stands behind the damage."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = data.find(MEMBER, damage + 1)
        while place >= 0:
            try:
                read_record(path, place).finish()
                return True
            except WarcError:
                place = data.find(MEMBER, place + 1)
    return False


def _put_aside(path: Path, start: int, final: Path) -> Path:
    """Copy what is going to be cut beside the file."""
    aside = final.with_name(final.name + DAMAGED)
    with path.open("rb") as file, aside.open("wb") as copy:
        file.seek(start)
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return aside
