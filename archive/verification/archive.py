"""All checks of an archive, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.database.chain_state import known_state
from archive.database.opening import is_begun
from archive.disk import Progress, no_progress
from archive.errors import WarcError
from archive.index.read_once import ReadOnce
from archive.platforms import Platforms
from archive.verification.chain import check_chain
from archive.verification.finding import DATABASE, Finding
from archive.verification.read_text import check_answers
from archive.verification.rebuild import check_rebuild
from archive.verification.record_table import RecordTable
from archive.verification.records import check_files
from archive.verification.rows import check_rows
from archive.verification.seal import check_seal
from archive.verification.stored import check_manifests, check_reachable
from archive.verification.structure import check_structure
from archive.warc.directory import RESTORE, left_out, open_files
from archive.warc.stored import StoredWarc, all_files


def check_archive(
    folder: Path,
    platforms: Platforms,
    *,
    quick: bool = False,
    workers: int | None = 1,
    progress: Progress = no_progress,
    absent: Counter[str] | None = None,
    others: Iterable[Path] = (),
    once: ReadOnce | None = None,
) -> Iterator[Finding]:
    """What is wrong with an archive.

    Args:
        folder: the archive.
        platforms: its platforms, which decide what the WARC files say.
        quick: do not make the database again to compare the two.
        workers: processes that make it again; None for one a core.
        progress: gets the bytes of WARC that were checked.
        absent: gets what records of other programs lack and need not have, by kind.
        others: databases of archives that may have records to which revisits of this one refer:
            those of the other shards of a collection.
        once: reads the files for the database that is made again, and for others.

    Raises:
        ArchiveError: where the disk has no room for the second database, or for a file that is
            stored elsewhere.
        StorageError: where a server stops answering meanwhile.

    Example:
        >>> for finding in check_archive(Path("archive"), of_archive(Path("archive"))):
        ...     print(finding)
    """
    warc_dir, database = folder / "warc", folder / DATABASE
    yield from _check_directory(warc_dir)
    if database.exists() and not database.is_file():
        todo = "remove it, then run `zhengwen rebuild`"
        yield Finding(file=DATABASE, wrong="it is no file", todo=todo)
        return
    try:
        files = all_files(warc_dir)
    except WarcError as error:
        yield Finding(file=warc_dir.name, wrong=str(error).rstrip("."), todo=RESTORE)
        return
    stored = [file for file in files if isinstance(file, StoredWarc)]
    unreachable = list(check_reachable(stored))
    yield from unreachable
    yield from check_chain(folder, warc_dir, reachable=not unreachable, known=known_state(database))
    yield from check_seal(folder)
    yield from check_answers(warc_dir)
    if unreachable:
        return
    is_sound = True
    once = once if once and not quick and once.is_by(platforms) else None
    for finding in check_manifests(folder, stored):
        is_sound = False
        yield finding
    with RecordTable() as table:
        for finding in check_files(files, table, progress, others=others, once=once):
            is_sound = False
            yield finding
        if absent is not None:
            absent.update(+table.absent)
        if not is_begun(database):
            yield Finding(file=DATABASE, wrong="it is missing", todo="run `zhengwen index`")
            return
        damage = list(check_structure(database))
        yield from damage
        if not damage:
            table.attach(database)
            yield from check_rows(table)
    if is_sound and not damage and not quick:
        yield from check_rebuild(database, warc_dir, platforms, workers, once)


def _check_directory(warc_dir: Path) -> Iterator[Finding]:
    for path in open_files(warc_dir):
        yield Finding(
            file=path.name,
            wrong="the file was not finished",
            todo="run `zhengwen crawl`, which mends it",
        )
    for each in left_out(warc_dir):
        yield Finding(file=each.name, wrong=each.wrong, todo=each.todo)
