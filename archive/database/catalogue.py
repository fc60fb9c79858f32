"""What the archive has already, as a crawl asks for it: read-only, and empty where nothing was
indexed yet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.database.known import (
    ABSENCE,
    CHANGED,
    HIDDEN,
    IS_GONE,
    LEADS_TO,
    ONLINE,
    ONLINE_OF,
    WATCHED,
    Absence,
    Watched,
)
from archive.database.opening import connect, is_begun
from archive.model import Account, Link, ListOrder
from archive.model.words import LIST_ORDERS

OF_ACCOUNT = "platform = ? AND account_id = ?"
OF_ENTRY = "platform = ? AND native_id = ? AND account_id = ?"

# Of walks that were not refused, nor doubtful.
LAST_END = f"""SELECT max(at) FROM coverage WHERE {OF_ACCOUNT} AND ended = 1
    AND outcome IN ('new', 'none', 'deferred')"""
LAST_COMPLETE = """SELECT max(r.started_at) FROM coverage c JOIN runs r ON r.id = c.run
    WHERE c.platform = ? AND c.account_id = ? AND c.complete = 1
        AND c.outcome IN ('new', 'none', 'deferred')"""
LAST_TOTAL = f"""SELECT total FROM coverage WHERE {OF_ACCOUNT} AND total IS NOT NULL
    ORDER BY at DESC LIMIT 1"""
LIST_ORDER = f"""SELECT list_order FROM coverage WHERE {OF_ACCOUNT} AND list_order IS NOT NULL
    ORDER BY at DESC LIMIT 1"""
LIST_LENGTH = f"""SELECT listed FROM coverage WHERE {OF_ACCOUNT} AND ended = 1 AND listed > 0
    ORDER BY at DESC LIMIT 1"""
NEWEST_LISTED = f"""SELECT native_id FROM links WHERE {OF_ACCOUNT} AND last_listed_at >= ?
    ORDER BY published_at DESC, first_listed_at DESC LIMIT ?"""
HAS_ARTICLE = """SELECT 1 FROM articles WHERE id = ?1
    UNION ALL SELECT 1 FROM aliases x JOIN articles a ON a.id = x.article_id WHERE x.alias = ?1"""
ARTICLE_IDS = """SELECT id FROM articles WHERE platform = ?1
    UNION ALL SELECT x.alias FROM aliases x JOIN articles a ON a.id = x.article_id
        WHERE a.platform = ?1"""
HAS_MEDIA = f"""{LEADS_TO} SELECT 1 FROM captures WHERE url IN (SELECT url FROM way)
    AND role = 'media' AND outcome IN ('media', 'unchanged')"""
HAS_REQUISITE = "SELECT 1 FROM captures WHERE url = ? AND role = 'requisite' AND status = 200"

# Of runs that did not come to their end. A file that was answered, or that failed, is not asked for
# again; one that was cut short is.
NOT_FETCHED = """SELECT DISTINCT m.url, a.url FROM runs r
    JOIN captures c ON c.run = r.id AND c.role = 'article' AND c.outcome = 'article'
    JOIN articles a ON a.id = c.article_id
    JOIN media m ON m.article_id = c.article_id
    WHERE r.platform = ? AND r.finish_reason IS NOT 'finished'
        AND m.capture IS NULL AND m.position < ? AND m.kind <> 'video'
        AND NOT EXISTS (SELECT 1 FROM captures f WHERE f.url = m.url AND f.truncated IS NULL)
        AND m.url NOT IN (SELECT url FROM failures
            WHERE role = 'media' AND reason NOT LIKE 'truncated-%')"""

ORIGINAL = """SELECT id, url, captured_at FROM captures WHERE payload_digest = ?
    AND refers_to IS NULL AND truncated IS NULL AND status = 200"""

VALIDATORS = """SELECT coalesce(o.id, c.id), coalesce(o.url, c.url),
        coalesce(o.captured_at, c.captured_at), coalesce(o.payload_digest, c.payload_digest),
        coalesce(c.etag, o.etag), coalesce(c.last_modified, o.last_modified)
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.article_id = ? AND c.role = 'article' AND coalesce(o.outcome, c.outcome) = 'article'
        AND coalesce(o.url, c.url) = ? ORDER BY c.captured_at DESC LIMIT 1"""

PAGES = """SELECT p.number, p.url FROM articles a JOIN article_pages p
        ON p.article_id = a.id AND p.digest = a.digest
    WHERE a.id = ? AND p.number > 1 AND p.url IS NOT NULL ORDER BY p.number"""
# Not those that have been asked for often enough.
MISSING_PAGES = """SELECT a.id, p.number, p.url FROM articles a JOIN article_pages p
        ON p.article_id = a.id AND p.digest = a.digest
    WHERE a.platform = ? AND a.complete = 0 AND a.missing_since IS NULL AND p.capture IS NULL
        AND p.url IS NOT NULL AND (SELECT count(DISTINCT run) FROM failures f
            WHERE f.article_id = a.id AND f.role = 'part' AND f.url = p.url) < 5
    ORDER BY a.id, p.number"""

AS_LISTED = "SELECT native_id, url, kind, title, published_at FROM links l"
NOT_CAPTURED = f"""{AS_LISTED}
    WHERE {OF_ACCOUNT} AND kind <> 'outside'
        AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.article_id)
        AND NOT EXISTS (SELECT 1 FROM aliases x JOIN articles a ON a.id = x.article_id
            WHERE x.alias = l.article_id)
        AND NOT (EXISTS (SELECT 1 FROM captures c WHERE c.article_id = l.article_id
                AND c.outcome IN ('withdrawn', 'not-found', 'empty'))
            AND coalesce((SELECT g.change = 'gone' FROM link_changes g
                WHERE g.platform = l.platform AND g.account_id = l.account_id
                    AND g.native_id = l.native_id AND g.change IN ('gone', 'back')
                ORDER BY g.changed_at DESC LIMIT 1), 0))
        AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.article_id = l.article_id
            AND f.reason = 'leads-outside')"""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request for an article asks with: the capture that the answer is compared
    with, and its ETag and Last-Modified, of which one at least is not None."""

    record_id: str
    url: str
    captured_at: str
    payload_digest: str
    etag: str | None
    last_modified: str | None


