"""The archive's lock: one writer at a time, by a file lock of the kernel, so that a killed run
leaves nothing to clear."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from archive.disk import is_full
from archive.errors import Busy, NotWritable, UsageError
from archive.folder import package_of, refuse_collection, refuse_sealed


class Lock:
    """Locks an archive for one process, from construction to `release`.

    The lock is `flock` on the file `.lock` of the folder, which also names the process. It ends
    with the process, whatever ends it.

    Args:
        archive_dir: the folder of the archive.
        may_be_sealed: nothing will be added that a seal keeps out, as where the database is made
            again.

    Raises:
        Busy: at once, where another process has the lock.
        UsageError: where nothing may be written: a package, a collection, a sealed archive, or
            (NotWritable) a folder without the right to.
        OSError: the disk is full.

    Example:
        >>> with Lock(Path("archive")):
        ...     index()
    """

    def __init__(self, archive_dir: Path, *, may_be_sealed: bool = False) -> None:
        if package := package_of(archive_dir):
            raise UsageError(
                f"{archive_dir} belongs to the package {package}, which must stay as it is; copy "
                "it elsewhere first."
            )
        refuse_collection(archive_dir)
        if not may_be_sealed:
            refuse_sealed(archive_dir)
        self.path = archive_dir / ".lock"
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            if is_full(error):
                raise
            raise NotWritable(
                f"Cannot write in {archive_dir} ({error.strerror}); choose a folder that you may "
                "write."
            ) from error
        self._acquire(archive_dir)

    def _acquire(self, archive_dir: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise Busy(
                f"Another run (process {process or 'unknown'}) holds {archive_dir}; nothing was "
                "touched, so wait for it to end and run this again."
            ) from None
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Unlock the archive, so that the next run can begin."""
        os.close(self._descriptor)

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()
