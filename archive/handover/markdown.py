"""Markdown out of templates and rows, for README and DATASHEET.

A value is a text of others, such as a name or a title, and is shown as it is; what is Markdown on
purpose is `Markup`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from string import Template

from archive.escaping import for_markdown, for_terminal

CODE = re.compile(r"[\w.-]+")


class Markup(str):
    """Text that is Markdown already."""

    __slots__ = ()


def markup(value: object) -> Markup:
    """A value as Markdown that shows it as it is; Markup stays."""
    return value if isinstance(value, Markup) else Markup(for_markdown(str(value)))


def fill(name: str, values: Mapping[str, object]) -> Markup:
    """A template of this room with its `$names` filled in.

    Args:
        name: of a file in `texts`.
        values: more than the template asks for does no harm.

    Raises:
        KeyError: for a name without a value.
    """
    return sentence((files("archive.handover") / "texts" / name).read_text("utf-8"), **values)


def sentence(template: str, **values: object) -> Markup:
    """Markdown of ours with its `$names` filled in.

    Example:
        >>> sentence("`$count` of $title", count=2, title="<b>")
        '`2` of &lt;b&gt;'
    """
    shown = {name: markup(value) for name, value in values.items()}
    return Markup(Template(template).substitute(shown))


def table(head: Sequence[str], rows: Iterable[Sequence[object]], nothing: str) -> Markup:
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
        return Markup(nothing)
    return Markup("\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]))


def _cell(value: object) -> str:
    return "-" if value is None else markup(value)


def bullets(sentences: Iterable[str]) -> Markup:
    """A list of sentences."""
    return Markup("\n".join(f"- {markup(sentence)}" for sentence in sentences))


def code(text: str) -> Markup:
    """A word as code, where nothing in it could end the code."""
    return Markup(f"`{text}`") if CODE.fullmatch(text) else markup(text)


def own_words(text: str) -> Markup:
    """What the operator wrote, who may use Markdown there and no HTML."""
    return Markup(for_terminal(text.strip(), multiline=True).replace("<", "&lt;"))


def quotation(text: str) -> Markup:
    """The operator's words as a quotation, line by line."""
    return Markup("\n".join(f"> {line}".rstrip() for line in own_words(text).splitlines()))
