"""What the tier `metadata` may not hold: no twelve characters in a row of a body text, except those
that a title has too.

Texts, summaries and captions are left out by their columns. Names, sources and other printed words
are facts about an article, and are left out only where a body text has the same twelve characters;
the README says how many were.
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
    """Every twelve characters in a row of a text.

    Example:
        >>> list(runs("疫情防控工作领导小组办公室"))
        ['疫情防控工作领导小组办公', '情防控工作领导小组办公室']
    """
    return (text[start : start + LONGEST + 1] for start in range(len(text) - LONGEST))


class Withheld:
    """Decides for each value of a table whether it is handed over.

    Args:
        selection: the chosen rows, which are read once.
        tables: the names of the tables.

    Attributes:
        counts: how many values were emptied so far, by `table.column`.
    """

    def __init__(self, selection: Selection, tables: Iterable[str]) -> None:
        self.columns = {table: columns_of_table(table) for table in tables}
        self.counts: dict[str, int] = {}
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
        sensitivity = column.meaning.sensitivity
        if not isinstance(value, str) or sensitivity in ("plain", "title"):
            return value
        if sensitivity == "captions":
            pictures = [picture | {"caption": None} for picture in json.loads(value)]
            return json.dumps(pictures, ensure_ascii=False)
        if sensitivity == "printed" and self.runs.isdisjoint(runs(value)):
            return value
        name = f"{table}.{column.name}"
        self.counts[name] = self.counts.get(name, 0) + 1
        return None if column.nullable else ""


def _values(
    selection: Selection, columns: dict[str, tuple[Column, ...]], sensitivity: str
) -> Iterator[str]:
    """The different values of all columns of a sensitivity that are long enough to matter."""
    for table, of_table in columns.items():
        for column in of_table:
            if column.meaning.sensitivity != sensitivity:
                continue
            statement = f"""SELECT DISTINCT "{column.name}" FROM "{table}"
                WHERE length("{column.name}") > {LONGEST} AND ({_rows(selection, table)})"""
            for row in selection.connection.execute(statement, selection.values):
                yield row[0]


def _in_texts(selection: Selection, suspected: set[str]) -> set[str]:
    """Those of the suspected runs that a body text has."""
    shared: set[str] = set()
    for table in ("versions", "articles") if suspected else ():
        statement = f"SELECT text FROM {table} WHERE {_rows(selection, table)}"
        for row in selection.connection.execute(statement, selection.values):
            shared |= suspected.intersection(runs(row[0]))
    return shared


def _rows(selection: Selection, table: str) -> str:
    if table == "articles" and not selection.request.everything:
        return "id IN (SELECT id FROM chosen_articles)"
    return selection.rows_of(table)
