"""The full-text index of articles: what it holds for an article, and how it is kept in step.

It is a contentless FTS5 table with `detail=none`: it knows which articles hold a term, and no
more. What FTS5 would need positions for is told by terms of its own, each with a private-use
character that no text can bring in (U+E000 and on are no letters): terms of the title, terms that
are frequent in the text, terms of the account's name, and the values that a reader filters by. The
stock programs never meet them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from archive.database.terms import terms

if TYPE_CHECKING:  # a search needs the terms, not what sqlite-utils imports
    import sqlite_utils

TITLE = "\ue000"  # before a term: the title holds it
ACCOUNT = "\ue001"  # before a term: the name of the account holds it
FACET = "\ue002"  # before a digest: a value of a column that readers filter by
FREQUENT = ("", "\ue003", "\ue004", "\ue005")  # after a term: how densely the text holds it
SHORTEST = 1000  # characters; a shorter text counts as one of this length

Row = Mapping[str, Any]
HELD = ("title", "text", "account", "account_id", "platform", "status", "published_at")
"""The columns of `articles` that decide what the index holds."""

# Measured on 100,000 articles (benchmarks/search.py): the defaults of FTS5 (1 MB, 4) build a third
# slower.
SETTINGS = {"hashsize": 2 * 2**20, "automerge": 8}


def density(count: int, length: int) -> int:
    """How densely a text of `length` characters holds a word, from 0 to 3: from 2, 4, 8 times in a
    thousand characters."""
    return sum(count * 1000 >= 2**level * max(length, SHORTEST) for level in (1, 2, 3))


def facet(name: str, value: str) -> str:
    """The term for a value of a column; `account` stands for name and id of the account."""
    return FACET + hashlib.sha256(f"{name}\0{value}".encode()).hexdigest()[:16]


def document(row: Row) -> tuple[str, str]:
    """What the two columns of the index take for an article: terms separated by spaces."""
    title = dict.fromkeys(terms(row["title"]))
    marked = [TITLE + term for term in title]
    marked += [ACCOUNT + term for term in dict.fromkeys(terms(row["account"] or ""))]
    marked += [facet(name, row[name]) for name in ("platform", "status")]
    day = row["published_at"] or ""
    marked += [facet("month", day[:7]), facet("year", day[:4])]
    marked += {facet("account", value) for value in (row["account"], row["account_id"]) if value}
    return " ".join([*title, *sorted(marked)]), " ".join(_text_terms(row["text"]))


def _text_terms(text: str) -> list[str]:
    counts = Counter(terms(text))
    found = list(counts)
    once_frequent = 2 * max(len(text), SHORTEST) // 1000
    for term, count in counts.items():
        if count >= once_frequent:
            found += [term + FREQUENT[level] for level in range(1, density(count, len(text)) + 1)]
    return found


def configure(db: sqlite_utils.Database) -> None:
    """Set how the index grows; SQLite keeps it in the file."""
    for name, value in SETTINGS.items():
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES (?, ?)", [name, value])


def forget(db: sqlite_utils.Database, pk: int, row: Row) -> None:
    """Take an article out; a contentless index must be told what it held."""
    db.conn.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        (pk, *document(row)),
    )


def add(db: sqlite_utils.Database, pks: Iterable[int]) -> None:
    """Take these articles in, by rising key: FTS5 writes its buffer out whenever a key is smaller
    than the last."""
    for pk in sorted(pks):
        row = next(db.query(f"SELECT {', '.join(HELD)} FROM articles WHERE pk = ?", [pk]))
        db.conn.execute(
            "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)", (pk, *document(row))
        )


def optimize(db: sqlite_utils.Database) -> None:
    """Merge the index into one piece: a third smaller, and each word is looked up once."""
    db.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
