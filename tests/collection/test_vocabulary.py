"""Which databases surely have no hit, by the characters and pairs that they have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from archive.collection import vocabulary
from archive.search.parser import parse
from tests.rigs.corpus import row, write

TEXTS = {
    0: ("防汛抗旱", "今日水位上涨。"),
    61: ("疫情防控", "两地GDP增长，防疫有力。"),  # the last bit of the first number
    62: ("防", "控疫情，防旱。"),
    70: ("没有", "别的水情。"),
}
HAS = {
    "防汛": {0},
    "防": {0, 61, 62},
    "疫情": {61, 62},
    "疫情防控": {61},
    "防旱": {62},
    "水": {0, 70},
    "疫情 OR 水位": {0, 61, 62},
    "疫情 防控": {61},
    "疫情 NOT 防控": {61, 62},  # what a hit must not have leaves none out
    "title:疫情": {61, 62},  # a title has no pairs of its own
    "不存在": set(),
}
NUMBERS = 71


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A database in which the vocabularies of some others are noted."""
    folder = tmp_path_factory.mktemp("vocabulary")
    connection = sqlite3.connect(":memory:")
    connection.execute(vocabulary.TABLE)
    for number, (title, text) in TEXTS.items():
        write(folder / f"{number}.db", [row(number, title, text, "上海发布", "2030-01-01")])
        connection.execute("ATTACH ? AS shard", [str(folder / f"{number}.db")])
        vocabulary.note(connection, "shard", number)
        connection.commit()
        connection.execute("DETACH shard")
    yield connection
    connection.close()


@pytest.mark.parametrize("query", HAS)
def test_what_lacks_a_pair_of_a_query_is_left_out(
    collection: sqlite3.Connection, query: str
) -> None:
    lacking = vocabulary.lacking(collection, parse(query), NUMBERS)
    assert set(range(NUMBERS)) - lacking == HAS[query]


@pytest.mark.parametrize("query", ["account:上海发布", "gdp", "café", "가나", "𠀀𠀁"])
def test_of_words_that_are_not_noted_nothing_is_left_out(
    collection: sqlite3.Connection, query: str
) -> None:
    assert vocabulary.lacking(collection, parse(query), NUMBERS) == set()


def test_numbers_go_by_name_in_whatever_order_shards_are_listed() -> None:
    assert vocabulary.numbers(["b", "a"]) == vocabulary.numbers(["a", "b"]) == {"a": 1, "b": 2}


def test_a_collection_that_noted_none_asks_all() -> None:
    connection = sqlite3.connect(":memory:")
    assert vocabulary.lacking(connection, parse("不存在"), NUMBERS) == set()
    connection.close()
