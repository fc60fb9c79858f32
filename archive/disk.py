"""Files and disks: sizes in words, free space, SHA-256, and renames that outlast a power cut."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import ArchiveError

PIECE = 64 * 1024  # bytes that are read at a time
FULL = (errno.ENOSPC, errno.EDQUOT)
LITTLE = 1_000_000  # bytes; with less left on a disk, what could not be written had no room
# What SQLite reports, without the system's own error, where a file of its own cannot grow.
NOT_WRITTEN = frozenset(
    {
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_SHMMAP,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_WRITE,
    }
)

Progress = Callable[[int], None]
"""Called with the number of bytes that were done since the last call."""


def no_progress(size: int) -> None:
    """The callback for a caller who shows no progress."""


def in_words(size: int) -> str:
    """A size for a person to read.

    Args:
        size: bytes.

    Example:
        >>> in_words(1_500_000)
        '1.5 MB'
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def free_bytes(folder: str | os.PathLike[str]) -> int:
    """The bytes that are free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def is_full(error: OSError | sqlite3.Error, *folders: Path) -> bool:
    """Whether an error says that there is no room left on a disk.

    SQLite calls it an I/O error where the log of a database, or the index of that log, cannot grow,
    so that of such an error the room that is left decides.

    Args:
        error: of the system, or of SQLite.
        folders: on whose disks it may be; those that are not there are passed over.

    Example:
        >>> is_full(OSError(errno.ENOSPC, "No space left on device"))
        True
    """
    code = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in FULL:
        return True
    return code in NOT_WRITTEN and any(
        free_bytes(folder) < LITTLE for folder in folders if folder.is_dir()
    )


def require_free(folder: str | os.PathLike[str], size: int, purpose: str, todo: str) -> None:
    """Check that a disk has room before work begins that would fill it.

    Args:
        folder: any folder on the disk.
        size: bytes that the work takes at most.
        purpose: what takes them, the subject of the message's sentence.
        todo: what the reader of the message can do.

    Raises:
        ArchiveError: where less is free.

    Example:
        >>> require_free(".", 10**18, "The package", "choose another place")
        Traceback (most recent call last):
        archive.errors.ArchiveError: The package needs about ... are free; choose another place.
    """
    free = free_bytes(folder)
    if free < size:
        raise ArchiveError(
            f"{purpose} needs about {in_words(size)} in {os.fspath(folder)} and {in_words(free)} "
            f"are free; {todo}."
        )


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a stream from where it is, some at a time."""
    while piece := stream.read(PIECE):
        yield piece


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Memory does not grow with the file's size."""
    with path.open("rb") as file:
        return stream_sha256(file)


def stream_sha256(stream: IO[bytes]) -> str:
    """The SHA-256 of what is left of a stream, in hexadecimal."""
    digest = hashlib.sha256()
    for piece in pieces(stream):
        digest.update(piece)
    return digest.hexdigest()


def copy_sha256(source: IO[bytes], target: IO[bytes], progress: Progress = no_progress) -> str:
    """Copy what is left of a stream, and return its SHA-256 in hexadecimal, in one reading."""
    digest = hashlib.sha256()
    for piece in pieces(source):
        digest.update(piece)
        target.write(piece)
        progress(len(piece))
    return digest.hexdigest()


@contextmanager
def removed_on_failure(*paths: Path) -> Iterator[None]:
    """Files that are being made and go where that fails, so that a full disk is no fuller for
    them."""
    try:
        yield
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
        raise


def write_completely(path: Path, data: bytes) -> None:
    """Write a small file, for good and completely or not at all, whatever ends the program.

    Args:
        path: the file. Until it is written, `PATH.new` has what is there of it.
        data: all of its bytes.

    Raises:
        OSError: where it cannot be written; the file of before is as it was.
    """
    fresh = path.with_name(path.name + ".new")
    with removed_on_failure(fresh):
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    sync_directory(path.parent)


def write_all(descriptor: int, data: bytes | memoryview) -> int:
    """Write all bytes to an open file, which the system may take in several parts. Returns how many
    they were.

    Raises:
        OSError: the disk is full or cannot be written; some of the bytes may be in the file.
    """
    done = 0
    view = memoryview(data)
    while done < len(view):
        done += os.write(descriptor, view[done:])
    return done


def sync_directory(directory: Path) -> None:
    """Write a folder's entries to the disk, so that renames in it survive a power failure."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
