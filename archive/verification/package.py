"""All checks of a package that was handed over: the bag, and in it WARC files, database, WACZ,
tables and chain, each as strictly as in an archive.

A package may come from anybody, so each check ends with findings whatever it meets, in time and
memory that its size bounds, and opens nothing outside the folder: `archive.verification.tree`.

Sources: RFC 8493 (BagIt); WACZ 1.1.1; Frictionless Data Package.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archive.counting import counted
from archive.disk import Progress, no_progress
from archive.errors import ArchiveError
from archive.verification.bag import BAG, PAYLOAD, check_bag
from archive.verification.chain import check_chain
from archive.verification.database import PackageDatabase
from archive.verification.finding import ASK, DATABASE, Finding
from archive.verification.record_table import RecordTable
from archive.verification.records import check_files
from archive.verification.rows import check_rows
from archive.verification.structure import check_structure
from archive.verification.tables import DESCRIPTION, check_counts, check_tables
from archive.verification.tree import Tree
from archive.verification.wacz import check_wacz
from archive.warc.chain import CHAIN
from archive.warc.directory import SUFFIX
from archive.warc.signing import SIGNATURES

DATA, WACZ = "data", "data/archive.wacz"
WARCS = f"{DATA}/warc/"
SHARDS = f"{DATA}/shards"
MOST_OF_A_KIND, MOST_KINDS = 50, 200  # findings of one check
LARGEST_CHAIN = 32 * 2**20  # bytes: a line for each WARC file and crawl of some 80,000
MOST_CHAINS = 2_000  # of shards
LARGEST_SIGNATURE = 64 * 1024  # bytes of a signature or a key
SIGNED = 2 * 2**30  # bytes that all signatures together may sign
# What a check may meet that it does not foresee.
UNFORESEEN = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
    OSError,
    EOFError,
    sqlite3.Error,
    zlib.error,
    ArchiveError,
)


def check_package(folder: Path, *, progress: Progress = no_progress) -> Iterator[Finding]:
    """What is wrong with a package.

    Args:
        folder: the package, the folder that has `bagit.txt`; any other is a finding.
        progress: gets the bytes of WARC that were checked.

    Example:
        >>> for finding in check_package(Path("handed-over")):
        ...     print(finding)
    """
    tree = Tree.of(folder)
    yield from tree.faults
    if not tree.is_safe:
        return
    if not tree.sizes.keys() & {BAG, PAYLOAD, DESCRIPTION}:
        wrong = f"this is no package: it has no {BAG}"
        yield Finding(file=".", wrong=wrong, todo="give the folder that has one")
        return
    yield from _bounded(BAG, check_bag(folder, tree))
    yield from _check_data(tree, progress)
    if WACZ in tree.sizes:
        yield from _bounded(WACZ, check_wacz(folder / WACZ, WACZ))
    yield from _bounded(DESCRIPTION, check_tables(folder, tree))
    for number, within in enumerate(_chains(tree)):
        if number > MOST_CHAINS:
            wrong = f"it has more than {MOST_CHAINS} shards"
            yield Finding(file=SHARDS, wrong=wrong, todo=ASK)
            return
        yield from _bounded(f"{within}/{CHAIN}", _check_chain(tree, within))


def _bounded(file: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings of a check, so many at most; what it did not foresee is one too.

    Args:
        file: what it is about.
        findings: of the check.
    """
    kinds, more = Counter[str](), 0
    try:
        for finding in findings:
            kinds[finding.wrong] += 1
            if kinds[finding.wrong] > MOST_OF_A_KIND or len(kinds) > MOST_KINDS:
                more += 1
            else:
                yield finding
    except UNFORESEEN as error:
        wrong = f"it could not be checked to its end ({type(error).__name__}: {error})"
        yield Finding(file=file, wrong=wrong, todo=ASK)
    if more:
        yield Finding(file=file, wrong=f"{counted(more, 'finding')} more", todo=ASK)


def _check_data(tree: Tree, progress: Progress) -> Iterator[Finding]:
    """Check WARC files and database, and one against the other."""
    names = [name for name in tree.sizes if name.startswith(WARCS) and name.endswith(SUFFIX)]
    warcs = [tree.root / name for name in sorted(names) if name.count("/") == 2]
    with RecordTable() as table:
        for finding in _bounded(WARCS, check_files(warcs, table, progress, trusted=False)):
            is_file = finding.file != WARCS
            name = f"{WARCS}{finding.file}" if is_file else WARCS
            yield replace(finding, file=name, todo=ASK)
        yield from _bounded(f"{DATA}/{DATABASE}", _check_database(tree, table, bool(warcs)))


def _check_database(tree: Tree, table: RecordTable, with_records: bool) -> Iterator[Finding]:
    shown = f"{DATA}/{DATABASE}"
    if not tree.sizes.get(shown):
        yield Finding(file=shown, wrong="it is missing", todo=ASK)
        return
    compared = [name for name in tree.sizes if name == shown or name.startswith(WARCS)]
    size = sum(tree.sizes[name] for name in compared)
    database = PackageDatabase(tree.root / shown, size)
    damage = list(database.faults(shown))
    yield from damage
    if damage:
        return
    damage = list(check_structure(database.path, shown, ASK, database.connect))
    yield from damage
    if damage:
        return
    database.limit(table.attach_uri(database.uri))
    for finding in check_rows(table, ASK, with_records=with_records):
        yield replace(finding, file=shown if finding.file == DATABASE else WARCS + finding.file)
    yield from check_counts(tree, database)


def _chains(tree: Tree) -> Iterator[str]:
    """The folders with a chain: that of the archive, and those of the shards of a collection."""
    yield DATA
    for name in sorted(tree.sizes):
        if name.startswith(f"{SHARDS}/") and name.endswith(f"/{CHAIN}") and name.count("/") == 3:
            yield name.removesuffix(f"/{CHAIN}")


def _check_chain(tree: Tree, within: str) -> Iterator[Finding]:
    size = tree.sizes.get(f"{within}/{CHAIN}", 0)
    folder = f"{within}/{SIGNATURES}/"
    signatures = {name: tree.sizes[name] for name in tree.sizes if name.startswith(folder)}
    if size > LARGEST_CHAIN or size * len(signatures) > SIGNED:
        wrong = f"its {size} bytes and {len(signatures)} signatures are more than can be checked"
        yield Finding(file=f"{within}/{CHAIN}", wrong=wrong, todo=ASK)
        return
    for name in sorted(name for name in signatures if signatures[name] > LARGEST_SIGNATURE):
        yield Finding(file=name, wrong="it is too large for a signature or a key", todo=ASK)
        return
    for finding in check_chain(tree.root / within, tree.root / DATA / "warc", complete=False):
        is_file = finding.file.endswith(SUFFIX)
        shown = f"{WARCS}{finding.file}" if is_file else f"{within}/{finding.file}"
        yield replace(finding, file=shown, todo=ASK)
