"""Compares the full-text indexes of the text in pictures and in attachments with that text, and
looks at the file of answers that the text in pictures comes from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from archive.database.fulltext import text_document
from archive.database.opening import TEXT_TABLES
from archive.database.schema import FULL_TEXT_OPTIONS
from archive.ocr.answers import FILE, damaged_lines, file_beside
from archive.verification.finding import Finding
from archive.verification.fulltext import Fault

THERE = "SELECT 1 FROM sqlite_master WHERE name = ?"
OF_INDEX = "SELECT term, doc FROM temp.{} ORDER BY term, doc"
REREAD = "remove these lines, then run `zhengwen read-pictures`, which reads those pictures again"


def text_faults(db: sqlite3.Connection) -> Iterator[Fault]:
    """Where the index of a table of `TEXT_TABLES` and its text part for the first time.

    Args:
        db: an open `archive.db`, or that of an older package, which has no such index; nothing is
            written but temporary tables.

    Raises:
        sqlite3.DatabaseError: where an index cannot be read.
    """
    for table in TEXT_TABLES:
        if db.execute(THERE, [f"{table}_fts"]).fetchone():
            yield from _faults_of(db, table)


def _faults_of(db: sqlite3.Connection, table: str) -> Iterator[Fault]:
    options = FULL_TEXT_OPTIONS.replace("title, ", "")
    anew = f"{table}_anew"
    db.execute(f"CREATE VIRTUAL TABLE temp.{anew} USING fts5 {options}")
    for pk, text in db.execute(f"SELECT pk, text FROM {table} WHERE text <> ''"):
        statement = f"INSERT INTO temp.{anew} (rowid, text) VALUES (?, ?)"
        db.execute(statement, (pk, text_document(str(text))))
    places = {f"{table}_terms": f"main, {table}_fts", f"{anew}_terms": f"temp, {anew}"}
    for name, of in places.items():
        db.execute(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab({of}, instance)")
    here, expected_here = (db.execute(OF_INDEX.format(name)) for name in places)
    for entry, expected in zip_longest(here, expected_here):
        if entry != expected:
            differing = min(each for each in (entry, expected) if each)
            wrong = f"it is not of the text in {table}, from the term {differing[0]!r} on"
            yield Fault(f"{table}_fts", wrong)
            return


def check_answers(warc_dir: Path) -> Iterator[Finding]:
    """Lines of the file of answers that are none."""
    if numbers := damaged_lines(file_beside(warc_dir)):
        wrong = f"its lines {', '.join(map(str, numbers))} are no answers of a reader of pictures"
        yield Finding(file=FILE, wrong=wrong, todo=REREAD)
