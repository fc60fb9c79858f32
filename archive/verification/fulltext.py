"""Checks of the full-text index against the articles: its own structure, its set of articles, and
the terms of a sample of them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

import sqlite_utils

from archive.database import fulltext

SAMPLE = 200  # articles whose terms are looked up
TERMS = 50  # terms of an article that are looked up, evenly spread over it


def faults(db: sqlite_utils.Database, sample: int = SAMPLE) -> Iterator[str]:
    """What is wrong with the index, each as part of a sentence.

    Args:
        db: an open `archive.db`; nothing is written into it but a temporary table.
        sample: how many articles are looked up; the same ones for the same set of articles.

    Raises:
        sqlite3.DatabaseError: where the database itself is damaged.
    """
    yield from _damage(db)
    yield from _other_articles(db)
    yield from _lost_terms(db, sample)


def _damage(db: sqlite_utils.Database) -> Iterator[str]:
    """Reads every piece of the index, as FTS5's `integrity-check` does, which would need the right
    to write."""
    db.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary "
        "USING fts5vocab(main, articles_fts, row)"
    )
    try:
        db.execute("SELECT sum(doc) FROM temp.vocabulary").fetchone()
    except sqlite3.DatabaseError as error:
        yield f"articles_fts is damaged ({error})"


def _other_articles(db: sqlite_utils.Database) -> Iterator[str]:
    articles, index = "SELECT pk FROM articles", "SELECT id FROM articles_fts_docsize"
    if count := _count(db, f"{index} EXCEPT {articles}"):
        yield f"articles_fts holds {count} articles that are not in articles"
    if count := _count(db, f"{articles} EXCEPT {index}"):
        yield f"articles holds {count} articles that are not in articles_fts"


def _count(db: sqlite_utils.Database, statement: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM ({statement})").fetchone()[0])


def _lost_terms(db: sqlite_utils.Database, sample: int) -> Iterator[str]:
    pks = [row[0] for row in db.execute("SELECT pk FROM articles ORDER BY pk")]
    chosen = random.Random(0).sample(pks, min(sample, len(pks)))
    if lost := [pk for pk in chosen if not _has_terms(db, pk)]:
        ids = [_id(db, pk) for pk in lost[:3]]
        yield (
            f"articles_fts lacks terms of {len(lost)} of {len(chosen)} articles looked at "
            f"({', '.join(ids)})"
        )


def _id(db: sqlite_utils.Database, pk: int) -> str:
    return str(db.execute("SELECT id FROM articles WHERE pk = ?", [pk]).fetchone()[0])


def _has_terms(db: sqlite_utils.Database, pk: int) -> bool:
    terms = " ".join(fulltext.document(fulltext.indexed(db.conn, pk))).split()
    query = " AND ".join(f'"{term}"' for term in terms[:: max(1, len(terms) // TERMS)])
    statement = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
    return db.execute(statement, [query, pk]).fetchone() is not None
