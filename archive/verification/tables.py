"""Checks of the tables of a package: `datapackage.json` describes every file as it is (Frictionless
Data Package, https://specs.frictionlessdata.io/data-package/), `ro-crate-metadata.json` too, and
every table has as many rows as the database.

A path that a description names is looked up among the files of the package and never opened as it
is: it may lead anywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.counting import counted
from archive.verification.database import PackageDatabase
from archive.verification.finding import ASK, Finding, Several
from archive.verification.strict_json import LARGEST, strict_json
from archive.verification.tree import Tree

DATA, DATABASE, DESCRIPTION = "data", "data/archive.db", "datapackage.json"
SPARE = 10_000  # entries of a description that are not read one by one when there are more
CRATE = "ro-crate-metadata.json"
UNDESCRIBED = (KeyError, TypeError, AttributeError, ValueError)


def check_tables(folder: Path, tree: Tree | None = None) -> Iterator[Finding]:
    """What is wrong with the descriptions and the tables of a package.

    Args:
        folder: the package.
        tree: its files, where they are known already.
    """
    tree = tree or Tree.of(folder)
    yield from _check_description(tree, DESCRIPTION, "resources", _resource_faults)
    if CRATE in tree.sizes:
        yield from _check_description(tree, CRATE, "@graph", _entity_faults)


def _check_description(
    tree: Tree, name: str, key: str, faults: Callable[[Tree, Any], Iterator[Finding]]
) -> Iterator[Finding]:
    """Check each entry of the list that a description has under a key."""
    try:
        entries = list(strict_json(tree.read(name, LARGEST))[key])
    except (OSError, *UNDESCRIBED) as error:
        wrong = f"it cannot be read ({type(error).__name__})"
        yield Finding(file=name, wrong=wrong, todo=ASK)
        return
    several = Several()
    if len(entries) > (most := _most(tree)):
        wrong = f"it has {len(entries)} entries, many more than the package has files"
        yield Finding(file=name, wrong=wrong, todo=ASK)
    for entry in entries[:most]:
        try:
            several.add_all(faults(tree, entry))
        except UNDESCRIBED as error:
            wrong = f"an entry is not described as it must be ({type(error).__name__}: {error})"
            several.add(Finding(file=name, wrong=wrong, todo=ASK))
    yield from several


def _most(tree: Tree) -> int:
    """How many entries and paths a description may have: it names also what is no file."""
    return SPARE + 2 * len(tree.sizes)


def _resource_faults(tree: Tree, resource: dict[str, Any]) -> Iterator[Finding]:
    paths = resource["path"]
    for path in [paths] if isinstance(paths, str) else paths[: _most(tree)]:
        digest = resource["hash"].removeprefix("sha256:") if "hash" in resource else None
        yield from _file_faults(tree, DESCRIPTION, path, digest, resource.get("bytes"))


def _entity_faults(tree: Tree, entity: dict[str, Any]) -> Iterator[Finding]:
    if entity["@type"] == "File":
        size = entity.get("contentSize")
        yield from _file_faults(
            tree, CRATE, entity["@id"], entity.get("sha256"), None if size is None else int(size)
        )


def _file_faults(
    tree: Tree, description: str, path: str, digest: str | None, size: int | None
) -> Iterator[Finding]:
    try:
        if path not in tree.sizes:
            wrong = f"it describes {path}, which is missing"
            yield Finding(file=description, wrong=wrong, todo=ASK)
        elif digest is not None and digest != tree.sha256(path):
            wrong = f"it is not what {description} says (SHA-256)"
            yield Finding(file=path, wrong=wrong, todo=ASK)
        elif size is not None and size != tree.sizes[path]:
            wrong = f"it has not the size that {description} says"
            yield Finding(file=path, wrong=wrong, todo=ASK)
    except OSError as error:
        yield Finding(file=path, wrong=f"the file cannot be read ({error.strerror})", todo=ASK)


def check_counts(tree: Tree, database: PackageDatabase) -> Iterator[Finding]:
    """Compare the rows of each table's files with those of the database.

    Args:
        tree: the files of the package.
        database: its database, found sound.
    """
    with closing(database.connect()) as db:
        for table in database.tables:
            try:
                yield from _check_count(tree, db, table)
            except (sqlite3.DatabaseError, OSError, ValueError) as error:
                wrong = f"its table {table} cannot be counted ({error})"
                yield Finding(file=DATABASE, wrong=wrong, todo=ASK)


def _check_count(tree: Tree, db: sqlite3.Connection, table: str) -> Iterator[Finding]:
    for suffix, count in ((".jsonl", _lines), (".csv", _csv_rows), (".parquet", _parquet_rows)):
        names = [name for name in tree.sizes if _is_of(name, table, suffix)]
        if not names:
            continue
        rows = sum(count(tree, name) for name in names)
        expected = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
        if rows != expected:
            wrong = f"it holds {counted(rows, 'row')}, and the database {expected}"
            yield Finding(file=min(names), wrong=wrong, todo=ASK)


def _is_of(name: str, table: str, suffix: str) -> bool:
    """Whether a file holds rows of a table: all of them, or a numbered part."""
    folder, _, file = name.rpartition("/")
    stem = file.removesuffix(suffix)
    part = stem.removeprefix(f"{table}-")
    return folder == DATA and stem != file and (stem == table or (part != stem and part.isdigit()))


def _lines(tree: Tree, name: str) -> int:
    return sum(piece.count(b"\n") for piece in tree.pieces(name))


def _csv_rows(tree: Tree, name: str) -> int:
    """The rows after the head: line ends that are in no quoted cell (RFC 4180). A quote within a
    cell is two, so the cell goes on whichever of them is taken for its end."""
    rows, is_quoted, last = 0, False, b""
    for piece in tree.pieces(name):
        for number, part in enumerate(piece.split(b'"')):
            is_quoted ^= number > 0
            rows += 0 if is_quoted else part.count(b"\n")
        last = piece[-1:]
    if is_quoted:
        raise ValueError(f"a cell of {name} does not end")
    return rows - 1 + (last not in (b"", b"\n"))


def _parquet_rows(tree: Tree, name: str) -> int:
    try:
        from pyarrow import parquet
    except ImportError:
        raise ValueError(
            "pyarrow is not installed; run pip install 'zhengwen[handover]' to count the rows of "
            "Parquet"
        ) from None
    with tree.open(name) as file:
        return int(parquet.read_metadata(file).num_rows)
