"""What another version of the program would read from the same WARC files, field by field, before
it is adopted."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.model import StoredFields
from archive.model.columns import columns_of

COMPARED = [*(column.name for column in columns_of(StoredFields)), "status", "version_count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one article. `field` is `article` where the whole article comes or goes."""

    id: str
    field: str
    before: str | int | None
    after: str | int | None


def changes(before: Path, after: Path) -> Iterator[Change]:
    """The differences between two databases, by article."""
    db = sqlite3.connect(f"{before.absolute().as_uri()}?mode=ro", uri=True)
    try:
        db.execute("ATTACH ? AS fresh", [f"{after.absolute().as_uri()}?mode=ro"])
        for there, other, old in (("main", "fresh", True), ("fresh", "main", False)):
            lost = f"SELECT id, title FROM {there}.articles WHERE id NOT IN (SELECT id FROM {other}.articles) ORDER BY id"
            for article_id, title in db.execute(lost):
                yield Change(
                    id=article_id,
                    field="article",
                    before=title if old else None,
                    after=None if old else title,
                )
        columns = ", ".join(f"a.{name}, b.{name}" for name in COMPARED)
        for row in db.execute(
            f"SELECT a.id, {columns} FROM main.articles a JOIN fresh.articles b ON a.id = b.id "
            "ORDER BY a.id"
        ):
            for place, name in enumerate(COMPARED):
                old_value, new_value = row[1 + 2 * place], row[2 + 2 * place]
                if old_value != new_value:
                    yield Change(id=row[0], field=name, before=old_value, after=new_value)
    finally:
        db.close()


def summary(found: list[Change]) -> dict[str, int]:
    """How many articles change in each field, the most first."""
    return dict(Counter(change.field for change in found).most_common())
