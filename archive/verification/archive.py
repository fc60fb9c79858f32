"""All checks of an archive, in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.database.opening import is_begun
from archive.platforms import Platforms
from archive.verification.chain import check_chain
from archive.verification.finding import Finding
from archive.verification.record_table import Ledger
from archive.verification.records import Progress, check_files
from archive.verification.rows import check_rebuild, check_rows, check_structure
from archive.warc.directory import CONVERT, OPEN, unread, warc_files


def check_archive(
    folder: Path,
    platforms: Platforms,
    *,
    quick: bool = False,
    workers: int | None = 1,
    progress: Progress = lambda size: None,
) -> Iterator[Finding]:
    """What is wrong with the archive in `folder`. `quick` leaves out that the database is made
    again (by so many processes, None one a core) and compared."""
    warc_dir, database = folder / "warc", folder / "archive.db"
    paths = warc_files(warc_dir)
    for path in sorted(warc_dir.glob(f"*{OPEN}")):
        yield Finding(
            file=path.name,
            wrong="the file was not finished",
            todo="run `zhengwen crawl`, which mends it",
        )
    for path in unread(warc_dir):
        yield Finding(
            file=path.name, wrong="only .warc.gz files are read, and this one is not", todo=CONVERT
        )
    yield from check_chain(folder, warc_dir)
    sound = True
    with Ledger() as ledger:
        for finding in check_files(paths, ledger, progress):
            sound = False
            yield finding
        if not is_begun(database):
            yield Finding(file="archive.db", wrong="there is none", todo="run `zhengwen index`")
            return
        damage = list(check_structure(database))
        yield from damage
        if not damage:
            ledger.attach(database)
            yield from check_rows(ledger)
    if sound and not damage and not quick:
        yield from check_rebuild(database, warc_dir, platforms, workers)
