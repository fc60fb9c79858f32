"""What the archive holds already, as a crawl asks for it: read-only, and empty where nothing was indexed yet."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.model import Account, Link


class Catalogue:
    """Answers of `archive.db`. It keeps one connection until `close`."""

    def __init__(self, db_path: Path) -> None:
        self._db: sqlite3.Connection | None = None
        if db_path.exists():
            self._db = sqlite3.connect(f"{db_path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the connection."""
        if self._db:
            self._db.close()
        self._db = None

    def has_article(self, article_id: str) -> bool:
        """Whether a good version of the article is held."""
        return self._one("SELECT 1 FROM articles WHERE id = ?", article_id) is not None

    def has_media(self, url: str) -> bool:
        """Whether the file at this address was captured whole."""
        return (
            self._one("SELECT 1 FROM captures WHERE url = ? AND outcome IN ('media', 'unchanged') AND role = 'media'", url)
            is not None
        )

    def original(self, digest: str, url: str | None) -> tuple[str, str, str] | None:
        """Record id, address and time of the whole response with this payload digest: at `url`, or anywhere for None."""
        where = "" if url is None else " AND url = ?"
        statement = f"""SELECT id, url, captured_at FROM captures WHERE payload_digest = ? AND refers_to IS NULL
            AND truncated IS NULL AND status = 200{where} ORDER BY captured_at LIMIT 1"""
        return self._one(statement, digest, *(() if url is None else (url,)))

    def listed(self, account: Account) -> int:
        """How many entries earlier walks saw in the account's listing."""
        row = self._one("SELECT count(*) FROM links WHERE platform = ? AND account_id = ?", account.platform, account.account_id)
        return int(row[0]) if row else 0

    def walked_whole(self, account: Account) -> str | None:
        """When the last walk began that reached the end of the account's listing; None where none did."""
        statement = """SELECT max(r.started_at) FROM coverage c JOIN runs r ON r.id = c.run WHERE c.platform = ?
            AND c.account_id = ? AND c.complete = 1 AND c.outcome IN ('new', 'none')"""
        row = self._one(statement, account.platform, account.account_id)
        return row[0] if row else None

    def first_listed(self, account: Account, native_id: str) -> str | None:
        """When an entry was first seen in the account's listing."""
        statement = "SELECT first_listed_at FROM links WHERE platform = ? AND native_id = ? AND account_id = ?"
        row = self._one(statement, account.platform, native_id, account.account_id)
        return row[0] if row else None

    def missing(self, account: Account) -> list[Link]:
        """Entries listed by earlier walks of which the archive has no article and no last word either."""
        statement = """SELECT native_id, url, kind, title, published_at FROM links l WHERE platform = ? AND account_id = ?
            AND kind <> 'outside' AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.article_id)
            AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.article_id = l.article_id
                AND c.outcome IN ('withdrawn', 'not-found', 'empty'))"""
        rows = self._db.execute(statement, (account.platform, account.account_id)) if self._db else ()
        return [
            Link(id=row[0], url=row[1], kind=row[2], title=row[3], published_at=row[4], account_id=account.account_id)
            for row in rows
        ]

    def _one(self, statement: str, *values: object) -> tuple | None:  # type: ignore[type-arg]  # a row of any shape
        if self._db is None:
            return None
        row: tuple | None = self._db.execute(statement, values).fetchone()  # type: ignore[type-arg]
        return row
