"""The names of the articles of a collection, looked up in all its databases."""

from __future__ import annotations

from collections.abc import Sequence

from archive.collection.parts import Part
from archive.search.naming import NamesOfDatabase

CAPTURED = "SELECT DISTINCT article_id FROM captures WHERE url = ? AND article_id IS NOT NULL"
HAS = "SELECT 1 FROM articles WHERE id = ?"


class NamesOfParts:
    """The names of several databases, of which one has each article."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._names = [NamesOfDatabase(part.connection) for part in parts]

    def part_of(self, article_id: str) -> Part | None:
        """The database that has an article."""
        for part in self._parts:
            if part.connection.execute(HAS, [article_id]).fetchone():
                return part
        return None

    def article_of(self, article_id: str) -> str | None:
        """The id of the article that has this id, or had it before its address led to another."""
        if self.part_of(article_id):
            return article_id
        ids = [names.article_of(article_id) for names in self._names]
        return min(filter(None, ids), default=None)

    def at(self, url: str) -> list[str]:
        """The articles that have this address, or were asked for at it: maybe in another shard than
        the one that has them."""
        ids = {article_id for names in self._names for article_id in names.at(url)}
        for part in self._parts:
            asked_for = [row[0] for row in part.connection.execute(CAPTURED, [url])]
            ids.update(article_id for article_id in asked_for if self.part_of(article_id))
        return sorted(ids)

    def platforms(self) -> list[str]:
        """Those of the articles."""
        return sorted({platform for names in self._names for platform in names.platforms()})
