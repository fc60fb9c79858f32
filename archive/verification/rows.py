"""The database beside the WARC files: SQLite's own structure, the full-text index, and every row
beside its record."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlite_utils

from archive.database import fulltext
from archive.database.opening import reading_uri
from archive.database.producer import current
from archive.database.store import other_producers
from archive.disk import require_free
from archive.index.indexer import rebuild
from archive.platforms import Platforms
from archive.verification.finding import REBUILD, Finding
from archive.verification.record_table import Ledger

DATABASE = "archive.db"
MANY = 20  # findings of one kind that are told one by one

# Each gives: the WARC file, the offset, the row or record.
BESIDE = {
    "the row points at no record": """SELECT c.warc, c.offset, c.id FROM live.captures c WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = c.id AND r.warc = c.warc AND r.offset = c.offset)""",
    "the record says something else than the row": """SELECT c.warc, c.offset, c.id FROM live.captures c JOIN records r
        ON r.id = c.id AND r.warc = c.warc WHERE c.url <> r.url OR c.captured_at <> r.date OR c.length <> r.length
        OR c.payload_digest IS NOT r.payload OR c.refers_to IS NOT r.refers OR c.status IS NOT r.status""",
    "the record is not in the database": """SELECT r.warc, r.offset, r.id FROM records r WHERE r.type IN ('response', 'revisit')
        AND r.http AND NOT EXISTS (SELECT 1 FROM live.captures c WHERE c.id = r.id)""",
    "the failure points at no record": """SELECT f.warc, f.offset, f.id FROM live.failures f WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = f.id AND r.warc = f.warc AND r.offset = f.offset)""",
    "the note that the row of coverage names is not here": """SELECT NULL, NULL, c.record FROM live.coverage c WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = c.record)""",
    "the file is not as it was indexed": """SELECT w.name, NULL, NULL FROM live.warcs w LEFT JOIN files f ON f.name = w.name
        WHERE f.name IS NULL OR f.size <> w.size OR f.records <> w.records""",
    "the file is not indexed": "SELECT name, NULL, NULL FROM files WHERE name NOT IN (SELECT name FROM live.warcs)",
}
WITHIN = {
    "the version's capture is not there": """SELECT NULL, NULL, v.article_id || ' ' || v.digest FROM live.versions v
        WHERE NOT EXISTS (SELECT 1 FROM live.captures c WHERE c.id = v.capture AND c.content_digest = v.digest)""",
    "the article has no such version": """SELECT NULL, NULL, a.id FROM live.articles a
        WHERE NOT EXISTS (SELECT 1 FROM live.versions v
        WHERE v.article_id = a.id AND v.digest = a.digest AND v.title = a.title AND v.text = a.text)""",
    "the picture's capture is not there": """SELECT NULL, NULL, m.article_id || ' ' || m.url FROM live.media m
        WHERE m.capture IS NOT NULL AND m.capture NOT IN (SELECT id FROM live.captures)""",
    "the producer of the row is not known": """SELECT NULL, NULL, id FROM live.articles WHERE producer NOT IN
        (SELECT id FROM live.producers) UNION ALL SELECT NULL, NULL, article_id || ' ' || digest FROM live.versions
        WHERE producer NOT IN (SELECT id FROM live.producers)""",
    "a proof of the withdrawal is not there": """SELECT NULL, NULL, w.article_id FROM live.withdrawals w, json_each(w.proofs) p
        WHERE p.value NOT IN (SELECT id FROM live.captures) AND p.value NOT IN (SELECT record FROM live.coverage)""",
}


def check_structure(path: Path, shown: str = DATABASE, todo: str = REBUILD) -> Iterator[Finding]:
    """Whether SQLite can read all of it, and the full-text index is in step."""
    try:
        connection = sqlite3.connect(reading_uri(path), uri=True)
    except sqlite3.Error as error:
        yield Finding(file=shown, wrong=f"it cannot be opened ({error})", todo=todo)
        return
    db = sqlite_utils.Database(connection)
    try:
        damage = [row[0] for row in db.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
        for one in damage or fulltext.out_of_step(db):
            yield Finding(file=shown, wrong=one, todo=todo)
    except sqlite3.DatabaseError as error:
        yield Finding(file=shown, wrong=f"it cannot be read ({error})", todo=todo)
    finally:
        db.close()


def check_rows(
    ledger: Ledger, todo: str = REBUILD, *, with_records: bool = True
) -> Iterator[Finding]:
    """The rows of the attached database beside the records, and beside one another."""
    for wrong, statement in {**(BESIDE if with_records else {}), **WITHIN}.items():
        try:
            found = list(ledger.rows(statement))
        except sqlite3.DatabaseError as error:
            yield Finding(file=DATABASE, wrong=f"it cannot be read ({error})", todo=todo)
            return
        for warc, offset, row in found[:MANY]:
            place = {"offset": int(str(offset))} if offset is not None else {}
            yield Finding(
                file=str(warc or DATABASE),
                record=str(row) if row else None,
                wrong=wrong,
                todo=todo,
                **place,
            )
        if len(found) > MANY:
            yield Finding(
                file=DATABASE, wrong=f"{wrong}, {len(found) - MANY} times more", todo=todo
            )


def _check_room(path: Path) -> None:
    """A database that is being made takes up to twice its size for a while (its write-ahead
    log)."""
    purpose = "The comparison with a database made anew"
    todo = "set TMPDIR to a folder with more room, or give --quick"
    require_free(tempfile.gettempdir(), 2 * path.stat().st_size, purpose, todo)


def check_rebuild(
    path: Path, warc_dir: Path, platforms: Platforms, workers: int | None = 1
) -> Iterator[Finding]:
    """Make the database again from the WARC files, elsewhere, and compare all rows."""
    with closing(sqlite3.connect(reading_uri(path), uri=True)) as db:
        try:
            others = other_producers(sqlite_utils.Database(db), current(platforms))
        except sqlite3.DatabaseError as error:
            yield _incomparable(error)
            return
        if others:
            wrong = "another version of the program or its libraries made the rows, so they are not compared with what this one reads"
            yield Finding(
                file=DATABASE, record=f"producers {', '.join(others)}", wrong=wrong, todo=REBUILD
            )
            return
        _check_room(path)
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / DATABASE
            rebuild(warc_dir, fresh, platforms, workers=workers)
            yield from _compare_all(db, fresh)


def _compare_all(db: sqlite3.Connection, fresh: Path) -> Iterator[Finding]:
    try:
        db.execute("ATTACH ? AS fresh", [f"{fresh.as_uri()}?mode=ro"])
        for table in [row[0] for row in db.execute(TABLE_NAMES)]:
            yield from _compare(db, table)
    except sqlite3.DatabaseError as error:
        yield _incomparable(error)


def _incomparable(error: sqlite3.DatabaseError) -> Finding:
    return Finding(
        file=DATABASE,
        wrong=f"it cannot be compared with what the WARC files say ({error})",
        todo=REBUILD,
    )


TABLE_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%' AND name NOT LIKE 'sqlite_%'"


def _compare(db: sqlite3.Connection, table: str) -> Iterator[Finding]:
    info = db.execute(f'PRAGMA main.table_info("{table}")').fetchall()
    columns = ", ".join(
        f'"{row[1]}"' for row in info if row[1] != "pk"
    )  # counts the order of arrival
    first = columns.partition(",")[0]
    for one, other, wrong in (
        ("main", "fresh", "is not what the WARC files say"),
        ("fresh", "main", "is missing"),
    ):
        statement = (
            f'SELECT {columns} FROM {one}."{table}" EXCEPT SELECT {columns} FROM {other}."{table}"'
        )
        keys = [row[0] for row in db.execute(f"SELECT {first} FROM ({statement}) LIMIT {MANY}")]
        for key in keys:
            yield Finding(
                file=DATABASE, record=f"{table} {key}", wrong=f"the row {wrong}", todo=REBUILD
            )
