"""The articles of an archive as rows of a mirror, each with a digest of all that is in it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from archive.database.opening import read_rows
from archive.mirror.units import END, units_of

ROWS = """SELECT id, title, text, account, account_id, platform, published_at, status, kind, url
    FROM articles ORDER BY id"""
# As `accounts_called` finds an account under each of its names.
CALLED = """SELECT platform, account_id, name FROM account_names
    UNION SELECT platform, account_id, name FROM accounts WHERE name IS NOT NULL
    UNION SELECT platform, account_id, account FROM coverage WHERE account IS NOT NULL"""
PAGES = """SELECT t.file_name, m.url, t.capture, t.number, t.unit, t.label, t.text
    FROM media m CROSS JOIN attachment_text t ON t.capture = m.capture
    WHERE m.article_id = ? AND m.kind = 'attachment' AND t.number IS NOT NULL
    ORDER BY m.position, t.number, t.part"""
WITH_PAGES = """SELECT DISTINCT m.article_id FROM attachment_text t
    CROSS JOIN media m ON m.capture = t.capture AND m.kind = 'attachment'
    WHERE t.number IS NOT NULL"""

Row = dict[str, Any]


class Documents:
    """The articles of one database, in the order of their ids.

    Args:
        db: an archive's database, open for reading.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.names: dict[tuple[str, str], set[str]] = defaultdict(set)
        for platform, account_id, name in db.execute(CALLED):
            self.names[platform, account_id].add(name)
        self.with_pages = {row[0] for row in db.execute(WITH_PAGES)}

    def __iter__(self) -> Iterator[Row]:
        """Each article with its pages of attachments, the names of its account and the digest."""
        for row in read_rows(self.db, ROWS):
            row["names"] = self._names_of(row)
            row["pages"] = self._pages_of(row["id"])
            text = json.dumps(row, ensure_ascii=False, sort_keys=True)
            yield row | {"digest": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()}

    def _names_of(self, row: Row) -> list[str]:
        own = {name for name in (row["account"], row["account_id"]) if name}
        return sorted(own | self.names.get((row["platform"], row["account_id"]), set()))

    def _pages_of(self, article_id: str) -> list[Row]:
        if article_id not in self.with_pages:
            return []
        return list(read_rows(self.db, PAGES, [article_id]))


def mirrored(row: Row) -> Row:
    """An article as its row in the mirror.

    Args:
        row: as `Documents` gives it.
    """
    printed = ("title", "text", "account", "account_id", "platform", "status", "kind", "url")
    return {
        "_key": row["id"],
        "digest": row["digest"],
        "published": row["published_at"] or "",
        **{name: row[name] or "" for name in printed},
        "names": row["names"],
        "pages": json.dumps(row["pages"], ensure_ascii=False) if row["pages"] else "",
        "title_units": units_of(row["title"]),
        "text_units": units_of(row["text"]),
        "account_units": units_of(row["account"] or ""),
        "attachments_units": _joined(page["text"] for page in row["pages"]),
    }


def _joined(texts: Iterable[str]) -> str:
    return f" {END} ".join(units for text in texts if (units := units_of(text)))
