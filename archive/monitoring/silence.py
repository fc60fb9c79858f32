"""Accounts that publish nothing for much longer than they usually do."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.history.silence import ENTRIES, moment_of, rhythm


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
    known = rhythm([moment_of(row[0]) for row in rows])
    if known is None or now <= known.silent_from:
        return None
    if _was_silent_before(connection, platform, account_id, known.silent_from):
        return None
    return str(known)


def _was_silent_before(
    connection: sqlite3.Connection, platform: str, account_id: str, silent_from: datetime
) -> bool:
    """Whether the account had fallen silent before it was followed: that is no news."""
    statement = "SELECT min(at) FROM coverage WHERE platform = ? AND account_id = ?"
    first = connection.execute(statement, (platform, account_id)).fetchone()[0]
    return first is None or datetime.fromisoformat(first) > silent_from
