"""Opens what a page is made of: an archive, or a collection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.archive import Archive
from archive.collection.reading import CollectionReader
from archive.folder import is_collection
from archive.room.limits import limited


@contextmanager
def opened(folder: Path) -> Iterator[Archive]:
    """The archive, or the collection, in a folder, for one page and its time. Raises ArchiveError
    where the collection is not as it was indexed."""
    opening = CollectionReader if is_collection(folder) else Archive
    with opening(folder) as archive, limited(archive):
        yield archive
