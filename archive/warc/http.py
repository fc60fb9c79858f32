"""HTTP/1 messages as bytes: heads, chunked framing, content codings. Tolerant in reading, and
nothing is ever rewritten.

Heads are read by our own few lines because warcio drops lines without a colon, unfolds and
re-encodes (measured on 1.8.1).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from archive.errors import Unreadable

HEAD_END = re.compile(rb"\r?\n\r?\n")
INTERIM = re.compile(rb"HTTP/\S+ 1\d\d\b")
STATUS = re.compile(rb"HTTP/\S+\s+(\d{3})")
CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*chunked")
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r?\n")
LONGEST_LINE = STEP = 64 * 1024
LARGEST = 256 * 2**20  # bytes that a coded body may grow to


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and header fields as received. `raw` ends with the empty line, if one came."""

    raw: bytes

    @property
    def status(self) -> int | None:
        """The status code, None where the first line is no status line."""
        found = STATUS.match(self.raw)
        return int(found[1]) if found else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body is in chunks."""
        return CHUNKED.search(self.raw) is not None

    def get(self, name: str) -> str | None:
        """The first field of that name, its continuation lines joined; None where there is none."""
        pattern = (
            rb"(?im)^"
            + re.escape(name.encode())
            + rb"[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)"
        )
        found = re.search(pattern, self.raw)
        return re.sub(r"\s*\r?\n\s+", " ", found[1].decode("latin-1")).strip() if found else None


@dataclass(frozen=True, slots=True)
class Dechunked:
    """A body without its chunk frames. `trailer` is what stood behind the last chunk; `whole`
    whether that chunk came."""

    body: bytes
    trailer: bytes
    whole: bool


def split(block: bytes) -> tuple[Head, bytes]:
    """Head and body of a message. A block without an empty line is all head."""
    found = HEAD_END.search(block)
    return (Head(block[: found.end()]), block[found.end() :]) if found else (Head(block), b"")


def interim(block: bytes) -> bytes:
    """The 1xx answers that stand before the real one."""
    end = 0
    while INTERIM.match(block, end) and (found := HEAD_END.search(block, end)):
        end = found.end()
    return block[:end]


def method(request: bytes) -> str | None:
    """The method of a request, None for no request."""
    word = request.split(b" ", 1)[0]
    return word.decode("ascii") if word.isalpha() and word.isascii() else None


def dechunk(body: bytes) -> Dechunked:
    """Take the frames off. What is cut short gives what came of it; what has no frames at all
    stays as it is."""
    target = BytesIO()
    trailer, whole = dechunk_into(BytesIO(body), target)
    found = target.getvalue()
    return Dechunked(found if found or whole else body, trailer, whole)


def dechunk_into(source: BinaryIO, target: BinaryIO) -> tuple[bytes, bool]:
    """The same from stream to stream, in bounded memory: the trailer, and whether the last chunk
    came."""
    while found := CHUNK_SIZE.fullmatch(source.readline(LONGEST_LINE)):
        left = int(found[1], 16)
        if left == 0:
            return source.read(LONGEST_LINE), True
        while left:
            piece = source.read(min(left, STEP))
            if not piece:
                return b"", False
            target.write(piece)
            left -= len(piece)
        source.readline(2)
    return b"", False


def decode_content(body: bytes, coding: str, largest: int = LARGEST) -> bytes:
    """The body without its content coding. A plain body under a gzip label is returned as it is,
    as browsers do.

    Raises Unreadable for a coding that we never ask for, and for a body that grows beyond
    `largest` bytes.
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
    """What a stream, perhaps cut short, holds; several gzip members follow one another."""
    found = bytearray()
    while body:
        stream = zlib.decompressobj(window)
        try:
            found += stream.decompress(body, largest - len(found) + 1)
        except zlib.error:
            break
        if len(found) > largest:
            raise Unreadable("too-large", f"the body grows beyond {largest} bytes")
        body = stream.unused_data if stream.eof and window == 31 else b""
        if not body.startswith(b"\x1f\x8b"):
            break
    return bytes(found)
