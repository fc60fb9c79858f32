"""docs/data-dictionary.md, from the declarations of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archive.database.data_dictionary import PWID
from archive.database.schema import TABLES
from archive.database.table import Table
from archive.model.columns import Column
from archive.model.words import MEANINGS, Word
from tests.generated_docs.markdown import HEAD


def data_dictionary() -> str:
    """Every table and column of `archive.db` and of a hand-over, and the fixed words."""
    return "\n".join([HEAD, DICTIONARY_INTRODUCTION, *_tables(), *_words()]) + "\n"


DICTIONARY_INTRODUCTION = """\
# Data dictionary · 数据字典

The tables of `archive.db`, in a hand-over also as JSON Lines, CSV and Parquet. Names, order and
types of columns are a contract. Each table's DDL in the file has the same explanations
(`sqlite3 archive.db .schema`), and so has `datapackage.json` of a hand-over. Times in UTC are those
of captures; times of publication are as the page prints them, at China's +08:00.

`archive.db` 的各表及各列；移交包中另有 JSON Lines、CSV 和 Parquet 格式。
"""


def _tables() -> Iterator[str]:
    yield "| Table | 表 | Rows |\n|---|---|---|"
    for table in TABLES:
        yield f"| [`{table.name}`](#{_anchor(table)}) | {table.chinese} | {table.english} |"
    for table in TABLES:
        yield from _table(table)


def _anchor(table: Table) -> str:
    return f"{table.name}-{table.chinese.lower().replace(' ', '-')}"


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {table.name} {table.chinese}\n\n{table.english} Key: `{', '.join(table.key)}`.\n"
    yield "| Column | 列 | Type | Meaning | Unit or form | NULL |\n|---|---|---|---|---|---|"
    yield from map(_row, table.columns)
    if table.name == "captures":
        yield _row(PWID) + "\n\n`pwid` is in hand-overs only: it names the archive."


def _row(column: Column) -> str:
    meaning = column.meaning
    words = ", ".join(f"`{word}`" for word in column.words)
    english = f"{meaning.english}: {words}" if words else meaning.english
    cells = [f"`{column.name}`", meaning.chinese, column.type, english, meaning.unit, meaning.null]
    return _cells(cells)


def _words() -> Iterator[str]:
    yield "\n# Fixed words · 固定词"
    for words, meanings in MEANINGS.items():
        used = [
            f"`{table.name}.{column.name}`"
            for table in TABLES
            for column in table.columns
            if tuple(column.words) == words
        ]
        yield f"\n## {', '.join(used)}\n"
        yield from _meanings(meanings)


def _meanings(meanings: Mapping[str, Word]) -> Iterator[str]:
    yield "| Word | 中文 | Meaning |\n|---|---|---|"
    for word, meaning in meanings.items():
        yield _cells([f"`{word}`", meaning.chinese, meaning.english])


def _cells(cells: Iterable[str]) -> str:
    escaped = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| {' | '.join(escaped)} |"
