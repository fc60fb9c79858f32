"""An expression over words, and filters, as a condition in Groonga's script language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product

from archive.errors import UsageError
from archive.mirror.units import BREAK, units_of_run
from archive.search.attached import Within, every_word
from archive.search.expression import Either, Expression, Word
from archive.search.filters import Filters

MOST_RUNS = 7  # of a word: each two may touch or not, and every way is asked for
COLUMNS: dict[str, tuple[str, ...]] = {
    "everywhere": ("title", "text", "attachments"),
    "text": ("title", "text"),
    "attachments": ("attachments",),
}
NOBODY = "false"

Begun = Callable[[str], list[str]]
"""Gives the units of the mirror that begin with some characters."""


def literal(text: str) -> str:
    """A text in a script.

    Example:
        >>> literal('a"b')
        '"a\\\\"b"'
    """
    return json.dumps(text, ensure_ascii=False)


def condition(expression: Expression, filters: Filters, within: Within, begun: Begun) -> str:
    """The condition that the hits of a search satisfy.

    Args:
        expression: as `parse` made it.
        filters: those of the search.
        within: where it looks.
        begun: gives the units that begin so, for words with a star.

    Raises:
        UsageError: a word is of too many parts.
    """
    parts = [f"({_of(expression, within, begun)})", *_of_filters(filters)]
    if within == "attachments":  # one that only a title satisfies is none
        words = [word for word in every_word(expression) if not word.field]
        parts.append(f"({' || '.join(_of_word(word, within, begun) for word in words) or NOBODY})")
    return " && ".join(parts)


def _of(expression: Expression, within: Within, begun: Begun) -> str:
    if isinstance(expression, Word):
        return _of_word(expression, within, begun)
    parts = [f"({_of(part, within, begun)})" for part in expression.parts]
    if isinstance(expression, Either):
        return " || ".join(parts)
    without = "".join(f" &! ({_of(part, within, begun)})" for part in expression.without)
    return f"({' && '.join(parts)}){without}"


def _of_word(word: Word, within: Within, begun: Begun) -> str:
    columns = (word.field,) if word.field else COLUMNS[within]
    asked = [
        f"{column}_units @ {literal(phrase)}"
        for phrase in _phrases(word, begun)
        for column in columns
    ]
    return " || ".join(asked) or NOBODY


def _phrases(word: Word, begun: Begun) -> Iterator[str]:
    """The ways in which a text may have a word: with a break between two of its runs, or none."""
    if len(word.runs) > MOST_RUNS:
        raise UsageError(
            f"The search server takes words of at most {MOST_RUNS} parts, and {word.text!r} has "
            f"{len(word.runs)}; search for some of them."
        )
    runs = [units_of_run(units) for units in word.runs]
    *before, last = runs[-1]
    endings = begun(last) if word.open_ended else [last]
    for breaks in product((" ", f" {BREAK} "), repeat=len(runs) - 1):
        begin = "".join(" ".join(run) + gap for run, gap in zip(runs, breaks, strict=False))
        yield from (begin + " ".join([*before, ending]) for ending in endings)


def _of_filters(filters: Filters) -> Iterator[str]:
    for name in ("platform", "status", "kind"):
        if value := getattr(filters, name):
            yield f"{name} == {literal(value)}"
    if filters.account:
        yield f"names @ {literal(filters.account)}"
    if filters.since:
        yield f"published >= {literal(filters.since)}"
    if filters.until:
        end = _day_after(filters.until)
        yield f'published != "" && published < {literal(end)}'


def _day_after(day: str) -> str:
    """The next day; after the last one of all what no day comes after."""
    try:
        return (date.fromisoformat(day) + timedelta(1)).isoformat()
    except OverflowError:
        return ":"
