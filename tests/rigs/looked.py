"""Rows of a ledger: when an account's list was looked at, and what was listed then."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.rigs.corpus import row, write

ACCOUNT = "44871"


def walk(covered_from: str | None, begun_at: str, **values: Any) -> dict[str, Any]:
    """A walk that met all that is listed from one moment to another; `values` say otherwise."""
    fixed = {"complete": 1, "ended": 0, "outcome": "none", "first_listed": covered_from}
    return {"covered_from": covered_from, "begun_at": begun_at, **fixed, **values}


def entry(published_at: str, article: str = "thepaper-999999") -> dict[str, Any]:
    """An entry of the list."""
    return {"published_at": published_at, "article_id": article}


def looked_at(
    folder: Path,
    published: Sequence[str],
    walks: Sequence[dict[str, Any]],
    listed: Sequence[dict[str, Any]] = (),
    account: str = ACCOUNT,
) -> Path:
    """An archive of one account that published on some days, and whose list was walked through."""
    rows = [row(number, f"题{number}", "文", "云溪发布", f"{day}T08:00:00+08:00") | {"account_id": account}
            for number, day in enumerate(published)]  # fmt: skip
    write(folder / "archive.db", rows)
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("UPDATE articles SET platform = 'thepaper'")
        for number, values in enumerate(walks):
            fixed = {"run": f"run-{number}", "platform": "thepaper", "account_id": account, "at": values["begun_at"], "record": f"r{number}"}  # fmt: skip
            _insert(db, "coverage", fixed | values)
            _insert(db, "runs", {"id": f"run-{number}", "platform": "thepaper", "started_at": values["begun_at"]})  # fmt: skip
        for number, values in enumerate(listed):
            fixed = {"platform": "thepaper", "native_id": str(number), "account_id": account, "url": f"https://a.example/{number}",
                     "kind": "article", "first_listed_at": "2031-01-01T00:00:00Z", "last_listed_at": "2031-01-01T00:00:00Z"}  # fmt: skip
            _insert(db, "links", fixed | values)
        db.commit()
    return folder


def _insert(db: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    names, places = ", ".join(values), ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values()))
