"""WARC files become rows: the only writer of `archive.db`, one transaction a file. `rebuild` is
the same on an empty file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from archive.database import store, writing
from archive.database.producer import current
from archive.database.rows import WarcRow, columns
from archive.disk import Progress, no_progress, removed_on_failure
from archive.errors import StorageError, described
from archive.index import fresh_database, storing
from archive.index.attachment_text import read_attachments
from archive.index.derivation import derive_file
from archive.index.files import Files, FilesHere, NoRows
from archive.index.listing_log import derive_changes
from archive.index.naming import name_accounts
from archive.index.picture_text import save_answers, take_in
from archive.index.revisits import join_revisits
from archive.index.rows import Rows
from archive.index.spool import UnreadFile
from archive.index.statuses import derive_statuses
from archive.index.workers import NoProcess, Workers, count_for
from archive.ocr.answers import file_beside
from archive.platforms import Platforms
from archive.warc.stored import NotFetched, WarcFile, all_files, size_of

NOT_OF_THE_FILE = (NoProcess, NoRows, NotFetched, StorageError, storing.OutOfOrder)


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
        StorageError: a file is stored on S3, and cannot be had from there.
    """
    try:
        return _add_new(warc_dir, db_path, platforms, workers, progress, None)
    except storing.OutOfOrder:
        return rebuild(warc_dir, db_path, platforms, workers=workers, progress=progress)


def _add_new(
    warc_dir: Path,
    db_path: Path,
    platforms: Platforms,
    workers: int | None,
    progress: Progress,
    files: Files | None,
) -> Indexed:
    """Add the files that the database does not know, and what all files together say."""
    producer = current(platforms)
    db = store.open_for_index(db_path)
    try:
        with db.atomic():
            store.sign(db, producer)
            writing.forget_unread(db.conn)
        known = {row["name"] for row in db["warcs"].rows}
        fresh = [file for file in all_files(warc_dir) if file.name not in known]
        done = Indexed()
        count = count_for(sum(map(size_of, fresh)), workers)
        with files or FilesHere(Workers(count, platforms, producer.id), db_path.parent) as files:
            for file in fresh:
                done = Indexed(done.files + 1, done.captures + _add(db, file, files))
                progress(size_of(file))
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
    files: Files | None = None,
) -> Indexed:
    """Make the database again from nothing; the old file stays until the new one is complete, and
    nothing is left of the new one where it fails.

    Takes, returns and raises what `index` does; `files` gives the rows of the WARC files in place
    of `workers`.
    """
    fresh = db_path.with_suffix(fresh_database.REBUILDING)
    prepare(warc_dir, db_path)
    done = make(
        warc_dir,
        fresh,
        platforms,
        workers=workers,
        progress=progress,
        files=files,
        searchable=fresh_database.is_searchable(db_path),
    )
    fresh_database.put_in_place(fresh, db_path)
    return done


def prepare(warc_dir: Path, db_path: Path) -> None:
    """Save what only the old database has, before a new one is made."""
    fresh_database.remove_unfinished(db_path)
    save_answers(db_path, file_beside(warc_dir))


def make(
    warc_dir: Path,
    target: Path,
    platforms: Platforms,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
    files: Files | None = None,
    searchable: bool = True,
) -> Indexed:
    """Make a database of all WARC files in a file that is not there yet; nothing is left of it
    where that fails.

    Takes what `rebuild` does. One that is not `searchable` has an empty full-text index.
    """
    with removed_on_failure(*fresh_database.files_of(target)):
        fresh_database.begin(target, searchable=searchable)
        done = _add_new(warc_dir, target, platforms, workers, progress, files)
        fresh_database.complete(target)
    return done


def _add(db: sqlite_utils.Database, file: WarcFile, files: Files) -> int:
    """Add one WARC file, or what is wrong with it. Returns how many captures it has."""
    try:
        with db.atomic():
            return _add_records(db, file, files)
    except Exception as error:
        if writing.is_of_database(error) or isinstance(error, NOT_OF_THE_FILE):
            raise
        damage = str(error) if isinstance(error, UnreadFile) else described(error)
        row = WarcRow(name=file.name, size=size_of(file), records=0, damage=damage)
        with db.atomic():
            writing.insert(db.conn, "warcs", [columns(row)])
        return 0


def _add_records(db: sqlite_utils.Database, file: WarcFile, files: Files) -> int:
    """Add the rows of the file's records, then what they derive."""
    captures = 0
    records = files.rows_of(file)
    for rows in records:
        if isinstance(rows, Rows):
            captures += 1
            storing.store(db.conn, rows)
        else:
            storing.store_note(db.conn, rows)
    derive_file(db, file.name)
    derive_changes(db.conn)
    name_accounts(db.conn, file.name)
    writing.note_old_statuses(db.conn)
    writing.insert(db.conn, "warcs", [columns(records.file)])
    return captures
