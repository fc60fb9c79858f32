"""Reading WARC files: one gzip member after the other, each one record at a known offset, every
byte accounted for.

A member a record is what WARC 1.1 recommends (annex "Compression recommendations"), and what lets
a record be read without those before it.
"""

from __future__ import annotations

import re
import weakref
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib
from isal.igzip_lib import IsalError

from archive.disk import PIECE
from archive.errors import WarcError

RESTORE = "restore the file from a copy, then run `zhengwen rebuild`"
CONVERT = "convert the file to WARC/1.1, or move it out of the folder"
RECOMPRESS = "put in its place what `warcio recompress OLD NEW` makes of it"
LARGEST_HEAD = 1024 * 1024  # bytes of a record's header
UNPACKED = 1024 * 1024  # bytes that are unpacked at a time: a piece of zeros grows a thousandfold
FALSE_STARTS = 1000  # bytes like the begin of a member that are tried after damage
MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins (RFC 1952, section 2.3.1)
RECORD_END = b"\r\n\r\n"
NEXT_RECORD = RECORD_END + b"WARC/"
LENGTH = re.compile(r"[0-9]{1,18}")
# WARC 1.1 (WARC-Date) allows any of these precisions (W3C-DTF), in UTC. Other programs write zones.
DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?"
    r"(?:[Zz]|([+-])(\d\d):?(\d\d))?)?)?)?",
    re.ASCII,
)
USUAL_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z", re.ASCII)


class Headers(dict[str, str]):
    """WARC header fields by lower-case name; of a repeated field the last."""

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]  # any case
        """The value of a field whatever its case."""
        return super().get(name.lower(), default)


