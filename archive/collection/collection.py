"""A collection as a Python program sees it: its shards are searched as one archive."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from archive import accounts
from archive.collection import description, vocabulary
from archive.collection.asking import Asked
from archive.collection.names import NamesOfParts
from archive.collection.parts import Part, Parts, Unreachable
from archive.platforms import Platforms, of_archive
from archive.search.accounts import accounts_called
from archive.search.attached import Within
from archive.search.explanation import OfDatabase, check_names, explain
from archive.search.expression import Expression, Word
from archive.search.filters import Filters, filters_of
from archive.search.naming import ids_of
from archive.search.pictures import PictureHit, search_pictures, why_no_picture
from archive.search.search import Hit, counted_by, expression_of, hit_of, in_order, order_of
from archive.search.snippet import Marks
from archive.search.window import bounds


class Collection:
    """A collection that is open for reading; a context manager. It answers as one archive with all
    articles would; `unreachable` are the shards whose articles are missing from every answer.

    Example:
        >>> with Collection("my-archive-collection") as collection:
        ...     hits = collection.search("疫情 防控")
        ...     print(len(hits), [each.shard.name for each in collection.unreachable])
    """

    def __init__(self, path: str | os.PathLike[str], *, platforms: Platforms | None = None) -> None:
        """Open the databases of a collection.

        Args:
            path: its folder.
            platforms: those that it knows; None: those of the program and of its `platforms`.

        Raises:
            UsageError: `collection.toml` is not as it must be.
            ArchiveError: a shard was indexed since the collection was; `zhengwen index` mends it.
        """
        self.path = Path(path)
        self._platforms = platforms
        self.description = description.read(self.path)
        self.parts = Parts(self.path, self.description)

    @property
    def unreachable(self) -> list[Unreachable]:
        """The shards that could not be read."""
        return self.parts.unreachable

    @property
    def connections(self) -> list[sqlite3.Connection]:
        """Those of all databases that could be reached; each article is in one of them."""
        return [part.connection for part in self.parts.parts]

    @property
    def connection(self) -> sqlite3.Connection:
        """The database of the shared articles, which has the runs and accounts of all shards."""
        return self.parts.shared.connection

    def has_articles(self) -> bool:
        """Whether there is any article."""
        return _OfCollection(self).has_articles()

    @property
    def platforms(self) -> Platforms:
        """The platforms that the collection knows."""
        if self._platforms is None:
            self._platforms = of_archive(self.path)
        return self._platforms

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.parts.close()

    def search(
        self,
        query: str,
        *,
        order: str = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
        within: Within = "everywhere",
        **given: Any,
    ) -> list[Hit]:
        """Search all shards. Takes, gives and raises what `Archive.search` does."""
        return self.find(
            query,
            self.filters(**given),
            order=order,
            limit=limit,
            offset=offset,
            widen=widen,
            within=within,
        )

    def find(
        self,
        query: str,
        filters: Filters,
        *,
        order: str = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
        marks: Marks = ("【", "】"),
        within: Within = "everywhere",
    ) -> list[Hit]:
        """Search as `search` does, by filters that were checked. Takes and gives what
        `Archive.find` does."""
        begin, end = bounds(limit, offset)
        by_relevance = order_of(order) == "relevance"
        expression = expression_of(query, widen, within)
        rows = self._asked(expression, filters, within).rows(by_relevance=by_relevance)
        return [
            hit_of(hits.complete(row), hits, rank, marks)
            for rank, (hits, row) in enumerate(islice(rows, begin, end), begin + 1)
        ]

    def count(
        self,
        query: str,
        by: str = "all",
        *,
        widen: bool = True,
        within: Within = "everywhere",
        **given: Any,
    ) -> dict[str | None, int]:
        """Count the articles of all shards that satisfy a query. Takes, gives and raises what
        `Archive.count` does."""
        counted_by(by)
        expression = expression_of(query, widen, within)
        return in_order(by, self._asked(expression, self.filters(**given), within).counted(by))

    def why_none(
        self, query: str, *, widen: bool = True, within: Within = "everywhere", **given: Any
    ) -> str:
        """Say why a search without a hit has none, as far as the shards can be reached. Takes,
        gives and raises what `Archive.why_none` does."""
        filters = self.filters(**given)
        return explain(_OfCollection(self), query, filters, widen=widen, within=within)

    def search_pictures(
        self,
        query: str,
        *,
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
        **given: Any,
    ) -> list[PictureHit]:
        """Search what was read in the pictures of all shards. Takes, gives and raises what
        `Archive.search_pictures` does, in the order of dates."""
        filters = self.filters(**given)
        return search_pictures(
            self.connections, query, filters, limit=limit, offset=offset, widen=widen
        )

    def why_no_picture(self) -> str:
        """Say why a search of pictures may have no hit: how many of them were read."""
        return why_no_picture(self.connections)

    def filters(self, **given: Any) -> Filters:
        """The filters of a search, as `search` takes them. Raises UsageError for a platform or an
        account that is not known."""
        filters = filters_of(**given)
        if filters.platform or filters.account:
            check_names(_OfCollection(self), filters, lambda: self.platforms, self._followed)
        return filters

    def _followed(self) -> Iterator[str]:
        for account in accounts.read(self.path / "accounts.csv", self.platforms):
            yield from filter(None, (account.account_id, account.name))

    def _asked(self, expression: Expression, filters: Filters, within: Within) -> Asked:
        return Asked(self.parts, [*self._which(expression, filters)], expression, filters, within)

    def _which(self, expression: Expression, filters: Filters) -> Iterable[Part]:
        """The databases that may have a hit."""
        names = self.parts.shared.connection
        lacking = vocabulary.lacking(names, expression, len(self.parts.manifests) + 1)
        account = filters.account
        called = accounts_called(names, account) if account else []
        for part in self.parts.parts:
            if part.number in lacking:
                continue
            if part.manifest is None or part.manifest.may_have(filters, called):
                yield part

    def count_of(self, expression: Expression, filters: Filters, within: Within) -> int:
        """How many articles satisfy an expression."""
        return sum(self._asked(expression, filters, within).counted("all").values())


class _OfCollection:
    """The evidence of all databases of a collection."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.parts = [OfDatabase(part.connection) for part in collection.parts.parts]

    def has_articles(self) -> bool:
        return any(part.has_articles() for part in self.parts)

    def is_indexed(self, column: str, value: str) -> bool:
        return any(part.is_indexed(column, value) for part in self.parts)

    def count(self, expression: Expression, filters: Filters, within: Within) -> int:
        return self.collection.count_of(expression, filters, within)

    def holds(self, word: Word) -> bool:
        return any(part.holds(word) for part in self.parts)

    def ids_of(self, name: str) -> list[str]:
        return ids_of(NamesOfParts(self.collection.parts.parts), name, lambda _: None)

    def column(self, statement: str) -> list[str]:
        return sorted({value for part in self.parts for value in part.column(statement)})
