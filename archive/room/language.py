"""The words of the reading room in Chinese and English: English ones are in the templates, their
translations in `phrases.zh.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from archive.database.rows import ArticleRow, CaptureRow, CoverageRow
from archive.model.columns import columns_of
from archive.model.words import (
    ACCOUNT_STATUSES,
    COVERAGE_OUTCOMES,
    FILE_KINDS,
    KINDS,
    LINK_CHANGES,
    LIST_ENDS,
    OUTCOMES,
    PAGE_UNITS,
    STATUSES,
    WITHDRAWERS,
    Word,
)
from archive.room.asked import Language

PHRASES = Path(__file__).with_name("phrases.zh.toml")
WORDS: Mapping[str, Mapping[Any, Word]] = {
    "status": STATUSES,
    "outcome": OUTCOMES,
    "coverage": COVERAGE_OUTCOMES,
    "account": ACCOUNT_STATUSES,
    "withdrawer": WITHDRAWERS,
    "kind": KINDS,
    "file": FILE_KINDS,
    "listed": LINK_CHANGES,
    "unit": PAGE_UNITS,
    "list_end": LIST_ENDS,
}


@cache
def translations() -> dict[str, str]:
    """The Chinese of every English phrase."""
    phrases: dict[str, str] = tomllib.loads(PHRASES.read_text("utf-8"))
    return phrases


class Speaker:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        """Args: language: of the page."""
        self.language = language

    def phrase(self, english: str, **values: object) -> Markup:
        """A phrase, with values in the place of their names in braces, as markup in which the
        values are escaped.

        Example:
            >>> Speaker("en").phrase("{count} hits", count="<3>")
            Markup('&lt;3&gt; hits')
        """
        words = translations().get(english, english) if self.language == "zh" else english
        return Markup(escape(words)).format(**values)

    def word(self, kind: str, value: str | None) -> str:
        """One of the fixed words of the archive (`archive.model.words`)."""
        word = WORDS[kind].get(value)
        if word and self.language == "zh":
            return word.chinese
        return (value or "").replace("_", " ")

    def label(self, column: str) -> str:
        """The name of a column of `articles`, `captures` or `coverage`."""
        if self.language == "zh":
            return _labels().get(column, column)
        return column.replace("_", " ")


@cache
def _labels() -> dict[str, str]:
    columns = (*columns_of(CoverageRow), *columns_of(CaptureRow), *columns_of(ArticleRow))
    return {column.name: column.meaning.chinese for column in columns}
