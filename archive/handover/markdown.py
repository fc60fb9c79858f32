"""Markdown out of templates and rows, for README and DATASHEET."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from string import Template


def fill(name: str, values: Mapping[str, object]) -> str:
    """A template of this room with its `$names` filled in.

    Args:
        name: of a file in `texts`.
        values: more than the template asks for does no harm.

    Raises:
        KeyError: for a name without a value.
    """
    text = (files("archive.handover") / "texts" / name).read_text("utf-8")
    return Template(text).substitute(values)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], nothing: str) -> str:
    """A Markdown table.

    Args:
        nothing: the text where there is no row.

    Example:
        >>> print(table(["account", "articles"], [["济南高新区", 12]], "None."))
        | account | articles |
        |---|---|
        | 济南高新区 | 12 |
    """
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    if not lines:
        return nothing
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines])


def _cell(value: object) -> str:
    return "-" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def bullets(sentences: Iterable[str]) -> str:
    """A list of sentences."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def quotation(text: str) -> str:
    """A text as a quotation, line by line."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
