"""The originals of revisits that name none by its id, as other programs write them, or one that
is not in the archive.

What a revisit says is kept, and its original is looked for in all of the archive each time that
files were added: the files may come in any order, and the same captures have the same originals.

Source: WARC 1.1, 6.7; programs that write no WARC-Refers-To name the original by address and date,
or by the digest of its payload alone.
"""

from __future__ import annotations

import sqlite3

import sqlite_utils

from archive.database.reading import select
from archive.database.rows import CaptureRow, columns
from archive.index.derivation import derive

COMPLETE = "refers_to IS NULL AND refers_by IS NULL AND truncated IS NULL"
NEAREST = """captured_at > :captured_at,
    abs(julianday(captured_at) - julianday(:captured_at)), id LIMIT 1"""
WAYS = {
    "address": f"""SELECT id FROM captures WHERE url = :refers_to_url
        AND captured_at = :refers_to_at AND {COMPLETE} ORDER BY id LIMIT 1""",
    "payload": f"""SELECT id FROM captures WHERE payload_digest = :payload_digest AND {COMPLETE}
        AND (:status IS NOT 304 OR coalesce(status, 200) = 200 AND url = :url)
        ORDER BY url <> coalesce(:refers_to_url, :url), {NEAREST}""",
    # what a server calls not modified is what it sent last
    "before": f"""SELECT id FROM captures WHERE :status = 304
        AND url = coalesce(:refers_to_url, :url) AND captured_at < :captured_at
        AND coalesce(status, 200) = 200 AND {COMPLETE} ORDER BY {NEAREST}""",
}
MISSING = "missing"
Original = tuple[str | None, str | None, str | None]
"""`refers_to`, `refers_by` and `refers_to_id` of a capture."""
UNSURE = """WHERE refers_by IS NOT NULL OR (refers_to IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM captures o WHERE o.id = captures.refers_to)) ORDER BY id"""
THERE = "SELECT 1 FROM captures WHERE id = ?"


def join_revisits(db: sqlite_utils.Database) -> None:
    """Say of each revisit that names no record of the archive which capture it refers to, and make
    the articles again that this changes.

    Args:
        db: the database, which has the captures of all files.
    """
    articles: set[str] = set()
    for capture in list(select(db.conn, CaptureRow, UNSURE)):
        original = _original(db.conn, capture)
        if original != (capture.refers_to, capture.refers_by, capture.refers_to_id):
            _refer(db.conn, capture.id, original)
            articles |= {capture.article_id} if capture.article_id else set()
    derive(db, sorted(articles))


def _original(connection: sqlite3.Connection, capture: CaptureRow) -> Original:
    """The capture that a revisit refers to, how it is known, and the id that is not there."""
    named = capture.named_original
    if named and connection.execute(THERE, [named]).fetchone():
        return named, None, None
    for way, query in WAYS.items():
        row = connection.execute(query, columns(capture)).fetchone()
        if row is not None:
            return row[0], way, named
    return (named, None, None) if named else (None, MISSING, None)


def _refer(connection: sqlite3.Connection, capture: str, original: Original) -> None:
    connection.execute(
        "UPDATE captures SET refers_to = ?, refers_by = ?, refers_to_id = ? WHERE id = ?",
        (*original, capture),
    )
