"""After a kill: the torn end of an open WARC file is cut, all else is kept, and the file gets its final name.

A kill may fall between the records of an exchange: a large body is more than one write, and a write may end early.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import WarcError
from archive.warc import OPEN, SUFFIX, records, sync_directory

UNFINISHED = frozenset({"response", "revisit", "request"})  # what is known of an exchange is written last


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a file holds: `good_end` is the offset behind its last whole exchange or note, `records` how many stand before."""

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
        return f"{self.path.name}: {self.records} records kept, {self.cut} bytes of a torn exchange cut"


def scan(path: Path) -> Scan:
    """Read a file to its end or to the first damage. An answer without its request and facts is no whole exchange."""
    good = kept = count = 0
    error = None
    try:
        for record in records(path):
            record.finish()  # learns its length, and raises where it is torn
            count += 1
            if record.type not in UNFINISHED:
                good, kept = record.offset + record.length, count
    except WarcError as damage:
        error = str(damage)
    return Scan(good_end=good, size=path.stat().st_size, records=kept, error=error)


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
