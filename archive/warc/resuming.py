"""Where reading goes on behind damage in a WARC file: at the next place where a record begins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archive.disk import PIECE
from archive.errors import WarcError
from archive.warc.reader import records
from archive.warc.stored import WarcFile

FALSE_STARTS = 1000  # bytes like the begin of a member that are tried after damage
MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins (RFC 1952, section 2.3.1)


def next_record(path: WarcFile, start: int) -> int | None:
    """The offset of the next member that begins a record, so that damage in one hides none of the
    others.

    Args:
        path: a `.warc.gz` file.
        start: where to look from, in bytes.

    Returns:
        None where there is none, where `FALSE_STARTS` places only looked like one, and for a file
        that cannot be read.
    """
    try:
        for place in islice(_members(path, start), FALSE_STARTS):
            if _begins_record(path, place):
                return place
    except OSError:
        return None  # whoever reads the file there learns why
    return None


def _begins_record(path: WarcFile, offset: int) -> bool:
    try:
        return next(records(path, offset), None) is not None
    except WarcError:
        return False


def _members(path: WarcFile, start: int) -> Iterator[int]:
    """The offsets at which a gzip member may begin. The file is read and not mapped: a map ends
    the process where the file gets shorter meanwhile."""
    with path.open("rb") as file:
        file.seek(start)
        data = b""
        while piece := file.read(PIECE):
            data += piece
            place = data.find(MEMBER)
            while place >= 0:
                yield start + place
                place = data.find(MEMBER, place + 1)
            start += max(len(data) - len(MEMBER) + 1, 0)
            data = data[-(len(MEMBER) - 1) :]
