"""Recovery after a kill: the torn end of an open WARC file is cut, all else stays, and the file
gets its final name.

A kill may fall between the records of an exchange: a large body is more than one write, and a
write may end early. Damage in the middle comes from a disk and not from a kill: what follows it is
copied to a file of its own, never thrown away.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from archive.counting import counted
from archive.disk import removed_on_failure, sync_directory
from archive.errors import WarcError
from archive.warc.directory import OPEN, open_files
from archive.warc.reader import read_record, records
from archive.warc.resuming import next_record

DAMAGED = ".damaged"
# More records of the same exchange follow these; its metadata record is the last.
UNFINISHED = frozenset({"response", "revisit", "request"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How far a file can be read; offsets and sizes in bytes.

    Attributes:
        good_end: the offset after the last complete exchange or note.
        readable_end: the offset after the last complete record, whose exchange may be incomplete.
        size: of the file.
        records: how many come before `good_end`.
        error: what is wrong at `readable_end`, None where the file is sound.
    """

    good_end: int
    readable_end: int
    size: int
    records: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """A file that a killed run left open.

    Attributes:
        path: its final name; the file is gone where it had no complete exchange.
        records: how many it has now.
        cut: how many bytes of its end were cut.
        aside: the file that has those bytes, where the file was damaged before; else None.
    """

    path: Path
    records: int
    cut: int
    aside: Path | None = None

    def __str__(self) -> str:
        text = (
            f"{self.path.name}: {counted(self.records, 'record')} kept, "
            f"{counted(self.cut, 'byte')} of a torn exchange cut"
        )
        if self.aside:
            text += f"; the file was damaged, and what follows the damage is in {self.aside.name}"
        return text


def scan(path: Path) -> Scan:
    """Read a file to its end or to the first damage.

    An answer without its request and facts is no complete exchange.
    """
    good = end = good_records = count = 0
    error = None
    try:
        for record in records(path):
            record.finish()  # learns its length, and raises where it is torn
            count, end = count + 1, record.offset + record.length
            if record.type not in UNFINISHED:
                good, good_records = end, count
    except WarcError as damage:
        error = str(damage)
    return Scan(
        good_end=good,
        readable_end=end,
        size=path.stat().st_size,
        records=good_records,
        error=error,
    )


def recover(warc_dir: Path) -> list[Recovered]:
    """Mend every open file of a folder; the caller has the archive's lock, so that nobody is
    writing them.

    Raises:
        WarcError: where a finished file has the name already.
    """
    recovered = [_recover(path) for path in open_files(warc_dir)]
    if recovered:
        sync_directory(warc_dir)
    return recovered


def _recover(path: Path) -> Recovered:
    final = path.with_name(path.name.removesuffix(OPEN))
    if final.exists():
        raise WarcError(
            f"Both {path} and {final.name} are there; move one of them out of the folder."
        )
    state = scan(path)
    is_damaged = state.error is not None and _has_record_after(path, state.readable_end)
    aside = _copy_aside(path, state.good_end, final) if is_damaged else None
    if not state.records:
        path.unlink()
        return Recovered(path, 0, state.size, aside)
    with path.open("r+b") as file:
        file.truncate(state.good_end)
        os.fsync(file.fileno())
    path.rename(final)
    return Recovered(final, state.records, state.size - state.good_end, aside)


def _has_record_after(path: Path, damage: int) -> bool:
    """Whether a complete record follows the damage, which a kill does not leave."""
    place = next_record(path, damage + 1)
    while place is not None:
        try:
            read_record(path, place).finish()
            return True
        except WarcError:
            place = next_record(path, place + 1)
    return False


def _copy_aside(path: Path, start: int, final: Path) -> Path:
    """Copy what is going to be cut to a file of its own, in the same folder."""
    aside = final.with_name(final.name + DAMAGED)
    with removed_on_failure(aside), path.open("rb") as file, aside.open("wb") as copy:
        file.seek(start)
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return aside
