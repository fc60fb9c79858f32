"""What the archive has already, as a crawl asks for it: read-only, and empty where nothing was
indexed yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.database.known import (
    ABSENCE,
    CHANGED,
    HIDDEN,
    LEADS_TO,
    ONLINE,
    ONLINE_OF,
    WATCHED,
    Absence,
    Watched,
)
from archive.database.known_lists import KnownLists
from archive.database.questions import Questions
from archive.model import Account

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
    """Answers of `archive.db`, by one connection that is open until `close`. `lists` is what it
    knows of the lists of accounts.

    Args:
        db_path: the database; every answer is empty where it is not there yet.

    Example:
        >>> Catalogue(Path("archive.db")).has_article("thepaper-5701234")
        False
    """

    def __init__(self, db_path: Path) -> None:
        self._ask = Questions(db_path)
        self.lists = KnownLists(self._ask)

    def close(self) -> None:
        """Close the connection."""
        self._ask.close()

    def has_article(self, article_id: str) -> bool:
        """Whether the archive has a good version of the article, under this id or another."""
        return self._ask.has(HAS_ARTICLE, article_id)

    def article_ids(self, platform: str) -> Iterator[str]:
        """The ids, old ones too, of all articles for which `has_article` is true.

        Args:
            platform: its name.
        """
        return (row[0] for row in self._ask.rows(ARTICLE_IDS, platform))

    def is_missing(self, article_id: str) -> bool:
        """Whether the article was missing when it was last observed."""
        statement = "SELECT 1 FROM articles WHERE id = ? AND missing_since IS NOT NULL"
        return self._ask.has(statement, article_id)

    def has_media(self, url: str) -> bool:
        """Whether the file at this address was captured, and not cut short."""
        return self._ask.has(HAS_MEDIA, url)

    def not_fetched(self, platform: str, most: int) -> list[tuple[str, str]]:
        """The pictures and attachments that a run had not come to when it ended early.

        Args:
            platform: its name.
            most: of an article.

        Returns:
            The address of each, and that of the article's page.
        """
        return [(url, page) for url, page in self._ask.rows(NOT_FETCHED, platform, most)]

    def pages_of(self, article_id: str) -> list[tuple[int, str]]:
        """Number and address of the later pages of an article, as its present version has them."""
        return [(number, url) for number, url in self._ask.rows(PAGES, article_id)]

    def missing_pages(self, platform: str) -> list[tuple[str, int, str]]:
        """The pages of articles that could not be had: article, number and address of each."""
        rows = self._ask.rows(MISSING_PAGES, platform)
        return [(article_id, number, url) for article_id, number, url in rows]

    def has_requisite(self, url: str) -> bool:
        """Whether what pages need was captured from this address."""
        return self._ask.has(HAS_REQUISITE, url)

    def watched(self, platform: str, before: str) -> Iterator[Watched]:
        """The articles whose present version or absence began before this moment.

        Args:
            platform: its name.
            before: ISO 8601, UTC.
        """
        rows = self._ask.rows(f"{WATCHED} AND watched_from < ?2", platform, before)
        return (Watched(*row) for row in rows)

    def unlisted(self, platform: str) -> list[Watched]:
        """Articles that a complete walk did not meet any more, and that were not checked since."""
        rows = self._ask.rows(f"{WATCHED} AND unlisted_at > checked_at", platform)
        return [Watched(*row) for row in rows]

    def hidden(self, platform: str) -> list[Watched]:
        """Articles that were online before their account was suspended or removed, and that were
        not checked since."""
        return [Watched(*row) for row in self._ask.rows(HIDDEN, platform)]

    def online(self, platform: str, missing: Iterable[str], most: int = 3) -> list[Watched]:
        """The newest articles that were online when they were last observed, first those of other
        accounts.

        Args:
            platform: its name.
            missing: the ids of articles that are not online now.
            most: how many at most.
        """
        rows = self._ask.rows(ONLINE, platform, json.dumps(sorted(missing)), most)
        return [Watched(*row) for row in rows]

    def online_of(self, account: Account) -> list[Watched]:
        """The articles of an account that were online when they were last observed, the newest
        first; not those that were checked since its list last had an entry."""
        return [Watched(*row) for row in self._ask.rows(ONLINE_OF, *_key(account))]

    def changed_in_list(self, platform: str) -> list[Watched]:
        """Articles whose entry in a listing changed, and that were not checked since."""
        return [Watched(*row) for row in self._ask.rows(CHANGED, platform)]

    def absence(self, article_id: str) -> Absence | None:
        """Since when an article of which the archive has no version was asked for and not there;
        None where it never was."""
        return next((Absence(*row) for row in self._ask.rows(ABSENCE, article_id)), None)

    def original(self, digest: str, url: str | None) -> tuple[str, str, str] | None:
        """Record id, address and time of the first complete response with a payload.

        Args:
            digest: the payload's, as in WARC-Payload-Digest.
            url: where; None: anywhere.
        """
        here = "" if url is None else " AND url = ?"
        values = (digest,) if url is None else (digest, url)
        rows = self._ask.rows(f"{ORIGINAL}{here} ORDER BY captured_at LIMIT 1", *values)
        return next(((row[0], row[1], row[2]) for row in rows), None)

    def validators(self, article_id: str, url: str) -> Validators | None:
        """What a conditional request for an article asks with; None where the last complete answer
        brought neither ETag nor Last-Modified.

        Args:
            article_id: `articles.id`.
            url: the address that will be asked for.
        """
        for row in self._ask.rows(VALIDATORS, article_id, url):
            validators = Validators(*row)
            if validators.etag or validators.last_modified:
                return validators
        return None


def _key(account: Account) -> tuple[str, str]:
    return account.platform, account.account_id
