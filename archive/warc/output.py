"""The WARC file that is being written: records are appended completely or not at all, and the file
gets its name when it is finished."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from archive.disk import sync_directory, write_all
from archive.warc.directory import OPEN


class OutputFile:
    """An open WARC file.

    Args:
        directory: where it is made; there must be no file of that name yet.
        name: the final name; until `finish` the file has the suffix `.open`.
        fsync_interval: seconds after which an append waits for the disk.

    Raises:
        OSError: from every method, for a disk that is full or cannot be written.
    """

    def __init__(self, directory: Path, name: str, fsync_interval: float) -> None:
        self.directory, self.name, self.fsync_interval = directory, name, fsync_interval
        self.size = 0
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor = os.open(directory / (name + OPEN), flags, 0o644)
        self._synced = monotonic()

    def append(self, *members: bytes | BinaryIO) -> int:
        """Append gzip members; the file is as before if that fails.

        Args:
            members: a stream must be a file, and is closed.

        Returns:
            The offset of the first member.
        """
        offset = self.size
        try:
            self.size += _append(self._descriptor, members)
        except OSError:
            os.ftruncate(self._descriptor, offset)
            raise
        if monotonic() - self._synced > self.fsync_interval:
            os.fsync(self._descriptor)
            self._synced = monotonic()
        return offset

    def finish(self) -> None:
        """Write everything to the disk for good, then give the file its final name."""
        os.fsync(self._descriptor)
        os.close(self._descriptor)
        (self.directory / (self.name + OPEN)).rename(self.directory / self.name)
        sync_directory(self.directory)


def _append(descriptor: int, members: Iterable[bytes | BinaryIO]) -> int:
    """One write for all members where memory allows, which is always but for a body made on
    disk."""
    written = 0
    small = b""
    for member in members:
        if isinstance(member, bytes):
            small += member
            continue
        with (
            mmap.mmap(member.fileno(), 0, access=mmap.ACCESS_READ) as data,
            memoryview(data) as view,
        ):
            written += write_all(descriptor, view)
        member.close()
    return written + write_all(descriptor, memoryview(small))
