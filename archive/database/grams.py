"""The distinct terms of a text, and which of them are frequent: what `terms` gives, counted as
numbers.

A text has four terms for each of its characters, and to make, hash and count each as a string is
half of what indexing costs. A unit has 16 bits here, so a term of up to four is one number of 64;
numpy sorts those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from archive.database.terms import ALL_CJK, CJK, LONGEST, NO_LETTERS, RUN, comparable, terms

Codes = NDArray[np.uint16]
Numbers = NDArray[np.uint64]

BITS = 16  # of a unit
LIMITS = np.array([1 << BITS * size for size in range(1, LONGEST)], np.uint64)  # of terms of sizes
SPACE = ord(" ")
# What a word in another script is a unit by, or a character beyond 16 bits. They are for private
# use, so that none of them is in a term.
FIRST, LAST = "\ue010", "\uf8ff"
MOST = ord(LAST) - ord(FIRST) + 1  # different words; a text with more is counted as strings
CODE = re.compile(f"[{FIRST}-{LAST}]")
WORD = re.compile(f"[^\\W_{NO_LETTERS}{CJK}]+|[\U00020000-\U000323af]|[{FIRST}-{LAST}]")


def joined(text: str, marks: Mapping[str, int]) -> str:
    """The distinct terms of a text, separated by spaces, in no order that says anything.

    Args:
        text: the text.
        marks: how often a term occurs at least that is there once more with a mark behind it, by
            mark, from the least on.

    Example:
        >>> sorted(joined("防控，防", {"*": 2}).split())
        ['控', '防', '防*', '防控']
    """
    words: dict[str, str] = {}

    def code(match: re.Match[str]) -> str:
        word = match[0]
        return "\0" if FIRST <= word <= LAST else words.setdefault(word, _code(len(words)))

    coded = WORD.sub(code, comparable(text))
    if len(words) > MOST:
        return " ".join(_counted(text, marks))
    units = np.frombuffer(coded.encode("utf-16-le"), np.uint16)
    together = _written(_numbers(np.where(IS_UNIT[units], units, 0)), marks)
    if words:
        of_code = {each: word for word, each in words.items()}
        together = CODE.sub(lambda match: of_code[match[0]], together)
    return together[:-1]


def _code(number: int) -> str:
    return chr(min(ord(FIRST) + number, ord(LAST)))


def _counted(text: str, marks: Mapping[str, int]) -> Iterator[str]:
    counts = Counter(terms(text))
    yield from counts
    for mark, least in marks.items():
        yield from (term + mark for term, count in counts.items() if count >= least)


def _numbers(units: Codes) -> Numbers:
    """The terms of a text as numbers, as often as each occurs.

    Args:
        units: those of the text, 0 between two runs.
    """
    alone, are_units = units.astype(np.uint64), units != 0
    numbers, are_terms = alone, are_units
    terms_of_sizes = [numbers[are_terms]]
    for last in range(1, min(LONGEST, len(units))):
        numbers = numbers[:-1] | (alone[last:] << np.uint64(BITS * last))
        are_terms = are_terms[:-1] & are_units[last:]
        terms_of_sizes.append(numbers[are_terms])
    return np.concatenate(terms_of_sizes)


def _written(numbers: Numbers, marks: Mapping[str, int]) -> str:
    """The distinct ones of some terms, each with a space behind it."""
    if not len(numbers):
        return ""
    numbers.sort()
    is_first = np.empty(len(numbers), np.bool_)
    is_first[0] = True
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    distinct, counts = numbers[firsts], np.diff(firsts, append=len(numbers))
    ends = np.searchsorted(distinct, LIMITS)
    written = [_of_size(part, size) for size, part in enumerate(np.split(distinct, ends), 1)]
    frequent = counts >= min(marks.values(), default=len(numbers) + 1)
    written += _marked(distinct[frequent], counts[frequent], marks)
    return b"".join(written).decode("utf-16-le")


def _of_size(numbers: Numbers, size: int) -> bytes:
    """Terms of so many units in UTF-16, each with a space behind it."""
    written = np.empty((len(numbers), size + 1), np.uint16)
    written[:, :size] = _units(numbers)[:, :size]
    written[:, size] = SPACE
    return written.tobytes()


def _marked(
    distinct: Numbers, counts: NDArray[np.intp], marks: Mapping[str, int]
) -> Iterator[bytes]:
    """The terms that occur often, in UTF-16, each with a mark and a space behind it."""
    for mark, least in marks.items():
        chosen = distinct[counts >= least]
        rows = np.empty((len(chosen), LONGEST + 2), np.uint16)
        rows[:, :LONGEST] = _units(chosen)
        rows[:, LONGEST:] = ord(mark), SPACE
        yield rows[rows != 0].tobytes()


def _units(numbers: Numbers) -> Codes:
    """The units of terms, a row each, with 0 behind the last."""
    return numbers.view(np.uint16).reshape(len(numbers), LONGEST)


def _are_units() -> NDArray[np.bool_]:
    """Which characters of 16 bits are a unit each, by their number."""
    chinese = ALL_CJK.findall("".join(map(chr, range(1 << BITS))))
    units = "".join(run for part in chinese for run in RUN.findall(part))
    table = np.zeros(1 << BITS, np.bool_)
    table[np.frombuffer(units.encode("utf-16-le"), np.uint16)] = True
    table[ord(FIRST) : ord(LAST) + 1] = True
    return table


IS_UNIT = _are_units()
