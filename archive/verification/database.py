"""The database of a package: opened without trust, and looked at before anything of it is asked.

A SQLite file may hold views and virtual tables in the place of tables, triggers, computed columns
and expressions, each of which is a program that runs when it is read
(https://www.sqlite.org/security.html). A package has none of them, so one that does is not read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from archive.database.opening import INDEXES
from archive.database.schema import TABLES, is_our_index
from archive.verification.finding import ASK, Finding, Several

INDEX = "articles_fts"
PARTS = ("data", "idx", "content", "docsize", "config")
SHADOWS = frozenset(f"{index}_{part}" for index in INDEXES for part in PARTS)
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 8 * 2**20,  # bytes of a row: a text of some two million characters
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
# Steps of SQLite's machine that a reading may take: a hundred times what the checks of a package's
# database took for each of its bytes.
STEPS, STEPS_A_BYTE, STEP = 20_000_000, 100, 10_000
REFUSED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
FULL_TEXT = re.compile(rf"CREATE VIRTUAL TABLE \W?({'|'.join(INDEXES)})\W? USING fts5\b", re.I)


class PackageDatabase:
    """The database of a package.

    Attributes:
        tables: the tables in it that a package has, once `faults` has looked.
    """

    def __init__(self, path: Path, size: int) -> None:
        """Note it.

        Args:
            path: the file, a regular one.
            size: the bytes of all that is compared with it, and of itself.
        """
        self.path, self.size = path, size
        self.tables: list[str] = []

    @property
    def uri(self) -> str:
        """Its address for SQLite: read only, without any file next to it, such as a journal."""
        return f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"

    def connect(self) -> sqlite3.Connection:
        """A connection that reads the tables, within limits."""
        connection = sqlite3.connect(self.uri, uri=True)
        self.limit(connection)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA mmap_size = 0")
        connection.set_authorizer(_authorize)
        return connection

    def limit(self, connection: sqlite3.Connection) -> None:
        """Set the limits of a connection that reads it."""
        for limit, value in LIMITS.items():
            connection.setlimit(limit, value)
        connection.set_progress_handler(self._countdown(), STEP)

    def _countdown(self) -> Callable[[], int]:
        left = STEPS + STEPS_A_BYTE * self.size

        def step() -> int:
            nonlocal left
            left -= STEP
            return int(left < 0)

        return step

    def faults(self, shown: str) -> Iterator[Finding]:
        """What in it is no table of a package, looked at without reading a row.

        Args:
            shown: its name in findings.
        """
        try:
            with closing(self.connect()) as connection:
                yield from Several().add_all(
                    Finding(file=shown, record=name, wrong=wrong, todo=ASK)
                    for name, wrong in self._schema_faults(connection)
                )
        except (sqlite3.Error, MemoryError) as error:
            wrong = f"it cannot be opened ({error or type(error).__name__})"
            yield Finding(file=shown, wrong=wrong, todo=ASK)

    def _schema_faults(self, connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        known = {table.name for table in TABLES}
        entries = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
        names = []
        for kind, name, of, sql in entries:
            is_table = kind == "table" and _is_plain(str(sql))
            if is_table and name in known:
                names.append(name)
            elif not (
                (is_table and (name in SHADOWS or str(name).startswith("sqlite_stat")))
                or (kind == "table" and name in INDEXES and FULL_TEXT.match(str(sql)))
                or (kind == "index" and of in known | SHADOWS)
            ):
                yield str(name), f"no package has a {kind} of this name and kind"
        yield from self._column_faults(connection, names)
        if not is_our_index(connection):
            yield INDEX, "it is no full-text index of this program"
        self.tables = names

    def _column_faults(
        self, connection: sqlite3.Connection, names: list[str]
    ) -> Iterator[tuple[str, str]]:
        for name in names:
            for row in connection.execute(f'PRAGMA table_xinfo("{name}")'):
                if row[6]:
                    yield name, f"its column {row[1]} is computed"
            for index in connection.execute(f'PRAGMA index_list("{name}")').fetchall():
                quoted = str(index[1]).replace('"', '""')
                for row in connection.execute(f'PRAGMA index_xinfo("{quoted}")'):
                    if row[1] == -2:
                        yield name, f"its index {index[1]} computes what it holds"


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    is_refused = action in REFUSED or (
        action == sqlite3.SQLITE_FUNCTION and second in ("load_extension", "fts3_tokenizer")
    )
    return sqlite3.SQLITE_DENY if is_refused else sqlite3.SQLITE_OK


def _is_plain(sql: str) -> bool:
    return not sql.upper().lstrip().startswith("CREATE VIRTUAL")
