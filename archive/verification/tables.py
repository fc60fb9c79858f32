"""Checks of the tables of a package: `datapackage.json` describes every file as it is (Frictionless
Data Package, https://specs.frictionlessdata.io/data-package/), and every table has as many rows as
the database."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.database.opening import is_begun, reading_uri
from archive.disk import sha256
from archive.verification.finding import ASK, Finding

DATA, DATABASE, DESCRIPTION = "data", "data/archive.db", "datapackage.json"


def check_tables(folder: Path) -> Iterator[Finding]:
    """What is wrong with the tables of the package in `folder`."""
    try:
        resources = list(json.loads((folder / DESCRIPTION).read_text("utf-8"))["resources"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        wrong = f"it cannot be read ({type(error).__name__})"
        yield Finding(file=DESCRIPTION, wrong=wrong, todo=ASK)
        return
    for resource in resources:
        try:
            yield from _check_resource(folder, resource)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            wrong = f"a resource is not described as it must be ({type(error).__name__}: {error})"
            yield Finding(file=DESCRIPTION, wrong=wrong, todo=ASK)
    if is_begun(folder / DATABASE):
        yield from _check_counts(folder)


def _check_resource(folder: Path, resource: dict[str, Any]) -> Iterator[Finding]:
    paths = resource["path"]
    for name in [paths] if isinstance(paths, str) else paths:
        yield from _check_file(folder / name, name, resource)


def _check_file(path: Path, name: str, resource: dict[str, Any]) -> Iterator[Finding]:
    if not path.is_file():
        wrong = f"it describes {name}, which is missing"
        yield Finding(file=DESCRIPTION, wrong=wrong, todo=ASK)
    elif "hash" in resource and resource["hash"].removeprefix("sha256:") != sha256(path):
        yield Finding(file=name, wrong=f"it is not what {DESCRIPTION} says (SHA-256)", todo=ASK)
    elif "bytes" in resource and resource["bytes"] != path.stat().st_size:
        yield Finding(file=name, wrong=f"it has not the size that {DESCRIPTION} says", todo=ASK)


def _check_counts(folder: Path) -> Iterator[Finding]:
    with closing(sqlite3.connect(reading_uri(folder / DATABASE), uri=True)) as db:
        try:
            statement = "SELECT name FROM sqlite_master WHERE type = 'table'"
            for table in [row[0] for row in db.execute(statement)]:
                yield from _check_count(folder, db, table)
        except (sqlite3.DatabaseError, OSError, ValueError, csv.Error) as error:
            yield Finding(file=DATABASE, wrong=f"its tables cannot be counted ({error})", todo=ASK)


def _check_count(folder: Path, db: sqlite3.Connection, table: str) -> Iterator[Finding]:
    data = folder / DATA
    files = [*sorted(data.glob(f"{table}.*")), *sorted(data.glob(f"{table}-[0-9]*.*"))]
    for suffix, count in ((".jsonl", _lines), (".csv", _csv_rows), (".parquet", _parquet_rows)):
        paths = [path for path in files if path.suffix == suffix]
        if not paths:
            continue
        rows = sum(count(path) for path in paths)
        expected = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
        if rows != expected:
            wrong = f"it holds {rows} rows, and the database {expected}"
            yield Finding(file=str(paths[0].relative_to(folder)), wrong=wrong, todo=ASK)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _csv_rows(path: Path) -> int:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _parquet_rows(path: Path) -> int:
    try:
        from pyarrow import parquet
    except ImportError:
        raise ValueError(
            "pyarrow is not installed; run pip install 'zhengwen[handover]' to count the rows of "
            "Parquet"
        ) from None
    return int(parquet.read_metadata(path).num_rows)
