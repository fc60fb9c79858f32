"""Compares the full-text index with the articles: every term of every article, no more and no
fewer.

The index is read once, from its first term to its last, and the articles once. Memory keeps one
number for each article: the sum of the hashes of its terms. A sum that differs names the article,
and only for such articles is the index read again, to name the term. Python's hashes of text have
64 bits and a key of their own in each process, so that two sets of terms have the same sum by
chance once in 2**64 times.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from archive.database import fulltext
from archive.database.schema import FULL_TEXT_OPTIONS
from archive.verification.fulltext import INDEX, Fault, is_damage, varints

MANY = 20  # articles whose terms are named
ALL_BITS = 2**64 - 1
PREFIXES = {fulltext.TITLE: "title:", fulltext.ACCOUNT: "account:", fulltext.FACET: "filter:"}
ARTICLES = f"""SELECT a.pk, a.id, d.sz, {", ".join(f"a.{name}" for name in fulltext.INDEXED)}
    FROM articles a LEFT JOIN articles_fts_docsize d ON d.id = a.pk ORDER BY a.pk"""
CAN_BE_NULL = {"account", "account_id", "published_at"}


class Suspect(NamedTuple):
    """An article for which the index does not seem to have what it should.

    Attributes:
        pk, id: its key and its id.
        title, text: what the two columns of the index take for it.
    """

    pk: int
    id: str
    title: str
    text: str


def term_faults(db: sqlite3.Connection) -> Iterator[Fault]:
    """What the index has too much or too little, by article and term.

    Args:
        db: an open `archive.db`; nothing is written but temporary tables.

    Raises:
        sqlite3.DatabaseError: where the table of articles is damaged.
    """
    db.execute("CREATE VIRTUAL TABLE temp.places USING fts5vocab(main, articles_fts, instance)")
    db.execute(f"CREATE VIRTUAL TABLE temp.single USING fts5 {FULL_TEXT_OPTIONS}")
    db.execute("CREATE VIRTUAL TABLE temp.single_terms USING fts5vocab(temp, single, row)")
    sums = _Sums(db)
    yield from sums.faults
    wrong: list[tuple[Suspect, set[str]]] = []
    for suspect in sums.suspects(db):
        if not isinstance(suspect, Suspect):
            yield suspect
        elif (expected := _differs(db, suspect, sums)) is not None:
            wrong.append((suspect, expected))
        if len(wrong) == MANY:
            yield Fault(INDEX, "it may be wrong for more articles than these")
            break
    yield from _named(db, wrong)


class _Sums:
    """The sum of hashes that the index has for each article, read when this is made.

    Attributes:
        faults: what is wrong with all of the index.
        is_complete: whether it could be read to its end.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._keys = array(
            "q", (row[0] for row in db.execute("SELECT pk FROM articles ORDER BY pk"))
        )
        self._sums = array("Q", bytes(8 * len(self._keys)))
        self.faults: list[Fault] = []
        self.is_complete = False
        self._strangers: dict[int, str] = {}
        self._read(db)

    def _read(self, db: sqlite3.Connection) -> None:
        keys, sums, end = self._keys, self._sums, len(self._keys)
        last: str | None = None
        value = 0
        try:
            for term, key in db.execute("SELECT term, doc FROM temp.places"):
                if term != last:
                    last, value = term, hash(term)
                place = bisect_left(keys, key)
                if place < end and keys[place] == key:
                    sums[place] = (sums[place] + value) & ALL_BITS
                elif len(self._strangers) < MANY:
                    self._strangers.setdefault(key, term)
            self.is_complete = True
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            after = f" after the term {_shown(last)}" if last else ""
            self.faults.append(Fault(INDEX, f"it cannot be read{after} ({error})"))
        self.faults += [
            Fault(
                f"articles_fts {key}",
                f"the index holds terms of an article that there is not, such as {_shown(term)}",
            )
            for key, term in self._strangers.items()
        ]

    def of(self, pk: int) -> int:
        """The sum for an article, by its key."""
        return self._sums[bisect_left(self._keys, pk)]

    def suspects(self, db: sqlite3.Connection) -> Iterator[Suspect | Fault]:
        """The articles whose sum or size is not what it should be, by a count of Python's. Fault
        where a column holds no text."""
        if not self.is_complete:
            return
        for pk, article_id, size, *values in db.execute(ARTICLES):
            wrong = [
                name
                for name, value in zip(fulltext.INDEXED, values, strict=True)
                if not isinstance(value, str) and not (value is None and name in CAN_BE_NULL)
            ]
            if wrong:
                yield Fault(f"articles {article_id}", f"{wrong[0]} is no text")
                continue
            title, text = fulltext.document(fulltext.Indexed(*values))
            terms = [title.split(" "), text.split(" ") if text else []]
            total = sum(map(hash, {*terms[0], *terms[1]})) & ALL_BITS
            if total != self.of(pk) or varints(size) != [len(terms[0]), len(terms[1])]:
                yield Suspect(pk, str(article_id), title, text)


def _differs(db: sqlite3.Connection, suspect: Suspect, sums: _Sums) -> set[str] | None:
    """The terms that the index must have for an article, by SQLite's own tokenizer; None where it
    has them."""
    db.execute("INSERT INTO temp.single (single) VALUES ('delete-all')")
    statement = "INSERT INTO temp.single (rowid, title, text) VALUES (?, ?, ?)"
    db.execute(statement, (suspect.pk, suspect.title, suspect.text))
    expected = {row[0] for row in db.execute("SELECT term FROM temp.single_terms")}
    (wanted,) = db.execute("SELECT sz FROM temp.single_docsize").fetchone()
    size = "SELECT sz FROM articles_fts_docsize WHERE id = ?"
    has_size = db.execute(size, [suspect.pk]).fetchone() == (wanted,)
    is_equal = has_size and sum(map(hash, expected)) & ALL_BITS == sums.of(suspect.pk)
    return None if is_equal else expected


def _named(db: sqlite3.Connection, wrong: list[tuple[Suspect, set[str]]]) -> Iterator[Fault]:
    """What is wrong for each article, by a second reading of the index."""
    if not wrong:
        return
    wanted = {suspect.pk for suspect, _ in wrong}
    present: defaultdict[int, set[str]] = defaultdict(set)
    for term, key in db.execute("SELECT term, doc FROM temp.places"):
        if key in wanted:
            present[key].add(term)
    for suspect, expected in wrong:
        record = f"articles {suspect.id}"
        lost, added = expected - present[suspect.pk], present[suspect.pk] - expected
        for terms, verb in ((lost, "lacks"), (added, "holds besides")):
            if terms:
                number = "a term" if len(terms) == 1 else f"{len(terms)} terms"
                example = _shown(min(terms))
                yield Fault(record, f"the full-text index {verb} {number} for it: {example}")
        if not lost and not added:
            yield Fault(record, "the full-text index counts its terms wrongly")


def _shown(term: str) -> str:
    """A term as a reader of a finding knows it."""
    for sign, words in PREFIXES.items():
        if term.startswith(sign):
            return f"{words}{term[1:]!r}"
    level = next(
        (level for level, sign in enumerate(fulltext.FREQUENT) if sign and sign in term), 0
    )
    return f"frequent:{term[:-1]!r}" if level else repr(term)
