"""WARC files become rows: the only writer of `archive.db`, one transaction a file. `rebuild` is
the same on an empty file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from archive.database import fulltext, store, writing
from archive.database.producer import current
from archive.database.rows import WarcRow, columns
from archive.disk import Progress, no_progress
from archive.index.derivation import derive_file
from archive.index.exchanges import Exchanges
from archive.index.notes import NoteRows, of_note
from archive.index.rows import Rows
from archive.index.workers import Workers, count_for
from archive.platforms import Platforms
from archive.warc.directory import warc_files


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

    Raises:
        ArchiveError: the database was made by another version of the program.
        WarcError: a WARC file is damaged; the files before it are in the database.
    """
    producer = current(platforms)
    db = store.open_for_index(db_path)
    try:
        with db.atomic():
            store.sign(db, producer)
        known = {row["name"] for row in db["warcs"].rows}
        fresh = [path for path in warc_files(warc_dir) if path.name not in known]
        done = Indexed()
        count = count_for(sum(path.stat().st_size for path in fresh), workers)
        with Workers(count, platforms, producer.id) as readers:
            for path in fresh:
                with db.atomic():
                    captures = _add(db, path, readers)
                done = Indexed(done.files + 1, done.captures + captures)
                progress(path.stat().st_size)
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
    """Make the database again from nothing; the old file stays until the new one is complete.

    Takes and returns what `index` does.

    Raises:
        WarcError: a file is damaged, or is no WARC file; the old database is as it was.
    """
    fresh = db_path.with_suffix(".rebuilding")
    _remove(fresh)
    done = index(warc_dir, fresh, platforms, workers=workers, progress=progress)
    _optimize(fresh)
    # A write-ahead log that outlived its file would be played into the new one.
    for leftover in (
        db_path.with_name(db_path.name + "-wal"),
        db_path.with_name(db_path.name + "-shm"),
    ):
        leftover.unlink(missing_ok=True)
    os.replace(fresh, db_path)
    return done


def _optimize(path: Path) -> None:
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.optimize(db)
    finally:
        db.close()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _add(db: sqlite_utils.Database, path: Path, workers: Workers) -> int:
    """Add one WARC file: rows of its captures, then what they derive. Returns how many captures."""
    exchanges = Exchanges(path)
    captures = 0
    for rows in workers.observe(exchanges):
        captures += 1
        _write(db, rows)
    for note in exchanges.notes:
        _write_note(db, of_note(note))
    derive_file(db, path.name)
    file = WarcRow(name=path.name, size=path.stat().st_size, records=exchanges.count)
    writing.insert(db.conn, "warcs", [columns(file)])
    return captures


def _write(db: sqlite_utils.Database, rows: Rows) -> None:
    writing.insert(db.conn, "captures", [columns(rows.capture)])
    if rows.failure:
        writing.insert(db.conn, "failures", [columns(rows.failure)])
    if rows.version:
        writing.merge_versions(db.conn, [columns(rows.version)])
    writing.merge_links(db.conn, map(columns, rows.links))
    if rows.account:
        writing.merge_accounts(db.conn, [columns(rows.account)])


def _write_note(db: sqlite_utils.Database, rows: NoteRows) -> None:
    if rows.run:
        writing.merge_runs(db.conn, [rows.run])
    if rows.coverage:
        writing.insert(db.conn, "coverage", [rows.coverage])
    if rows.failure:
        writing.insert(db.conn, "failures", [columns(rows.failure)])
