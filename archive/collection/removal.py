"""An import, or another WARC file, is taken out of a collection: out of each shard that has a file
of it, and then out of all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.collection import joined
from archive.collection.description import Shard
from archive.collection.indexing import take_in
from archive.disk import Progress, no_progress
from archive.errors import UsageError
from archive.intake.removal import named_import, remove_import, take_out
from archive.lock import Lock
from archive.warc import chain
from archive.warc.imports import REMOVED, Entry, files_of, stated_files
from archive.warc.stored import all_files


def remove_from_shards(
    folder: Path, source: str, *, operator: str, reason: str, progress: Progress = no_progress
) -> tuple[str, int, list[Path]]:
    """Take an import, or another WARC file, out. Where that is broken off, the same call goes on.
    The caller has the lock of the collection.

    Args:
        folder: the collection.
        source, operator, reason: as in `remove_import`.
        progress: called with the bytes of each WARC file when it is read again.

    Returns:
        The name of the source, how many files it had, and the folders where they are now.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes a shard.
        UsageError: there is none of that name, there are several, or a sealed shard has a file of
            it.
    """
    described = take_in(folder)  # each file is in the chain of its shard
    together = joined.path_of(folder)
    with Lock(together):
        entry = named_import(together, source)
        names = files_of(entry)
        shards = _with_files(described.shards, names)
        _refuse_sealed(shards)
        for shard, present in shards.items():
            with Lock(shard.path):
                _take_out_of(shard, entry, present, operator=operator, reason=reason)
        take_out(together, entry, operator=operator, reason=reason)
    take_in(folder, progress=progress)
    places = [shard.path / REMOVED for shard in shards]
    return str(entry.get("source")), len(names), places


def _with_files(shards: Iterable[Shard], names: Mapping[str, object]) -> dict[Shard, list[str]]:
    """The shards that have some of these files, each with their names."""
    present = {
        shard: [file.name for file in all_files(shard.path / "warc") if file.name in names]
        for shard in shards
    }
    return {shard: files for shard, files in present.items() if files}


def _refuse_sealed(shards: Iterable[Shard]) -> None:
    """Refuse before anything is written: what is sealed stays as it is."""
    for shard in shards:
        if not shard.takes_more():
            raise UsageError(
                f"The shard {shard.name} has a file of it and is sealed, so that nothing was taken "
                f"out; open it first with `zhengwen unseal {shard.name} --reason REASON`."
            )


def _take_out_of(
    shard: Shard, entry: Entry, names: Iterable[str], *, operator: str, reason: str
) -> None:
    """Take files out of a shard by one line of its chain; those of an import of its own with that.
    Files that are stored elsewhere stay there."""
    of_own = stated_files(link.entry for link in chain.links(shard.path))
    stated, others = files_of(entry), []
    for name in names:
        if not (shard.path / "warc" / name).is_file():
            continue  # one line of the shard's chain may take several files out
        if name in of_own:
            remove_import(shard.path, name, operator=operator, reason=reason)
        else:
            others.append(stated[name])
    if others:
        take_out(shard.path, {**entry, "files": others}, operator=operator, reason=reason)
