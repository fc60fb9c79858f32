"""Checks of a database against one made anew from the WARC files: every row of every table must be
the same."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlite_utils

from archive.database.chain_state import TOPIC, is_damaged
from archive.database.fulltext import LEFT_OUT
from archive.database.opening import INDEXES, attach, connect
from archive.database.producer import Producer, current
from archive.database.store import new_descriptions, other_producers
from archive.disk import require_free
from archive.index.files import Files
from archive.index.indexer import make
from archive.model.words import PASSING_STATES
from archive.platforms import Platforms
from archive.verification.finding import DATABASE, MANY, REBUILD, Finding
from archive.verification.fulltext import is_damage

TABLE_NAMES = """SELECT name FROM fresh.sqlite_master WHERE type = 'table'
    AND name NOT LIKE '%_fts%' AND name NOT LIKE 'sqlite_%'"""
# A reader's own views and indexes besides are no damage.
DECLARATIONS = """SELECT type, name, tbl_name, sql FROM fresh.sqlite_master
    EXCEPT SELECT type, name, tbl_name, sql FROM main.sqlite_master"""
ATTACHMENTS = "attachment_text"
_STATES = ", ".join(f"'{state}'" for state in sorted(PASSING_STATES))
PASSING = " UNION ".join(
    f"SELECT capture FROM {schema}.{ATTACHMENTS} WHERE state IN ({_STATES})"
    for schema in ("main", "fresh")
)
READ_OTHERWISE = f"""SELECT DISTINCT old.capture, old.state, new.state
    FROM main.{ATTACHMENTS} old JOIN fresh.{ATTACHMENTS} new USING (capture)
    WHERE old.capture IN ({PASSING}) AND old.state <> new.state ORDER BY old.capture"""
NUMBERS = ("user_version", "application_id")  # in the header of the file


def check_rebuild(
    path: Path,
    warc_dir: Path,
    platforms: Platforms,
    workers: int | None = 1,
    files: Files | None = None,
) -> Iterator[Finding]:
    """Make the database again from the WARC files, in a temporary folder, and compare all rows. It
    has no full-text index: that of the archive is compared with its own rows, elsewhere.

    Rows of another version of the program are one finding and are not compared.

    Args:
        path: the database.
        warc_dir: the WARC files that it is of.
        platforms: the archive's platforms.
        workers: processes that read the WARC files; None for one a core.
        files: gives their rows in place of `workers`.

    Raises:
        ArchiveError: where the disk has no room for the second database.
    """
    with closing(connect(path)) as db:
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            others = _other_producers(sqlite_utils.Database(db), current(platforms))
        except sqlite3.DatabaseError as error:
            yield _incomparable(error)
            return
        if others:
            yield others
            return
        _require_room(path)
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / DATABASE
            given = (warc_dir, fresh, platforms)
            make(*given, workers=workers, files=files, searchable=False)
            yield from _compare_all(db, fresh)


def _other_producers(db: sqlite_utils.Database, producer: Producer) -> Finding | None:
    ids = other_producers(db, producer)
    if not ids:
        return None
    wrong = (
        "another version of the program or its libraries made the rows, so they are not compared "
        "with what this one reads"
    )
    if differences := ", ".join(new_descriptions(db, producer)):
        wrong = (
            f"other descriptions of platforms made the rows ({differences}), so they are not "
            "compared with what these read"
        )
    return Finding(
        file=DATABASE,
        record=f"producers {', '.join(ids)}",
        wrong=wrong,
        todo=REBUILD,
    )


def _require_room(path: Path) -> None:
    """A database that is being made takes up to twice its size for a while (its write-ahead
    log)."""
    purpose = "The comparison with a database made anew"
    todo = "set TMPDIR to a folder with more room, or give --quick"
    require_free(tempfile.gettempdir(), 2 * path.stat().st_size, purpose, todo)


def _compare_all(db: sqlite3.Connection, fresh: Path) -> Iterator[Finding]:
    try:
        attach(db, fresh, "fresh")
        yield from _compare_declarations(db)
        for table in [row[0] for row in db.execute(TABLE_NAMES)]:
            yield from _compare(db, table)
        yield from _read_otherwise(db)
        for index in INDEXES:
            yield from _compare(db, f"{index}_config")
        if is_damaged(db):
            wrong = "what it says of the chain is not as it was written"
            yield Finding(file=DATABASE, record=f"about {TOPIC}", wrong=wrong, todo=REBUILD)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        yield _incomparable(error)


def _incomparable(error: sqlite3.DatabaseError) -> Finding:
    wrong = f"it cannot be compared with what the WARC files say ({error})"
    return Finding(file=DATABASE, wrong=wrong, todo=REBUILD)


def _read_otherwise(db: sqlite3.Connection) -> Iterator[Finding]:
    """Documents whose reading took too long, or ended the process, on one of two occasions."""
    for capture, here, there in db.execute(READ_OTHERWISE).fetchall():
        wrong = f"its reading ended as {here}, and as {there} now: time or memory decides it"
        yield Finding(file=DATABASE, record=f"{ATTACHMENTS} {capture}", wrong=wrong, todo=REBUILD)


def _compare_declarations(db: sqlite3.Connection) -> Iterator[Finding]:
    """What the file says of itself: its tables and indexes, and the numbers in its header."""
    for kind, name, _, _ in db.execute(DECLARATIONS).fetchall():
        wrong = "its declaration is not the program's"
        yield Finding(file=DATABASE, record=f"{kind} {name}", wrong=wrong, todo=REBUILD)
    for name in NUMBERS:
        (here,), (there,) = (
            db.execute(f"PRAGMA {schema}.{name}").fetchone() for schema in ("main", "fresh")
        )
        if here != there:
            wrong = f"the number in the header is {here}, not {there}"
            yield Finding(file=DATABASE, record=name, wrong=wrong, todo=REBUILD)


def _compare(db: sqlite3.Connection, table: str) -> Iterator[Finding]:
    info = db.execute(f'PRAGMA fresh.table_info("{table}")').fetchall()
    # `pk` counts the articles in the order of their arrival, which a rebuild need not repeat.
    names = [f'"{row[1]}"' for row in info if row[1] != "pk"]
    columns = ", ".join(names)
    # How long the chain is is compared with the chain itself; what time or memory decides, apart.
    rows = {"about": f"WHERE topic <> '{TOPIC}'", ATTACHMENTS: f"WHERE capture NOT IN ({PASSING})"}
    of = dict.fromkeys(("main", "fresh"), rows.get(table, ""))
    if table == "about":  # a database that is searched must not say so
        of["fresh"] += f" AND topic <> '{LEFT_OUT[0]}'"
    for here, there, wrong in (
        ("main", "fresh", "the row is not what the WARC files say"),
        ("fresh", "main", "the row is missing"),
    ):
        statement = (
            f'SELECT {columns} FROM {here}."{table}" {of[here]} '
            f'EXCEPT SELECT {columns} FROM {there}."{table}" {of[there]}'
        )
        for (key,) in db.execute(f"SELECT {names[0]} FROM ({statement}) LIMIT {MANY}").fetchall():
            yield Finding(file=DATABASE, record=f"{table} {key}", wrong=wrong, todo=REBUILD)
