"""`joined` in the folder of a collection: all shards as one archive, for those who write, and for
what is made of all articles at once.

Its `warc` has a symbolic link to each WARC file of the shards, its `archive.db` all rows and no
full-text index, and its `chain.jsonl` goes on from that of the archive that was split. What is
written into it is laid into the shards afterwards: see `archive.collection.filing`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from archive.archive import Archive
from archive.collection.complete import ANSWERS, files_of, join_answers
from archive.collection.description import Shard
from archive.database import fulltext, store
from archive.database.opening import connect, is_begun
from archive.database.producer import current
from archive.disk import Progress, no_progress, sha256
from archive.errors import ArchiveError
from archive.index import fresh_database, indexer
from archive.lock import Lock
from archive.warc import chain, chaining
from archive.warc.directory import warc_files
from archive.warc.signing import SIGNATURES
from archive.warc.stored import StoredWarc, all_files, mark, size_of, stored_files, unmark

FOLDER = "joined"
ORIGIN = "origin"  # what the archive had besides WARC files and database: `merge` puts it back
# Files and folders of the collection, or of the archive that was split, which are this one's too.
BESIDE = ("accounts.csv", "platforms", "datasheet.toml", SIGNATURES)
WRITTEN = ("accounts.csv",)  # of them, those that are made where they are missing


def path_of(folder: Path) -> Path:
    """Where it is, by the folder of the collection."""
    return folder / FOLDER


def begin(folder: Path, archive: Archive, shards: Iterable[Shard]) -> None:
    """Make it of the archive that is split, whose rows need not be read again.

    Args:
        folder: of the collection.
        archive: indexed.
        shards: all shards, with their WARC files.
    """
    path = path_of(folder)
    path.mkdir()
    archive.connection.execute("VACUUM INTO ?", [str(path / "archive.db")])
    db = store.open_for_index(path / "archive.db")
    try:
        with db.atomic():
            fulltext.clear(db)
            fulltext.leave_out(db)
        db.execute("VACUUM")
        db.enable_wal()
    finally:
        db.close()
    lay_out(folder, shards)


def renew(
    folder: Path, shards: Iterable[Shard], *, anew: bool = False, progress: Progress = no_progress
) -> Path:
    """Bring it up to date with the shards. Only new WARC files are read, unless the rules have
    changed or files are gone. The caller has the lock of the collection.

    Args:
        folder: of the collection.
        shards: all shards.
        anew: read all files.
        progress: called with the bytes of each WARC file when it is read.

    Returns:
        The path of its database.

    Raises:
        ArchiveError: a shard is not there.
        Busy: another process writes it.
    """
    path = lay_out(folder, shards)
    with Lock(path), Archive(path) as archive:
        if anew or not _goes_on(archive):
            archive.prepare_database()
            fresh = archive.db_path.with_suffix(fresh_database.REBUILDING)
            indexer.make(
                *(archive.warc_dir, fresh, archive.platforms),
                workers=None,
                progress=progress,
                searchable=False,
            )
            archive.put_database(fresh)
        else:
            archive.index(workers=None, progress=progress)
        return archive.db_path


def put_database(folder: Path, shards: Iterable[Shard], fresh: Path) -> None:
    """Put a database of all WARC files, made elsewhere in the folder of the collection, in place.

    Args:
        folder: of the collection.
        shards: all shards.
        fresh: the database, without a full-text index.
    """
    path = lay_out(folder, shards)
    with Lock(path), Archive(path) as archive:
        archive.prepare_database()
        there = archive.db_path.with_suffix(fresh_database.REBUILDING)
        fresh.replace(there)
        archive.put_database(there)


def lay_out(folder: Path, shards: Iterable[Shard]) -> Path:
    """Make the folder, or bring its links up to date with the files of the shards.

    Raises:
        ArchiveError: a shard is not there, or another file of one name is.
    """
    shards, path = [*shards], path_of(folder)
    (path / "warc").mkdir(parents=True, exist_ok=True)
    files = {file.name: file for file in files_of(shards)}
    targets = {
        name: _target(next(shard for shard in shards if shard.path == file.parent.parent), name)
        for name, file in files.items()
        if isinstance(file, Path)
    }
    for link in (path / "warc").iterdir():
        if link.is_symlink() and str(link.readlink()) != targets.get(link.name):
            link.unlink()
    for name, target in targets.items():
        _link(path / "warc" / name, target)
    _mark_stored(path / "warc", [file for file in files.values() if isinstance(file, StoredWarc)])
    for name in BESIDE:
        _link_beside(folder, name)
    join_answers(shards, path / ANSWERS)
    _begin_chain(folder)
    return path


def link(folder: Path, shard: Shard, name: str) -> None:
    """Link a WARC file that was laid into a shard."""
    _link(path_of(folder) / "warc" / name, _target(shard, name))


def waiting(folder: Path) -> list[Path]:
    """The WARC files that are in no shard yet, by name."""
    return [file for file in warc_files(path_of(folder) / "warc") if not file.is_symlink()]


def unread_bytes(folder: Path, shards: Iterable[Shard]) -> int:
    """The bytes of the WARC files that its database does not have."""
    path = path_of(folder) / "archive.db"
    known: set[str] = set()
    if path.is_file() and is_begun(path):
        with closing(connect(path)) as connection:
            known = {row[0] for row in connection.execute("SELECT name FROM warcs")}
    files = [*files_of(shards), *waiting(folder)]
    return sum(size_of(file) for file in files if file.name not in known)


def is_up_to_date(folder: Path, shards: Iterable[Shard]) -> bool:
    """Whether its database has what the databases of the shards have, read by this program."""
    path = path_of(folder)
    if not (path / "warc").is_dir():
        return False
    indexed: set[str] = set()
    for shard in shards:
        with closing(connect(shard.path / "archive.db")) as connection:
            indexed.update(row[0] for row in connection.execute("SELECT name FROM warcs"))
    with Archive(path) as archive:
        return _goes_on(archive) and indexed <= {name for name, _ in _known(archive)}


def _goes_on(archive: Archive) -> bool:
    """Whether its database can be added to: it is there, made by this program, and of no file that
    is gone or another one."""
    try:
        if not archive.is_indexed():
            return False
        db = archive.db
        producer = current(archive.platforms)
        if store.other_producers(db, producer) or store.new_descriptions(db, producer):
            return False
        sizes = {file.name: size_of(file) for file in all_files(archive.warc_dir)}
        return all(sizes.get(name) == size for name, size in _known(archive))
    except (ArchiveError, sqlite3.DatabaseError):  # it is derived, and made again
        return False
    finally:
        archive.close()


def _known(archive: Archive) -> list[tuple[str, int]]:
    rows = archive.connection.execute("SELECT name, size FROM warcs")
    return [(str(name), int(size)) for name, size in rows]


def _target(shard: Shard, name: str) -> str:
    """What a link in `joined/warc` says, which stays true where the collection is moved."""
    given = Path(shard.given)
    base = given if given.is_absolute() else Path(os.pardir, os.pardir, given)
    return str(base / "warc" / name)


def _mark_stored(warc_dir: Path, files: Iterable[StoredWarc]) -> None:
    """Have the markers of those files alone that are stored elsewhere."""
    before = {file.name: file for file in stored_files(warc_dir)}
    now = {file.name: file for file in files}
    for name in before.keys() - now.keys():
        unmark(warc_dir, name)
    for name, file in now.items():
        copy = warc_dir / name  # where a link was copied as a file, before that of the shard went
        if copy.is_file() and not copy.is_symlink() and file.is_in(copy):
            copy.unlink()
        if before.get(name) != file:
            mark(warc_dir, file)


def _link(path: Path, target: str) -> None:
    """Link a WARC file; one that was copied into its shard by a killed program goes away here."""
    if not os.path.lexists(path):
        path.symlink_to(target)
    elif not path.is_symlink():
        in_shard = path.parent / target
        if sha256(path) != sha256(in_shard):
            raise ArchiveError(
                f"{in_shard} and {path} have one name and are not the same file; rename the first, "
                "and run `zhengwen index` on its shard."
            )
        path.unlink()
        path.symlink_to(target)


def _link_beside(folder: Path, name: str) -> None:
    """Link what the collection has, or else what the archive had that was split."""
    path = path_of(folder) / name
    places = [place for place in (".", ORIGIN) if (folder / place / name).exists()]
    if path.is_symlink():
        path.unlink()
    if os.path.lexists(path) or not (places or name in WRITTEN):
        return
    path.symlink_to(os.path.normpath(Path(os.pardir, *places[:1], name)))


def _begin_chain(folder: Path) -> None:
    """Go on from the chain of the archive that was split. Where there was none, the chain begins
    with what the WARC files know of others."""
    path = path_of(folder)
    if (path / chain.CHAIN).exists():
        return
    if (folder / ORIGIN / chain.CHAIN).is_file():
        shutil.copy2(folder / ORIGIN / chain.CHAIN, path / chain.CHAIN)
    elif lost := chain.lost_state(path, None):
        chaining.begin_anew(path, lost)
