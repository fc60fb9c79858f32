"""A table as a value, and as SQL.

Each column has its meaning as a comment, which SQLite keeps in the file, for whoever gets
only that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model.columns import Column, columns_of
from archive.model.meaning import NO_NULL

INDENT, COMMENT_AT, WIDTH = 4, 38, 100  # columns of a terminal; a Chinese character takes two


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of `archive.db`.

    `row` declares its columns, `key` names those of its primary key, `unique` another that is
    unique by itself. `chinese` is its name in Chinese, `english` says in a sentence what its rows
    are. `indexes` are statements. One with a `rowid` is found by number too.
    """

    name: str
    row: type
    chinese: str
    english: str
    key: tuple[str, ...]
    unique: str = ""
    indexes: tuple[str, ...] = ()
    rowid: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in their order."""
        return columns_of(self.row)

    def statements(self) -> Iterator[str]:
        """The statements that make the table and its indexes."""
        yield "\n".join(
            [
                f"CREATE TABLE {self.name} (",
                *_comment(f"{self.chinese}: {self.english}", " " * INDENT),
                *self._lines(),
                ")" if self.rowid else ") WITHOUT ROWID",
            ]
        )
        yield from self.indexes

    def _lines(self) -> Iterator[str]:
        for place, column in enumerate(self.columns, 1):
            comma = "," if place < len(self.columns) or len(self.key) > 1 else ""
            head = f"{' ' * INDENT}{self._declaration(column)}{comma}"
            yield from _comment(comment(column), f"{head:{COMMENT_AT}}")
        if len(self.key) > 1:
            yield f"{' ' * INDENT}PRIMARY KEY ({', '.join(self.key)})"

    def _declaration(self, column: Column) -> str:
        declared = f"{column.name} {column.type}"
        if self.key == (column.name,):
            return f"{declared} PRIMARY KEY"
        required = "" if column.nullable else " NOT NULL"
        return declared + required + (" UNIQUE" if column.name == self.unique else "")


def comment(column: Column) -> str:
    """The meaning of a column in one line.

    Example:
        >>> comment(columns_of(WarcRow)[1])
        '大小: size of the file; bytes'
    """
    meaning = column.meaning
    parts = [f"{meaning.chinese}: {meaning.english}", meaning.unit, ", ".join(column.words)]
    parts += [f"NULL: {meaning.null}"] if meaning.null != NO_NULL else []
    return "; ".join(part for part in parts if part)


def _comment(text: str, head: str) -> Iterator[str]:
    """The text as comments of SQL after `head` and below it, within the width."""
    for line in _wrapped(text, WIDTH - len(head) - len("-- ")):
        yield f"{head}-- {line}"
        head = " " * len(head)


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns of a terminal, broken at spaces."""
    lines: list[str] = []
    taken = width
    for word in text.split(" "):
        taken += 1 + _width(word)
        if taken > width:
            lines.append(word)
            taken = _width(word)
        else:
            lines[-1] += f" {word}"
    return lines


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
