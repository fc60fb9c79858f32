"""Whether the database is whole: SQLite's own structure, and the full-text index beside the articles."""

from __future__ import annotations

import sqlite_utils

from archive import fulltext

ALL_WELL = "ok"


def verify(db: sqlite_utils.Database) -> list[str]:
    """What is wrong, a sentence each. Whatever it is, `zhengwen rebuild` makes the database again from the WARC files."""
    damage = [row[0] for row in db.execute("PRAGMA quick_check(10)") if row[0] != ALL_WELL]
    return [f"archive.db: {one}" for one in damage] + [f"archive.db: {one}" for one in fulltext.out_of_step(db)]
