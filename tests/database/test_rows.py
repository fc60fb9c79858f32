"""The rows as values: their fields are the columns of the schema, in its order."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from types import NoneType
from typing import get_args, get_type_hints

import pytest

from archive.database import rows
from archive.database.schema import TABLES
from archive.model.columns import columns_of

DATACLASSES = {
    "captures": rows.CaptureRow,
    "failures": rows.FailureRow,
    "links": rows.LinkRow,
    "accounts": rows.AccountRow,
    "versions": rows.VersionRow,
    "articles": rows.ArticleRow,
    "withdrawals": rows.WithdrawalRow,
}


@pytest.fixture(scope="module")
def schema() -> dict[str, dict[str, bool]]:
    """By table: its columns in order, and whether each may be NULL."""
    db = sqlite3.connect(":memory:")
    for table in TABLES:
        for statement in table.statements():
            db.execute(statement)
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: {row[1]: not (row[3] or row[5]) for row in db.execute(f"PRAGMA table_info({name})")}
        for name in names
    }


@pytest.mark.parametrize("table", DATACLASSES)
def test_a_row_has_the_columns_of_its_table(table: str, schema: dict[str, dict[str, bool]]) -> None:
    kind = DATACLASSES[table]
    hints = get_type_hints(kind)

    assert [column.name for column in columns_of(kind)] == [*schema[table]]
    assert {field.name for field in fields(kind)} == {*schema[table]}
    assert {name: NoneType in get_args(hints[name]) for name in schema[table]} == schema[table]


def test_notes_of_a_crawl_have_the_columns_of_their_tables(
    schema: dict[str, dict[str, bool]],
) -> None:
    assert {*rows.RunRow.__annotations__} == {*schema["runs"]}
    assert {*rows.CoverageRow.__annotations__} == {*schema["coverage"]}
