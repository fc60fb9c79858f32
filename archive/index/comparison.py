"""What another version of the program would read from the same WARC files, field by field, before
it is adopted."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.database.opening import attach, connect
from archive.model import StoredFields
from archive.model.columns import columns_of

COMPARED = [*(column.name for column in columns_of(StoredFields)), "status", "version_count"]

BEFORE_ONLY = """SELECT id, title FROM main.articles
    WHERE id NOT IN (SELECT id FROM fresh.articles) ORDER BY id"""
AFTER_ONLY = """SELECT id, title FROM fresh.articles
    WHERE id NOT IN (SELECT id FROM main.articles) ORDER BY id"""
BOTH = """SELECT old.id, {columns} FROM main.articles old JOIN fresh.articles new
    ON old.id = new.id ORDER BY old.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one article. `field` is `article` where the article itself comes or goes; the
    value is then its title."""

    id: str
    field: str
    before: str | int | None
    after: str | int | None


def changes(before: Path, after: Path) -> Iterator[Change]:
    """The differences between two databases, by article.

    Args:
        before: the database that is. A column that it lacks, as one of an older program does, is
            compared as one without values.
        after: the one that would be.

    Example:
        >>> list(changes(archive.db_path, rebuilt))
        [Change(id='thepaper-5701234', field='author', before=None, after='林示例')]
    """
    with closing(connect(before)) as connection:
        attach(connection, after, "fresh")
        for article_id, title in connection.execute(BEFORE_ONLY):
            yield Change(id=article_id, field="article", before=title, after=None)
        for article_id, title in connection.execute(AFTER_ONLY):
            yield Change(id=article_id, field="article", before=None, after=title)
        for article_id, *values in connection.execute(_both(connection)):
            pairs = zip(COMPARED, values[::2], values[1::2], strict=True)
            for name, old, new in pairs:
                if old != new:
                    yield Change(id=article_id, field=name, before=old, after=new)


def _both(connection: sqlite3.Connection) -> str:
    """The query for the values that are compared, before and after."""
    columns = connection.execute("SELECT name FROM pragma_table_info('articles', 'main')")
    known = {name for (name,) in columns}
    pairs = (f"{f'old.{name}' if name in known else 'NULL'}, new.{name}" for name in COMPARED)
    return BOTH.format(columns=", ".join(pairs))


def summary(differences: Iterable[Change]) -> dict[str, int]:
    """How many articles change in each field, the most first."""
    return dict(Counter(change.field for change in differences).most_common())
