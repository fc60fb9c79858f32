"""Numbers of things in sentences."""

from __future__ import annotations


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number and what it counts, in the singular where it is one.

    Args:
        number: how many there are.
        singular: the noun, and what of the sentence follows it, where there is one.
        plural: the same for any other number; `singular` with an s where None.

    Example:
        >>> counted(1, "record"), counted(2, "entry was", "entries were")
        ('1 record', '2 entries were')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
