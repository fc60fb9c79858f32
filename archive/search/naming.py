"""Which article a reader means who gives an id, a number or an address."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from archive.database.opening import read_rows

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


def ids_of(db: sqlite3.Connection, name: str, locate: Callable[[str], str | None]) -> list[str]:
    """The ids of the articles that may be meant.

    Args:
        db: an archive's database.
        name: an id, the part of it after the platform's name, or an address.
        locate: gives the id that the rules of the platforms see in an address; asked only where
            the archive itself does not know it.

    Returns:
        None, one, or several where two platforms have articles of one number.
    """
    name = name.strip()
    if "/" in name:
        return _by_address(db, name, locate)
    if article := _article_of(db, name):
        return [article]
    platforms = [row[0] for row in db.execute("SELECT DISTINCT platform FROM articles")]
    return [article for each in platforms if (article := _article_of(db, f"{each}-{name}"))]


def _by_address(
    db: sqlite3.Connection, address: str, locate: Callable[[str], str | None]
) -> list[str]:
    """By the address as it is, then as its platform reads it; without a scheme it is the web's."""
    addresses = [address] if "://" in address else [f"https://{address}", f"http://{address}"]
    for url in addresses:
        ids = [row[0] for row in db.execute(BY_ADDRESS, {"url": url})]
        if ids:
            return sorted(ids)
    located = locate(addresses[0])
    article = _article_of(db, located) if located else None
    return [article] if article else []


def _article_of(db: sqlite3.Connection, article_id: str) -> str | None:
    """The id of the article that has this id, or had it before its address led to another."""
    row = db.execute(WITH_ID, {"id": article_id}).fetchone()
    return str(row[0]) if row else None
