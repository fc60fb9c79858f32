"""What the archive holds already, as a crawl asks for it: read-only, and empty where nothing was
indexed yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.database.opening import is_begun
from archive.model import Account, Link


@dataclass(frozen=True, slots=True)
class Watched:
    """A known article as a schedule sees it."""

    id: str
    url: str
    account_id: str | None
    account: str | None
    watched_from: str
    checked_at: str


WATCHED = (
    "SELECT id, url, account_id, account, watched_from, checked_at FROM articles WHERE platform = ?"
)


class Catalogue:
    """Answers of `archive.db`. It keeps one connection until `close`."""

    def __init__(self, db_path: Path) -> None:
        self._db: sqlite3.Connection | None = None
        if is_begun(db_path):
            self._db = sqlite3.connect(
                f"{db_path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )

    def close(self) -> None:
        """Close the connection."""
        if self._db:
            self._db.close()
        self._db = None

    def has_article(self, article_id: str) -> bool:
        """Whether a good version of the article is held."""
        return self._one("SELECT 1 FROM articles WHERE id = ?", article_id) is not None

    def watched(self, platform: str, before: str) -> Iterator[Watched]:
        """The articles whose present version or absence began before this moment."""
        rows = (
            self._db.execute(f"{WATCHED} AND watched_from < ?", (platform, before))
            if self._db
            else ()
        )
        return (Watched(*row) for row in rows)

    def unlisted(self, platform: str) -> list[Watched]:
        """Articles that a whole walk did not meet any more, and that were not looked at since."""
        rows = (
            self._db.execute(f"{WATCHED} AND unlisted_at > checked_at", (platform,))
            if self._db
            else ()
        )
        return [Watched(*row) for row in rows]

    def well(self, platform: str, most: int = 3) -> list[Watched]:
        """The newest articles that were there when last looked at."""
        statement = f"{WATCHED} AND missing_since IS NULL ORDER BY watched_from DESC LIMIT ?"
        rows = self._db.execute(statement, (platform, most)) if self._db else ()
        return [Watched(*row) for row in rows]

    def is_missing(self, article_id: str) -> bool:
        """Whether the article was missing when last looked at."""
        return (
            self._one(
                "SELECT 1 FROM articles WHERE id = ? AND missing_since IS NOT NULL", article_id
            )
            is not None
        )

    def listed_title(self, account: Account, native_id: str) -> str | None:
        """The title of an entry when it was last listed."""
        statement = (
            "SELECT title FROM links WHERE platform = ? AND native_id = ? AND account_id = ?"
        )
        row = self._one(statement, account.platform, native_id, account.account_id)
        return row[0] if row else None

    def total_before(self, account: Account) -> int | None:
        """How many articles the platform said that the account has, when it last did."""
        statement = """SELECT total FROM coverage WHERE platform = ? AND account_id = ? AND total IS NOT NULL
            ORDER BY at DESC LIMIT 1"""
        row = self._one(statement, account.platform, account.account_id)
        return row[0] if row else None

    def walked_to_the_end(self, account: Account) -> str | None:
        """When the last walk was over that met the whole listing; None where none did."""
        statement = "SELECT max(at) FROM coverage WHERE platform = ? AND account_id = ? AND ended = 1 AND outcome IN ('new', 'none')"
        row = self._one(statement, account.platform, account.account_id)
        return row[0] if row else None

    def has_media(self, url: str) -> bool:
        """Whether the file at this address was captured whole."""
        return (
            self._one(
                "SELECT 1 FROM captures WHERE url = ? AND outcome IN ('media', 'unchanged') AND role = 'media'",
                url,
            )
            is not None
        )

    def has_requisite(self, url: str) -> bool:
        """Whether what pages need was captured from this address."""
        return (
            self._one(
                "SELECT 1 FROM captures WHERE url = ? AND role = 'requisite' AND status = 200", url
            )
            is not None
        )

    def original(self, digest: str, url: str | None) -> tuple[str, str, str] | None:
        """Record id, address and time of the whole response with this payload digest: at `url`, or
        anywhere for None."""
        where = "" if url is None else " AND url = ?"
        statement = f"""SELECT id, url, captured_at FROM captures WHERE payload_digest = ? AND refers_to IS NULL
            AND truncated IS NULL AND status = 200{where} ORDER BY captured_at LIMIT 1"""
        return self._one(statement, digest, *(() if url is None else (url,)))

    def validators(
        self, article_id: str, url: str
    ) -> tuple[str, str, str, str, str | None, str | None] | None:
        """For a conditional request: record id, address, time, payload digest, ETag and
        Last-Modified of the last whole article.

        None where the last whole answer brought neither of the two.
        """
        statement = """SELECT coalesce(o.id, c.id), coalesce(o.url, c.url), coalesce(o.captured_at, c.captured_at),
                coalesce(o.payload_digest, c.payload_digest), coalesce(c.etag, o.etag), coalesce(c.last_modified, o.last_modified)
            FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
            WHERE c.article_id = ? AND c.role = 'article' AND coalesce(o.outcome, c.outcome) = 'article'
                AND coalesce(o.url, c.url) = ? ORDER BY c.captured_at DESC LIMIT 1"""
        row = self._one(statement, article_id, url)
        return row if row and (row[4] or row[5]) else None

    def listed(self, account: Account) -> int:
        """How many entries earlier walks saw in the account's listing."""
        row = self._one(
            "SELECT count(*) FROM links WHERE platform = ? AND account_id = ?",
            account.platform,
            account.account_id,
        )
        return int(row[0]) if row else 0

    def walked_whole(self, account: Account) -> str | None:
        """When the last walk began that reached the end of the account's listing; None where none
        did."""
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
        """Entries listed by earlier walks of which the archive has no article and no last word
        either."""
        statement = """SELECT native_id, url, kind, title, published_at FROM links l WHERE platform = ? AND account_id = ?
            AND kind <> 'outside' AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.article_id)
            AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.article_id = l.article_id
                AND c.outcome IN ('withdrawn', 'not-found', 'empty'))
            AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.article_id = l.article_id AND f.reason = 'leads-outside')"""
        rows = (
            self._db.execute(statement, (account.platform, account.account_id)) if self._db else ()
        )
        return [
            Link(
                id=row[0],
                url=row[1],
                kind=row[2],
                title=row[3],
                published_at=row[4],
                account_id=account.account_id,
            )
            for row in rows
        ]

    def _one(self, statement: str, *values: object) -> tuple | None:  # type: ignore[type-arg]  # a row of any shape
        if self._db is None:
            return None
        row: tuple | None = self._db.execute(statement, values).fetchone()  # type: ignore[type-arg]
        return row
