"""What an import brought, in numbers."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import asdict, dataclass

from archive.counting import counted
from archive.intake.importing import Imported

ARTICLES = """SELECT platform, count(DISTINCT article_id) FROM captures
    WHERE warc IN ({}) AND article_id IS NOT NULL AND content_digest IS NOT NULL
    GROUP BY platform ORDER BY platform"""
OF_NO_PLATFORM = """SELECT count(*) FROM captures WHERE warc IN ({}) AND platform IS NULL
    AND status = 200 AND content_type LIKE 'text/html%'"""
NO_ARTICLE = """SELECT coalesce(platform, 'no platform') || ': ' || outcome
        || coalesce('/' || reason, CASE WHEN role <> outcome THEN ' (' || role || ')' END, ''),
        count(*)
    FROM captures WHERE warc IN ({}) AND content_digest IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"""
UNUSED = "SELECT unused FROM warcs WHERE name IN ({}) AND unused IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import brought.

    Attributes:
        imported: what became of the source.
        articles: how many articles were read in it, by platform.
        other_pages: how many pages in it belong to no platform.
        no_article: how many captures gave no article, by platform, outcome and reason.
        unread: how many records nothing is read from, by why.
    """

    imported: Imported
    articles: dict[str, int]
    other_pages: int
    no_article: dict[str, int]
    unread: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The numbers, for a program."""
        imported, tally = self.imported, self.imported.tally
        return {
            "source": imported.name,
            "sha256": imported.sha256,
            "new": imported.is_new,
            "files": list(imported.files),
            "records": tally.records,
            "types": dict(sorted(tally.types.items())),
            "exchanges": tally.exchanges,
            "articles": self.articles,
            "pages_of_no_platform": self.other_pages,
            "no_article": self.no_article,
            "unread": self.unread,
            "not_used": [
                {"reason": reason, **asdict(each)} for reason, each in tally.not_used.items()
            ],
        }

    def lines(self) -> list[str]:
        """The numbers, for a person."""
        imported, tally = self.imported, self.imported.tally
        if not imported.is_new:
            return [f"{imported.name} is in the archive already ({imported.files[0]})."]
        counts = ", ".join(f"{name} {number}" for name, number in self.articles.items())
        lines = [
            f"{imported.name} ({imported.sha256[:12]}): {counted(tally.records, 'record')}, "
            f"{counted(tally.exchanges, 'exchange')}; articles: {counts or 'none'}; "
            f"pages of no platform: {self.other_pages}"
        ]
        lines += [f"  no article: {number} {reason}" for reason, number in self.no_article.items()]
        lines += [f"  not read: {number} × {reason}" for reason, number in self.unread.items()]
        lines += [
            f"  not used: {each.count} × {reason} (first: {each.first})"
            for reason, each in tally.not_used.items()
        ]
        return lines


def summary(connection: sqlite3.Connection, imported: Imported) -> Summary:
    """Count what an import brought.

    Args:
        connection: to `archive.db`, in which the import was indexed.
        imported: the import.
    """
    marks = ", ".join("?" * len(imported.files))

    def counts(statement: str) -> dict[str, int]:
        return dict(connection.execute(statement.format(marks), imported.files).fetchall())

    (others,) = connection.execute(OF_NO_PLATFORM.format(marks), imported.files).fetchone()
    return Summary(
        imported, counts(ARTICLES), others, counts(NO_ARTICLE), _unread(connection, imported)
    )


def _unread(connection: sqlite3.Connection, imported: Imported) -> dict[str, int]:
    """How many of the records that were copied the index reads nothing from, by why."""
    marks = ", ".join("?" * len(imported.files))
    total: Counter[str] = Counter()
    for (unused,) in connection.execute(UNUSED.format(marks), imported.files):
        total.update(json.loads(unused))
    return dict(total)
