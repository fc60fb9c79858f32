"""What became of accounts in a run: renamed, moved, suspended, removed, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive.database.opening import read_rows

# That an account is silent is an alarm of its own, as long as it lasts.
EVENTS = """SELECT s.platform, s.account_id, s.status, s.reason, s.begun_at,
        (SELECT account FROM coverage c WHERE c.run = r.id AND c.account_id = s.account_id)
            AS account,
        (SELECT b.status FROM account_status b WHERE b.platform = s.platform
            AND b.account_id = s.account_id AND b.over_at = s.begun_at
            AND b.status <> 'renamed') AS before
    FROM account_status s JOIN runs r ON r.platform = s.platform
    WHERE r.id = ? AND s.begun_at >= r.started_at
        AND s.begun_at <= coalesce(r.finished_at, s.begun_at)
        AND s.status <> 'silent'
    ORDER BY s.begun_at, s.account_id"""
HIDDEN = ("moved", "suspended", "removed")


def events(connection: sqlite3.Connection, run: str) -> Iterator[dict[str, Any]]:
    """The events that this run was the first to see, with `platform`, `account_id`, `account`,
    `status` and `reason`. An account that is shown again is `back`.

    Args:
        connection: the archive's database.
        run: its id.
    """
    for row in read_rows(connection, EVENTS, [run]):
        if row["status"] != "live":
            yield row
        elif row["before"] in HIDDEN:
            yield row | {"status": "back", "reason": f"it was {row['before']}"}
