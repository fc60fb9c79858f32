"""Markdown out of templates and rows, for README and DATASHEET."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any


def filled(name: str, values: Mapping[str, Any]) -> str:
    """A template of this package (`texts/NAME`) with its `$names` filled in. Raises KeyError for
    one that has no value."""
    text = (files("archive.handover") / "texts" / name).read_text("utf-8")
    return Template(text).substitute(values)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], nothing: str) -> str:
    """A Markdown table, or these words where there is no row."""
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    if not lines:
        return nothing
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines])


def _cell(value: Any) -> str:
    return "-" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def items(words: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {one}" for one in words)
