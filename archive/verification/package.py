"""A package that was handed over: the bag, and in it WARC files, database, WACZ, tables and chain,
each as strictly as at home.

Sources: RFC 8493 (BagIt); WACZ 1.1.1; Frictionless Data Package. Nothing is asked of the network.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archive.database.opening import is_begun
from archive.disk import sha256
from archive.verification.bag import check_bag
from archive.verification.chain import check_chain
from archive.verification.finding import ASK, Finding
from archive.verification.record_table import Ledger
from archive.verification.records import Progress, check_files
from archive.verification.rows import check_rows, check_structure
from archive.verification.wacz import check_wacz
from archive.warc.directory import SUFFIX, warc_files

DATA, DATABASE, WACZ, DATAPACKAGE = (
    "data",
    "data/archive.db",
    "data/archive.wacz",
    "datapackage.json",
)


def check_package(folder: Path, *, progress: Progress = lambda size: None) -> Iterator[Finding]:
    """What is wrong with the package in `folder`."""
    yield from check_bag(folder)
    warcs = warc_files(folder / DATA / "warc")
    with Ledger() as ledger:
        for finding in check_files(warcs, ledger, progress):
            yield replace(finding, file=f"{DATA}/warc/{finding.file}", todo=ASK)
        yield from _check_database(folder, ledger, bool(warcs))
    if (folder / WACZ).exists():
        yield from check_wacz(folder / WACZ, WACZ)
    yield from _check_tables(folder)
    for finding in check_chain(folder / DATA, folder / DATA / "warc", complete=False):
        name = f"warc/{finding.file}" if finding.file.endswith(SUFFIX) else finding.file
        yield replace(finding, file=f"{DATA}/{name}", todo=ASK)


def _check_database(folder: Path, ledger: Ledger, with_records: bool) -> Iterator[Finding]:
    if not is_begun(folder / DATABASE):
        yield Finding(file=DATABASE, wrong="there is none", todo=ASK)
        return
    damage = list(check_structure(folder / DATABASE, DATABASE, ASK))
    yield from damage
    if not damage:
        ledger.attach(folder / DATABASE)
        for finding in check_rows(ledger, ASK, with_records=with_records):
            yield replace(
                finding,
                file=DATABASE if finding.file == "archive.db" else f"{DATA}/warc/{finding.file}",
            )


def _check_tables(folder: Path) -> Iterator[Finding]:
    """The descriptions beside the files, and the tables beside the database."""
    path = folder / DATAPACKAGE
    try:
        described = json.loads(path.read_text("utf-8"))["resources"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding(
            file=DATAPACKAGE, wrong=f"it cannot be read ({type(error).__name__})", todo=ASK
        )
        return
    for resource in described:
        for name in [resource["path"]] if isinstance(resource["path"], str) else resource["path"]:
            target = folder / name
            if not target.is_file():
                yield Finding(
                    file=DATAPACKAGE, wrong=f"it describes {name}, which is not there", todo=ASK
                )
            elif "hash" in resource and resource["hash"].removeprefix("sha256:") != sha256(target):
                yield Finding(
                    file=name, wrong=f"it is not what {DATAPACKAGE} says (SHA-256)", todo=ASK
                )
            elif "bytes" in resource and resource["bytes"] != target.stat().st_size:
                yield Finding(
                    file=name, wrong=f"it has not the size that {DATAPACKAGE} says", todo=ASK
                )
    if is_begun(folder / DATABASE):
        yield from _check_counts(folder)


def _check_counts(folder: Path) -> Iterator[Finding]:
    db = sqlite3.connect(f"{(folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        names = [
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for name in names:
            files = [
                *sorted((folder / DATA).glob(f"{name}.*")),
                *sorted((folder / DATA).glob(f"{name}-[0-9]*.*")),
            ]
            for form, count in (("jsonl", _lines), ("csv", _csv_rows), ("parquet", _parquet_rows)):
                found = [path for path in files if path.suffix == f".{form}"]
                if not found:
                    continue
                held = sum(count(path) for path in found)
                wanted = db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                if held != wanted:
                    wrong = f"it holds {held} rows, and the database {wanted}"
                    yield Finding(file=str(found[0].relative_to(folder)), wrong=wrong, todo=ASK)
    except (sqlite3.DatabaseError, OSError, ValueError, csv.Error) as error:
        yield Finding(file=DATABASE, wrong=f"its tables cannot be counted ({error})", todo=ASK)
    finally:
        db.close()


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
