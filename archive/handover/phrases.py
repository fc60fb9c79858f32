"""Sentences and headings of the descriptions, in English and Chinese: `texts/phrases.*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What a description says in one language; `fill` puts values in place of `$names`.

    Attributes:
        nothing: in place of a table without rows.
        no_name: in place of an empty list within a sentence.
        separator, list_separator: between names, and between names with numbers.
        unnamed: where the operator has named no domain; `$domain`.
        rights: where the operator says nothing of the rights on a platform; `$title`.
        wacz_rows: rows of the table of files, in packages with WARC.
        platform_rows: those where a platform was described in TOML.
        tiers: what a tier means.
        heads: the head of each table.
        missing: sentences of the chapter about what is missing.
        withheld: what each tier leaves out; `$columns`.
    """

    nothing: str
    no_name: str
    separator: str
    list_separator: str
    unnamed: str
    rights: str
    wacz_rows: str
    platform_rows: str
    tiers: Mapping[str, str]
    heads: Mapping[str, Sequence[str]]
    missing: Mapping[str, str]
    withheld: Mapping[str, str]


@cache
def phrases(language: Language) -> Phrases:
    """The phrases of a language."""
    text = (files("archive.handover") / "texts" / f"phrases.{language}.toml").read_text("utf-8")
    return Phrases(**tomllib.loads(text))


def fill(sentence: str, **values: object) -> str:
    """A sentence with its `$names` filled in.

    Example:
        >>> fill("$count answers were cut short ($reason)", count=2, reason="length")
        '2 answers were cut short (length)'
    """
    return Template(sentence).substitute(values)
