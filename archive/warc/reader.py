"""Reading WARC files: one gzip member after the other, each one record at a known offset, every
byte accounted for.

A member a record is what WARC 1.1 recommends (annex "Compression recommendations"), and what lets
a record be read without those before it.
"""

from __future__ import annotations

import re
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from isal import isal_zlib
from isal.igzip_lib import IsalError

from archive.disk import PIECE
from archive.errors import WarcError
from archive.warc.directory import CONVERT
from archive.warc.fields import HEAD_END, LENGTH, LINE_END, VERSION, Headers, fields_of
from archive.warc.fields import bare as bare  # readers of records take both from here
from archive.warc.fields import moment as moment
from archive.warc.stored import WarcFile

RESTORE = "restore the file from a copy, then run `zhengwen rebuild`"
ANSWERS = ("response", "revisit", "resource")
WEB = ("http://", "https://")
LARGEST_HEAD = 1024 * 1024  # bytes of a record's header
UNPACKED = 1024 * 1024  # bytes that are unpacked at a time: a piece of zeros grows a thousandfold
FALSE_STARTS = 1000  # bytes like the begin of a member that are tried after damage
MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins (RFC 1952, section 2.3.1)
RECORD_END = b"\r\n\r\n"
LONGEST_END = len(RECORD_END + b"WARC/")
ENDING = re.compile(rb"(?:\r?\n){2}")  # some programs write line feeds alone
NEXT_RECORD = re.compile(rb"(?:\r?\n){1,4}WARC/")
HTTP_BEGIN = re.compile(rb"(?:HTTP|[A-Z]{3,8} \S)")


@dataclass(slots=True, kw_only=True)
class Record:
    """One record, with its block still to be read.

    Attributes:
        type: WARC-Type; `id` and `url` are WARC-Record-ID and WARC-Target-URI without angle
            brackets, "" where the record has none.
        date: WARC-Date as `moment` reads it.
        offset: of its gzip member in the file.
        length: of its gzip member, 0 until `finish`.
        concurrents: the ids of the records that it belongs to (WARC-Concurrent-To, which may be
            repeated).
        is_http: whether the block is an HTTP message, by its Content-Type or by its first bytes.
    """

    type: str
    id: str
    url: str
    date: str
    headers: Headers
    offset: int
    length: int = 0
    concurrents: tuple[str, ...] = ()
    is_http: bool = False
    _stream: _Member = field(repr=False)
    _left: int = field(repr=False)

    @property
    def warc(self) -> str:
        """The name of the file."""
        return self._stream.path.name

    @property
    def concurrent_to(self) -> str | None:
        """The id of the record that this one belongs to, of several the last."""
        return self.concurrents[-1] if self.concurrents else None

    @property
    def is_answer(self) -> bool:
        """Whether it has what an address of the web answered, or what was there."""
        is_web = self.url.lower().startswith(WEB)
        return self.type in ANSWERS and (is_web or (self.is_http and self.type != "resource"))

    @property
    def stand_in_head(self) -> bytes:
        """A head of HTTP for a record that has the page without one, so that both are read alike;
        empty for any other."""
        if self.is_http or self.type not in ("response", "resource"):
            return b""
        media_type = (self.headers.get("Content-Type") or "").encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: " + media_type + b"\r\n\r\n"

    def is_of(self, record_id: str) -> bool:
        """Whether a capture of this id is of this record."""
        return record_id in (self.id, id_by_place(self.warc, self.offset))

    def peek(self, size: int) -> bytes:
        """The next bytes of the block, which stay to be read."""
        return self._stream.peek(min(size, self._left))

    def read_message(self, limit: int | None = None) -> bytes:
        """What `read` gives of an answer, as an HTTP message also where the record has only the
        page."""
        return self.stand_in_head + self.read(limit)

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


def records(path: WarcFile, start: int = 0) -> Iterator[Record]:
    """The records of a file, one after the other.

    Args:
        path: a `.warc.gz` file, on this disk or stored elsewhere.
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


def _unreadable(path: WarcFile, error: OSError) -> WarcError:
    wrong = f"the file cannot be read ({error.strerror})"
    todo = "see whether it is there and may be read"
    return WarcError(f"{path}: {wrong}; {todo}.", wrong=wrong, todo=todo)


def read_record(path: WarcFile, offset: int) -> Record:
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


def member_at(path: WarcFile, offset: int, length: int) -> bytes:
    """The bytes of a file at the place of a record, as they are there.

    Raises:
        WarcError: where the file has no record there.
    """
    read_record(path, offset)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except OSError as error:
        raise _unreadable(path, error) from error


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


def id_by_place(warc: str, offset: int) -> str:
    """The id of a record that has none, or one that another record has.

    Args:
        warc: name of its file.
        offset: of the record there, in bytes.

    Example:
        >>> id_by_place("a.warc.gz", 512)
        'urn:uuid:7cadadc2-3082-5112-abeb-e59fd0865802'
    """
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{warc}#{offset}')}"


class _Member:
    """One gzip member as a stream of the record in it.

    `ahead` is what was read from the file already; `rest` what was read beyond the member's end.
    """

    def __init__(self, file: BinaryIO, ahead: bytes, path: WarcFile, offset: int) -> None:
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
        while (end := HEAD_END.search(self.buffer)) is None:
            if len(self.buffer) > LARGEST_HEAD or not self._unpack_more():
                raise self.error("there is no WARC header")
        lines = LINE_END.split(bytes(self.buffer[: end.start()]))
        del self.buffer[: end.end()]
        if not VERSION.fullmatch(lines[0]):
            raise self.error(*_other_format(lines[0]))
        fields = list(fields_of(lines[1:]))
        length = Headers(fields).get("Content-Length") or ""
        if not LENGTH.fullmatch(length):
            raise self.error("the record has no Content-Length")
        return _record(fields, self, int(length))

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read."""
        while len(self.buffer) < size and self._unpack_more():
            pass
        return bytes(self.buffer[:size])

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
        while len(self.buffer) < LONGEST_END and self._unpack_more():
            pass
        if NEXT_RECORD.match(self.buffer):
            raise self.error("several records are compressed as one", CONVERT)
        if not self.unpacker.eof or not ENDING.fullmatch(self.buffer):
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
    return f"this is {version}, and only WARC/0.17, 0.18 and 1.x are read", CONVERT


def _record(fields: list[tuple[str, str]], member: _Member, block_length: int) -> Record:
    headers = Headers(fields)
    kind = (headers.get("WARC-Type") or "").lower()
    belongs = (value for name, value in fields if name == "warc-concurrent-to")
    return Record(
        type=kind,
        id=bare(headers.get("WARC-Record-ID") or ""),
        url=bare(headers.get("WARC-Target-URI") or ""),  # wget writes angle brackets around it
        date=moment(headers.get("WARC-Date") or ""),
        headers=headers,
        offset=member.offset,
        concurrents=tuple(record_id for value in belongs if (record_id := bare(value))),
        is_http=_is_http(kind, headers, member, block_length),
        _stream=member,
        _left=block_length,
    )


def _is_http(kind: str, headers: Headers, member: _Member, block_length: int) -> bool:
    media_type = (headers.get("Content-Type") or "").lower()
    if media_type.startswith("application/http"):
        return True
    if kind not in ("response", "request", "revisit"):
        return False
    begin = member.peek(min(block_length, 10))
    return HTTP_BEGIN.match(begin) is not None or (kind == "revisit" and not block_length)
