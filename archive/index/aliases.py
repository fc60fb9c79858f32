"""Articles that show the same under several ids of one host: all but the first are aliases of it.

What the rules for addresses do not see, such as a parameter that means nothing, is seen there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.database import writing
from archive.database.rows import AliasRow, columns
from archive.page.urls import urlsplit

SHORTEST = 30  # characters; short notices are published in the same words again
SAME = """SELECT b.id, b.first_captured_at, b.url, substr(b.published_at, 1, 10),
        (SELECT capture FROM versions v WHERE v.article_id = b.id
            ORDER BY first_captured_at, digest LIMIT 1)
    FROM articles a JOIN articles b ON b.title = a.title AND b.text = a.text
        AND b.platform = a.platform
    WHERE a.id = ? AND length(a.text) >= ? ORDER BY b.first_captured_at, b.id"""
PARTNERS = """SELECT alias FROM aliases WHERE reason = 'same_content' AND article_id = ?1
    UNION SELECT article_id FROM aliases WHERE reason = 'same_content' AND alias = ?1"""


@dataclass(frozen=True, slots=True)
class Same:
    """An article among those with its title and text."""

    id: str
    first_captured_at: str
    url: str
    day: str | None
    capture: str

    def is_shown_like(self, other: Same) -> bool:
        """Whether the other is on the same host, and of the same day as far as that is known."""
        hosts = {(urlsplit(each.url).hostname or "").removeprefix("www.") for each in (self, other)}
        return len(hosts) == 1 and (None in (self.day, other.day) or self.day == other.day)


def derive_aliases(connection: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    """Make the aliases by content again that these articles have, are or were.

    Args:
        connection: to the database, in a transaction of the caller, which has the articles already.
        article_ids: those that may have changed.
    """
    affected: set[str] = set()
    alone: set[str] = set()
    for article_id in article_ids:
        same = {each.id for each in _same(connection, article_id)}
        if same <= {article_id}:
            alone.add(article_id)
        before = (row[0] for row in connection.execute(PARTNERS, (article_id,)))
        affected.update({article_id}, same, before)
    for article_id in sorted(affected):
        statement = "DELETE FROM aliases WHERE alias = ? AND reason = 'same_content'"
        connection.execute(statement, (article_id,))
        if article_id in alone:
            continue
        if row := _alias(article_id, _same(connection, article_id)):
            writing.merge_aliases(connection, [columns(row)])


def _same(connection: sqlite3.Connection, article_id: str) -> list[Same]:
    """The articles with the title and text of this one, itself among them, the first one first."""
    return [Same(*row) for row in connection.execute(SAME, (article_id, SHORTEST))]


def _alias(article_id: str, same: list[Same]) -> AliasRow | None:
    own = next((each for each in same if each.id == article_id), None)
    first = next((each for each in same if own and own.is_shown_like(each)), None)
    if own is None or first is None or first is own:
        return None
    return AliasRow(
        alias=own.id,
        article_id=first.id,
        reason="same_content",
        url=own.url,
        seen_at=own.first_captured_at,
        capture=own.capture,
    )
