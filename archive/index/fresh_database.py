"""A new `archive.db` next to the old one: begun, completed, and put in its place."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

from archive.database import fulltext, store
from archive.database.opening import UNREADABLE, connect, is_begun
from archive.disk import removed_on_failure, sync_directory
from archive.errors import ArchiveError
from archive.index.keeping import keep_if_lost
from archive.warc.stored import FETCHED

REBUILDING = ".rebuilding"  # ends the name of a database that is being made


def remove_unfinished(db_path: Path) -> None:
    """Remove what killed rebuilds left of new databases next to the old one, and of files that
    were fetched for them."""
    for path in db_path.parent.glob(f"{db_path.stem}{REBUILDING}*"):
        path.unlink(missing_ok=True)
    for folder in db_path.parent.glob(f"{FETCHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def begin(path: Path, *, searchable: bool) -> None:
    """Make the empty database, for all articles at once."""
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.configure(db, fulltext.AT_ONCE)
            if not searchable:
                fulltext.leave_out(db)
    finally:
        db.close()


def complete(path: Path) -> None:
    """Merge the full-text index, and write all of the log into the file itself: closing would do
    that too, and pass over in silence that the disk is full."""
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.optimize(db)
            fulltext.configure(db)
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise ArchiveError(f"{path} is open in another program; close that one.")
    finally:
        db.close()


def put_in_place(fresh: Path, db_path: Path) -> None:
    """Put a database that `make` has made in the place of the old one; nothing is left of it where
    that fails.

    Args:
        fresh: in the folder of the old one.
        db_path: the old one; need not be there.
    """
    with removed_on_failure(*files_of(fresh)):
        keep_if_lost(db_path, fresh)
        # A write-ahead log that outlived its file would be played into the new one; that of the new
        # one is empty, and whoever read it could not remove it.
        for leftover in (*files_of(db_path)[1:], *files_of(fresh)[1:]):
            leftover.unlink(missing_ok=True)
        os.replace(fresh, db_path)
    sync_directory(db_path.parent)


def is_searchable(path: Path) -> bool:
    """Whether a database that is made again is to have a full-text index: not where the old one
    was made without."""
    if not path.is_file() or not is_begun(path):
        return True
    try:
        with closing(connect(path)) as connection:
            return not fulltext.is_left_out(connection)
    except UNREADABLE:  # which is why it is made again
        return True


def files_of(path: Path) -> list[Path]:
    """A database and the files that SQLite keeps next to it."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
