"""Months, in order and without a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable

MONTH = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])")


def all_months(months: Iterable[str]) -> list[str]:
    """All months from the first to the last of some, those between them too.

    Args:
        months: as YYYY-MM; what is no month is passed over.

    Example:
        >>> all_months(["2031-02", "2030-12", "soon"])
        ['2030-12', '2031-01', '2031-02']
    """
    serials = [int(m[:4]) * 12 + int(m[5:]) - 1 for m in months if MONTH.fullmatch(m)]
    if not serials:
        return []
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(min(serials), max(serials) + 1)]
