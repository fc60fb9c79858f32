"""Alarms of a run: accounts that did not answer as they should, articles that could not be fetched,
accounts that fell silent, and drift of a platform."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from archive.database.opening import read_rows
from archive.history.silence import ENTRIES, moment_of, rhythm
from archive.monitoring.drift import drift

OUTCOMES = (
    "blocked",
    "throttled",
    "format_changed",
    "suspicious_empty",
    "unreachable",
    "moved",
    "gone",
    "robots",
    "endless",
)
"""The outcomes of `coverage` that somebody should look at."""

# A response that came the same before is a revisit, and means what its original meant.
REFUSED = """WITH responses AS (SELECT c.url, c.article_id, c.account_id,
            coalesce(o.outcome, c.outcome) AS outcome, coalesce(o.reason, c.reason) AS reason
        FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
        WHERE c.run = :run AND c.role = 'article'),
    attempts AS (SELECT url, article_id, account_id, outcome, reason
        FROM failures WHERE run = :run AND role = 'article' UNION SELECT * FROM responses)
    SELECT DISTINCT url, outcome, reason FROM attempts
    WHERE (outcome IN ('blocked', 'throttled', 'unreadable', 'error')
            OR (outcome = 'redirect' AND account_id IS NULL))
        AND NOT EXISTS (SELECT 1 FROM responses WHERE responses.article_id = attempts.article_id
            AND responses.outcome IN ('article', 'unchanged'))
    ORDER BY url"""


def of_runs(connection: sqlite3.Connection, runs: Sequence[str], now: datetime) -> list[str]:
    """List the alarms of some runs, a sentence each.

    Args:
        connection: the archive's database.
        runs: their ids.
        now: the time that silence is measured at, with a zone.
    """
    return [sentence for run in runs for sentence in _of_run(connection, run, now)]


def _of_run(connection: sqlite3.Connection, run: str, now: datetime) -> Iterator[str]:
    coverage = "SELECT * FROM coverage WHERE run = ? ORDER BY account_id"
    for row in read_rows(connection, coverage, [run]):
        account = f"{row['platform']} {row['account_id']}"
        if row["outcome"] in OUTCOMES:
            yield f"{account}: {row['outcome']} ({row['reason']})"
        elif reason := silence(connection, row["platform"], row["account_id"], now):
            yield f"{account}: silent ({reason})"
    for row in read_rows(connection, REFUSED, {"run": run}):
        yield f"{row['url']}: {row['outcome']} ({row['reason']})"
    for fall in drift(connection, run):
        yield f"drift: {fall}"


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
