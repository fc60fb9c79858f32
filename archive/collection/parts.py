"""The databases of a collection, open for reading: that of the shared articles, and one for each
shard that can be reached, in which the shared articles are hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from archive.collection import manifest, shared, vocabulary
from archive.collection.description import Description, Shard
from archive.collection.manifest import Manifest
from archive.database.opening import attach, check_file, check_version, connect, is_begun
from archive.errors import ArchiveError, UsageError

NEWEST = "SELECT published_at FROM articles ORDER BY published_at DESC LIMIT 1"
LARGE = 50_000  # articles of a database that is worth a thread
NAMED = ("accounts", "account_names", "coverage")
"""Who is or was called how is asked of the names of all shards."""
HIDING = """CREATE TEMP VIEW articles AS SELECT * FROM main.articles a WHERE NOT EXISTS
    (SELECT 1 FROM collection.elsewhere e WHERE e.shard = '{shard}' AND e.article_id = a.id)"""

Item = TypeVar("Item")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """A shard that could not be read, and why: what it has is not in an answer."""

    shard: Shard
    reason: str

    def __str__(self) -> str:
        return (
            f"The shard {self.shard.name} could not be reached, and what it has is missing from "
            f"this: {self.reason.rstrip('.')}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A database of a collection.

    Attributes:
        name: of the shard; "" for the shared articles.
        number: of the database in the collection's vocabulary.
        connection: to it, for one thread at a time.
        newest: no article of it that is searched was published later; "" where none says when.
        manifest: what is known of the shard; None for the shared articles, which are always asked.
    """

    name: str
    number: int
    connection: sqlite3.Connection
    newest: str
    manifest: Manifest | None = None

    @property
    def articles(self) -> int:
        """How many it has; 0 for the shared ones, which are few."""
        return 0 if self.manifest is None else self.manifest.articles


class Parts:
    """The databases of a collection. A context manager."""

    def __init__(self, folder: Path, described: Description) -> None:
        """Open all that can be reached.

        Args:
            folder: of the collection.
            described: what its `collection.toml` says.

        Raises:
            ArchiveError: the shared articles cannot be read, or a shard was indexed since they
                were chosen.
        """
        self.unreachable: list[Unreachable] = []
        self.parts: list[Part] = []
        self.pool = ThreadPoolExecutor(max_workers=8)
        path = shared.path_of(folder)
        if not is_begun(path):
            raise UsageError(f"{path} is missing; run `zhengwen --archive {folder} index`.")
        try:
            self.shared = _part(_connect(path))
            self.parts.append(self.shared)
            known = {each.name: each for each in manifest.manifests(self.shared.connection)}
            self.manifests = known
            self._open(folder, described, known)
        except BaseException:
            self.close()
            raise

    def _open(self, folder: Path, described: Description, known: dict[str, Manifest]) -> None:
        if known.keys() != {shard.name for shard in described.shards}:
            raise _is_old(folder, "collection.toml lists other shards than were indexed")
        numbers = vocabulary.numbers(known)
        opening = lambda shard: _opened(  # noqa: E731
            folder, shard, known[shard.name], numbers[shard.name]
        )
        for shard, opened in zip(
            described.shards, self.pool.map(opening, described.shards), strict=True
        ):
            if isinstance(opened, Part):
                self.parts.append(opened)
            else:
                self.unreachable.append(Unreachable(shard=shard, reason=opened))
        for part in self.parts[1:]:
            if part.manifest and manifest.state_of(part.connection) != part.manifest.state:
                raise _is_old(folder, f"the shard {part.name} was indexed since")

    def close(self) -> None:
        """Close all databases."""
        for part in self.parts:
            part.connection.close()
        self.parts.clear()
        self.pool.shutdown()

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def each(
        self, parts: Sequence[Part], work: Callable[[Item], Done], items: Sequence[Item]
    ) -> list[Done]:
        """Ask several databases, side by side where one is large: to hand a question to a thread
        takes longer than a small one takes to answer it.

        Args:
            parts: the databases.
            work: what is done for each.
            items: what it is done with, one for each database.
        """
        in_threads = len(parts) > 1 and any(part.articles >= LARGE for part in parts)
        return [*(self.pool.map if in_threads else map)(work, items)]


def _opened(folder: Path, shard: Shard, known: Manifest, number: int) -> Part | str:
    """A shard, or why it cannot be reached."""
    path = shard.path / "archive.db"
    if not shard.path.is_dir():
        return f"there is no folder {shard.path}"
    connection = None
    try:
        if not is_begun(path):
            return f"there is no {path}"
        connection = _connect(path)
        _hide(connection, shard.name, shared.path_of(folder))
        return _part(connection, shard.name, number, known)
    except (ArchiveError, sqlite3.DatabaseError, OSError) as error:
        if connection is not None:
            connection.close()
        return str(error)


def _part(
    connection: sqlite3.Connection, name: str = "", number: int = 0, known: Manifest | None = None
) -> Part:
    (newest,) = connection.execute(NEWEST).fetchone() or ("",)
    return Part(
        name=name, number=number, connection=connection, newest=newest or "", manifest=known
    )


def _connect(path: Path) -> sqlite3.Connection:
    connection = connect(path, check_same_thread=False)
    return check_version(check_file(connection, path), path)


def _hide(connection: sqlite3.Connection, shard: str, database: Path) -> None:
    attach(connection, database, "collection")
    hidden = connection.execute("SELECT 1 FROM elsewhere WHERE shard = ? LIMIT 1", [shard])
    if hidden.fetchone():
        connection.execute(HIDING.format(shard=shard))
    for table in NAMED:
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM collection.{table}")


def _is_old(folder: Path, why: str) -> ArchiveError:
    return ArchiveError(
        f"The collection is not as it was indexed ({why}); run `zhengwen --archive {folder} index`."
    )
