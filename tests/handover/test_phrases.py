"""The sentences of a package say the same in both languages: the same keys, values and columns."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from string import Template

import pytest

from archive.handover.phrases import phrases
from archive.handover.request import TIERS
from archive.handover.statistics import AccountStatistics

TEXTS = files("archive.handover") / "texts"


def values(language: str) -> dict[str, object]:
    """Each sentence by its place in the file."""

    def walk(table: dict[str, object], place: str) -> Iterator[tuple[str, object]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from walk(value, f"{place}{name}.")
            else:
                yield f"{place}{name}", value

    return dict(walk(tomllib.loads((TEXTS / f"phrases.{language}.toml").read_text("utf-8")), ""))


def names(text: object) -> list[str]:
    return sorted(Template(text).get_identifiers()) if isinstance(text, str) else []


def test_both_languages_have_the_same_sentences() -> None:
    english, chinese = values("en"), values("zh")

    assert list(english) == list(chinese)
    for place, text in english.items():
        assert type(text) is type(chinese[place]), place
        assert names(text) == names(chinese[place]), place
        if isinstance(text, list):
            assert len(text) == len(chinese[place]), place


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_tier_and_each_column_has_its_words(language: str) -> None:
    words = phrases(language)  # type: ignore[arg-type]  # a parameter is a string

    assert set(words.tiers) == set(words.withheld) == set(TIERS)
    assert len(words.heads["accounts"]) == len(AccountStatistics._fields)


@pytest.mark.parametrize("kind", ["README", "CHAIN", "REPLAY", "SIGNED"])
def test_the_templates_take_the_same_values(kind: str) -> None:
    english, chinese = (
        set(names((TEXTS / f"{kind}.{language}.md").read_text("utf-8")))
        for language in ("en", "zh")
    )
    spelled_out = {"articles_count", "versions_count", "captures_count"}
    spelled_out |= {"first_published", "last_published"}  # what $description says in English

    assert english - {"description"} == chinese - spelled_out
