"""Which article a reader means who gives an id, a number or an address."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Protocol

from archive.database.opening import read_rows
from archive.errors import UsageError

BY_ADDRESS = """SELECT id FROM articles WHERE url = :url
    UNION SELECT article_id FROM captures
        WHERE url = :url AND article_id IN (SELECT id FROM articles)"""

WITH_ID = """SELECT id, 0 FROM articles WHERE id = :id
    UNION ALL SELECT article_id, 1 FROM aliases WHERE alias = :id
        AND article_id IN (SELECT id FROM articles) ORDER BY 2, 1 LIMIT 1"""

LISTED = """SELECT article_id, title, url, last_listed_at,
        (SELECT reason FROM failures f WHERE f.article_id = l.article_id
            ORDER BY failed_at DESC LIMIT 1) AS reason
    FROM links l WHERE :name IN (article_id, native_id, url) LIMIT 1"""


def only_listed(db: sqlite3.Connection, name: str) -> str | None:
    """A sentence about an article that a list named and that was never captured; None for any other
    name."""
    row = next(read_rows(db, LISTED, {"name": name.strip()}), None)
    if row is None:
        return None
    why = f" ({row['reason']})" if row["reason"] else ""
    return (
        f"{row['article_id']} “{row['title']}” was never captured{why}, but listed until "
        f"{row['last_listed_at']}; `zhengwen crawl {row['url']}` asks for it again."
    )


def the_article(name: str, ids: Sequence[str], listed: Callable[[], str | None]) -> str:
    """The id of the article that a reader means.

    Args:
        name: what was given.
        ids: those that may be meant.
        listed: gives the sentence of `only_listed`; asked only where there is none.

    Raises:
        UsageError: there is no such article, or there are several.
    """
    if len(ids) > 1:
        raise UsageError(f"{name} may be {' or '.join(ids)}; give one of these.")
    if not ids:
        raise UsageError(
            listed()
            or f"There is no article {name!r}; give an id such as thepaper-5701234, as "
            "`zhengwen search` prints them, or the address of the article."
        )
    return ids[0]


class Names(Protocol):
    """Where the names of articles are looked up: one database, or several."""

    def article_of(self, article_id: str) -> str | None:
        """The id of the article that has this id, or had it before its address led to another."""
        ...

    def at(self, url: str) -> list[str]:
        """The articles that have this address, or were asked for at it."""
        ...

    def platforms(self) -> list[str]:
        """Those of the articles."""
        ...


class NamesOfDatabase:
    """The names of one archive's database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def article_of(self, article_id: str) -> str | None:
        """The id of the article that has this id, or had it before its address led to another."""
        row = self.db.execute(WITH_ID, {"id": article_id}).fetchone()
        return str(row[0]) if row else None

    def at(self, url: str) -> list[str]:
        """The articles that have this address, or were asked for at it."""
        return [row[0] for row in self.db.execute(BY_ADDRESS, {"url": url})]

    def platforms(self) -> list[str]:
        """Those of the articles."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT platform FROM articles")]


def ids_of(names: Names, name: str, locate: Callable[[str], str | None]) -> list[str]:
    """The ids of the articles that may be meant.

    Args:
        names: of an archive, or of a collection.
        name: an id, the part of it after the platform's name, or an address.
        locate: gives the id that the rules of the platforms see in an address; asked only where
            the archive itself does not know it.

    Returns:
        None, one, or several where two platforms have articles of one number.
    """
    name = name.strip()
    if "/" in name:
        return _by_address(names, name, locate)
    if article := names.article_of(name):
        return [article]
    parts = names.platforms()
    return [article for each in parts if (article := names.article_of(f"{each}-{name}"))]


def _by_address(names: Names, address: str, locate: Callable[[str], str | None]) -> list[str]:
    """By the address as it is, then as its platform reads it; without a scheme it is the web's."""
    addresses = [address] if "://" in address else [f"https://{address}", f"http://{address}"]
    for url in addresses:
        if ids := names.at(url):
            return sorted(ids)
    located = locate(addresses[0])
    article = names.article_of(located) if located else None
    return [article] if article else []
