"""Accounts that publish nothing for much longer than they usually do."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from itertools import pairwise

ENTRIES, LEAST_ENTRIES = 60, 8  # of an account's listing, from which its usual interval is known
PATIENCE, LEAST_SILENCE = 3, timedelta(days=3)  # times the interval that nine of ten gaps keep to


def silence(
    connection: sqlite3.Connection, platform: str, account_id: str, now: datetime
) -> str | None:
    """Find whether an account has published nothing for much longer than it usually does.

    Args:
        connection: the archive's database.
        platform, account_id: which account.
        now: the time that silence is measured at, with a zone.

    Returns:
        Since when, and its usual interval; None where it is not silent, where too little is known
        of it, and where it was silent before it was followed.
    """
    rows = connection.execute(
        """SELECT DISTINCT published_at FROM links WHERE platform = ? AND account_id = ? AND
        published_at IS NOT NULL ORDER BY published_at DESC LIMIT ?""",
        (platform, account_id, ENTRIES),
    )
    moments = [_moment(row[0]) for row in rows]
    if len(moments) < LEAST_ENTRIES:
        return None
    gaps = sorted(later - earlier for later, earlier in pairwise(moments))
    usual = gaps[int(0.9 * (len(gaps) - 1))]
    silent_from = moments[0] + max(PATIENCE * usual, LEAST_SILENCE)
    if now <= silent_from or _was_silent_before(connection, platform, account_id, silent_from):
        return None
    days = usual.total_seconds() / 86_400
    return f"nothing since {moments[0]:%Y-%m-%d}, where nine of ten gaps were under {days:.1f} days"


def _was_silent_before(
    connection: sqlite3.Connection, platform: str, account_id: str, silent_from: datetime
) -> bool:
    """Whether the account had fallen silent before it was followed: that is no news."""
    statement = "SELECT min(at) FROM coverage WHERE platform = ? AND account_id = ?"
    first = connection.execute(statement, (platform, account_id)).fetchone()[0]
    return first is None or datetime.fromisoformat(first) > silent_from


def _moment(text: str) -> datetime:
    """A time of a listing; where it has no zone, the begin of its day in China."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else datetime.fromisoformat(f"{text[:10]}T00:00:00+08:00")
