"""WARC files become rows: the only writer of `archive.db`, one transaction a file. `rebuild` is
the same on an empty file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from archive.database import fulltext, store, writing
from archive.database.producer import current
from archive.database.rows import WarcRow, columns
from archive.disk import Progress, no_progress, removed_on_failure, sync_directory
from archive.errors import ArchiveError, described
from archive.index import any_page, storing
from archive.index.attachment_text import read_attachments
from archive.index.derivation import derive_file
from archive.index.exchanges import Exchanges, Note
from archive.index.keeping import keep_if_lost
from archive.index.listing_log import derive_changes
from archive.index.naming import name_accounts
from archive.index.picture_text import save_answers, take_in
from archive.index.recorded import Recorded
from archive.index.revisits import join_revisits
from archive.index.rows import Rows
from archive.index.statuses import derive_statuses
from archive.index.workers import NoProcess, Workers, count_for
from archive.ocr.answers import file_beside
from archive.platforms import Platforms
from archive.warc.directory import size_of, warc_files

REBUILDING = ".rebuilding"  # ends the name of a database that is being made


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one call of `index` did: WARC files and captures that were new to the database."""

    files: int = 0
    captures: int = 0


def index(
    warc_dir: Path,
    db_path: Path,
    platforms: Platforms,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
) -> Indexed:
    """Bring the database up to date with the WARC files, one transaction a file.

    Args:
        warc_dir: the folder of the WARC files.
        db_path: the database, made if it is not there.
        platforms: those of the archive, by whose rules pages are read.
        workers: processes that read; None: one a core, where there is enough to read.
        progress: called with the bytes of each file when it is done.

    A record or a file that cannot be read costs itself: `failures` and `warcs.damage` have it. A
    file of which nothing could be read is tried again by the next call. Where a record has the id
    of one in a later file, the database is made again.

    Raises:
        ArchiveError: the database was made by another version of the program, or no process can be
            started.
    """
    try:
        return _add_new(warc_dir, db_path, platforms, workers, progress)
    except storing.OutOfOrder:
        return rebuild(warc_dir, db_path, platforms, workers=workers, progress=progress)


def _add_new(
    warc_dir: Path, db_path: Path, platforms: Platforms, workers: int | None, progress: Progress
) -> Indexed:
    """Add the files that the database does not know, and what all files together say."""
    producer = current(platforms)
    db = store.open_for_index(db_path)
    try:
        with db.atomic():
            store.sign(db, producer)
            writing.forget_unread(db.conn)
        known = {row["name"] for row in db["warcs"].rows}
        fresh = [path for path in warc_files(warc_dir) if path.name not in known]
        done = Indexed()
        count = count_for(sum(map(size_of, fresh)), workers)
        with Workers(count, platforms, producer.id) as readers:
            for path in fresh:
                done = Indexed(done.files + 1, done.captures + _add(db, path, readers))
                progress(size_of(path))
        with db.atomic():
            join_revisits(db)
            derive_statuses(db.conn)
            take_in(db.conn, file_beside(warc_dir))
        read_attachments(db, warc_dir)
        return done
    finally:
        db.close()


def rebuild(
    warc_dir: Path,
    db_path: Path,
    platforms: Platforms,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
) -> Indexed:
    """Make the database again from nothing; the old file stays until the new one is complete, and
    nothing is left of the new one where it fails.

    Takes, returns and raises what `index` does.
    """
    fresh = db_path.with_suffix(REBUILDING)
    remove_unfinished(db_path)
    save_answers(db_path, file_beside(warc_dir))
    with removed_on_failure(*_files_of(fresh)):
        _begin(fresh)
        done = index(warc_dir, fresh, platforms, workers=workers, progress=progress)
        _complete(fresh)
        keep_if_lost(db_path, fresh)
        # A write-ahead log that outlived its file would be played into the new one; that of the new
        # one is empty, and whoever read it could not remove it.
        for leftover in (*_files_of(db_path)[1:], *_files_of(fresh)[1:]):
            leftover.unlink(missing_ok=True)
        os.replace(fresh, db_path)
    sync_directory(db_path.parent)
    return done


def remove_unfinished(db_path: Path) -> None:
    """Remove what a killed `rebuild` left of a new database next to the old one."""
    for path in _files_of(db_path.with_suffix(REBUILDING)):
        path.unlink(missing_ok=True)


def _files_of(path: Path) -> list[Path]:
    """A database and the files that SQLite keeps next to it."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


def _begin(path: Path) -> None:
    """Make the empty database, for all articles at once."""
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.configure(db, fulltext.AT_ONCE)
    finally:
        db.close()


def _complete(path: Path) -> None:
    """Merge the full-text index, and write all of the log into the file itself: closing would do
    that too, and pass over in silence that the disk is full."""
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.optimize(db)
            fulltext.configure(db)
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise ArchiveError(f"{path} is open in another program; close that one.")
    finally:
        db.close()


def _add(db: sqlite_utils.Database, path: Path, workers: Workers) -> int:
    """Add one WARC file, or what is wrong with it. Returns how many captures it has."""
    try:
        with db.atomic():
            return _add_records(db, path, workers)
    except Exception as error:
        if writing.is_of_database(error) or isinstance(error, NoProcess | storing.OutOfOrder):
            raise
        file = WarcRow(name=path.name, size=size_of(path), records=0, damage=described(error))
        with db.atomic():
            writing.insert(db.conn, "warcs", [columns(file)])
        return 0


def _as_json(unused: Mapping[str, int]) -> str | None:
    return json.dumps(unused, ensure_ascii=False, sort_keys=True) if unused else None


def _add_records(db: sqlite_utils.Database, path: Path, workers: Workers) -> int:
    """Add the rows of the file's records, then what they derive."""
    exchanges = Exchanges(path)
    captures = 0
    records: Iterable[Recorded | Note] = exchanges
    if any_page.is_wanted(path):
        records = any_page.with_any_page(exchanges, workers.platforms)
    for rows in workers.read(records):
        if isinstance(rows, Rows):
            captures += 1
            storing.store(db.conn, rows)
        else:
            storing.store_note(db.conn, rows)
    derive_file(db, path.name)
    derive_changes(db.conn)
    name_accounts(db.conn, path.name)
    writing.note_old_statuses(db.conn)
    file = WarcRow(
        name=path.name,
        size=size_of(path),
        records=exchanges.count,
        damage=exchanges.damage_in_words,
        unused=_as_json(exchanges.unused),
    )
    writing.insert(db.conn, "warcs", [columns(file)])
    return captures
