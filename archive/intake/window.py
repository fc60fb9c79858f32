"""A part of an open file, read as a file of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from archive.disk import Progress, no_progress

PIECE = 256 * 1024  # bytes that are read at a time


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