@dataclass(slots=True, kw_only=True)
class Record:
    """One record, with its block still to be read.

    Attributes:
        type: WARC-Type; `id` and `url` are WARC-Record-ID and WARC-Target-URI without angle
            brackets, "" where the record has none.
        date: WARC-Date as `moment` reads it.
        offset: of its gzip member in the file.
        length: of its gzip member, 0 until `finish`.
    """

    type: str
    id: str
    url: str
    date: str
    headers: Headers
    offset: int
    length: int = 0
    _stream: _Member = field(repr=False)
    _left: int = field(repr=False)

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message."""
        return (self.headers.get("Content-Type") or "").startswith("application/http")

    @property
    def concurrent_to(self) -> str | None:
        """The id of the record that this one belongs to (WARC-Concurrent-To)."""
        value = self.headers.get("WARC-Concurrent-To")
        return bare(value) if value else None

    def read(self, limit: int | None = None) -> bytes:
        """The next bytes of the block; call it before the next record is asked for.

        Args:
            limit: how many bytes at most; all that are left where None.

        Raises:
            WarcError: where the compressed data are damaged.
        """
        size = self._left if limit is None else min(limit, self._left)
        data = self._stream.read(size)
        self._left -= len(data)
        return data

    def finish(self) -> None:
        """Read what is left of the block, check the record's end, and set `length`.

        Raises:
            WarcError: where the record is cut short or does not end with two empty lines.
        """
        while self._left:
            if not self.read(PIECE):
                raise self._stream.error("the record is shorter than its Content-Length")
        self.length = self._stream.close()


def records(path: Path, start: int = 0) -> Iterator[Record]:
    """The records of a file, one after the other.

    Args:
        path: a `.warc.gz` file.
        start: the offset of the first record, in bytes.

    Raises:
        WarcError: at the first damage, with file and offset.

    Example:
        >>> for record in records(Path("warc/thepaper-20310301-00000.warc.gz")):
        ...     print(record.type, record.url, len(record.read()))
    """
    try:
        with path.open("rb") as file:
            file.seek(start)
            offset, ahead = start, b""
            while ahead or (ahead := file.read(PIECE)):
                member = _Member(file, ahead, path, offset)
                record = member.record()
                yield record
                record.finish()
                offset, ahead = offset + record.length, member.rest
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> WarcError:
    wrong = f"the file cannot be read ({error.strerror})"
    todo = "see whether it is there and may be read"
    return WarcError(f"{path}: {wrong}; {todo}.", wrong=wrong, todo=todo)


def read_record(path: Path, offset: int) -> Record:
    """The record at an offset, with its block ready to be read.

    Raises:
        WarcError: where the file has no record there.
    """
    try:
        file = path.open("rb")
        file.seek(offset)
        member = _Member(file, file.read(PIECE), path, offset)
        weakref.finalize(member, file.close)  # the block may be read as long as there is a record
        if member.pending:
            return member.record()
    except OSError as error:
        raise _unreadable(path, error) from error
    raise WarcError(
        f"{path} ends before offset {offset}; run `zhengwen rebuild` to learn what it holds."
    )


def next_record(path: Path, start: int) -> int | None:
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


def _begins_record(path: Path, offset: int) -> bool:
    try:
        return next(records(path, offset), None) is not None
    except WarcError:
        return False


def _members(path: Path, start: int) -> Iterator[int]:
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


@lru_cache(maxsize=64)  # the records of an exchange share theirs
def moment(date: str) -> str:
    """A WARC-Date as ISO 8601 in UTC: as it is written where it says the second, else the first
    second of what it names.

    Args:
        date: the value of the field.

    Returns:
        "" where it names no time, or none that can be converted between time zones.

    Example:
        >>> moment("2016-03"), moment("2016-03-01T08:00:00+08:00"), moment("yesterday")
        ('2016-03-01T00:00:00Z', '2016-03-01T00:00:00Z', '')
    """
    match = DATE.fullmatch(date.strip())
    if match is None:
        return ""
    *parts, fraction, sign, hours, minutes = match.groups()
    numbers = [int(part or least) for part, least in zip(parts, (1, 1, 1, 0, 0, 0), strict=True)]
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        local = datetime(*numbers, tzinfo=timezone(-east if sign == "-" else east))  # type: ignore[misc,arg-type]  # six numbers
        universal = local.astimezone(UTC).replace(tzinfo=None)
        for day in (timedelta(1), -timedelta(1)):
            universal + day  # a page's own zone may lead there
    except (ValueError, OverflowError):
        return ""
    if USUAL_DATE.fullmatch(date):
        return date
    return f"{universal.isoformat()}{fraction or ''}Z"


def bare(record_id: str) -> str:
    """A record id without its angle brackets."""
    return record_id.strip().removeprefix("<").removesuffix(">")


class _Member:
    """One gzip member as a stream of the record in it.

    `ahead` is what was read from the file already; `rest` what was read beyond the member's end.
    """

    def __init__(self, file: BinaryIO, ahead: bytes, path: Path, offset: int) -> None:
        self.file, self.path, self.offset = file, path, offset
        self.unpacker = isal_zlib.decompressobj(31)
        self.pending = ahead
        self.buffer = bytearray()
        self.taken = len(ahead)
        self.rest = b""

    def error(self, wrong: str, todo: str = RESTORE) -> WarcError:
        """An error that names the record's place."""
        return WarcError(
            f"{self.path}, record at offset {self.offset}: {wrong}; {todo}.", wrong=wrong, todo=todo
        )

    def record(self) -> Record:
        """The record, its header read and its block still to come."""
        while (end := self.buffer.find(RECORD_END)) < 0:
            if len(self.buffer) > LARGEST_HEAD or not self._unpack_more():
                raise self.error("there is no WARC header")
        lines = bytes(self.buffer[:end]).split(b"\r\n")
        del self.buffer[: end + len(RECORD_END)]
        if not lines[0].startswith(b"WARC/1."):
            raise self.error(*_other_format(lines[0]))
        headers = Headers(_fields(lines[1:]))
        length = headers.get("Content-Length") or ""
        if not LENGTH.fullmatch(length):
            raise self.error("the record has no Content-Length")
        return _record(headers, self, int(length))

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of the record, fewer only at its end."""
        while len(self.buffer) < size and self._unpack_more():
            pass
        with memoryview(self.buffer) as view:
            data = bytes(view[:size])  # one copy, where a slice would be another
        del self.buffer[:size]
        return data

    def close(self) -> int:
        """Check how the member ends, and return its length in the file."""
        while len(self.buffer) < len(NEXT_RECORD) and self._unpack_more():
            pass
        if self.buffer.startswith(NEXT_RECORD):
            raise self.error("several records are compressed as one", RECOMPRESS)
        if not self.unpacker.eof or bytes(self.buffer) != RECORD_END:
            raise self.error("the record does not end as it must")
        self.rest = self.unpacker.unused_data
        return self.taken - len(self.rest)

    def _unpack_more(self) -> bool:
        """Unpack some more; False at the end of the member or of the file."""
        if self.unpacker.eof:
            return False
        if not self.pending:
            self.pending = self.file.read(PIECE)
            self.taken += len(self.pending)
        if not self.pending:
            return False
        try:
            self.buffer += self.unpacker.decompress(self.pending, UNPACKED)
            self.pending = self.unpacker.unconsumed_tail
        except (IsalError, zlib.error) as error:  # type: ignore[misc]  # isal gives its error no type
            raise self.error(f"the compressed data are damaged ({error})") from error
        return True


def _other_format(line: bytes) -> tuple[str, str]:
    """What is wrong with a record that begins with this line, and what to do."""
    if not line.startswith(b"WARC/"):
        return "this is no WARC record", RESTORE
    version = line[:10].decode("ascii", "backslashreplace")
    return f"this is {version}, and only WARC/1.x is read", CONVERT


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    for text in lines:
        # A NUL ends a text for SQL and for many a program, so it is replaced as a wrong byte is.
        name, colon, value = text.decode("utf-8", "replace").replace("\0", "\ufffd").partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _record(headers: Mapping[str, str], member: _Member, block_length: int) -> Record:
    return Record(
        type=headers.get("warc-type", ""),
        id=bare(headers.get("warc-record-id", "")),
        url=bare(headers.get("warc-target-uri", "")),  # wget writes angle brackets around it
        date=moment(headers.get("warc-date", "")),
        headers=Headers(headers),
        offset=member.offset,
        _stream=member,
        _left=block_length,
    )
