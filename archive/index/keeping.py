"""Keeps a database that has more of a WARC file than is left of the file: where the file was
damaged since, a rebuild would lose what only the rows still say."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.database.opening import attach, connect, is_begun
from archive.disk import sync_directory

BEFORE_DAMAGE = "archive.before-damage.db"
LOST = """SELECT 1 FROM main.warcs old JOIN fresh.warcs new USING (name)
    WHERE new.damage IS NOT NULL AND new.records < old.records LIMIT 1"""


def keep_if_lost(old: Path, fresh: Path) -> None:
    """Copy a database to `BEFORE_DAMAGE` next to it, if one made anew lacks records that it has.

    A copy that is there stays: it has the most.

    Args:
        old: the database that is going to be replaced; need not be there.
        fresh: the one made anew.

    Raises:
        sqlite3.OperationalError: the disk has no room for the copy; nothing is left of it.
    """
    target = old.with_name(BEFORE_DAMAGE)
    if target.exists() or not is_begun(old) or not _is_lost(old, fresh):
        return
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(connect(old)) as connection:
            connection.execute("VACUUM INTO ?", [str(unfinished)])
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_directory(target.parent)


def _is_lost(old: Path, fresh: Path) -> bool:
    try:
        with closing(connect(old)) as connection:
            attach(connection, fresh, "fresh")
            return connection.execute(LOST).fetchone() is not None
    except sqlite3.DatabaseError:
        return False  # of an older program, or damaged itself: it is what the rebuild is to mend