class Catalogue:
    """Answers of `archive.db`, by one connection that is open until `close`.

    Args:
        db_path: the database; every answer is empty where it is not there yet.

    Example:
        >>> Catalogue(Path("archive.db")).has_article("thepaper-5701234")
        False
    """

    def __init__(self, db_path: Path) -> None:
        self._connection: sqlite3.Connection | None = None
        if is_begun(db_path):
            self._connection = connect(db_path, check_same_thread=False)

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def has_article(self, article_id: str) -> bool:
        """Whether the archive has a good version of the article, under this id or another."""
        return self._has(HAS_ARTICLE, article_id)

    def article_ids(self, platform: str) -> Iterator[str]:
        """The ids, old ones too, of all articles for which `has_article` is true.

        Args:
            platform: its name.
        """
        return (row[0] for row in self._rows(ARTICLE_IDS, platform))

    def is_missing(self, article_id: str) -> bool:
        """Whether the article was missing when it was last observed."""
        statement = "SELECT 1 FROM articles WHERE id = ? AND missing_since IS NOT NULL"
        return self._has(statement, article_id)

    def has_media(self, url: str) -> bool:
        """Whether the file at this address was captured, and not cut short."""
        return self._has(HAS_MEDIA, url)

    def not_fetched(self, platform: str, most: int) -> list[tuple[str, str]]:
        """The pictures and attachments that a run had not come to when it ended early.

        Args:
            platform: its name.
            most: of an article.

        Returns:
            The address of each, and that of the article's page.
        """
        return [(url, page) for url, page in self._rows(NOT_FETCHED, platform, most)]

    def pages_of(self, article_id: str) -> list[tuple[int, str]]:
        """Number and address of the later pages of an article, as its present version has them."""
        return [(number, url) for number, url in self._rows(PAGES, article_id)]

    def missing_pages(self, platform: str) -> list[tuple[str, int, str]]:
        """The pages of articles that could not be had: article, number and address of each."""
        rows = self._rows(MISSING_PAGES, platform)
        return [(article_id, number, url) for article_id, number, url in rows]

    def has_requisite(self, url: str) -> bool:
        """Whether what pages need was captured from this address."""
        return self._has(HAS_REQUISITE, url)

    def watched(self, platform: str, before: str) -> Iterator[Watched]:
        """The articles whose present version or absence began before this moment.

        Args:
            platform: its name.
            before: ISO 8601, UTC.
        """
        rows = self._rows(f"{WATCHED} AND watched_from < ?2", platform, before)
        return (Watched(*row) for row in rows)

    def unlisted(self, platform: str) -> list[Watched]:
        """Articles that a complete walk did not meet any more, and that were not checked since."""
        rows = self._rows(f"{WATCHED} AND unlisted_at > checked_at", platform)
        return [Watched(*row) for row in rows]

    def hidden(self, platform: str) -> list[Watched]:
        """Articles that were online before their account was suspended or removed, and that were
        not checked since."""
        return [Watched(*row) for row in self._rows(HIDDEN, platform)]

    def online(self, platform: str, missing: Iterable[str], most: int = 3) -> list[Watched]:
        """The newest articles that were online when they were last observed, first those of other
        accounts.

        Args:
            platform: its name.
            missing: the ids of articles that are not online now.
            most: how many at most.
        """
        rows = self._rows(ONLINE, platform, json.dumps(sorted(missing)), most)
        return [Watched(*row) for row in rows]

    def online_of(self, account: Account) -> list[Watched]:
        """The articles of an account that were online when they were last observed, the newest
        first; not those that were checked since its list last had an entry."""
        return [Watched(*row) for row in self._rows(ONLINE_OF, *_key(account))]

    def listed(self, account: Account) -> int:
        """How many entries earlier walks saw in the account's listing."""
        return int(
            self._value(f"SELECT count(*) FROM links WHERE {OF_ACCOUNT}", *_key(account)) or 0
        )

    def last_listed(self, account: Account, native_id: str) -> Link | None:
        """An entry as the account's listing had it last; None where it never did."""
        entry = account.platform, native_id, account.account_id
        row = next(self._rows(f"{AS_LISTED} WHERE {OF_ENTRY}", *entry), None)
        return _link(row, account) if row else None

    def is_gone_from_list(self, account: Account, native_id: str) -> bool:
        """Whether the last complete walk that would have met the entry did not."""
        return bool(self._value(IS_GONE, account.platform, account.account_id, native_id))

    def changed_in_list(self, platform: str) -> list[Watched]:
        """Articles whose entry in a listing changed, and that were not checked since."""
        return [Watched(*row) for row in self._rows(CHANGED, platform)]

    def first_listed(self, account: Account, native_id: str) -> str | None:
        """When an entry was first seen in the account's listing (ISO 8601, UTC)."""
        entry = account.platform, native_id, account.account_id
        return self._text(f"SELECT first_listed_at FROM links WHERE {OF_ENTRY}", *entry)

    def absence(self, article_id: str) -> Absence | None:
        """Since when an article of which the archive has no version was asked for and not there;
        None where it never was."""
        return next((Absence(*row) for row in self._rows(ABSENCE, article_id)), None)

    def list_order(self, account: Account) -> ListOrder | None:
        """The order of the account's listing, when a walk last observed it."""
        order = self._value(LIST_ORDER, *_key(account))
        return order if order in LIST_ORDERS else None

    def list_length(self, account: Account) -> int | None:
        """How many entries the account's listing had, when a walk last read all of it."""
        length = self._value(LIST_LENGTH, *_key(account))
        return None if length is None else int(length)

    def newest_listed(self, account: Account, since: str, most: int = 3) -> frozenset[str]:
        """The ids of the newest entries of an account's listing.

        Args:
            account: whose listing it is.
            since: of those that were met at this time (ISO 8601, UTC) or later.
            most: how many at most.
        """
        rows = self._rows(NEWEST_LISTED, *_key(account), since, most)
        return frozenset(row[0] for row in rows)

    def total_before(self, account: Account) -> int | None:
        """How many articles the platform said that the account has, when it last did."""
        total = self._value(LAST_TOTAL, *_key(account))
        return None if total is None else int(total)

    def last_end(self, account: Account) -> str | None:
        """When the last walk was over that reached the end of the listing; None where none did."""
        return self._text(LAST_END, *_key(account))

    def last_complete(self, account: Account) -> str | None:
        """When the run began whose walk was the last complete one: it reached the end of the
        account's listing, or what an earlier complete walk had seen. None where none did."""
        return self._text(LAST_COMPLETE, *_key(account))

    def not_captured(self, account: Account) -> list[Link]:
        """Entries that earlier walks listed, of which the archive has no article; not those that
        were not there and are not listed any more either."""
        return [_link(row, account) for row in self._rows(NOT_CAPTURED, *_key(account))]

    def original(self, digest: str, url: str | None) -> tuple[str, str, str] | None:
        """Record id, address and time of the first complete response with a payload.

        Args:
            digest: the payload's, as in WARC-Payload-Digest.
            url: where; None: anywhere.
        """
        here = "" if url is None else " AND url = ?"
        values = (digest,) if url is None else (digest, url)
        rows = self._rows(f"{ORIGINAL}{here} ORDER BY captured_at LIMIT 1", *values)
        return next(((row[0], row[1], row[2]) for row in rows), None)

    def validators(self, article_id: str, url: str) -> Validators | None:
        """What a conditional request for an article asks with; None where the last complete answer
        brought neither ETag nor Last-Modified.

        Args:
            article_id: `articles.id`.
            url: the address that will be asked for.
        """
        for row in self._rows(VALIDATORS, article_id, url):
            validators = Validators(*row)
            if validators.etag or validators.last_modified:
                return validators
        return None

    def _rows(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        if self._connection is not None:
            yield from self._connection.execute(statement, values)

    def _value(self, statement: str, *values: object) -> Any:
        return next((row[0] for row in self._rows(statement, *values)), None)

    def _text(self, statement: str, *values: object) -> str | None:
        value = self._value(statement, *values)
        return None if value is None else str(value)

    def _has(self, statement: str, *values: object) -> bool:
        return self._value(statement, *values) is not None


def _link(row: tuple[Any, ...], account: Account) -> Link:
    native_id, url, kind, title, published_at = row
    return Link(
        id=native_id,
        url=url,
        kind=kind,
        title=title,
        published_at=published_at,
        account_id=account.account_id,
    )


def _key(account: Account) -> tuple[str, str]:
    return account.platform, account.account_id
