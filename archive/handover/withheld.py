"""What the tier `metadata` may not hold: no twelve characters that stand together in a body text,
those of titles apart.

Texts, summaries and captions are left out by their columns. Names, sources and other printed words
are facts about an article, and are left out only where a body text says the same twelve
characters; how many were is told in the README.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from archive.database.data_dictionary import columns_of_table
from archive.handover.selection import Selection
from archive.model.columns import Column

LONGEST = 11  # characters in a row that a package without texts may share with a text


def runs(text: str) -> Iterator[str]:
    """Every twelve characters of a text that stand together."""
    return (text[start : start + LONGEST + 1] for start in range(len(text) - LONGEST))


class Withheld:
    """Decides for each value of a table whether it is handed over. It counts what it keeps back,
    by column."""

    def __init__(self, selection: Selection, tables: Iterable[str]) -> None:
        self.columns = {table: columns_of_table(table) for table in tables}
        self.counted: dict[str, int] = {}
        suspected = {
            run for value in _values(selection, self.columns, "printed") for run in runs(value)
        }
        for title in _values(selection, self.columns, "title"):
            suspected.difference_update(runs(title))
        self.runs = _in_texts(selection, suspected)

    def row(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        """A row as the package may hold it."""
        return {
            column.name: self._value(table, column, row[column.name])
            for column in self.columns[table]
        }

    def _value(self, table: str, column: Column, value: Any) -> Any:
        if not isinstance(value, str) or column.meaning.sensitivity in ("plain", "title"):
            return value
        if column.meaning.sensitivity == "captions":
            return json.dumps(
                [one | {"caption": None} for one in json.loads(value)], ensure_ascii=False
            )
        if column.meaning.sensitivity == "printed" and self.runs.isdisjoint(runs(value)):
            return value
        name = f"{table}.{column.name}"
        self.counted[name] = self.counted.get(name, 0) + 1
        return None if column.nullable else ""


def _values(
    selection: Selection, columns: dict[str, tuple[Column, ...]], kind: str
) -> Iterator[str]:
    """The different values of all columns of a kind, as far as they are long enough to matter."""
    for table, of_it in columns.items():
        for name in [column.name for column in of_it if column.meaning.sensitivity == kind]:
            statement = f"""SELECT DISTINCT "{name}" FROM "{table}"
                WHERE length("{name}") > {LONGEST} AND ({_rows(selection, table)})"""
            for row in selection.connection.execute(statement, selection.values):
                yield row[0]


def _in_texts(selection: Selection, suspected: set[str]) -> set[str]:
    """Which of these runs stand in a body text."""
    found: set[str] = set()
    for table in ("versions", "articles") if suspected else ():
        statement = f"SELECT text FROM {table} WHERE {_rows(selection, table)}"
        for row in selection.connection.execute(statement, selection.values):
            found |= suspected.intersection(runs(row[0]))
    return found


def _rows(selection: Selection, table: str) -> str:
    if table == "articles" and not selection.wanted.everything:
        return "id IN (SELECT id FROM chosen_articles)"
    return selection.rows_of(table)
