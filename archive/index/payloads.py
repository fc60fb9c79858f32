"""The file that an answer brought, from its record."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.index.segments import message_of
from archive.warc.answers import Answer, answer
from archive.warc.reader import read_record
from archive.warc.stored import warc_file


class Place(NamedTuple):
    """Where the record of an answer is: file, offset, length there, and id."""

    warc: str
    offset: int
    length: int
    record: str


def payload(warc_dir: Path, place: Place, limit: int | None = None) -> Answer:
    """The answer with its body as the server had it.

    Args:
        warc_dir: the folder of the WARC files.
        place: of the record.
        limit: bytes of the record that are read at most.

    Raises:
        ArchiveError: it cannot be had; the message says why.
    """
    path = warc_file(warc_dir, place.warc)
    record = read_record(path, place.offset)
    if not record.is_of(place.record):
        raise ArchiveError(
            f"{place.warc} at {place.offset} holds {record.id}, not {place.record}; run "
            "`zhengwen rebuild`."
        )
    taken = answer(message_of(path, record, limit))
    if taken.fault:
        raise ArchiveError(f"{place.warc} at {place.offset}: {taken.fault}.")
    return taken
