"""HTTP/1 messages as bytes: heads, chunked framing, content codings. Reading is tolerant, and
nothing is ever rewritten.

Heads are not read by warcio, which drops lines without a colon, unfolds and re-encodes (measured
on 1.8.1). Sources: RFC 9112 (HTTP/1.1 messages, chunked coding in section 7.1), RFC 9110, section
8.4 (content codings).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from archive.disk import PIECE
from archive.errors import Unreadable

HEAD_END = re.compile(rb"\r?\n\r?\n")
INTERIM = re.compile(rb"HTTP/\S+ 1\d\d\b")
STATUS = re.compile(rb"HTTP/\S+\s+(\d{3})")
CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*chunked")
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r?\n")
BLANKS = re.compile(r"\s++")
MEMBER = 8 * 1024  # bytes of a compressed body that are read at once
LONGEST_SIZE = 16  # hexadecimal digits of a chunk that can be all there
MOST_CHUNKS = 1_000_000  # of a body; each takes time, whatever its size
LONGEST_LINE = 64 * 1024  # bytes of a chunk's size line, and of a trailer
LARGEST = 256 * 2**20  # bytes that a coded body may grow to


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and header fields as received. `raw` ends with the empty line, if one came."""

    raw: bytes

    @property
    def status(self) -> int | None:
        """The status code, None where the first line is no status line."""
        match = STATUS.match(self.raw)
        return int(match[1]) if match else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body is in chunks."""
        return CHUNKED.search(self.raw) is not None

    def get(self, name: str) -> str | None:
        r"""The value of the first field of a name, None where there is none.

        Args:
            name: in any case.

        Returns:
            The value, without the spaces around it, its continuation lines joined by one space
            (RFC 9112, section 5.2). Bytes are read as Latin-1, which loses none.

        Example:
            >>> Head(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n").get("Content-Type")
            'text/html'
        """
        pattern = (
            rb"(?im)^"
            + re.escape(name.encode())
            + rb"[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)"
        )
        match = re.search(pattern, self.raw)
        return BLANKS.sub(_unfolded, match[1].decode("latin-1")).strip() if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answered request, taken apart.

    `status` is None where the first line is no status line; header fields that did not come are
    None. `body` is without chunk frames and content coding, unless it was to stay as it came.
    `fault` says why the coding could not be undone; `body` is empty then. `method` and `asked` are
    those of the request, None and empty where there is none.
    """

    status: int | None
    content_type: str | None
    etag: str | None
    last_modified: str | None
    location: str | None
    disposition: str | None
    body: bytes
    fault: Unreadable | None
    method: str | None
    asked: bytes


@dataclass(frozen=True, slots=True)
class Dechunked:
    """A body without its chunk frames. `trailer` is what came after the last chunk; `complete`
    whether that chunk came."""

    body: bytes
    trailer: bytes
    complete: bool


def _unfolded(blanks: re.Match[str]) -> str:
    """One space in place of a line break and what is before the continuation line."""
    return " " if "\n" in blanks[0][:-1] else blanks[0]


def split(block: bytes) -> tuple[Head, bytes]:
    """Head and body of a message. A block without an empty line is all head."""
    match = HEAD_END.search(block)
    return (Head(block[: match.end()]), block[match.end() :]) if match else (Head(block), b"")


def answer(block: bytes, request: bytes = b"", *, coded: bool = False) -> Answer:
    r"""Take an answer and its request apart.

    Args:
        block: the answer's bytes, head and body.
        request: those of the request; empty where it is not known.
        coded: leave the content coding of the body as it came, as for a picture.

    Example:
        >>> answer(b"HTTP/1.1 200 OK\r\nETag: 1\r\n\r\nhello", b"GET / HTTP/1.1\r\n\r\n").method
        'GET'
    """
    head, body = split(block)
    body, fault = _plain(head, body, coded)
    return Answer(
        status=head.status,
        content_type=head.get("Content-Type"),
        etag=head.get("ETag"),
        last_modified=head.get("Last-Modified"),
        location=head.get("Location"),
        disposition=head.get("Content-Disposition"),
        body=body,
        fault=fault,
        method=method(request),
        asked=split(request)[1],
    )


def _plain(head: Head, body: bytes, coded: bool) -> tuple[bytes, Unreadable | None]:
    try:
        if head.is_chunked:
            body = dechunk(body).body
        if coded:
            return body, None
        return decode_content(body, head.get("Content-Encoding") or ""), None
    except Unreadable as error:
        return b"", error


def interim(block: bytes) -> bytes:
    """The 1xx answers that came before the final one (RFC 9110, section 15.2)."""
    end = 0
    while INTERIM.match(block, end) and (match := HEAD_END.search(block, end)):
        end = match.end()
    return block[:end]


def method(request: bytes) -> str | None:
    """The method of a request, None where the bytes are no request."""
    word = request.split(b" ", 1)[0]
    return word.decode("ascii") if word.isalpha() and word.isascii() else None


def dechunk(body: bytes) -> Dechunked:
    r"""Remove the chunk frames of a body.

    A body that was cut short gives what came of it; one without frames is returned as it is.

    Raises:
        Unreadable: it has more than `MOST_CHUNKS` (`too-large`).

    Example:
        >>> dechunk(b"5\r\nhello\r\n0\r\n\r\n")
        Dechunked(body=b'hello', trailer=b'\r\n', complete=True)
    """
    target = BytesIO()
    trailer, complete = dechunk_into(BytesIO(body), target, MOST_CHUNKS)
    plain = target.getvalue()
    return Dechunked(plain if plain or complete else body, trailer, complete)


def dechunk_into(source: BinaryIO, target: BinaryIO, most: int | None = None) -> tuple[bytes, bool]:
    """Remove the chunk frames from stream to stream, in bounded memory.

    Args:
        source: a body from its first chunk on.
        target: gets what is in the chunks.
        most: how many chunks there may be; None for any number.

    Returns:
        The trailer, and whether the last chunk came.

    Raises:
        Unreadable: there are more (`too-large`).
    """
    count = 0
    while match := CHUNK_SIZE.fullmatch(source.readline(LONGEST_LINE)):
        left = int(match[1], 16)
        count += 1
        if most is not None and count > most:
            raise Unreadable("too-large", f"the body has more than {most} chunks")
        if left == 0:
            return source.read(LONGEST_LINE), True
        while left:
            piece = source.read(min(left, PIECE))
            if not piece:
                return b"", False
            target.write(piece)
            left -= len(piece)
        source.readline(2)
    return b"", False


def _complete_chunk(data: bytes, place: int) -> slice | None:
    """Where the content of a chunk is that begins at a place and is all there."""
    match = CHUNK_SIZE.match(data, place)
    if not match or len(match[1]) > LONGEST_SIZE:
        return None
    start = match.end()
    stop = start + int(match[1], 16)
    return slice(start, stop) if stop > start and data[stop : stop + 2] == b"\r\n" else None


class Dechunking:
    """Removes the chunk frames of a body that comes in pieces, as `dechunk` does from one that is
    there, in memory for one piece.

    `complete` says whether the last chunk came, `is_endless` that there are more than
    `MOST_CHUNKS`, of which the rest is not read.
    """

    def __init__(self) -> None:
        self.complete = self.is_endless = False
        self._count = 0
        self._pending = b""
        self._left = 0  # bytes of the chunk that are still to come
        self._is_after_chunk = self._is_over = False

    def add(self, piece: bytes) -> bytes:
        """Take the next bytes of the body. Returns what of them is in chunks."""
        data, place, plain = self._pending + piece, 0, bytearray()
        while place < len(data) and not self._is_over:
            if not (self._left or self._is_after_chunk) and (chunk := _complete_chunk(data, place)):
                plain += data[chunk]
                place = chunk.stop + 2
                self._count_chunk()
            elif self._left:
                end = min(place + self._left, len(data))
                plain += data[place:end]
                self._left, place = self._left - (end - place), end
                self._is_after_chunk = not self._left
            elif self._is_after_chunk:
                if len(data) - place < 2 and data[place:] != b"\n":
                    break
                place += 1 if data[place : place + 1] == b"\n" else 2
                self._is_after_chunk = False
            else:
                end = data.find(b"\n", place, place + LONGEST_LINE) + 1
                if not end and len(data) - place < LONGEST_LINE:
                    break
                self._begin_chunk(data[place:end])
                place = end
        self._pending = b"" if self._is_over else data[place:]
        return bytes(plain)

    def _begin_chunk(self, line: bytes) -> None:
        match = CHUNK_SIZE.fullmatch(line)
        self._left = int(match[1], 16) if match else 0
        self._is_over = not self._left
        self._count_chunk()
        self.complete = match is not None and not self._left and not self.is_endless

    def _count_chunk(self) -> None:
        self._count += 1
        self.is_endless = self._count > MOST_CHUNKS
        self._is_over = self._is_over or self.is_endless


def decode_content(body: bytes, coding: str, largest: int = LARGEST) -> bytes:
    """Undo the content coding of a body.

    A plain body that is declared as gzip is returned as it is, as browsers do.

    Args:
        body: as received, without chunk frames.
        coding: the value of Content-Encoding; several names are undone from the last.
        largest: bytes that the result may have.

    Raises:
        Unreadable: for a coding that we never ask for (`content-coding`), and for a body that
            grows beyond `largest` (`too-large`).
    """
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        if name in ("gzip", "x-gzip"):
            body = _inflated(body, 31, largest) if body.startswith(b"\x1f\x8b") else body
        elif name == "deflate":
            body = _inflated(body, 15 if body[:1] == b"\x78" else -15, largest)
        elif name != "identity":
            raise Unreadable("content-coding", f"{name} cannot be undone")
    return body


def _inflated(body: bytes, window: int, largest: int) -> bytes:
    """The data of a stream that may be cut short; several gzip members may follow one another."""
    data = bytearray()
    stream, place = zlib.decompressobj(window), 0
    while place < len(body):
        # in pieces: what is behind the end of a member is copied, and there may be many members
        piece = body[place : place + MEMBER]
        try:
            data += stream.decompress(piece, largest - len(data) + 1)
        except zlib.error:
            break
        if len(data) > largest:
            raise Unreadable("too-large", f"the body grows beyond {largest} bytes")
        place += len(piece) - len(stream.unused_data)
        if stream.eof:
            if window != 31 or not body.startswith(b"\x1f\x8b", place):
                break
            stream = zlib.decompressobj(window)
    return bytes(data)
