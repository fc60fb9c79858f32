"""How alike two texts are, by the sequences of letters that both have."""

from __future__ import annotations

from collections import Counter

from archive.page.letters import letters

LENGTH = 4  # letters of a sequence


def sequences(text: str) -> Counter[str]:
    """How often each sequence of four letters is in a text; signs and white space do not count.

    Example:
        >>> sequences("关于供水的通知。")["供水的通"]
        1
    """
    bare = letters(text)
    return Counter(bare[place : place + LENGTH] for place in range(max(1, len(bare) - LENGTH + 1)))


def likeness(first: Counter[str], second: Counter[str]) -> float:
    """Twice what both have over what they have together, from 0 (nothing in common) to 1.

    Args:
        first: the sequences of a text.
        second: those of another.

    Example:
        >>> likeness(sequences("关于供水的通知"), sequences("关于供水的通告"))
        0.75
    """
    together = sum(first.values()) + sum(second.values())
    return 2 * sum((first & second).values()) / together if together else 0.0
