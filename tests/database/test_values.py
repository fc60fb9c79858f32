"""Whatever a value is, its column gets what SQLite and UTF-8 can hold, in all tables alike."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.database import store, values, writing
from archive.database.rows import CaptureRow, LinkRow, columns
from archive.database.schema import TABLES
from archive.database.table import Table
from archive.database.values import Unstorable, refused, settled, storable
from archive.model.columns import columns_of
from tests.conftest import rows

COLUMNS = {column.name: column for column in columns_of(CaptureRow)}
TEXT, NUMBER, REQUIRED = COLUMNS["account"], COLUMNS["status"], COLUMNS["url"]


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        (None, None, None),
        ("通报", "通报", None),
        ("", "", None),
        ("\ud83d", "\ufffd", None),
        ("a\udc00b", "a\ufffdb", None),
        ("\ude00\ud83d", "\ufffd\ufffd", None),
        ("\ud83d\ude00", "😀", None),
        ("\0", "\ufffd", None),
        ("a\0b\ud800", "a\ufffdb\ufffd", None),
        ("12", "12", 12),
        ("-9223372036854775808", "-9223372036854775808", -(2**63)),
        ("9223372036854775808", "9223372036854775808", None),
        ("１２", "１２", None),
        (7, "7", 7),
        (True, "1", 1),
        (2**63 - 1, str(2**63 - 1), 2**63 - 1),
        (2**63, None, None),
        (-(10**5000), None, None),
        (2.0, "2.0", 2),
        (1.5, "1.5", None),
        (1e300, "1e+300", None),
        (float("inf"), None, None),
        (float("-inf"), None, None),
        (float("nan"), None, None),
        (b"bytes", None, None),
        ([1], None, None),
        ({"a": 1}, None, None),
        (object, None, None),
    ],
    ids=lambda value: "number" if isinstance(value, int) else ascii(value)[:20],
)
def test_a_value_is_what_its_column_can_hold(
    value: object, text: str | None, number: int | None
) -> None:
    assert settled(value, TEXT) == text
    assert settled(value, NUMBER) == number
    if value is not None:
        assert bool(refused([TEXT], {"account": value})) is (text is None)
        assert bool(refused([NUMBER], {"status": value})) is (number is None)
    if text is None:
        with pytest.raises(Unstorable, match=r"url is .*, and it must have a value"):
            settled(value, REQUIRED)


def test_a_text_without_end_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "LONGEST_TEXT", 10)

    assert settled("x" * 10, TEXT) == "x" * 10
    with pytest.raises(Unstorable, match="account has 11 characters"):
        settled("x" * 11, TEXT)


def test_every_character_is_itself_or_the_sign_for_one_that_cannot_be_stored() -> None:
    for code in range(0x110000):
        character = chr(code)
        stored = storable(character)
        assert stored == character or (
            (code == 0 or 0xD800 <= code < 0xE000) and stored == "\ufffd"
        )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_every_table_takes_hostile_values(tmp_path: Path, table: Table) -> None:
    hostile = ("a\0b\ud83d", 2**70, float("nan"), [1], {"a": 1}, b"x", -1.5)
    db = store.open_for_index(tmp_path / "archive.db")
    with db.atomic():
        for number, value in enumerate(hostile):
            required = {"TEXT": f"{number}\0\ud83d", "INTEGER": number}
            row = {
                column.name: value if column.nullable else required[column.type]
                for column in table.columns
            }
            writing.insert(db.conn, table.name, [row])
    db.close()

    names = [column.name for column in table.columns if column.type == "TEXT"]
    (first, *_) = stored = rows(
        tmp_path, f"SELECT * FROM {table.name} WHERE '0\ufffd\ufffd' IN ({', '.join(names)})"
    )
    assert {first[name] for name in names} <= {"0\ufffd\ufffd", "a\ufffdb\ufffd"}, stored


def test_one_row_that_cannot_be_stored_undoes_itself_alone(tmp_path: Path) -> None:
    link = LinkRow(
        platform="p", native_id="1", account_id="7", article_id="p-1", url="u", kind="article", title="t",
        published_at=None, first_listed_at="2026-01-01T00:00:00Z", last_listed_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    db = store.open_for_index(tmp_path / "archive.db")
    with db.atomic():
        writing.merge_links(db.conn, [columns(link)])
        with pytest.raises(Unstorable), writing.savepoint(db.conn):
            writing.merge_links(db.conn, [columns(link) | {"native_id": "2"}])
            writing.merge_links(db.conn, [columns(link) | {"native_id": ["3"]}])
        writing.merge_links(db.conn, [columns(link) | {"native_id": "4"}])
    db.close()

    assert [row["native_id"] for row in rows(tmp_path, "SELECT native_id FROM links")] == ["1", "4"]


@pytest.mark.parametrize(
    ("error", "is_of_database"),
    [
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("attempt to write a readonly database"), True),
        (sqlite3.DatabaseError("database disk image is malformed"), True),
        (sqlite3.IntegrityError("NOT NULL constraint failed"), False),
        (sqlite3.DataError("string or blob too big"), False),
        (sqlite3.ProgrammingError("type 'dict' is not supported"), False),
        (OverflowError("Python int too large"), False),
        (UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed"), False),
        (MemoryError(), False),
    ],
)  # fmt: skip
def test_what_concerns_the_database_is_no_fault_of_a_row(
    error: Exception, is_of_database: bool
) -> None:
    assert writing.is_of_database(error) is is_of_database
