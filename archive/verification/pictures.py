"""Compares the full-text index of the text in pictures with that text, and looks at the file of
answers that the text comes from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from archive.database.fulltext import picture_document
from archive.database.schema import FULL_TEXT_OPTIONS
from archive.ocr.answers import FILE, damaged_lines, file_beside
from archive.verification.finding import Finding
from archive.verification.fulltext import Fault

PICTURES = "media_text_fts"
THERE = "SELECT 1 FROM sqlite_master WHERE name = ?"
OF_INDEX = "SELECT term, doc FROM temp.{} ORDER BY term, doc"
REREAD = "remove these lines, then run `zhengwen read-pictures`, which reads those pictures again"


def picture_faults(db: sqlite3.Connection) -> Iterator[Fault]:
    """Where the index and the text part for the first time.

    Args:
        db: an open `archive.db`, or that of an older package, which has no such index; nothing is
            written but temporary tables.

    Raises:
        sqlite3.DatabaseError: where the index cannot be read.
    """
    if not db.execute(THERE, [PICTURES]).fetchone():
        return
    options = FULL_TEXT_OPTIONS.replace("title, ", "")
    db.execute(f"CREATE VIRTUAL TABLE temp.pictures_anew USING fts5 {options}")
    for pk, text in db.execute("SELECT pk, text FROM media_text WHERE text <> ''").fetchall():
        statement = "INSERT INTO temp.pictures_anew (rowid, text) VALUES (?, ?)"
        db.execute(statement, (pk, picture_document(str(text))))
    places = {"picture_terms": f"main, {PICTURES}", "terms_anew": "temp, pictures_anew"}
    for name, of in places.items():
        db.execute(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab({of}, instance)")
    here, anew = (db.execute(OF_INDEX.format(name)) for name in places)
    for entry, expected in zip_longest(here, anew):
        if entry != expected:
            differing = min(each for each in (entry, expected) if each)
            wrong = f"it is not of the text in media_text, from the term {differing[0]!r} on"
            yield Fault(PICTURES, wrong)
            return


def check_answers(warc_dir: Path) -> Iterator[Finding]:
    """Lines of the file of answers that are none."""
    if numbers := damaged_lines(file_beside(warc_dir)):
        wrong = f"its lines {', '.join(map(str, numbers))} are no answers of a reader of pictures"
        yield Finding(file=FILE, wrong=wrong, todo=REREAD)
