"""HTTP/1 messages as bytes: heads and chunked framing. Reading is tolerant, and nothing is ever
rewritten.

Heads are not read by warcio, which drops lines without a colon, unfolds and re-encodes (measured
on 1.8.1). Sources: RFC 9112 (HTTP/1.1 messages, chunked coding in section 7.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from archive.disk import PIECE
from archive.errors import Unreadable

HEAD_END = re.compile(rb"\r?\n\r?\n")
INTERIM = re.compile(rb"HTTP/\S+ 1\d\d\b")
# Of HTTP/2 and 3, which have no status line, tools write `HTTP/2 200`, `h2 200` or `:status: 200`.
STATUS = re.compile(rb"(?i)(?:HTTP(?:/\S+)?|h[23]|:status:)\s+(\d{3})\b")
CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*chunked")
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r?\n")
SIZE_BEGUN = re.compile(rb"[ \t]*[0-9A-Fa-f]{1,16}[ \t]*(?:;[^\r\n]*)?(?:\r?\n|\r?\Z)")
BLANKS = re.compile(r"\s++")
LONGEST_SIZE = 16  # hexadecimal digits of a chunk that can be all there
MOST_CHUNKS = 1_000_000  # of a body; each takes time, whatever its size
LONGEST_LINE = 64 * 1024  # bytes of a chunk's size line, and of a trailer


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


@dataclass(frozen=True, slots=True)
class Dechunked:
    """A body without its chunk frames. `trailer` is what came after the last chunk; `complete`
    whether that chunk came; `is_framed` whether there were any frames."""

    body: bytes
    trailer: bytes
    complete: bool
    is_framed: bool


def _unfolded(blanks: re.Match[str]) -> str:
    """One space in place of a line break and what is before the continuation line."""
    return " " if "\n" in blanks[0][:-1] else blanks[0]


def split(block: bytes) -> tuple[Head, bytes]:
    """Head and body of a message. A block without an empty line is all head."""
    match = HEAD_END.search(block)
    return (Head(block[: match.end()]), block[match.end() :]) if match else (Head(block), b"")


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
        Dechunked(body=b'hello', trailer=b'\r\n', complete=True, is_framed=True)
    """
    target = BytesIO()
    trailer, complete = dechunk_into(BytesIO(body), target, MOST_CHUNKS)
    plain = target.getvalue()
    is_framed = complete or SIZE_BEGUN.match(body) is not None
    return Dechunked(plain if plain or complete else body, trailer, complete, is_framed)


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
