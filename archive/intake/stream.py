"""Unpacked bytes as a stream: looked at, taken and skipped, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from archive.intake.tally import Damage
from archive.intake.unpacking import Packed


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
