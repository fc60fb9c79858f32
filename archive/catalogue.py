"""What the archive holds already, as a crawl asks for it: read-only, and empty where nothing was indexed yet."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.model import Account


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

    def walked_whole(self, account: Account) -> bool:
        """Whether an earlier walk reached the end of the account's listing and got everything it found there."""
        statement = """SELECT 1 FROM coverage WHERE platform = ? AND account_id = ? AND complete = 1
            AND outcome IN ('new', 'none')"""
        return self._one(statement, account.platform, account.account_id) is not None

    def _one(self, statement: str, *values: object) -> tuple | None:  # type: ignore[type-arg]  # a row of any shape
        if self._db is None:
            return None
        row: tuple | None = self._db.execute(statement, values).fetchone()  # type: ignore[type-arg]
        return row
