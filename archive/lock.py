"""One writer at a time: a lock file in the archive, held by the kernel, so that a killed run
leaves nothing to clear."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from archive.errors import Busy, UsageError


def package_of(folder: Path) -> Path | None:
    """The package whose `data` this folder is: it can be read like an archive, and nothing may be
    written into it."""
    parent = folder.resolve().parent
    return parent if folder.resolve().name == "data" and (parent / "bagit.txt").is_file() else None


class Lock:
    """Holds an archive for one process from construction to `release`. Raises Busy at once where
    another holds it, and UsageError where nothing may be written."""

    def __init__(self, archive_dir: Path) -> None:
        if package := package_of(archive_dir):
            raise UsageError(
                f"{archive_dir} belongs to the package {package}, which must stay as it is; copy "
                "it elsewhere first."
            )
        self.path = archive_dir / ".lock"
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise UsageError(
                f"Cannot write in {archive_dir} ({error.strerror}); choose a folder that you may "
                "write."
            ) from error
        self._take(archive_dir)

    def _take(self, archive_dir: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise Busy(
                f"Another run (process {holder or 'unknown'}) holds {archive_dir}; nothing was "
                "touched."
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next run in."""
        os.close(self._descriptor)

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
