"""What is wrong where the system itself refuses to read or write, in a sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from archive.disk import is_full
from archive.errors import ArchiveError


def sentence_of(error: OSError | sqlite3.Error, folder: Path) -> str:
    """What is wrong and what to do.

    Args:
        error: of the system, or of SQLite that could not read or write.
        folder: the archive.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return (
            f"{folder / 'archive.db'} is in use by another program ({error}); close that, or wait "
            "for it to end, and run this again."
        )
    words = _words(error)
    if is_full(error, folder, Path(gettempdir())):
        return (
            f"The disk is full ({words}); make room on that of {folder} and on that of "
            f"{gettempdir()}, where temporary files are, and run this again."
        )
    return (
        f"The archive or the folder for temporary files, {gettempdir()}, cannot be written or read "
        f"({words}); see to disk and rights, then run it again."
    )


@contextmanager
def full_disk_of(folder: Path) -> Iterator[None]:
    """Have a full disk reported as that of a folder that is being made, and not of the archive.

    Args:
        folder: need not be there yet.

    Raises:
        ArchiveError: the disk is full; any other error as it is.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        parent = folder.absolute().parent
        if not is_full(error, parent):
            raise
        raise ArchiveError(sentence_of(error, parent)) from error


def _words(error: OSError | sqlite3.Error) -> str:
    """The system's own words, without its number, and the file."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    name = f": {os.fsdecode(error.filename)}" if error.filename else ""
    return f"{error.strerror}{name}"
