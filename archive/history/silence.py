"""From when on it is unusual that an account has published nothing."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

ENTRIES, LEAST_ENTRIES = 60, 8  # of an account's listing, from which its usual interval is known
PATIENCE, LEAST_SILENCE = 3, timedelta(days=3)  # times the interval that nine of ten gaps keep to
LAST = datetime.max.replace(tzinfo=UTC)

# SQLite would rather read the links of all accounts of the platform.
LISTED = """SELECT first_listed_at, published_at FROM links INDEXED BY links_account
    WHERE platform = ? AND account_id = ? AND published_at IS NOT NULL
    ORDER BY first_listed_at, published_at"""


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
    try:
        silent_from = moments[0] + max(PATIENCE * usual, LEAST_SILENCE)
    except OverflowError:  # a list may print any year
        silent_from = LAST
    return Rhythm(moments[0], usual, silent_from)


def moment_of(text: str) -> datetime:
    """A time of a listing; where it has no zone, the begin of its day in China."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else datetime.fromisoformat(f"{text[:10]}T00:00:00+08:00")


class Silence:
    """Whether an account was silent at a time, by the entries that were known then. Asked in the
    order of time, it reads each entry once."""

    def __init__(self, connection: sqlite3.Connection, platform: str, account_id: str) -> None:
        self._entries: Iterator[tuple[str, str]] = connection.execute(
            LISTED, (platform, account_id)
        )
        self._next = next(self._entries, None)
        self._moments: list[datetime] = []

    def at(self, moment: str) -> str | None:
        """Since when nothing was published, where that is unusual."""
        self._read(moment)
        now = datetime.fromisoformat(moment)
        if not self._moments or now - self._moments[-1] <= LEAST_SILENCE:
            return None
        known = rhythm(self._moments[: -ENTRIES - 1 : -1])
        return str(known) if known and now > known.silent_from else None

    def _read(self, moment: str) -> None:
        while self._next and self._next[0] <= moment:
            published = moment_of(self._next[1])
            place = bisect_left(self._moments, published)
            if self._moments[place : place + 1] != [published]:
                self._moments.insert(place, published)
            self._next = next(self._entries, None)
