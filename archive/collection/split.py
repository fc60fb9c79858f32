"""Makes a collection of an archive: each WARC file goes to one shard, complete and unchanged."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from archive.archive import Archive
from archive.collection import description, joined, shared
from archive.collection.complete import ANSWERS
from archive.collection.description import SHARDS, Description, Shard
from archive.collection.joined import ORIGIN
from archive.collection.making import (
    completed,
    copy_rest,
    digests_of,
    require_finished,
    take_files,
    total,
)
from archive.collection.manifest import state_of
from archive.collection.rule import DEFAULT, names_of, require_rule
from archive.database.producer import current
from archive.database.store import new_descriptions, other_producers
from archive.disk import Progress, no_progress, require_free
from archive.errors import ArchiveError, UsageError
from archive.folder import refuse_sealed, require_archive
from archive.warc import chain, chaining
from archive.warc.chain_state import ChainState
from archive.warc.directory import warc_files

OF_ROOT = ("accounts.csv", "platforms")
OF_SHARD = ("platforms", ANSWERS)


@dataclass(frozen=True, slots=True)
class _State:
    """What an archive was like at one moment."""

    files: tuple[tuple[str, int], ...]
    database: str
    chain: ChainState


def split(
    folder: Path,
    dest: Path,
    *,
    rule: str = DEFAULT,
    link: bool = False,
    progress: Progress = no_progress,
) -> Description:
    """Make a collection of an archive, which stays as it is.

    Args:
        folder: the archive, indexed by this version of the program.
        dest: the collection: a folder to be made.
        rule: how the name of a file's shard is made of its `{platform}`, `{year}`, `{month}` and
            `{account}`, those of most of its captures.
        link: hard-link the WARC files instead of copying them.
        progress: called with the bytes of WARC that were copied, and again when they are indexed.

    Raises:
        UsageError: the archive is sealed, or not indexed as it is, or `dest` is in the way.
        ArchiveError: too little room, a damaged WARC file, or the archive was written meanwhile.
        Busy: another process makes the same collection.

    Example:
        >>> [shard.name for shard in split(Path("archive"), Path("collection")).shards]
        ['thepaper-2031', 'thepaper-2032']
    """
    require_rule(rule)
    require_archive(folder)
    refuse_sealed(folder)
    with Archive(folder) as archive:
        before = _state(archive)
        _require_indexed(archive)
        names = names_of(archive.connection, rule, [name for name, _ in before.files])
        _require_room(archive, dest, link=link)
        with completed(dest) as target:
            copy_rest(folder, target / ORIGIN)
            copy_some(folder, target, OF_ROOT)
            described = Description(rule=rule, shards=_shards(target, names))
            files: dict[str, list[Path]] = defaultdict(list)
            for name, shard_name in names.items():
                files[shard_name].append(archive.warc_dir / name)
            for shard in described.shards:
                _make_shard(archive, shard, files[shard.name], before, link, progress)
            joined.begin(target, archive, described.shards)
            shared.make(target, archive.db_path, described.shards)
            if _state(archive) != before:
                raise ArchiveError(
                    f"{folder} was written while it was split, so nothing was made; run this again "
                    "when nothing writes there."
                )
            description.write(target, described)
    return description.read(dest)


def _state(archive: Archive) -> _State:
    require_finished(archive.path)
    files = tuple((path.name, path.stat().st_size) for path in warc_files(archive.warc_dir))
    links = list(chain.links(archive.path))
    archive.close()  # so that it sees what was written since
    return _State(files, state_of(archive.connection), chain.state_of(links))


def _require_indexed(archive: Archive) -> None:
    """Check that the database has all WARC files, by the rules of this program: what it says of
    them all is compared with what it says of some."""
    names = {path.name for path in warc_files(archive.warc_dir)}
    if not names:
        raise UsageError(f"{archive.path} has no WARC file to make a collection of.")
    indexed = {row[0] for row in archive.connection.execute("SELECT name FROM warcs")}
    if indexed != names or chain.missing_files(archive.path):
        raise UsageError(
            f"archive.db and {chain.CHAIN} of {archive.path} do not have the WARC files that are "
            "there; run `zhengwen index` first."
        )
    producer = current(archive.platforms)
    if other_producers(archive.db, producer) or new_descriptions(archive.db, producer):
        raise UsageError(
            f"archive.db of {archive.path} was made by another version of the program or other "
            "descriptions of platforms; run `zhengwen rebuild` first."
        )


def _require_room(archive: Archive, dest: Path, *, link: bool) -> None:
    databases = 4 * archive.db_path.stat().st_size  # those of the shards, and what is made of them
    size = databases + (0 if link else total(archive.path))
    todo = "make room, choose another place, or give --link" if not link else "make room"
    require_free(dest.resolve().parent, size, "The collection", todo)


def _shards(target: Path, names: dict[str, str]) -> tuple[Shard, ...]:
    return tuple(
        Shard(name=name, path=target / SHARDS / name, given=f"{SHARDS}/{name}")
        for name in sorted({*names.values()})
    )


def _make_shard(
    archive: Archive,
    shard: Shard,
    files: list[Path],
    before: _State,
    link: bool,
    progress: Progress,
) -> None:
    """An archive of its own of some WARC files; its chain begins with a line that names the end of
    the other's."""
    digests = digests_of(archive.path)
    take_files(files, shard.path / "warc", digests, link=link, progress=progress)
    copy_some(archive.path, shard.path, OF_SHARD)
    if before.chain.lines:
        chaining.begin_anew(shard.path, before.chain)
    with Archive(shard.path, platforms=archive.platforms) as new:
        new.extend_chain()
        new.rebuild(workers=None, progress=progress)


def copy_some(source: Path, target: Path, names: tuple[str, ...]) -> None:
    """Copy files and folders by their names, as far as they are there."""
    for path in (source / name for name in names):
        if path.is_dir():
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)
        elif path.is_file():
            shutil.copy2(path, target / path.name)
