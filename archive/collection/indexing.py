"""Brings a collection up to date with its shards: each open one is indexed, and the articles that
several of them share are derived again."""

from __future__ import annotations

from pathlib import Path

from archive.archive import Archive
from archive.collection import description, shared
from archive.collection.complete import complete_database, files_of
from archive.collection.description import Description, Shard
from archive.disk import Progress, no_progress
from archive.folder import is_sealed
from archive.lock import Lock
from archive.platforms import of_archive

WORK = ".complete"  # the folder in which the database of all files is made


def index(folder: Path, *, anew: bool = False, progress: Progress = no_progress) -> Description:
    """Index all open shards, then derive which articles the shards share: for that all WARC files
    are read.

    Args:
        folder: the collection.
        anew: make the databases of all shards again, as another version of the program needs.
        progress: called with the bytes of each WARC file when it is read.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes a shard or the collection.
    """
    described = description.read(folder)
    files_of(described.shards)  # all are there before anything is written
    target = shared.path_of(folder)
    target.parent.mkdir(exist_ok=True)
    with Lock(target.parent):
        for shard in described.shards:
            _index(shard, anew=anew)
        with complete_database(
            folder / WORK, described.shards, of_archive(folder), progress
        ) as database:
            shared.make(folder, database, described.shards)
    return described


def _index(shard: Shard, *, anew: bool) -> None:
    is_open = shard.state == "open" and not is_sealed(shard.path)
    if not is_open and not anew:
        return
    with Lock(shard.path, may_be_sealed=True), Archive(shard.path) as archive:
        if anew:
            if not is_sealed(shard.path):
                archive.extend_chain()
            archive.rebuild(workers=None)
        else:
            archive.index(workers=None)
