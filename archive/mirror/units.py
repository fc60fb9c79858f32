"""Texts as units, which a mirror finds in a row: one Chinese character, or one word or number in
another script."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from archive.database.terms import RUN, comparable, runs

BREAK = "|"  # between two runs; no unit, since those are of letters and digits
END = f"{BREAK} {BREAK}"  # over which no phrase goes
LETTER = re.compile(r"[^\W_]")
LONGEST = 1000  # characters of a unit that is written as it is


def units_of(text: str) -> str:
    """The units of a text with blanks between them, and a mark between runs.

    A phrase goes over what is no letter, as it does in the search of an archive, and over nothing
    else.

    Example:
        >>> units_of("疫情，ＧＤＰ 2020年")
        '疫 情 | gdp | 2020 年'
    """
    plain, place, words = comparable(text), 0, list[str]()
    for run in RUN.finditer(plain):
        if words:
            words.append(END if LETTER.search(plain, place, run.start()) else BREAK)
        words += units_of_run(next(runs(run[0])))
        place = run.end()
    return " ".join(words)


def units_of_run(units: Iterable[str]) -> list[str]:
    """Units as they are keys of an index, which are short."""
    return [unit if len(unit) <= LONGEST else _digest(unit) for unit in units]


def _digest(unit: str) -> str:
    return hashlib.sha256(unit.encode()).hexdigest()
