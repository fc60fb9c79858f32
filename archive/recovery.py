"""After a kill: the torn end of an open WARC file is cut, all else is kept, and the file gets its final name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import WarcError
from archive.warc import OPEN, SUFFIX, records, sync_directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a file holds: `good_end` is the offset behind its last whole record."""

    good_end: int
    size: int
    records: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """A file that a killed run left open, and how many bytes of its torn end were cut."""

    path: Path
    records: int
    cut: int

    def __str__(self) -> str:
        return f"{self.path.name}: {self.records} records kept, {self.cut} bytes of a torn record cut"


def scan(path: Path) -> Scan:
    """Read a file to its end or to the first damage."""
    good, count, error = 0, 0, None
    try:
        found = None
        for record in records(path):
            if found is not None:
                good, count = found.offset + found.length, count + 1
            found = record
        if found is not None:
            good, count = found.offset + found.length, count + 1
    except WarcError as damage:
        error = str(damage)
        if found is not None and found.length:
            good, count = found.offset + found.length, count + 1
    return Scan(good_end=good, size=path.stat().st_size, records=count, error=error)


def recover(warc_dir: Path) -> list[Recovered]:
    """Mend every open file of a folder. The caller holds the archive's lock, so that nobody is writing them."""
    mended = [_recover(path) for path in sorted(warc_dir.glob(f"*{SUFFIX}{OPEN}"))]
    if mended:
        sync_directory(warc_dir)
    return mended


def _recover(path: Path) -> Recovered:
    final = path.with_name(path.name.removesuffix(OPEN))
    if final.exists():
        raise WarcError(f"Both {path} and {final.name} are there; move one of them out of the folder.")
    found = scan(path)
    if not found.records:
        path.unlink()
        return Recovered(path, 0, found.size)
    with path.open("r+b") as file:
        file.truncate(found.good_end)
        os.fsync(file.fileno())
    path.rename(final)
    return Recovered(final, found.records, found.size - found.good_end)
