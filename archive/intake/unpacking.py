"""A file as one stream of unpacked bytes, whatever it is compressed with."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

from isal import isal_zlib
from isal.igzip_lib import IsalError

from archive.disk import Progress, no_progress
from archive.errors import UsageError
from archive.intake.tally import Damage

if TYPE_CHECKING:
    from zstandard import ZstdDecompressor

PIECE = 256 * 1024  # bytes that are read at a time
UNPACKED = 1024 * 1024  # bytes that are unpacked at a time: a piece of zeros grows a thousandfold
SMALL_PIECE = 256  # bytes of Zstandard: 8 MB of zeros may be in them
WIDEST_WINDOW = 2**27  # bytes that Zstandard may look back: what `zstd --long` writes
GZIP = b"\x1f\x8b\x08"
# The `.warc.zst` specification: a skippable frame in front of all others may have the dictionary.
DICTIONARY = b"\x5d\x2a\x4d\x18"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
LARGEST_DICTIONARY = 16 * 2**20  # bytes
CUT = "the compressed data are cut short"


class Window(io.RawIOBase):
    """A part of an open file as a file of its own.

    Args:
        file: the open file.
        start: where the part begins, in bytes.
        size: of the part, in bytes.
        progress: called with the bytes that were read for the first time.
    """

    def __init__(
        self, file: BinaryIO, start: int, size: int, progress: Progress = no_progress
    ) -> None:
        self.file, self.start, self.size, self.progress = file, start, size, progress
        self._place = self._seen = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the part."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        """The place in the part."""
        return self._place

    def pieces(self) -> Iterator[bytes]:
        """What is left, some at a time."""
        while piece := self.read(PIECE):
            yield piece

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer only at the end."""
        left = max(self.size - self._place, 0)
        self.file.seek(self.start + self._place)
        data = self.file.read(left if size < 0 else min(size, left))
        self._place += len(data)
        if self._place > self._seen:
            self.progress(self._place - self._seen)
            self._seen = self._place
        return data


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


class Stream:
    """Unpacked bytes that can be looked at before they are taken.

    Args:
        packed: what unpacks.
        origin: where in the file it begins, in bytes.

    Attributes:
        offset: of the next byte, counted in unpacked bytes from `origin` on.
    """

    def __init__(self, packed: Packed, origin: int = 0) -> None:
        self.packed, self.origin, self.offset = packed, origin, 0
        self.buffer = bytearray()
        self._pieces = packed.pieces()
        self._damage: Damage | None = None

    def more(self) -> bool:
        """Unpack some more; False at the end. Raises Damage, and again each time."""
        if self._damage:
            raise self._damage
        try:
            piece = next(self._pieces, None)
        except Damage as damage:
            self._damage = damage
            raise
        if piece is None:
            return False
        self.buffer += piece
        return True

    @property
    def is_at_break(self) -> bool:
        """Whether all of a compressed part was taken, and nothing of the next one unpacked."""
        while not self.buffer and not self.packed.is_between and self.more():
            pass
        return not self.buffer and self.packed.is_between

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay; fewer at the end."""
        while len(self.buffer) < size and self.more():
            pass
        return bytes(self.buffer[:size])

    def line(self, longest: int) -> bytes:
        """The next line, which stays, with its end; without one where it is longer than `longest`
        bytes, or the last."""
        seen = 0
        while (end := self.buffer.find(b"\n", seen, longest)) < 0:
            seen = len(self.buffer)
            if seen >= longest or not self.more():
                return bytes(self.buffer[:longest])
        return bytes(self.buffer[: end + 1])

    def take(self, size: int) -> bytes:
        """The next bytes; fewer at the end."""
        data = self.peek(size)
        del self.buffer[:size]
        self.offset += len(data)
        return data

    def blocks(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes, some at a time; fewer at the end."""
        while size and (data := self._some(size)):
            size -= len(data)
            yield data

    def _some(self, size: int) -> bytes:
        while not self.buffer and self.more():
            pass
        return self.take(min(size, len(self.buffer)))

    def skip(self, letters: bytes) -> None:
        """Skip any of these bytes."""
        while self.peek(1) and self.buffer[0] in letters:
            rest = self.buffer.lstrip(letters)
            self.offset += len(self.buffer) - len(rest)
            self.buffer = rest

    def skip_to(self, begin: bytes) -> bool:
        """Skip to the next place with these bytes, or where a compressed part begins with them but
        for a line end in front; False where there is none."""
        while (place := self.buffer.find(begin)) < 0:
            self._drop(max(len(self.buffer) - len(begin) + 1, 0))
            is_between, place = self.packed.is_between, len(self.buffer)
            if not self.more():
                return False
            if is_between and self._part_begins(begin.lstrip(b"\n"), place):
                self._drop(place)
                return True
        self._drop(place)
        return True

    def _part_begins(self, begin: bytes, place: int) -> bool:
        size = place + len(begin)
        while len(self.buffer) < size and not self.packed.is_between and self.more():
            pass
        return self.buffer[place:size] == begin

    def _drop(self, size: int) -> None:
        del self.buffer[:size]
        self.offset += size
