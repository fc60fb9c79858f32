"""Which of the hits are shown."""

from __future__ import annotations

import sys

from archive.errors import UsageError


def bounds(limit: int | None, offset: int) -> tuple[int, int | None]:
    """Where the hits that are shown begin and end, as `islice` takes it.

    Args:
        limit: at most so many; None: all.
        offset: so many are passed over first.

    Raises:
        UsageError: no hit can be at such a place.

    Example:
        >>> bounds(20, 40), bounds(None, 0)
        ((40, 60), (0, None))
    """
    if not 0 <= offset <= offset + (limit or 0) <= sys.maxsize:
        raise UsageError(
            f"limit {limit} and offset {offset} say no place among the hits; give numbers from 0."
        )
    return offset, None if limit is None else offset + limit
