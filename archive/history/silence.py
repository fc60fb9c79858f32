"""From when on it is unusual that an account has published nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

ENTRIES, LEAST_ENTRIES = 60, 8  # of an account's listing, from which its usual interval is known
PATIENCE, LEAST_SILENCE = 3, timedelta(days=3)  # times the interval that nine of ten gaps keep to


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an account publishes: its `newest` entry, the `usual` interval between two, and
    from when on a further wait is silence."""

    newest: datetime
    usual: timedelta
    silent_from: datetime

    def __str__(self) -> str:
        days = self.usual.total_seconds() / 86_400
        return (
            f"nothing since {self.newest:%Y-%m-%d}, where nine of ten gaps were under "
            f"{days:.1f} days"
        )


def rhythm(moments: Sequence[datetime]) -> Rhythm | None:
    """The rhythm of an account; None where too little is known of it.

    Args:
        moments: when its newest entries were published, the newest first, each once; `ENTRIES` of
            them suffice.

    Example:
        >>> days = [datetime(2031, 3, day) for day in range(9, 0, -1)]
        >>> rhythm(days).silent_from
        datetime.datetime(2031, 3, 12, 0, 0)
    """
    if len(moments) < LEAST_ENTRIES:
        return None
    gaps = sorted(later - earlier for later, earlier in pairwise(moments))
    usual = gaps[int(0.9 * (len(gaps) - 1))]
    return Rhythm(moments[0], usual, moments[0] + max(PATIENCE * usual, LEAST_SILENCE))


def moment_of(text: str) -> datetime:
    """A time of a listing; where it has no zone, the begin of its day in China."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else datetime.fromisoformat(f"{text[:10]}T00:00:00+08:00")
