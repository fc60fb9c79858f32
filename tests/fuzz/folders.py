"""Folders that are not as they were made: the entries of `warc/`, the chain, the database."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.fuzz import values
from tests.fuzz.answers import pieces

Change = Callable[[Path, random.Random], None]


def mutate_chain(archive: Path, rnd: random.Random) -> None:
    """Other lines in the chain, fewer, more, none, or bytes that are no lines."""
    path = archive / "chain.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    for _ in range(rnd.choice([1, 1, 2])):
        at = rnd.randrange(len(lines)) if lines else 0
        choice = rnd.randrange(9)
        if choice == 0:
            del lines[at:]
        elif choice == 1:
            del lines[at : at + 1]
        elif choice == 2:
            lines[at:at] = lines[at : at + 1] * rnd.choice([1, 100])
        elif choice == 3:
            rnd.shuffle(lines)
        elif choice == 4:
            lines.insert(
                at,
                rnd.choice(
                    [
                        b"\n",
                        b"[]\n",
                        b"1\n",
                        b"\xff\n",
                        b"[" * 100_000 + b"\n",
                        b"{}\n",
                        b"x" * 2_000_000,
                    ]
                ),
            )
        elif choice == 5:
            lines = [pieces(b"".join(lines), rnd)]
        elif lines:
            lines[at] = (values.text(lines[at].decode("utf-8", "replace"), rnd) or "").encode(
                "utf-8", "surrogatepass"
            ) + b"\n"
    path.write_bytes(b"".join(lines))
    if rnd.random() < 0.1:
        replace_file(path, rnd)


def mutate_database(archive: Path, rnd: random.Random) -> None:
    """Other bytes or other values in the database, or something else in its place."""
    path = archive / "archive.db"
    choice = rnd.random()
    if choice < 0.45:
        flip_file(path, rnd)
    elif choice < 0.8:
        change_rows(path, rnd)
    elif choice < 0.9:
        replace_file(path, rnd)
    else:
        other = path.with_name(path.name + rnd.choice(["-wal", "-shm", "-journal"]))
        other.write_bytes(rnd.choice([b"", b"\0" * 40_000, rnd.randbytes(5000), path.read_bytes()]))


def add_entry(warc_dir: Path, rnd: random.Random) -> None:
    """Something in `warc/` that is no finished file."""
    name = rnd.choice(["a", "z"]) + rnd.choice(
        [
            ".warc.gz",
            ".warc.gz",
            ".warc.gz.open",
            ".warc",
            ".WARC.GZ",
            "\udcff.warc.gz",
            "\x1b[31m.warc.gz",
            "\n.warc.gz",
            ".warc.gz.damaged",
            ".wacz",
        ]
    )
    path = warc_dir / name
    choice = rnd.randrange(8)
    if choice == 0:
        os.mkfifo(path)
    elif choice == 1:
        path.mkdir()
        (path / "x.warc.gz").write_bytes(b"x")
    elif choice == 2:
        path.symlink_to("nowhere")
    elif choice == 3:
        path.symlink_to(path.name)
    elif choice == 4:
        path.symlink_to("..")
    elif choice == 5:
        path.symlink_to(rnd.choice(["/dev/zero", "/dev/null", "/dev/stdin", "/proc/self/mem"]))
    elif choice == 6:
        path.write_bytes(b"")
    else:
        path.write_bytes(rnd.randbytes(500))


def flip_file(path: Path, rnd: random.Random) -> None:
    """Change one to many bytes, most often near the head."""
    data = bytearray(path.read_bytes())
    for _ in range(rnd.choice([1, 1, 2, 10, 200])):
        if data:
            at = rnd.randrange(min(len(data), rnd.choice([100, 4096, len(data)])))
            data[at] = rnd.choice([data[at] ^ 1 << rnd.randrange(8), 0, 255, rnd.randrange(256)])
    path.write_bytes(data)


def replace_file(path: Path, rnd: random.Random) -> None:
    """Something that is no such file at its place."""
    path.unlink()
    choice = rnd.randrange(8)
    if choice == 0:
        os.mkfifo(path)
    elif choice == 1:
        path.mkdir()
    elif choice == 2:
        path.symlink_to(rnd.choice(["nowhere", path.name, "..", "/etc/passwd", "/dev/zero"]))
    elif choice == 3:
        path.write_bytes(b"")
    elif choice == 4:
        path.write_bytes(rnd.randbytes(3000))
    elif choice == 5:
        path.write_bytes(b"SQLite format 3\0" + rnd.randbytes(5000))
    elif choice == 6:
        _database(path)


def _database(path: Path) -> None:
    """A database of other tables, one of them a view without an end."""
    db = sqlite3.connect(path)
    db.execute(
        "CREATE VIEW articles AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, id AS pk FROM n"
    )
    db.execute("CREATE TABLE captures (id)")
    db.execute("PRAGMA user_version = 3")
    db.commit()
    db.close()


def change_rows(path: Path, rnd: random.Random) -> None:
    """Values of other types in some rows, tables that are gone, views in their place."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = DELETE")
    try:
        tables = [
            row[0]
            for row in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
        ]
        for _ in range(rnd.choice([1, 2, 5])):
            _change(db, rnd.choice(tables), rnd)
        db.commit()
    except sqlite3.DatabaseError:
        db.rollback()  # a constraint of the schema, or a table that an earlier statement dropped
    finally:
        db.close()


VALUES = [
    "NULL",
    "''",
    "x'ff00'",
    "CAST(x'ff' AS TEXT)",
    "CAST(x'eda0bd' AS TEXT)",
    "9223372036854775807",
    "-1",
    "1e308",
    "'x' || char(0) || 'y'",
    "'[' ",
    "printf('%.*c', 200000, 'x')",
    "char(27) || '[31m'",
    "'{\"a\": 1}'",
    "9e999",
]


def _change(db: sqlite3.Connection, table: str, rnd: random.Random) -> None:
    columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    choice = rnd.random()
    if choice < 0.75 and columns:
        some = rnd.choice(["", " WHERE rowid % 2", " WHERE rowid = 1"])
        db.execute(
            f'UPDATE OR IGNORE "{table}" SET "{rnd.choice(columns)}" = {rnd.choice(VALUES)}{some}'
        )
    elif choice < 0.85:
        db.execute(f'DELETE FROM "{table}"')
    elif choice < 0.92:
        db.execute(f'DROP TABLE "{table}"')
    elif choice < 0.96:
        db.execute(f"PRAGMA user_version = {rnd.choice([0, 2, 4, -1, 2147483647])}")
    else:
        db.execute(f'ALTER TABLE "{table}" ADD COLUMN "{rnd.choice(["x", "", "a b", "字"])}"')
