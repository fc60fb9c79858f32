"""Which databases of a collection have which Chinese characters, alone and in pairs: a database
that lacks one of a query's pairs surely has no hit, and is not asked.

The pairs are read from the full-text indexes of the databases when the collection is indexed, and
are true as long as the manifests are. They leave out, and never decide: a database that has all
pairs of a word may lack the word.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from functools import reduce
from itertools import pairwise
from operator import and_, or_

from archive.search.expression import Either, Expression, Word

TABLE = """CREATE TABLE shard_terms (term TEXT NOT NULL, page INTEGER NOT NULL,
    shards INTEGER NOT NULL, PRIMARY KEY (term, page)) WITHOUT ROWID"""
TOGETHER = 62  # databases whose bits are in one number, which is a signed one of 64 bits
# The tokenizer leaves these characters as they are, so that the index has what the reader typed.
HAN = re.compile("[\u4e00-\u9fff]")
SOURCES = ("articles_fts", "attachment_text_fts")
NOTE = """INSERT INTO main.shard_terms SELECT term, :page, :bit FROM temp.vocabulary
    WHERE term >= '\u4e00' AND term <= '\u9fff\u9fff' AND length(term) <= 2
        AND (length(term) = 1 OR unicode(substr(term, 2)) BETWEEN 0x4e00 AND 0x9fff)
    ON CONFLICT DO UPDATE SET shards = shards | :bit"""
IS_NOTED = "SELECT 1 FROM sqlite_master WHERE name = 'shard_terms'"  # not by older versions
HAVING = """SELECT term, page, shards FROM shard_terms
    WHERE term IN (SELECT value FROM json_each(?))"""


def numbers(names: Iterable[str]) -> dict[str, int]:
    """The numbers of shards by their names, from 1 on: 0 is the database of the collection."""
    return {name: number for number, name in enumerate(sorted(names), 1)}


def note(connection: sqlite3.Connection, schema: str, number: int) -> None:
    """Note the characters and pairs of a database.

    Args:
        connection: to the database of the collection, in which they are noted.
        schema: the name of the database that has them.
        number: of that database, as `numbers` gives it.
    """
    page, place = divmod(number, TOGETHER)
    for index in SOURCES:
        connection.execute(
            f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('{schema}', '{index}', 'row')"
        )
        connection.execute(NOTE, {"page": page, "bit": 1 << place})
        connection.execute("DROP TABLE temp.vocabulary")


def lacking(connection: sqlite3.Connection, expression: Expression, databases: int) -> set[int]:
    """The numbers of the databases that surely have no article that satisfies an expression.

    Args:
        connection: to the database of the collection.
        expression: of a search, in titles, texts and attachments.
        databases: how many there are.

    Example:
        >>> lacking(connection, parse("疫情防控"), 11)
        {0, 3, 4}
    """
    pairs = {pair for word in expression.words() for pair in _pairs(word)}
    if not pairs or not connection.execute(IS_NOTED).fetchone():
        return set()
    having = dict.fromkeys(pairs, 0)
    for term, page, shards in connection.execute(HAVING, [json.dumps([*pairs])]):
        having[term] |= shards << TOGETHER * page
    every = (1 << databases) - 1
    may = _may_have(expression, having, every)
    return {number for number in range(databases) if not may >> number & 1}


def _may_have(expression: Expression, having: dict[str, int], every: int) -> int:
    """The databases, as bits, that may have a hit."""
    if isinstance(expression, Word):
        may = every
        for pair in _pairs(expression):
            may &= having[pair]
        return may
    parts = [_may_have(part, having, every) for part in expression.parts]
    return reduce(or_, parts) if isinstance(expression, Either) else reduce(and_, parts)


def _pairs(word: Word) -> set[str]:
    """The characters and pairs that each database with the word has; none of the name of an
    account, which has an index of its own."""
    if word.field == "account":
        return set()
    pairs: set[str] = set()
    for units in word.runs:
        known = [unit if HAN.fullmatch(unit) else "" for unit in units]
        pairs.update(filter(None, known))
        pairs.update(left + right for left, right in pairwise(known) if left and right)
    return pairs
