"""A package of a collection: what one archive of all shards would give, with the shards' chains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.collection.collection import Collection
from archive.collection.indexing import all_rows
from archive.errors import ArchiveError
from archive.handover.export import export as export_archive
from archive.handover.request import ExportRequest, Progress


def export(
    folder: Path,
    dest: Path,
    *,
    force: bool = False,
    progress: Progress = lambda step, done, total: None,
    **wanted: Any,
) -> None:
    """Make a package to hand over, of all articles or of those that satisfy the filters.

    Args:
        folder: the collection, indexed.
        dest: the folder to make.
        force: replace the package `dest`.
        progress: as in `Archive.export`.
        wanted: which articles, and how much of each; as in `Archive.export`.

    Raises:
        UsageError: as `Archive.export` does.
        ArchiveError: a shard cannot be reached, or as `Archive.export` does.
        Busy: another process writes the collection, or makes the same package.
    """
    request = ExportRequest(**wanted)
    with Collection(folder) as collection:
        if collection.unreachable:
            raise ArchiveError(
                f"{collection.unreachable[0]} Nothing was handed over, as a package is to have all."
            )
        filters = {name: wanted.get(name) for name in ("platform", "account", "since", "until")}
        collection.filters(**filters)
        shards = collection.description.shards
        together = all_rows(folder, reading=lambda: progress("reading the shards", 0, 1))
        export_archive(
            together,
            dest,
            request,
            collection.platforms,
            force=force,
            shards={shard.name: shard.path for shard in shards},
            matching=_matching(collection, request),
            progress=progress,
        )


def _matching(collection: Collection, request: ExportRequest) -> list[str] | None:
    """The ids of the articles that satisfy the query, None where there is none."""
    if not request.query:
        return None
    filters = {name: getattr(request, name) for name in ("platform", "account", "since", "until")}
    return [hit.id for hit in collection.search(request.query, limit=None, **filters)]
