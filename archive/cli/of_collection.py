"""What commands do with a collection in place of an archive, and how they say what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive.archive import Archive
from archive.cli.output import complain
from archive.folder import is_collection

if TYPE_CHECKING:  # most archives are no collections, and a search is to be quick
    from archive.collection.collection import Collection
    from archive.mirror.searching import Mirror

    Readable = Archive | Collection
    Searchable = Readable | Mirror
else:
    Readable = Searchable = Archive


def open_to_search(folder: Path, mirror: str | None) -> Searchable:
    """The archive or the collection in a folder; where the address of a mirror is given, that."""
    if mirror is None:
        return open_to_read(folder)
    from archive.mirror.searching import Mirror

    return Mirror(mirror)


def open_to_read(folder: Path) -> Readable:
    """The archive or the collection in a folder."""
    if not is_collection(folder):
        return Archive(folder)
    from archive.collection.collection import Collection

    return Collection(folder)


@contextmanager
def unreachable_named(opened: Searchable) -> Iterator[None]:
    """Name the shards that could not be read, whatever the answer is; where there is one, exit code
    3 says that it is not complete."""
    unreachable = () if isinstance(opened, Archive) else opened.unreachable
    try:
        yield
    finally:
        for each in unreachable:
            complain(each)
    if unreachable:
        raise SystemExit(3)


@dataclass(frozen=True, slots=True)
class Writable:
    """Where a command writes: `path` is the folder of an archive, and `take_in` is called when what
    it has written is indexed there."""

    path: Path
    take_in: Callable[[], object]


@contextmanager
def open_to_write(folder: Path) -> Iterator[Writable]:
    """The archive in a folder, or that of a collection whose new files go to the shards that its
    rule names.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes the collection.
    """
    if not is_collection(folder):
        yield Writable(folder, lambda: None)
        return
    from archive.collection import indexing

    with indexing.to_write(folder) as path:
        yield Writable(path, partial(indexing.take_in, folder))


def with_all_rows(folder: Path) -> Path:
    """The archive in a folder, or that of a collection which has the rows of all shards.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes the collection, whose rows are not up to date.
    """
    if not is_collection(folder):
        return folder
    from archive.collection import indexing

    return indexing.all_rows(folder)


@contextmanager
def open_with_article(folder: Path, name: str) -> Iterator[tuple[Archive, str]]:
    """The archive in a folder, or the one of a collection that has an article, and the id of the
    article. Names what cannot be reached, as `unreachable_named` does.

    Raises:
        UsageError: there is no such article, or there are several.
    """
    if not is_collection(folder):
        with Archive(folder) as archive:
            yield archive, archive.id_of(name)
        return
    from archive.collection.collection import Collection
    from archive.collection.places import place_of

    with Collection(folder) as collection, unreachable_named(collection):
        place, article_id = place_of(collection, name)
        with Archive(place, platforms=collection.platforms) as archive:
            yield archive, article_id
