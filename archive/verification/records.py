"""Checks of the WARC files alone: every byte belongs to a complete member, every record is as
WARC 1.1 wants it, every digest is true.

The stock checkers pass files that end in the middle of a record; this one does not. RFC 1952 says
what a gzip member is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from archive.counting import counted
from archive.disk import PIECE, Progress, no_progress
from archive.errors import ArchiveError, WarcError
from archive.index.read_once import ReadOnce
from archive.verification import grammar
from archive.verification.digests import RecordDigests
from archive.verification.finding import Finding
from archive.verification.record_table import RecordRow, RecordTable
from archive.verification.sets import check_sets
from archive.verification.stored import check_stored
from archive.warc.digests import canonical
from archive.warc.directory import RESTORE
from archive.warc.fields import bare, moment
from archive.warc.makers import Makers
from archive.warc.reader import Record, records
from archive.warc.resuming import next_record
from archive.warc.stored import StoredWarc, WarcFile

# A file that unpacks to more than 32 MiB and 100 times its size was made to: pages pack to a fifth
# or a twentieth.
PLAIN, RATIO = 32 * 2**20, 100
OTHER_PAYLOAD = "the payload digest is not of the body as it is recorded"
UNKNOWN_DIGEST = "the digest is of an algorithm that is not known"
MOST_DAMAGES = 1_000  # of a file, after which the rest of it is not searched for records


class TooLarge(ArchiveError):
    """A file unpacks to more than any record of pages does."""


def check_files(
    files: Iterable[WarcFile],
    table: RecordTable,
    progress: Progress = no_progress,
    *,
    trusted: bool = True,
    others: Iterable[Path] = (),
    once: ReadOnce | None = None,
) -> Iterator[Finding]:
    """What is wrong with some WARC files, each read to its end.

    Args:
        files: those that are here, and those that are fetched for it.
        table: takes their records, and is complete afterwards.
        progress: gets the bytes that were checked.
        trusted: whether they are an archive's own, and not from anybody, who may have made one
            that unpacks without end.
        others: databases of archives that have records to which revisits refer, too.
        once: reads the rows of those that are fetched, for a database that is made afterwards.
    """
    for file in files:
        if isinstance(file, StoredWarc):
            check = partial(_check_file, table=table, progress=progress, trusted=trusted)
            yield from check_stored(file, check, once)
        else:
            yield from _check_file(file, table, progress, trusted)
    table.complete()
    table.know_others(others)
    yield from check_sets(table)


def _check_file(
    path: Path, table: RecordTable, progress: Progress, trusted: bool
) -> Iterator[Finding]:
    count = damages = 0
    makers = Makers()
    start: int | None = 0
    try:
        size = path.stat().st_size
    except OSError as error:
        wrong = f"the file cannot be read ({error.strerror})"
        yield Finding(file=path.name, wrong=wrong, todo=RESTORE)
        return
    budget = Budget(None if trusted else PLAIN + RATIO * size)
    if not size:
        yield Finding(file=path.name, wrong="the file is empty", todo=RESTORE)
    while start is not None and start < size:
        try:
            for record in records(path, start):
                yield from _check_record(path, record, table, budget, makers, first=count == 0)
                count, start = count + 1, record.offset + record.length
                progress(record.length)
            break
        except WarcError as error:
            damages += 1
            damaged, start = start, next_record(path, start + 1)
            yield Finding(
                file=path.name, offset=damaged, wrong=error.wrong, todo=error.todo or RESTORE
            )
        except TooLarge as error:
            yield Finding(file=path.name, offset=start, wrong=str(error), todo=RESTORE)
            break
        if damages == MOST_DAMAGES:
            wrong = f"it is damaged in {counted(damages, 'place')}; what follows was not read"
            yield Finding(file=path.name, offset=start, wrong=wrong, todo=RESTORE)
            break
    table.add_file(path.name, size, count)


class Budget:
    """How many bytes a file may unpack to."""

    def __init__(self, most: int | None) -> None:
        """Args: most: the bytes; None: any number."""
        self.most, self.taken = most, 0

    def take(self, size: int) -> None:
        """Count bytes that were unpacked. Raises TooLarge where they are too many."""
        self.taken += size
        if self.most is not None and self.taken > self.most:
            raise TooLarge(f"it unpacks to more than {self.most} bytes")


def _check_record(
    path: Path,
    record: Record,
    table: RecordTable,
    budget: Budget,
    makers: Makers,
    *,
    first: bool,
) -> Iterator[Finding]:
    if record.type == "warcinfo":
        makers.add(record)
    ours = makers.is_ours(record)
    faults = list(grammar.faults(record, first=first, ours=ours))
    if not ours:
        table.absent.update(grammar.absences(record, first=first))
    digests = RecordDigests(record)
    while piece := record.read(PIECE):
        budget.take(len(piece))
        digests.add(piece)
    record.finish()
    faults += digests.faults()
    if payload := digests.payload_fault():
        if ours or not digests.has_block_digest:
            faults.append(payload)
        else:  # the block is as it was written, so the digest is of another form of the body
            table.absent[OTHER_PAYLOAD] += 1
    table.absent[UNKNOWN_DIGEST] += digests.unknown
    table.add(_row(path, record, digests.status, ours=ours))
    for wrong in faults:
        yield Finding(
            file=path.name,
            offset=record.offset,
            record=record.id or None,
            wrong=wrong,
            todo=RESTORE,
        )


def _row(path: Path, record: Record, status: int | None, *, ours: bool) -> RecordRow:
    headers = record.headers
    payload = headers.get("WARC-Payload-Digest")
    refers, refers_date = headers.get("WARC-Refers-To"), headers.get("WARC-Refers-To-Date")
    return RecordRow(
        id=record.id,
        type=record.type,
        warc=path.name,
        offset=record.offset,
        length=record.length,
        url=record.url,
        date=record.date,
        http=record.is_answer,
        status=status,
        payload=canonical(payload) if payload else None,
        concurrent=record.concurrent_to,
        refers=bare(refers) if refers else None,
        refers_url=headers.get("WARC-Refers-To-Target-URI"),
        refers_date=moment(refers_date) if refers_date else None,
        ours=ours,
    )
