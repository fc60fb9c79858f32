"""The header of a database whose tables are in its write-ahead log so far, as after a kill."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.verification.structure import check_structure


def test_a_header_that_is_in_the_log_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE articles (id TEXT)")
        db.commit()
        assert path.read_bytes()[44:48] == bytes(4), "the declarations are in the log alone"

        headers = [each for each in check_structure(path) if each.record == "header"]
        assert headers == []

        with path.open("r+b") as file:
            file.seek(44)
            file.write(b"\0\0\0\7")
        assert [each.record for each in check_structure(path)][:1] == ["header"]
    damaged = bytearray(path.read_bytes())
    damaged[44:48] = bytes(4)
    path.write_bytes(damaged)
    assert [each.record for each in check_structure(path)][:1] == ["header"]
