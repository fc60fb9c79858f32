"""What two sequences have in common, in a bounded number of steps: difflib's own grows with their
square and beyond, so that two texts of 2,000 characters could take hours."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

MOST_STEPS = 6_000_000  # comparisons for two texts, about half a second
MOST_AT_ONCE = 1_000_000  # of them for one passage
MOST_CELLS = 250_000_000  # length times length of a passage compared bit by bit, in 32 MB
MOST_CELLS_OF_ALL = 500_000_000  # of two texts, about half a second

Opcode = tuple[str, int, int, int, int]
"""As difflib's: "equal", "replace", "delete" or "insert", and where it is in both sequences."""


class TooDifferent(Exception):
    """The comparison would take more steps than are left."""


class Steps:
    """How many comparisons are left. They are counted, not timed: every machine finds the same.

    `is_cut`: something was not compared, since it is too large.
    """

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left, self.cells, self.is_cut = left, MOST_CELLS_OF_ALL, False

    def take(self, number: int) -> None:
        """Raise TooDifferent where so many are not left."""
        if number > self.left:
            raise TooDifferent
        self.left -= number

    def may(self, before: int, after: int) -> bool:
        """Whether two texts of these lengths may be compared bit by bit; counts it where so."""
        cells = before * after
        if cells > min(self.cells, MOST_CELLS):
            self.is_cut = True
            return False
        self.cells -= cells
        return True


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
    """How one sequence becomes the other: by the longest runs in common; where that takes too many
    steps, by as much in common as there is.

    Args:
        before: lines or characters.
        after: those of the later text.
        steps: how many comparisons are left; where the two are too large for either way, all
            between the common beginning and the common end counts as replaced.

    Example:
        >>> opcodes("abc", "abx", Steps())
        [('equal', 0, 2, 0, 2), ('replace', 2, 3, 2, 3)]
        >>> opcodes("a" * 9 + "b", "a" * 9 + "cd", Steps(10))
        [('equal', 0, 9, 0, 9), ('insert', 9, 9, 9, 11), ('delete', 9, 10, 11, 11)]
    """
    given = Steps(min(steps.left, MOST_AT_ONCE))
    most = given.left
    try:
        return list(_Counted(before, after, given).get_opcodes())
    except TooDifferent:
        return _most_in_common(before, after, steps)
    finally:
        steps.left -= most - given.left


def _most_in_common(before: Sequence[str], after: Sequence[str], steps: Steps) -> list[Opcode]:
    """As much in common as there is, between the ends in common."""
    ends = _ends_in_common(before, after)
    return [code for end in ends for code in _within(before, after, end, steps)]


def _within(
    before: Sequence[str], after: Sequence[str], code: Opcode, steps: Steps
) -> list[Opcode]:
    from rapidfuzz.distance import LCSseq

    tag, i, j, k, m = code
    if tag == "equal" or i == j or k == m or not steps.may(j - i, m - k):
        return [code]
    numbers: dict[str, int] = {}
    old, new = (
        [numbers.setdefault(item, len(numbers)) for item in side]
        for side in (before[i:j], after[k:m])
    )
    return [
        (step.tag, step.src_start + i, step.src_end + i, step.dest_start + k, step.dest_end + k)
        for step in LCSseq.opcodes(old, new)
    ]


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
