"""All checks of a package that was handed over: the bag, and in it WARC files, database, WACZ,
tables and chain, each as strictly as in an archive.

Sources: RFC 8493 (BagIt); WACZ 1.1.1; Frictionless Data Package.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archive.database.opening import is_begun
from archive.disk import Progress, no_progress
from archive.verification.bag import check_bag
from archive.verification.chain import check_chain
from archive.verification.finding import ASK, Finding
from archive.verification.record_table import RecordTable
from archive.verification.records import check_files
from archive.verification.rows import check_rows
from archive.verification.structure import DATABASE, check_structure
from archive.verification.tables import check_tables
from archive.verification.wacz import check_wacz
from archive.warc.directory import SUFFIX, warc_files

DATA, WACZ = "data", "data/archive.wacz"


def check_package(folder: Path, *, progress: Progress = no_progress) -> Iterator[Finding]:
    """What is wrong with a package.

    Args:
        folder: the package, the folder that has `bagit.txt`.
        progress: gets the bytes of WARC that were checked.
    """
    yield from check_bag(folder)
    warcs = warc_files(folder / DATA / "warc")
    with RecordTable() as table:
        for finding in check_files(warcs, table, progress):
            yield replace(finding, file=f"{DATA}/warc/{finding.file}", todo=ASK)
        yield from _check_database(folder, table, bool(warcs))
    if (folder / WACZ).exists():
        yield from check_wacz(folder / WACZ, WACZ)
    yield from check_tables(folder)
    for finding in check_chain(folder / DATA, folder / DATA / "warc", complete=False):
        name = f"warc/{finding.file}" if finding.file.endswith(SUFFIX) else finding.file
        yield replace(finding, file=f"{DATA}/{name}", todo=ASK)


def _check_database(folder: Path, table: RecordTable, with_records: bool) -> Iterator[Finding]:
    path, shown = folder / DATA / DATABASE, f"{DATA}/{DATABASE}"
    if not is_begun(path):
        yield Finding(file=shown, wrong="it is missing", todo=ASK)
        return
    damage = list(check_structure(path, shown, ASK))
    yield from damage
    if not damage:
        table.attach(path)
        for finding in check_rows(table, ASK, with_records=with_records):
            is_database = finding.file == DATABASE
            name = shown if is_database else f"{DATA}/warc/{finding.file}"
            yield replace(finding, file=name)
