"""Reading WARC files: one gzip member after the other, each one record at a known offset, every
byte accounted for.

A member a record is what WARC 1.1 recommends (annex "Compression recommendations"), and what lets
a record be read without those before it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib
from isal.igzip_lib import IsalError

from archive.disk import PIECE
from archive.errors import WarcError

RESTORE = "restore the file from a copy, then run `zhengwen rebuild`"
RECOMPRESS = "put in its place what `warcio recompress OLD NEW` makes of it"
LARGEST_HEAD = 1024 * 1024  # bytes of a record's header
MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins (RFC 1952, section 2.3.1)
RECORD_END = b"\r\n\r\n"


class Headers(dict[str, str]):
    """WARC header fields by lower-case name; of a repeated field the last."""

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]  # any case
        """The value of a field whatever its case."""
        return super().get(name.lower(), default)


@dataclass(slots=True, kw_only=True)
class Record:
    """One record, with its block still to be read.

    Attributes:
        type: WARC-Type; `id`, `url` and `date` are WARC-Record-ID, WARC-Target-URI and WARC-Date,
            without angle brackets, "" where the record has none.
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
        raise WarcError(
            f"{path} cannot be read ({error.strerror}); see whether the file is there and complete."
        ) from error


def read_record(path: Path, offset: int) -> Record:
    """The record at an offset, with its block ready to be read.

    Raises:
        WarcError: where the file has no record there.
    """
    record = next(records(path, offset), None)
    if record is None:
        raise WarcError(
            f"{path} ends before offset {offset}; run `zhengwen rebuild` to learn what it holds."
        )
    return record


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
        self.taken = 0
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
            raise self.error("this is no WARC record")
        headers = Headers(_fields(lines[1:]))
        try:
            block_length = int(headers["content-length"])
        except (KeyError, ValueError):
            raise self.error("the record has no Content-Length") from None
        return _record(headers, self, block_length)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of the record, fewer only at its end."""
        while len(self.buffer) < size and self._unpack_more():
            pass
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def close(self) -> int:
        """Check how the member ends, and return its length in the file."""
        while not self.unpacker.eof and self._unpack_more():
            pass
        if self.buffer.startswith(RECORD_END + b"WARC/"):
            raise self.error("several records are compressed as one", RECOMPRESS)
        if not self.unpacker.eof or bytes(self.buffer) != RECORD_END:
            raise self.error("the record does not end as it must")
        self.rest = self.unpacker.unused_data
        return self.taken - len(self.rest)

    def _unpack_more(self) -> bool:
        """Unpack some more; False at the end of the member or of the file."""
        if self.unpacker.eof:
            return False
        data, self.pending = self.pending or self.file.read(PIECE), b""
        if not data:
            return False
        self.taken += len(data)
        try:
            self.buffer += self.unpacker.decompress(data)
        except (IsalError, zlib.error) as error:  # type: ignore[misc]  # isal gives its error no type
            raise self.error(f"the compressed data are damaged ({error})") from error
        return True


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    for text in lines:
        name, colon, value = text.decode("utf-8", "replace").partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _record(headers: Mapping[str, str], member: _Member, block_length: int) -> Record:
    return Record(
        type=headers.get("warc-type", ""),
        id=bare(headers.get("warc-record-id", "")),
        url=bare(headers.get("warc-target-uri", "")),  # wget writes angle brackets around it
        date=headers.get("warc-date", ""),
        headers=Headers(headers),
        offset=member.offset,
        _stream=member,
        _left=block_length,
    )
