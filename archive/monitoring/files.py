"""WARC files with which something is wrong: each a sentence, for `index`, `status` and the report
of a crawl."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.archive import Archive
from archive.counting import counted
from archive.database.chain_state import known_state
from archive.disk import in_words
from archive.index.keeping import BEFORE_DAMAGE
from archive.model.words import RECORD_FAULTS
from archive.warc.chain import CHAIN, RESTORE_CHAIN, lost_state, missing_files
from archive.warc.directory import RESTORE, left_out
from archive.warc.stored import stored_files

MANY = 20  # missing files that are named

MORE = (
    "is the database before a rebuild, and has records that a damaged WARC file lost; restore that "
    "file from a copy, run `zhengwen rebuild`, and delete this one"
)
DAMAGED = "SELECT name, records, damage FROM warcs WHERE damage IS NOT NULL ORDER BY name"
FAULTY_RECORDS = f"""SELECT warc, count(*), min(offset), reason, detail FROM failures
    WHERE reason IN ({", ".join("?" for _ in RECORD_FAULTS)}) GROUP BY warc ORDER BY warc"""

# What a library that is not installed would read, by file and coding.
UNDONE = """SELECT warc, count(*), detail FROM captures WHERE reason = 'content-coding'
    GROUP BY warc, detail ORDER BY warc, detail"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyFile:
    """A file of which something could not be read; as text it is a sentence.

    `wrong` says what, and what to do, as the predicate of the sentence without its full stop.
    """

    name: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.name} {self.wrong}."


def indexed_files(archive: Archive) -> frozenset[str]:
    """The names of the WARC files that the database has."""
    if not archive.is_indexed():
        return frozenset()
    return frozenset(row[0] for row in archive.connection.execute("SELECT name FROM warcs"))


def faulty_files(archive: Archive, known: Collection[str] = ()) -> list[FaultyFile]:
    """The files of an archive of which something could not be read.

    Args:
        archive: need not be indexed yet.
        known: files whose records are no news. What is wrong with a complete file is said as
            long as it is wrong.

    Example:
        >>> for file in faulty_files(archive):
        ...     print(file)
        plain.warc was left out: only .warc.gz files are read, and this one is not; make …
    """
    files = [
        FaultyFile(name=each.name, wrong=f"was left out: {each.wrong}; {each.todo}")
        for each in left_out(archive.warc_dir)
    ]
    files += _of_chain(archive)
    if (archive.path / BEFORE_DAMAGE).exists():
        files.append(FaultyFile(name=BEFORE_DAMAGE, wrong=MORE))
    if archive.is_indexed():
        files += _damaged(archive)
        files += _undone(archive)
        files += (file for file in _with_faulty_records(archive) if file.name not in known)
    return files


def _of_chain(archive: Archive) -> Iterator[FaultyFile]:
    """Files that the hash chain names and that are gone, and lines that the chain has lost."""
    missing = missing_files(archive.path)
    for name in missing[:MANY]:
        yield FaultyFile(name=name, wrong=f"is missing, and {CHAIN} names it; {RESTORE}")
    if len(missing) > MANY:
        more = f"names {len(missing) - MANY} more files that are missing; {RESTORE}"
        yield FaultyFile(name=CHAIN, wrong=more)
    if lost := lost_state(archive.path, known_state(archive.db_path)):
        wrong = (
            f"lacks lines that it had when there were {lost.lines} of them, so nothing is added to "
            f"it; {RESTORE_CHAIN}"
        )
        yield FaultyFile(name=CHAIN, wrong=wrong)


def _damaged(archive: Archive) -> Iterator[FaultyFile]:
    for name, records, damage in archive.connection.execute(DAMAGED):
        place = " " if damage.startswith("at ") else ": "
        rebuild = "; then run `zhengwen rebuild`" if records and "rebuild" not in damage else ""
        yield FaultyFile(name=name, wrong=f"could not be read{place}{damage}{rebuild}")


def _undone(archive: Archive) -> Iterator[FaultyFile]:
    """Files with answers whose content coding cannot be undone here."""
    for warc, count, detail in archive.connection.execute(UNDONE):
        answers = counted(count, "answer")
        wrong = f"has {answers} that could not be read: {detail}, then `zhengwen rebuild`"
        yield FaultyFile(name=warc, wrong=wrong)


def _with_faulty_records(archive: Archive) -> Iterator[FaultyFile]:
    rows = archive.connection.execute(FAULTY_RECORDS, tuple(RECORD_FAULTS))
    for warc, count, offset, reason, detail in rows:
        records = counted(count, "record")
        yield FaultyFile(
            name=warc,
            wrong=f"has {records} that could not be read, the first at {offset} "
            f"({reason}: {detail}); the table failures has each",
        )


def stored_in_words(warc_dir: Path) -> Iterator[str]:
    """Where the WARC files of a folder are that are on S3 and not here, a sentence for each place.
    Raises WarcError where that cannot be read.

    Example:
        >>> list(stored_in_words(Path("shards/thepaper-2031/warc")))
        ['2 WARC files (1.5 MB) are stored at s3://library/thepaper-2031, and not here.']
    """
    sizes: dict[str, list[int]] = {}
    for file in stored_files(warc_dir):
        sizes.setdefault(file.remote, []).append(file.size)
    for remote, each in sizes.items():
        files = counted(len(each), "WARC file")
        verb = "is" if len(each) == 1 else "are"
        yield f"{files} ({in_words(sum(each))}) {verb} stored at {remote}, and not here."
