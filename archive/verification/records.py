"""Checks of the WARC files alone: every byte belongs to a complete member, every record is as
WARC 1.1 wants it, every digest is true.

The stock checkers pass files that end in the middle of a record; this one does not. RFC 1952 says
what a gzip member is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.disk import PIECE, Progress, no_progress
from archive.errors import WarcError
from archive.verification import grammar
from archive.verification.digests import RecordDigests
from archive.verification.finding import RESTORE, Finding
from archive.verification.record_table import RecordRow, RecordTable
from archive.verification.sets import check_sets
from archive.warc.reader import Record, bare, moment, next_record, records


def check_files(
    paths: list[Path], table: RecordTable, progress: Progress = no_progress
) -> Iterator[Finding]:
    """What is wrong with some WARC files, each read to its end.

    Args:
        paths: the files.
        table: takes their records, and is complete afterwards.
        progress: gets the bytes that were checked.
    """
    for path in paths:
        yield from _check_file(path, table, progress)
    table.complete()
    yield from check_sets(table)


def _check_file(path: Path, table: RecordTable, progress: Progress) -> Iterator[Finding]:
    count = 0
    start: int | None = 0
    try:
        size = path.stat().st_size
    except OSError as error:
        wrong = f"the file cannot be read ({error.strerror})"
        yield Finding(file=path.name, wrong=wrong, todo=RESTORE)
        return
    if not size:
        yield Finding(file=path.name, wrong="the file is empty", todo=RESTORE)
    while start is not None and start < size:
        try:
            for record in records(path, start):
                yield from _check_record(path, record, table, first=count == 0)
                count, start = count + 1, record.offset + record.length
                progress(record.length)
            break
        except WarcError as error:
            damaged, start = start, next_record(path, start + 1)
            yield Finding(
                file=path.name, offset=damaged, wrong=error.wrong, todo=error.todo or RESTORE
            )
    table.add_file(path.name, size, count)


def _check_record(
    path: Path, record: Record, table: RecordTable, *, first: bool
) -> Iterator[Finding]:
    faults = list(grammar.faults(record, first=first))
    digests = RecordDigests(record)
    while piece := record.read(PIECE):
        digests.add(piece)
    record.finish()
    faults += digests.faults()
    table.add(_row(path, record, digests.status))
    for wrong in faults:
        yield Finding(
            file=path.name,
            offset=record.offset,
            record=record.id or None,
            wrong=wrong,
            todo=RESTORE,
        )


def _row(path: Path, record: Record, status: int | None) -> RecordRow:
    headers = record.headers
    refers, refers_date = headers.get("WARC-Refers-To"), headers.get("WARC-Refers-To-Date")
    return RecordRow(
        id=record.id,
        type=record.type,
        warc=path.name,
        offset=record.offset,
        length=record.length,
        url=record.url,
        date=record.date,
        http=record.is_http,
        status=status,
        payload=headers.get("WARC-Payload-Digest"),
        concurrent=record.concurrent_to,
        refers=bare(refers) if refers else None,
        refers_url=headers.get("WARC-Refers-To-Target-URI"),
        refers_date=moment(refers_date) if refers_date else None,
    )
