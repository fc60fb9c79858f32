"""Content codings undone: gzip, deflate, br, zstd (RFC 9110, section 8.4.1; RFC 7932; RFC 8878),
and whether a stream came to its end.

Tools that record may have undone the coding and left the header field that declares it, so a body
is asked by its bytes whether it is coded. Brotli is read by brotlicffi and not by the package
brotli, whose presence alone makes warcio fail (warcio 1.8.1, issue 73).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.errors import Unreadable

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
LARGEST = 256 * 2**20  # bytes that a coded body may grow to
PIECE = 8 * 1024  # bytes of a compressed body that are read at once
ZSTD_PIECE = 1024  # of zstd fewer, because a block of 4 bytes may be 128 KiB
LARGEST_WINDOW = 128 * 2**20  # bytes that a zstd stream may look back
BROTLI_OUT = 2**20  # bytes that are unpacked at a time
INSTALL = 'pip install "zhengwen[imports]"'
# Mark-up or JSON, which no deflate or br stream of a page looks like for so long.
PLAIN = re.compile(rb"\s*(?:\xef\xbb\xbf\s*)?[<\[{][^\x00-\x08\x0b\x0e-\x1f]{0,500}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its content coding.

    `was_coded` is False where there was none to undo, whatever was declared. `lack` says what of
    the stream is missing, as the predicate of a sentence; None where it came to its end.
    """

    body: bytes
    was_coded: bool = False
    lack: str | None = None


class _Damaged(Exception):
    """A stream cannot be read on."""


def decode(body: bytes, coding: str, largest: int = LARGEST) -> Decoded:
    """Undo the content coding of a body.

    A plain body that is declared as coded is returned as it is, as browsers do. Of a stream that
    ends early or is damaged there is what could be read.

    Args:
        body: as received, without chunk frames.
        coding: the value of Content-Encoding; several names are undone from the last.
        largest: bytes that the result may have.

    Raises:
        Unreadable: for a coding that is not known or whose library is not installed
            (`content-coding`), and for a body that grows beyond `largest` (`too-large`).

    Example:
        >>> decode(zlib.compress(b"hello")[:-2], "deflate").lack
        'the deflate coding of the body ends before its end'
    """
    was_coded, lacks = False, []
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        if name == "identity" or not _is_coded(body, name):
            continue
        decoded = _undone(body, name, largest)
        was_coded = was_coded or decoded.was_coded
        lacks += [f"the {name} coding of the body {decoded.lack}"] if decoded.lack else []
        body = decoded.body
    return Decoded(body, was_coded, lacks[0] if lacks else None)


def is_gzip(body: bytes) -> bool:
    """Whether bytes begin as a gzip member whose method is deflate (RFC 1952, section 2.3.1)."""
    return body.startswith(GZIP + b"\x08")


def _is_coded(body: bytes, name: str) -> bool:
    """Whether a body may be in the coding that is declared."""
    if name in ("gzip", "x-gzip"):
        return body.startswith(GZIP)
    if name == "zstd":
        return body.startswith(ZSTD) or body[1:4] == b"\x2a\x4d\x18"  # a frame to be skipped
    return bool(body) and not _is_plain(body)


def _is_plain(body: bytes) -> bool:
    start = body[:500]
    match = PLAIN.match(start)
    return match is not None and match.end() == len(start)


def _undone(body: bytes, name: str, largest: int) -> Decoded:
    if name in ("gzip", "x-gzip"):
        return _read(body, lambda: zlib.decompressobj(31), largest)
    if name == "deflate":
        # what is declared so is a zlib stream, or the bare one inside it, which some servers send
        is_zlib = body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
        return _read(body, lambda: zlib.decompressobj(15 if is_zlib else -15), largest)
    if name == "br":
        return _bounded(_brotli(body), largest)
    if name == "zstd":
        return _bounded(_zstd(body), largest)
    raise Unreadable("content-coding", f"{name} cannot be undone")


def _read(body: bytes, begin: Callable[[], zlib._Decompress], largest: int) -> Decoded:
    """The data of a zlib stream; several gzip members may follow one another."""
    data, stream, place = bytearray(), begin(), 0
    while place < len(body):
        # in pieces: what is behind the end of a member is copied, and there may be many members
        piece = body[place : place + PIECE]
        try:
            data += stream.decompress(piece, largest - len(data) + 1)
        except zlib.error:
            if not data and not body.startswith(GZIP):
                return Decoded(body)  # declared, and never done
            return Decoded(bytes(data), True, f"is damaged near byte {place} of {len(body)}")
        _check_size(len(data), largest)
        place += len(piece) - len(stream.unused_data)
        if stream.eof:
            if not body.startswith(GZIP, place):
                break
            stream = begin()
    return Decoded(bytes(data), True, None if stream.eof else "ends before its end")


def _check_size(size: int, largest: int) -> None:
    if size > largest:
        raise Unreadable("too-large", f"the body grows beyond {largest} bytes")


def _bounded(pieces: Iterator[bytes], largest: int) -> Decoded:
    """What a stream unpacks to: its pieces, of which the last is empty where the stream is
    complete."""
    data, last = bytearray(), None
    try:
        for last in pieces:
            data += last
            _check_size(len(data), largest)
    except _Damaged:
        return Decoded(bytes(data), True, "is damaged")
    return Decoded(bytes(data), True, None if last == b"" else "ends before its end")


def _brotli(body: bytes) -> Iterator[bytes]:
    try:
        import brotlicffi
    except ImportError as error:
        raise _not_installed("br") from error
    stream, place = brotlicffi.Decompressor(), 0
    try:
        while not stream.is_finished():
            piece = b""
            if stream.can_accept_more_data():
                piece = body[place : place + PIECE]
                place += len(piece)
                if not piece:
                    return
            if data := stream.decompress(piece, output_buffer_limit=BROTLI_OUT):
                yield data
    except brotlicffi.error as error:
        raise _Damaged from error
    yield b""


def _zstd(body: bytes) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError as error:
        raise _not_installed("zstd") from error
    reader = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
    stream, place = reader.decompressobj(), 0
    try:
        while place < len(body):
            piece = body[place : place + ZSTD_PIECE]
            if data := stream.decompress(piece):
                yield data
            place += len(piece) - len(stream.unused_data)
            if stream.eof and place < len(body):
                if body[place : place + 4] != ZSTD:
                    break
                stream = reader.decompressobj()
    except zstandard.ZstdError as error:
        raise _Damaged from error
    if stream.eof:
        yield b""


def _not_installed(name: str) -> Unreadable:
    return Unreadable("content-coding", f"{name} cannot be undone here; run `{INSTALL}`")
