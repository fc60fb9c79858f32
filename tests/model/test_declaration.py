"""A field that is declared arrives everywhere: in the table, the content digest, the diff, the data
dictionary."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args

import pytest

from archive.database.schema import TABLES
from archive.database.table import Table
from archive.history.diff import changed_fields
from archive.index.content_digest import content_digest
from archive.model import Article, Kind, StoredFields
from archive.model.columns import Column, columns_of, digest_fields, field_values, fields_by_rule
from archive.model.meaning import NO_NULL, NOT_GIVEN, Meaning, Stored, plain
from archive.model.words import MEANINGS

COLUMNS = [(table.name, column) for table in TABLES for column in table.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithWeather(Article):
    """An article with one field more, as a later version of the program may declare it."""

    weather: Annotated[
        str | None,
        Stored(
            "天气",
            "the weather, as printed",
            null=NOT_GIVEN,
            digest=10,
            by_rule=True,
            sensitivity="printed",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWithWeather(WithWeather):
    """The row of such an article."""

    FIELDS_AFTER: ClassVar[str] = "key"
    key: Annotated[str, plain("键", "key of the row")]
    counted: Annotated[int | None, plain("数", "a number", null="not counted")] = None


def article(**values: Any) -> WithWeather:
    fields = {"platform": "demo", "native_id": "1", "url": "http://a.example/1", "title": "题"}
    return WithWeather(**(fields | {"text": "第一段。"} | values))


def test_a_declared_field_is_a_column_with_its_meaning() -> None:
    table = Table(name="pretended", row=RowWithWeather, chinese="例", english="Rows.", key=("key",))
    connection = sqlite3.connect(":memory:")
    for statement in table.statements():
        connection.execute(statement)

    declared = connection.execute("PRAGMA table_info(pretended)").fetchall()
    assert [(row[1], row[2], row[3]) for row in declared if row[1] == "weather"] == [
        ("weather", "TEXT", 0)
    ]
    assert [row[1] for row in declared] == [column.name for column in table.columns]
    assert declared[0][1] == "key" and declared[-3][1:3] == ("summary", "TEXT")
    assert [row[2] for row in declared if row[1] == "counted"] == ["INTEGER"]
    sql = " ".join("\n".join(table.statements()).replace("-- ", "").split())
    assert "天气: the weather, as printed; NULL: the page does not give it" in sql


def test_a_declared_field_makes_a_version_and_is_shown_in_the_diff() -> None:
    fair, rain = article(weather="晴"), article(weather="雨")

    assert digest_fields(WithWeather) == (*digest_fields(), "weather")
    assert content_digest(fair) != content_digest(rain)
    assert content_digest(fair) == content_digest(article(weather="晴", summary="摘要"))
    assert list(changed_fields(fair, rain)) == ["weather"]
    assert "weather" in fields_by_rule(WithWeather)
    assert field_values(rain, WithWeather)["weather"] == "雨"


def test_the_digest_takes_the_fields_that_it_always_took() -> None:
    """Another order or another field would be another digest of every version."""
    expected = "kind title text author source reprinted_from original_title editor published_at"

    assert digest_fields() == tuple(expected.split())
    values = {"platform": "demo", "native_id": "1", "url": "http://a.example/1", "title": "题"}
    plain = Article(**values, text="第一段。", author="林 示例")
    assert content_digest(plain) == (
        "5c21fd8e7930efce5eabb2a7e7fbdc47f0a5c3c8efde0a03acf46c48580871a3"
    )


def test_the_places_in_the_digest_are_different() -> None:
    places = [column.meaning.digest for column in columns_of(StoredFields) if is_in_digest(column)]

    assert sorted(places) == list(range(1, len(places) + 1))


def is_in_digest(column: Column) -> bool:
    return isinstance(column.meaning, Stored) and column.meaning.digest > 0


@pytest.mark.parametrize("table", sorted({table for table, _ in COLUMNS}))
def test_every_column_explains_itself_and_its_null(table: str) -> None:
    for column in [column for name, column in COLUMNS if name == table]:
        assert column.meaning.english and column.meaning.chinese, (table, column)
        assert column.nullable == (column.meaning.null != NO_NULL), (table, column)


@pytest.mark.parametrize("words", MEANINGS, ids=lambda words: words[0])
def test_every_fixed_word_has_its_meaning(words: tuple[str, ...]) -> None:
    meanings: Mapping[str, Any] = MEANINGS[words]

    assert tuple(meanings) == words
    assert all(meaning.chinese and meaning.english for meaning in meanings.values())


def test_a_column_of_fixed_words_explains_them() -> None:
    (kind,) = [column for column in columns_of(StoredFields) if column.name == "kind"]

    assert tuple(kind.words) == get_args(Kind)
    assert "live (a broadcast with its messages)" in kind.description


class Unfit:
    number: Annotated[bytes, plain("数", "neither text nor a number")]


class Ambiguous:
    number: Annotated[int | str, plain("数", "a number or a name")]


@pytest.mark.parametrize("declaration", [Unfit, Ambiguous])
def test_a_column_of_another_type_is_refused(declaration: type) -> None:
    with pytest.raises(TypeError, match="number is declared as"):
        columns_of(declaration)


@pytest.mark.parametrize("kind", [Meaning, Stored])
def test_no_column_is_harmless_by_default(kind: type[Meaning]) -> None:
    """A package of metadata would give away the text of one that nobody thought about."""
    with pytest.raises(TypeError, match="sensitivity"):
        kind("天气", "the weather, as printed")

    assert plain("天气", "how the program was").sensitivity == "plain"
