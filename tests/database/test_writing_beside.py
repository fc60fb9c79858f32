"""Whoever writes the database waits for whoever has its lock, and does not fail: readers of the reading room come and go."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.store import open_for_index

LOCK = "BEGIN IMMEDIATE"


def test_a_transaction_is_for_writing_before_it_reads(tmp_path: Path) -> None:
    db = open_for_index(tmp_path / "archive.db")
    with closing(db), closing(sqlite3.connect(tmp_path / "archive.db", timeout=0)) as other:
        with db.atomic():
            db.execute("SELECT id FROM producers").fetchall()
            with pytest.raises(sqlite3.OperationalError, match="database is locked"):
                other.execute(LOCK)
            assert other.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        other.execute(LOCK)


@pytest.mark.parametrize("fails", [True, False])
def test_a_part_of_a_transaction_ends_alone(fails: bool, tmp_path: Path) -> None:
    statement = "INSERT INTO about (topic, text) VALUES (?, '')"
    with closing(open_for_index(tmp_path / "archive.db")) as db:
        before = db["about"].count
        with db.atomic():
            db.execute(statement, ["outer"])
            try:
                with db.atomic():
                    db.execute(statement, ["inner"])
                    if fails:
                        raise ValueError("of the part")
            except ValueError:
                assert fails
        assert db["about"].count == before + (1 if fails else 2)

        with pytest.raises(ValueError, match="of all"), db.atomic():
            db.execute(statement, ["gone"])
            raise ValueError("of all")
        assert db["about"].count == before + (1 if fails else 2)
