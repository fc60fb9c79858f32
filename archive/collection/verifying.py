"""All checks of a collection: those of each shard, and of the articles that several share."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from archive.collection import description, joined, manifest, shared
from archive.collection.complete import complete_database, require_there
from archive.collection.description import Shard
from archive.collection.making import total
from archive.database.chain_state import known_state
from archive.database.opening import attach, connect, is_begun
from archive.disk import Progress, no_progress, require_free
from archive.errors import ArchiveError, WarcError
from archive.folder import SEAL, is_sealed, require_archive
from archive.index.read_once import ReadOnce
from archive.index.workers import count_for
from archive.platforms import of_archive
from archive.verification.archive import check_archive
from archive.verification.chain import check_chain
from archive.verification.finding import Finding
from archive.verification.structure import check_structure
from archive.warc.chain import CHAIN
from archive.warc.stored import FETCHED

DATABASE = f"{shared.FOLDER}/archive.db"
INDEX = "run `zhengwen --archive COLLECTION index`"
TABLE_NAMES = """SELECT name FROM fresh.sqlite_master WHERE type = 'table'
    AND name NOT LIKE '%_fts%' AND name NOT LIKE 'sqlite_%' AND name <> 'about' ORDER BY name"""
OTHER_ROWS = """SELECT 1 FROM (SELECT {names} FROM {one}.{table}
    EXCEPT SELECT {names} FROM {other}.{table}) LIMIT 1"""
# Keys are given in the order in which rows came; what was read when is no matter of the files.
WITHOUT = {"articles": {"pk"}, "attachment_text": {"pk"}, "media_text": {"pk"}}


def check_collection(
    folder: Path,
    *,
    quick: bool = False,
    progress: Progress = no_progress,
    absent: Counter[str] | None = None,
) -> Iterator[Finding]:
    """What is wrong with a collection; each finding names its shard.

    Args:
        folder: the collection.
        quick: do not make databases again to compare them.
        progress: gets the bytes of WARC that were checked.
        absent: as in `check_archive`.

    Raises:
        ArchiveError: the disk has no room for the databases that are made again.
    """
    shards = description.read(folder).shards
    is_sound = True
    with nullcontext() if quick else _reading_once(folder, shards) as once:
        how = partial(check_shard, quick=quick, progress=progress, absent=absent, once=once)
        for shard in shards:
            for finding in how(shard, shards):
                is_sound = False
                yield finding
        for finding in (*_of_shared(folder, shards), *_of_joined(folder)):
            is_sound = False
            yield finding
        if is_sound and once:
            yield from _compare(folder, shards, once)


@contextmanager
def _reading_once(folder: Path, shards: Iterable[Shard]) -> Iterator[ReadOnce]:
    """What reads each WARC file once, for the database of its shard and that of all together."""
    with (
        tempfile.TemporaryDirectory(prefix=FETCHED) as work,
        closing(ReadOnce(of_archive(folder), Path(work), count_for(_size(shards), None))) as once,
    ):
        yield once


def _size(shards: Iterable[Shard]) -> int:
    """The bytes of WARC that can be read: what is wrong with the others is a finding."""
    size = 0
    for shard in shards:
        with suppress(WarcError):
            size += total(shard.path)
    return size


def check_shard(
    shard: Shard,
    shards: Iterable[Shard],
    *,
    quick: bool,
    progress: Progress = no_progress,
    absent: Counter[str] | None = None,
    once: ReadOnce | None = None,
) -> Iterator[Finding]:
    """What is wrong with a shard.

    Args:
        shard: to check.
        shards: all of the collection, which may have records that this one refers to.
        quick, progress, absent: as in `check_collection`.
        once: as in `check_archive`.

    Raises:
        ArchiveError: the disk has no room for the database that is made again.
    """
    try:
        require_there(shard)
        require_archive(shard.path)
    except ArchiveError:
        wrong = f"the shard {shard.name} could not be reached, and nothing of it was checked"
        todo = "bring its folder back, or mend its path in collection.toml"
        yield Finding(file=shard.given, wrong=wrong, todo=todo)
        return
    if shard.state == "sealed" and not is_sealed(shard.path):
        wrong = f"collection.toml says that the shard is sealed, and it has no {SEAL}"
        yield Finding(file=shard.given, wrong=wrong, todo=f"run `zhengwen seal {shard.name}`")
    databases = [each.path / "archive.db" for each in shards if each.path != shard.path]
    others = [path for path in databases if path.is_file() and is_begun(path)]
    for finding in check_archive(
        shard.path,
        of_archive(shard.path),
        quick=quick,
        workers=None,
        progress=progress,
        absent=absent,
        others=others,
        once=once,
    ):
        yield replace(finding, file=f"{shard.given}/{finding.file}")


def _of_shared(folder: Path, shards: tuple[Shard, ...]) -> Iterator[Finding]:
    """Whether the database is there, sound, and derived from the shards as they are."""
    path = shared.path_of(folder)
    if not path.is_file() or not is_begun(path):
        yield Finding(file=DATABASE, wrong="it is missing", todo=INDEX)
        return
    damage = list(check_structure(path))
    yield from (replace(finding, file=DATABASE, todo=INDEX) for finding in damage)
    if damage:
        return
    with closing(connect(path)) as connection:
        try:
            known = {each.name: each.state for each in manifest.manifests(connection)}
        except (sqlite3.DatabaseError, ValueError) as error:
            yield Finding(file=DATABASE, wrong=f"it lists no shards ({error})", todo=INDEX)
            return
    if known.keys() != {shard.name for shard in shards}:
        wrong = "collection.toml lists other shards than were indexed"
        yield Finding(file=DATABASE, wrong=wrong, todo=INDEX)
    for shard in shards:
        database = shard.path / "archive.db"
        if shard.name not in known or not database.is_file() or not is_begun(database):
            continue
        with closing(connect(database)) as connection:
            if manifest.state_of(connection) != known[shard.name]:
                wrong = f"the shard {shard.name} was indexed since"
                yield Finding(file=DATABASE, wrong=wrong, todo=INDEX)


def _of_joined(folder: Path) -> Iterator[Finding]:
    """Whether the chain of all shards together is as it was, where there is one."""
    path = joined.path_of(folder)
    if (path / CHAIN).exists():
        known = known_state(path / "archive.db")
        # The digests of files are compared with the chains of the shards, which are read once.
        for finding in check_chain(path, path, known=known, complete=False):
            yield replace(finding, file=f"{joined.FOLDER}/{finding.file}")


def _compare(folder: Path, shards: tuple[Shard, ...], once: ReadOnce) -> Iterator[Finding]:
    """Make it again from all WARC files, and compare all rows."""
    size = 3 * sum((shard.path / "archive.db").stat().st_size for shard in shards)
    purpose = "The comparison with a database of all shards made anew"
    todo = "set TMPDIR to a folder with more room, or give --quick"
    require_free(tempfile.gettempdir(), size, purpose, todo)
    with tempfile.TemporaryDirectory() as work:
        fresh = Path(work) / "collection"
        fresh.mkdir()
        platforms = of_archive(folder)
        with complete_database(Path(work) / "complete", shards, platforms, once) as complete:
            shared.make(fresh, complete, shards)
            together = joined.path_of(folder) / "archive.db"
            if together.is_file():
                shown = f"{joined.FOLDER}/archive.db"
                yield from _other_rows(together, complete, shown, INDEX.replace("index", "rebuild"))
        yield from _other_rows(shared.path_of(folder), shared.path_of(fresh), DATABASE, INDEX)


def _other_rows(path: Path, fresh: Path, shown: str, todo: str) -> Iterator[Finding]:
    with closing(connect(path)) as connection:
        attach(connection, fresh, "fresh")
        for (table,) in connection.execute(TABLE_NAMES).fetchall():
            if _differs(connection, table):
                wrong = f"the rows of the table {table} are not those of the WARC files"
                yield Finding(file=shown, record=table, wrong=wrong, todo=todo)


def _differs(connection: sqlite3.Connection, table: str) -> bool:
    columns = connection.execute("SELECT name FROM pragma_table_info(?, 'fresh')", [table])
    names = ", ".join(f'"{name}"' for (name,) in columns if name not in WITHOUT.get(table, ()))
    return any(
        connection.execute(
            OTHER_ROWS.format(names=names, one=first, other=other, table=table)
        ).fetchone()
        is not None
        for first, other in (("main", "fresh"), ("fresh", "main"))
    )
