"""A collection as the pages of the reading room read it: an archive whose database is one of the
collection's, and which knows the others for what is asked of all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive.archive import Archive
from archive.collection import joined, shared
from archive.collection.collection import Collection
from archive.collection.names import NamesOfParts
from archive.collection.parts import Part
from archive.collection.places import id_of
from archive.database.opening import is_begun
from archive.errors import ArchiveError, UsageError
from archive.search.filters import Filters
from archive.search.search import Hit

HAS_RECORD = """SELECT 1 FROM main.captures WHERE id = :id
    UNION ALL SELECT 1 FROM main.coverage WHERE record = :id LIMIT 1"""
WARCS = "SELECT name FROM warcs"


class CollectionReader(Archive):
    """A collection, with one of its databases in hand: at first that of the shared articles, which
    has the crawls, accounts and names of all shards. It only reads, and closes with the collection.

    Example:
        >>> with CollectionReader("my-archive-collection") as archive:
        ...     article = archive.of_article("thepaper-5701234").article("thepaper-5701234")
        ...     print(article.title, len(archive.connections))
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        first: CollectionReader | None = None,
        part: Part | None = None,
    ) -> None:
        """Open all databases of a collection.

        Args:
            path: its folder.
            first: which has them open already; None: they are opened.
            part: the database in hand.

        Raises:
            ArchiveError, UsageError: as `Collection` does.
        """
        self.collection: Collection = first.collection if first else Collection(path)
        self._first = first
        self._together: Archive | None = None
        self._interrupt: tuple[Callable[[], bool], int] | None = None
        super().__init__(path, platforms=self.collection.platforms)
        self._part = part or self.collection.parts.shared
        self._connection = self._part.connection
        self._thread = threading.get_ident()
        self.db_path = shared.path_of(self.path)
        self.warc_dir = self._warc_dir()

    def _check_kind(self) -> None:
        """A collection is what is wanted here."""

    def _warc_dir(self) -> Path:
        """The folder of the WARC files of the shard in hand; any shard's for the shared articles,
        whose records are asked for by `of_record`."""
        description = self.collection.description
        if self._part.name:
            return description.shard(self._part.name).path / "warc"
        folders = [shard.path / "warc" for shard in description.shards]
        return next((folder for folder in folders if folder.is_dir()), self.path / "warc")

    def close(self) -> None:
        """Close all databases."""
        self.collection.parts.close()
        if self._together is not None:
            self._together.close()
        self._connection = self._db = None

    @property
    def connections(self) -> Sequence[Any]:
        """Those of all databases that could be reached."""
        return self.collection.connections

    @property
    def databases(self) -> Sequence[Path]:
        """Their files."""
        description = self.collection.description
        names = [part.name for part in self.collection.parts.parts if part.name]
        folders = [*(description.shard(name).path for name in names), joined.path_of(self.path)]
        return [self.db_path, *(folder / "archive.db" for folder in folders)]

    @property
    def together(self) -> Archive:
        """The archive `joined`, which has the rows of all shards, those that cannot be reached too.
        Raises ArchiveError where it is not there, or lacks something that was indexed."""
        if self._first is not None:
            return self._first.together
        if self._together is None:
            self._together = self._opened_together()
        return self._together

    def _opened_together(self) -> Archive:
        path = joined.path_of(self.path)
        todo = f"run `zhengwen --archive {self.path} index`"
        if not is_begun(path / "archive.db"):
            raise ArchiveError(f"{path / 'archive.db'} is missing; {todo}.")
        archive = Archive(path, platforms=self.platforms)
        if {*self.connection.execute(WARCS)} - {*archive.connection.execute(WARCS)}:
            archive.close()
            raise ArchiveError(f"{archive.db_path} is not of all shards; {todo}.")
        if self._interrupt:
            archive.interrupt_when(*self._interrupt)
        return archive

    def interrupt_when(self, is_over: Callable[[], bool], steps: int) -> None:
        """Interrupt whatever any of the databases does, as `Archive.interrupt_when` does."""
        super().interrupt_when(is_over, steps)
        self._interrupt = (is_over, steps)

    @property
    def unreachable(self) -> Sequence[str]:
        """A sentence for each shard that could not be read."""
        return [str(each) for each in self.collection.unreachable]

    def of_article(self, name: str) -> Archive:
        """The same with the database in hand that has an article; this where none has it."""
        try:
            article_id = id_of(self.collection, name)
        except UsageError:
            return self  # the page says so
        return self._with(NamesOfParts(self.collection.parts.parts).part_of(article_id))

    def of_record(self, record_id: str) -> Archive:
        """The same with the database of the shard in hand whose WARC files have a record; this
        where none has it."""
        shards = (part for part in self.collection.parts.parts if part.name)
        return self._with(
            next(
                (
                    part
                    for part in shards
                    if part.connection.execute(HAS_RECORD, {"id": record_id}).fetchone()
                ),
                None,
            )
        )

    def _with(self, part: Part | None) -> CollectionReader:
        return CollectionReader(self.path, first=self._first or self, part=part)

    def id_of(self, name: str) -> str:
        """The id of the article that a reader means. Takes and raises what `Archive.id_of` does."""
        return id_of(self.collection, name)

    def find(self, query: str, filters: Filters, **how: Any) -> list[Hit]:
        """Search all databases, as `Archive.find` does one."""
        return self.collection.find(query, filters, **how)

    def count(self, query: str, by: str = "all", **given: Any) -> dict[str | None, int]:
        """Count in all databases, as `Archive.count` does in one."""
        return self.collection.count(query, by, **given)

    def why_none(self, query: str, **given: Any) -> str:
        """Say why a search of all databases has no hit, as `Archive.why_none` does."""
        return self.collection.why_none(query, **given)

    def filters(self, **given: Any) -> Filters:
        """The filters of a search. Takes and raises what `Archive.filters` does."""
        return self.collection.filters(**given)
