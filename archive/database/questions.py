"""A connection that answers single questions: read-only, and empty before anything is indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.database.opening import connect, is_begun


class Questions:
    """Answers of a database, by one connection that is open until `close`.

    Args:
        db_path: the database; every answer is empty where it is not there yet.

    Example:
        >>> Questions(Path("archive.db")).has("SELECT 1 FROM articles WHERE id = ?", "demo-1")
        False
    """

    def __init__(self, db_path: Path) -> None:
        self._connection: sqlite3.Connection | None = None
        if is_begun(db_path):
            self._connection = connect(db_path, check_same_thread=False)

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def rows(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement with these values."""
        if self._connection is not None:
            yield from self._connection.execute(statement, values)

    def value(self, statement: str, *values: object) -> Any:
        """The first column of the first row; None where there is no row."""
        return next((row[0] for row in self.rows(statement, *values)), None)

    def text(self, statement: str, *values: object) -> str | None:
        """As `value`, as text."""
        value = self.value(statement, *values)
        return None if value is None else str(value)

    def has(self, statement: str, *values: object) -> bool:
        """Whether there is a row, with a first column that is not NULL."""
        return self.value(statement, *values) is not None
