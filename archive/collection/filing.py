"""Lays the WARC files that were written into a collection into the shards that its rule names."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from archive.collection import description, joined
from archive.collection.complete import require_there
from archive.collection.description import SHARDS, Description, Shard
from archive.collection.rule import names_of
from archive.database.opening import connect
from archive.disk import removed_on_failure, sync_directory
from archive.lock import Lock
from archive.warc import chain, chaining


def file_new(folder: Path, described: Description) -> Description:
    """Lay each new WARC file into the open shard that the rule names, which is made where there is
    none. What comes for a sealed shard goes to one of its name with a number. The caller has the
    lock of the collection, and the files are indexed in `joined`.

    Args:
        folder: of the collection.
        described: what its `collection.toml` says.

    Returns:
        What it says now.

    Raises:
        ArchiveError: the shard is not there, or its disk is full; what was not laid into one stays.
        Busy: another process writes the shard.
    """
    waiting = joined.waiting(folder)
    if not waiting:
        return described
    with closing(connect(joined.path_of(folder) / "archive.db")) as connection:
        names = names_of(connection, described.rule, [path.name for path in waiting])
    for path in waiting:
        shard = _open_shard(folder, described, names[path.name])
        if shard not in described.shards:
            described = replace(described, shards=(*described.shards, shard))
            description.write(folder, described)
        with Lock(shard.path):
            _move(path, shard.path / "warc" / path.name)
        joined.link(folder, shard, path.name)
    return described


def _open_shard(folder: Path, described: Description, name: str) -> Shard:
    """The open shard for a name, made where there is none."""
    known = {shard.name: shard for shard in described.shards}
    number = 1
    while shard := known.get(name if number == 1 else f"{name}-{number}"):
        require_there(shard)
        if shard.takes_more():
            return shard
        number += 1
    return _empty_shard(folder, name if number == 1 else f"{name}-{number}")


def _empty_shard(folder: Path, name: str) -> Shard:
    """An empty shard, whose chain begins with a line that names the end of the collection's: what
    is written into it knows that one."""
    shard = Shard(name=name, path=folder / SHARDS / name, given=f"{SHARDS}/{name}")
    (shard.path / "warc").mkdir(parents=True, exist_ok=True)
    if (folder / "platforms").is_dir():
        shutil.copytree(folder / "platforms", shard.path / "platforms", dirs_exist_ok=True)
    state = chain.state_of(list(chain.links(joined.path_of(folder))))
    if state.lines and not any(chain.links(shard.path)):
        chaining.begin_anew(shard.path, state)
    sync_directory(shard.path)
    return shard


def _move(path: Path, target: Path) -> None:
    """Move a file for good, completely or not at all, to another disk too."""
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(path, target)
        path.unlink()
    sync_directory(target.parent)
    sync_directory(path.parent)


def _copy(path: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.new")
    with removed_on_failure(partial):
        with path.open("rb") as source, partial.open("wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        partial.replace(target)
