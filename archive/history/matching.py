"""What two sequences have in common, in a bounded number of steps: difflib's own grows with their
square and beyond, so that two texts of 2,000 characters could take hours."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

MOST_STEPS = 20_000_000  # comparisons for two texts, about two seconds

Opcode = tuple[str, int, int, int, int]
"""As difflib's: "equal", "replace", "delete" or "insert", and where it is in both sequences."""


class TooDifferent(Exception):
    """The comparison would take more steps than are left."""


class Steps:
    """How many comparisons are left. They are counted, not timed: every machine finds the same."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def take(self, number: int) -> None:
        """Raise TooDifferent where so many are not left."""
        if number > self.left:
            raise TooDifferent
        self.left -= number


class _Counted(SequenceMatcher[str]):
    def __init__(self, before: Sequence[str], after: Sequence[str], steps: Steps) -> None:
        super().__init__(None, before, after, autojunk=False)
        self.steps, self.length = steps, len(before)
        places = self.b2j  # type: ignore[attr-defined]  # difflib's index of the second sequence
        self.costs = [0, *accumulate(len(places.get(item, ())) + 1 for item in before)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        end = self.length if ahi is None else ahi
        self.steps.take(self.costs[end] - self.costs[alo])
        return super().find_longest_match(alo, end, blo, bhi)


def opcodes(before: Sequence[str], after: Sequence[str], steps: Steps) -> list[Opcode]:
    """How one sequence becomes the other.

    Args:
        before: lines or characters.
        after: those of the later text.
        steps: how many comparisons are left; where they do not suffice, all between the common
            beginning and the common end counts as replaced.

    Example:
        >>> opcodes("abc", "abx", Steps())
        [('equal', 0, 2, 0, 2), ('replace', 2, 3, 2, 3)]
        >>> opcodes("a" * 9 + "b", "a" * 9 + "cd", Steps(10))
        [('equal', 0, 9, 0, 9), ('replace', 9, 10, 9, 11)]
    """
    try:
        return list(_Counted(before, after, steps).get_opcodes())
    except TooDifferent:
        return _ends_in_common(before, after)


def _ends_in_common(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = range(shorter - start)
    end = next((n for n in rest if before[-n - 1] != after[-n - 1]), len(rest))
    first, last = len(before) - end, len(after) - end
    pieces = [
        ("equal", 0, start, 0, start),
        ("replace", start, first, start, last),
        ("equal", first, len(before), last, len(after)),
    ]
    return [piece for piece in pieces if piece[1] < piece[2] or piece[3] < piece[4]]
