"""Reading WARC files: one gzip member after the other, each one record at a known offset, every
byte accounted for.

A member a record is what WARC 1.1 recommends (annex "Compression recommendations"), and what lets
a record be read without those before it.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.disk import PIECE
from archive.errors import WarcError
from archive.warc.fields import LENGTH, Headers, bare, id_by_place, moment
from archive.warc.member import Member
from archive.warc.stored import WarcFile

ANSWERS = ("response", "revisit", "resource")
WEB = ("http://", "https://")
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
    _stream: Member = field(repr=False)
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
                member = Member(file, ahead, path, offset)
                record = _record(member)
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
        member = Member(file, file.read(PIECE), path, offset)
        weakref.finalize(member, file.close)  # the block may be read as long as there is a record
        if member.pending:
            return _record(member)
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


def _record(member: Member) -> Record:
    """The record that begins a member, its header read and its block still to come."""
    fields = member.head()
    headers = Headers(fields)
    length = headers.get("Content-Length") or ""
    if not LENGTH.fullmatch(length):
        raise member.error("the record has no Content-Length")
    block_length = int(length)
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


def _is_http(kind: str, headers: Headers, member: Member, block_length: int) -> bool:
    media_type = (headers.get("Content-Type") or "").lower()
    if media_type.startswith("application/http"):
        return True
    if kind not in ("response", "request", "revisit"):
        return False
    begin = member.peek(min(block_length, 10))
    return HTTP_BEGIN.match(begin) is not None or (kind == "revisit" and not block_length)
