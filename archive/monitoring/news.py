"""What has happened in an archive since a moment: articles that are new, changed, missing,
withdrawn, or back. A function of the database alone, so one state gives the same news everywhere.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from archive.archive import Archive
from archive.database.opening import read_rows
from archive.errors import UsageError
from archive.history.diff import Edit, edits
from archive.search.accounts import accounts_called
from archive.search.filters import Filters
from archive.search.search import search

NewsKind = Literal["new", "changed", "missing", "withdrawn", "back"]
"""`missing` is an absence that is not proved yet, `withdrawn` one that a recheck proved."""

SNIPPET = 120  # characters of a new article's text
ARTICLE = "a.id, a.title, a.account, a.platform, a.url, a.published_at"
NEW = f"""SELECT a.first_captured_at AS at, {ARTICLE}, substr(a.text, 1, {SNIPPET + 1}) AS text
    FROM articles a WHERE a.first_captured_at >= :since"""
CHANGED = f"""SELECT DISTINCT {ARTICLE} FROM articles a JOIN captures c ON c.article_id = a.id
    WHERE a.version_count > 1 AND c.captured_at >= :since AND c.role = 'article'"""
ABSENT = f"""SELECT w.*, {ARTICLE} FROM withdrawals w JOIN articles a ON a.id = w.article_id
    WHERE max(w.first_missing_at, coalesce(w.confirmed_at, ''), coalesce(w.reinstated_at, ''))
        >= :since"""
OF = """SELECT id FROM articles WHERE (:platform IS NULL OR platform = :platform)
    AND (:account IS NULL OR :account IN (account, account_id)
        OR platform || '/' || account_id IN (SELECT value FROM json_each(:called)))"""
# The runs of one start go on at the same time; a start holds the archive, so others do not.
LAST_START = """SELECT min(started_at) FROM runs
    WHERE coalesce(finished_at, started_at) >= (SELECT max(started_at) FROM runs)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that was seen to happen to an article.

    `at` is when it was seen; `before` the last moment at which it was not so, where there is one.
    `text` is the beginning of a new article, or the passage that a query found in it; `reason` says
    how an absence shows. `edit` is what changed.
    """

    kind: NewsKind
    at: str
    before: str | None = None
    id: str
    title: str
    account: str | None
    platform: str
    url: str
    published_at: str | None
    text: str | None = None
    reason: str | None = None
    edit: Edit | None = field(default=None, repr=False)


def news(
    archive: Archive,
    *,
    since: str | date | None = None,
    query: str | None = None,
    platform: str | None = None,
    account: str | None = None,
) -> list[News]:
    """List what has happened, in the order in which it was seen.

    Args:
        archive: indexed.
        since: a day (its beginning in UTC), or the id of a run; None: since the last crawl began.
        query: only of articles that satisfy it; a new one comes with the passage found in it.
        platform: only of articles of this platform.
        account: only of articles of this account (name or id).

    Raises:
        UsageError: `since` is neither a day nor a run of this archive; a platform or an account is
            not known; nothing was indexed yet.

    Example:
        >>> [item.kind for item in news(archive, since="2026-01-01")]
        ['new', 'new', 'changed', 'withdrawn']
    """
    filters = archive.filters(platform=platform, account=account)
    moment = since_moment(archive.connection, None if since is None else str(since))
    return news_of_database(archive.connection, moment, query, filters)


def news_of_database(
    connection: sqlite3.Connection, moment: str, query: str | None, filters: Filters
) -> list[News]:
    """What has happened since a moment to the articles of a database that satisfy the filters and
    the query, if there is one, in the order in which it was seen."""
    wanted = _wanted(connection, query, filters)
    items = [
        _with_passage(item, wanted)
        for part in (_new, _changed, _absent)
        for item in part(connection, moment)
        if wanted is None or item.id in wanted
    ]
    return sorted(items, key=order_of_news)


def order_of_news(item: News) -> tuple[str, str, str]:
    """What news are sorted by."""
    return item.at, item.id, item.kind


def since_moment(connection: sqlite3.Connection, since: str | None) -> str:
    """The moment that a day, a run or the last crawl began, ISO 8601 in UTC; '' where there was no
    crawl. Raises UsageError for what is none of these."""
    if since is None:
        return str(connection.execute(LAST_START).fetchone()[0] or "")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", since):
        try:
            return date.fromisoformat(since).isoformat()
        except ValueError:
            pass  # a day that no calendar has; below is what to give
    row = connection.execute("SELECT started_at FROM runs WHERE id = ?", [since]).fetchone()
    if row is None:
        raise UsageError(
            f"{since!r} is neither a day, such as 2020-02-02, nor the id of a crawl "
            "(the column runs.id)."
        )
    return str(row[0])


def _wanted(
    connection: sqlite3.Connection, query: str | None, filters: Filters
) -> dict[str, str | None] | None:
    """The articles that are asked for, with the passage that a query found in each; None: all."""
    if query is not None:
        return {hit.id: hit.snippet for hit in search(connection, query, filters, limit=None)}
    if not filters.platform and not filters.account:
        return None
    called = accounts_called(connection, filters.account or "")
    values = {
        "platform": filters.platform,
        "account": filters.account,
        "called": json.dumps(["/".join(key) for key in called]),
    }
    return dict.fromkeys(row[0] for row in connection.execute(OF, values))


def _new(connection: sqlite3.Connection, moment: str) -> Iterator[News]:
    for row in read_rows(connection, NEW, {"since": moment}):
        text = row.pop("text")
        shown = text if len(text) <= SNIPPET else f"{text[:SNIPPET]}…"
        yield News(kind="new", text=" ".join(shown.split()), **row)


def _changed(connection: sqlite3.Connection, moment: str) -> Iterator[News]:
    for row in read_rows(connection, CHANGED, {"since": moment}):
        for edit in edits(connection, row["id"]):
            if edit.found_at >= moment:
                yield News(kind="changed", at=edit.found_at, before=edit.seen_at, edit=edit, **row)


def _absent(connection: sqlite3.Connection, moment: str) -> Iterator[News]:
    for row in read_rows(connection, ABSENT, {"since": moment}):
        article = {name: row[name] for name in ("id", "title", "account", "platform", "url")}
        article["published_at"] = row["published_at"]
        for kind, at, before in _moments(row):
            if at >= moment:
                yield News(kind=kind, at=at, before=before, reason=row["reason"], **article)


def _moments(row: Mapping[str, Any]) -> Iterator[tuple[NewsKind, str, str]]:
    """What was seen of an absence. Where it was proved, that is the news."""
    if row["confirmed_at"]:
        yield "withdrawn", row["confirmed_at"], row["last_seen_at"]
    else:
        yield "missing", row["first_missing_at"], row["last_seen_at"]
    if row["reinstated_at"]:
        yield "back", row["reinstated_at"], row["last_missing_at"]


def _with_passage(item: News, wanted: Mapping[str, str | None] | None) -> News:
    """The same news; of a new article with the passage that the query found in it."""
    passage = wanted[item.id] if wanted and item.kind == "new" else None
    return item if passage is None else replace(item, text=passage)
