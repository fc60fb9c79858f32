"""What a collection knows of each shard without asking it: in which state it was indexed, the days,
platforms and accounts of its articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from archive.search.filters import Filters

MOST_ACCOUNTS = 10_000  # that are noted; a shard with more is asked for any
TABLE = """CREATE TABLE collection_shards (name TEXT PRIMARY KEY, state TEXT NOT NULL,
    articles INTEGER NOT NULL, captures INTEGER NOT NULL, first_day TEXT, last_day TEXT,
    platforms TEXT NOT NULL, accounts TEXT) WITHOUT ROWID"""
# What changes with every file, picture or document that comes or goes, and is read at once.
STATE = """SELECT (SELECT json_group_array(id) FROM (SELECT id FROM {schema}.producers ORDER BY 1)),
    (SELECT count(*) FROM {schema}.warcs), (SELECT total(size) FROM {schema}.warcs),
    (SELECT total(records) FROM {schema}.warcs), (SELECT max(name) FROM {schema}.warcs),
    (SELECT max(pk) FROM {schema}.articles), (SELECT max(pk) FROM {schema}.attachment_text),
    (SELECT max(pk) FROM {schema}.media_text)"""
NUMBERS = """SELECT (SELECT count(*) FROM {schema}.articles),
    (SELECT count(*) FROM {schema}.captures),
    (SELECT min(published_at) FROM {schema}.articles),
    (SELECT max(published_at) FROM {schema}.articles)"""
ACCOUNTS = """SELECT account FROM {schema}.articles WHERE account IS NOT NULL
    UNION SELECT account_id FROM {schema}.articles WHERE account_id IS NOT NULL LIMIT ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known of a shard.

    Attributes:
        name: of the shard.
        state: what `state_of` gave when the collection was indexed.
        articles, captures: how many it has.
        first_day, last_day: when the first and the last of its articles were published; None where
            none says it.
        platforms: of its articles.
        accounts: names and ids of the accounts of its articles; None where they are too many.
    """

    name: str
    state: str
    articles: int
    captures: int
    first_day: str | None
    last_day: str | None
    platforms: frozenset[str]
    accounts: frozenset[str] | None

    def may_have(self, filters: Filters, called: list[tuple[str, str]]) -> bool:
        """Whether the shard may have an article that satisfies the filters: where not, that is
        certain.

        Args:
            filters: of a search.
            called: platform and id of the accounts that are or were called as it asks.
        """
        if filters.platform and filters.platform not in self.platforms:
            return False
        if filters.since and (self.last_day is None or self.last_day < filters.since):
            return False
        if filters.until and (self.first_day is None or self.first_day[:10] > filters.until):
            return False
        if filters.account and self.accounts is not None:
            names = {filters.account, *(account_id for _, account_id in called)}
            return bool(names & self.accounts)
        return True


def state_of(connection: sqlite3.Connection, schema: str = "main") -> str:
    """The state of an archive's database, which is another one once something was added to it."""
    return json.dumps([*connection.execute(STATE.format(schema=schema)).fetchone()])


def manifest_of(connection: sqlite3.Connection, schema: str, name: str) -> dict[str, Any]:
    """The row of `collection_shards` for an archive's database under a name in a connection."""
    numbers = connection.execute(NUMBERS.format(schema=schema)).fetchone()
    platforms = connection.execute(f"SELECT DISTINCT platform FROM {schema}.articles ORDER BY 1")
    accounts = connection.execute(ACCOUNTS.format(schema=schema), [MOST_ACCOUNTS + 1]).fetchall()
    return {
        "name": name,
        "state": state_of(connection, schema),
        **dict(zip(("articles", "captures", "first_day", "last_day"), numbers, strict=True)),
        "platforms": json.dumps([row[0] for row in platforms]),
        "accounts": json.dumps([row[0] for row in accounts], ensure_ascii=False)
        if len(accounts) <= MOST_ACCOUNTS
        else None,
    }


def manifests(connection: sqlite3.Connection) -> Iterator[Manifest]:
    """What the database of a collection says of its shards."""
    names = [field.name for field in fields(Manifest)]
    for row in connection.execute(f"SELECT {', '.join(names)} FROM collection_shards ORDER BY 1"):
        values = dict(zip(names, row, strict=True))
        accounts = values["accounts"]
        values["platforms"] = frozenset(json.loads(values["platforms"]))
        values["accounts"] = None if accounts is None else frozenset(json.loads(accounts))
        yield Manifest(**values)
