"""What WARC files brought, in numbers: whatever is in them is an article, a page of no platform, or
counted by the reason for which it is neither."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from archive.archive import Archive
from archive.counting import counted

OF_FILES = "warc IN (SELECT value FROM json_each(:files))"
RECORDS = "SELECT sum(records) FROM warcs WHERE name IN (SELECT value FROM json_each(:files))"
UNUSED = """SELECT u.key, sum(u.value) FROM warcs, json_each(unused) u WHERE unused IS NOT NULL
    AND (:files IS NULL OR name IN (SELECT value FROM json_each(:files)))
    GROUP BY u.key ORDER BY u.key"""
CAPTURES = f"SELECT count(*), count(*) FILTER (WHERE run IS NULL) FROM captures WHERE {OF_FILES}"
ARTICLES = f"""SELECT platform, count(DISTINCT article_id) FROM captures
    WHERE {OF_FILES} AND article_id IS NOT NULL AND content_digest IS NOT NULL GROUP BY platform"""
OF_NO_PLATFORM = f"SELECT count(*) FROM captures WHERE {OF_FILES} AND platform IS NULL"
NO_ARTICLE = f"""SELECT coalesce(reason, refers_by, outcome), count(*) FROM captures
    WHERE {OF_FILES} AND platform IS NOT NULL AND content_digest IS NULL GROUP BY 1"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What some WARC files brought.

    Attributes:
        records, captures: how many there are.
        foreign: how many of the captures are of other programs.
        articles: how many articles were read in them, by platform.
        others: how many captures are of no platform.
        no_article: how many of the other captures gave no article, by reason or outcome.
        unused: how many records nothing is read from, by why.
    """

    records: int
    captures: int
    foreign: int
    articles: dict[str, int] = field(default_factory=dict)
    others: int = 0
    no_article: dict[str, int] = field(default_factory=dict)
    unused: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [
            f"{counted(self.records, 'record')}, {counted(self.captures, 'exchange')}",
            f"articles: {_listed(self.articles)}",
            f"of no platform: {self.others}",
            f"without an article: {_listed(self.no_article)}",
            unused_in_words(self.unused),
        ]
        return "; ".join(parts) + "."


def counts_of(archive: Archive, files: Collection[str]) -> Counts:
    """Count what WARC files brought.

    Args:
        archive: in which they are indexed.
        files: their names.
    """
    values = {"files": json.dumps(sorted(files))}
    db = archive.connection
    (records,) = db.execute(RECORDS, values).fetchone()
    captures, foreign = db.execute(CAPTURES, values).fetchone()
    return Counts(
        records=records or 0,
        captures=captures,
        foreign=foreign,
        articles=dict(db.execute(ARTICLES, values).fetchall()),
        others=db.execute(OF_NO_PLATFORM, values).fetchone()[0],
        no_article=dict(db.execute(NO_ARTICLE, values).fetchall()),
        unused=dict(db.execute(UNUSED, values).fetchall()),
    )


def unused_of(archive: Archive) -> dict[str, int]:
    """How many records of all files nothing is read from, by why."""
    return dict(archive.connection.execute(UNUSED, {"files": None}).fetchall())


def unused_in_words(unused: Mapping[str, int]) -> str:
    """That as `index` and `status` say it."""
    return f"records not used: {_listed(unused)}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "none"
