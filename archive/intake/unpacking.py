"""The unpacked bytes of a file, whatever it is compressed with."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from isal import isal_zlib
from isal.igzip_lib import IsalError

from archive.errors import UsageError
from archive.intake.tally import Damage
from archive.intake.window import PIECE, Window

if TYPE_CHECKING:
    from zstandard import ZstdDecompressor

UNPACKED = 1024 * 1024  # bytes that are unpacked at a time: a piece of zeros grows a thousandfold
SMALL_PIECE = 256  # bytes of Zstandard: 8 MB of zeros may be in them
WIDEST_WINDOW = 2**27  # bytes that Zstandard may look back: what `zstd --long` writes
GZIP = b"\x1f\x8b\x08"
# The `.warc.zst` specification: a skippable frame in front of all others may have the dictionary.
DICTIONARY = b"\x5d\x2a\x4d\x18"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
LARGEST_DICTIONARY = 16 * 2**20  # bytes
CUT = "the compressed data are cut short"


class Packed(Protocol):
    """Something that unpacks.

    Attributes:
        is_between: whether one compressed part has ended and the next one was not begun.
    """

    is_between: bool

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes, some at a time. Raises Damage at the first damage."""


class Plain:
    """A file that is not compressed."""

    def __init__(self, file: Window, offset: int = 0) -> None:
        self.file, self.offset, self.is_between = file, offset, False

    def pieces(self) -> Iterator[bytes]:
        """The bytes, some at a time."""
        self.file.seek(self.offset)
        yield from self.file.pieces()


class Gzip:
    """Gzip members, one after the other.

    Attributes:
        offset: of the member that is being unpacked, or of the next one where `is_between`.
        is_between: whether one member has ended and the next one was not begun.
    """

    def __init__(self, file: Window, offset: int = 0) -> None:
        self.file, self.offset = file, offset
        self.is_between = False

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes, some at a time; an empty one where a member ends."""
        self.file.seek(self.offset)
        place, raw = self.offset, b""
        while raw := raw or self.file.read(PIECE):
            if not raw.strip(b"\0"):
                self.offset = self.file.size
                return  # some programs fill the last block with zeros
            if not raw.startswith(GZIP[: len(raw)]):
                raise Damage("what follows a gzip member is none")
            unpacker, self.is_between = isal_zlib.decompressobj(31), False
            while not unpacker.eof:
                if not raw:
                    raise Damage(CUT)
                data = unpack(unpacker, raw)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
                place += len(raw) - len(rest)
                raw = rest or (b"" if unpacker.eof else self.file.read(PIECE))
                yield data
            self.offset, self.is_between = place, True
            yield b""


def unpack(unpacker: object, raw: bytes) -> bytes:
    """The next bytes of a gzip member. Raises Damage where they are not as they must be."""
    try:
        return unpacker.decompress(raw, UNPACKED)  # type: ignore[attr-defined,no-any-return]  # isal has no name for it
    except (IsalError, zlib.error) as error:  # type: ignore[misc]  # isal gives its error no type
        raise Damage("the compressed data are damaged") from error


class Zstandard:
    """Zstandard frames, with the dictionary that the file begins with, if it has one.

    Raises:
        UsageError: the library is not installed.
    """

    def __init__(self, file: Window) -> None:
        try:
            import zstandard
        except ImportError as error:
            raise UsageError(
                "A .warc.zst file is unpacked by a library that is not installed; run `pip install "
                "'zhengwen[imports]'`."
            ) from error
        self.file, self._library, self.is_between = file, zstandard, False

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes, some at a time."""
        library = self._library
        try:
            words = self._dictionary()
            given = library.ZstdCompressionDict(words) if words else None
            unpacker = library.ZstdDecompressor(dict_data=given, max_window_size=WIDEST_WINDOW)
            yield from self._frames(unpacker)
        except library.ZstdError as error:
            raise Damage(f"the compressed data are damaged ({error})") from error

    def _frames(self, unpacker: ZstdDecompressor) -> Iterator[bytes]:
        raw = b""
        while raw := raw or self.file.read(PIECE):
            frame, view, place = unpacker.decompressobj(), memoryview(raw), 0
            while not frame.eof:
                if place == len(view):
                    view, place = memoryview(self.file.read(PIECE)), 0
                if not view:
                    raise Damage(CUT)
                yield frame.decompress(view[place : place + SMALL_PIECE])
                place = min(place + SMALL_PIECE, len(view))
            raw = bytes(view[place - len(frame.unused_data) :])

    def _dictionary(self) -> bytes:
        begin = self.file.read(8)
        if not begin.startswith(DICTIONARY) or len(begin) < 8:
            self.file.seek(0)
            return b""
        (size,) = struct.unpack("<I", begin[4:])
        if size > LARGEST_DICTIONARY:
            raise Damage("its dictionary is too large")
        words = self.file.read(size)
        return self._unpacked(words) if words.startswith(ZSTANDARD) else words

    def _unpacked(self, packed: bytes) -> bytes:
        # Not `decompress`: it makes room for the size that the frame claims, whatever that is.
        unpacker = self._library.ZstdDecompressor(max_window_size=WIDEST_WINDOW)
        words = unpacker.stream_reader(packed).read(LARGEST_DICTIONARY + 1)
        if len(words) > LARGEST_DICTIONARY:
            raise Damage("its dictionary is too large")
        return bytes(words)
