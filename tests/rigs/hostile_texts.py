"""Texts that make a regular expression try again and again: made from what it asks for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be made as long as is wanted: `start`, then `pump` over and over, then `end`.

    `many` is repeated before them, to half of the length.
    """

    pump: str
    start: str = ""
    end: str = ""
    many: str = ""

    def __call__(self, size: int) -> str:
        """The text of about `size` characters."""
        first = self.many * (size // 2 // len(self.many)) if self.many else ""
        rest = self.pump * max(1, (size - len(first)) // len(self.pump))
        return f"{first}{self.start}{rest}{self.end}"

    def __str__(self) -> str:
        first = f"{self.many!r} × n + " if self.many else ""
        start = f"{self.start[:80]!r} + " if self.start else ""
        return f"{first}{start}{self.pump[:80]!r} × n{f' + {self.end!r}' if self.end else ''}"


ALPHABET = " \n\ta0A中.-/_<>'\"(=,:：，#"
ANYWHERE = (
    *(" ", "\n", "0", "a", "中", "<", "(", "[", "{", '"', "'", "\\", "&", "=", "!", "：", "-"),
    *(
        "<!--",
        "<!---->",
        "<!-->",
        "<script",
        "<script>",
        "<a ",
        "</",
        "&#",
        " \n",
        "a ",
        "0-",
        "中 ",
    ),
)
ENDS = ("", "\x00", "\n!")
MOST_PREFIXES, MOST_PUMPS = 6, 14
MOST = 400  # repeats in a start


def hostile_texts(pattern: re.Pattern[Any]) -> list[Text]:
    """Texts for a pattern: each of its repeats is fed over and over, behind what leads up to it,
    and then disappointed."""
    source = pattern.pattern
    source = source.decode("latin-1") if isinstance(source, bytes) else source
    tree = parser.parse(source, pattern.flags & ~(re.UNICODE | re.LOCALE))
    letters = "".join(dict.fromkeys("".join(_literals(tree))))[:12]
    alphabet = list(dict.fromkeys(letters + ALPHABET))
    starts = list(dict.fromkeys(("", *_starts(tree, ""))))
    pumps = list(dict.fromkeys(filter(None, (*_bodies(tree), *_classes(tree, alphabet)))))
    return list(dict.fromkeys(_texts(starts, pumps[:MOST_PUMPS])))


def _texts(starts: list[str], pumps: list[str]) -> Iterator[Text]:
    yield from (Text(pump) for pump in (*ANYWHERE, *pumps, *starts) if pump)
    for start, pump in product(_spread(starts, MOST_PREFIXES), pumps):
        yield from (Text(pump, start, end) for end in ENDS)
        if start:
            yield from (Text(start + pump), Text(start + pump * 40), Text(pump, many=start))
    for first, second in product(pumps[:5], pumps[:5]):
        if first != second:
            yield from (Text(second, many=first, end="\x00"), Text(first + second, end="\x00"))


def _spread(values: list[str], most: int) -> list[str]:
    """The longest and the shortest, and some between."""
    ordered = sorted(values, key=len)
    step = max(1, len(ordered) // most)
    return list(dict.fromkeys([*ordered[::step][:most], *ordered[-2:]]))


def _literals(tree: Any) -> Iterator[str]:
    for code, value in tree:
        if code is codes.LITERAL:
            yield chr(value)
        for part in _inside(code, value):
            yield from _literals(part)


def _inside(code: Any, value: Any) -> list[Any]:
    """The parts of a pattern within a node of its tree."""
    if code is codes.BRANCH:
        return list(value[1])
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is codes.ATOMIC_GROUP:
        return [value]
    return [value[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def _sample(tree: Any, choice: int = 0, more: int = 0) -> str:
    """A text that a pattern takes, the shortest of its kind."""
    return "".join(_sample_of(code, value, choice, more) for code, value in tree)


def _sample_of(code: Any, value: Any, choice: int, more: int) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return "a" if value != ord("a") else "0"
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return next(iter(_members(value, ALPHABET)), "") or _first_of(value)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _sample(value[2], choice, more) * min(max(value[0], min(more, value[1])), MOST)
    if code is codes.BRANCH:
        return _sample(value[1][choice % len(value[1])], choice, more)
    if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        return _sample(_inside(code, value)[0], choice, more)
    return ""


def _first_of(members: Any) -> str:
    firsts = [value[0] if code is codes.RANGE else value for code, value in members]
    return next((chr(first) for first in firsts if isinstance(first, int)), "")


def _members(members: Any, alphabet: Any) -> list[str]:
    """The characters of an alphabet that a class has."""
    return [char for char in alphabet if _has(members, char)]


def _has(members: Any, char: str) -> bool:
    negated = bool(members) and members[0][0] is codes.NEGATE
    return negated != any(_is_in(code, value, char) for code, value in members)


def _is_in(code: Any, value: Any, char: str) -> bool:
    if code is codes.LITERAL:
        return ord(char) == value
    if code is codes.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    tests = {
        codes.CATEGORY_DIGIT: char.isdigit(),
        codes.CATEGORY_SPACE: char.isspace(),
        codes.CATEGORY_WORD: char.isalnum() or char == "_",
        codes.CATEGORY_NOT_DIGIT: not char.isdigit(),
        codes.CATEGORY_NOT_SPACE: not char.isspace(),
        codes.CATEGORY_NOT_WORD: not (char.isalnum() or char == "_"),
    }
    return code is codes.CATEGORY and tests.get(value, False)


def _starts(tree: Any, before: str) -> Iterator[str]:
    """What leads up to each repeat."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield before
        for part in _inside(code, value):
            yield from _starts(part, before)
        before += _sample_of(code, value, 0, 0)
    yield before


def _bodies(tree: Any) -> Iterator[str]:
    """What each repeat repeats, as several texts."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[1] > 3:
            for choice, more in ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (3, 1)):
                yield _sample(value[2], choice, more)
        for part in _inside(code, value):
            yield from _bodies(part)


def _classes(tree: Any, alphabet: list[str]) -> Iterator[str]:
    """Characters that a repeat may take, those first that the rest of the pattern asks for too."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[1] > 3:
            yield from _taken(value[2], alphabet)[:6]
        for part in _inside(code, value):
            yield from _classes(part, alphabet)


def _taken(tree: Any, alphabet: list[str]) -> list[str]:
    if len(tree) != 1:
        return []
    code, value = tree[0]
    if code is codes.IN:
        return _members(value, alphabet)
    if code is codes.ANY:
        return alphabet[:6]
    return [char for char in alphabet if code is codes.NOT_LITERAL and ord(char) != value]
