"""What a person must look at: accounts that did not answer as they should, articles that could not
be had, drift and silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise

import sqlite_utils

from archive.model import CoverageOutcome
from archive.model.times import CHINA
from archive.monitoring.drift import drift

OUTCOMES: tuple[CoverageOutcome, ...] = (
    "blocked",
    "throttled",
    "format_changed",
    "suspicious_empty",
    "unreachable",
    "moved",
    "gone",
    "robots",
)
ENTRIES, LEAST_ENTRIES = 60, 8  # of an account's listing, from which its usual interval is known
PATIENCE, LEAST_SILENCE = 3, timedelta(days=3)  # times the interval that nine of ten gaps keep to

# An answer that came the same before is a revisit, and means what its original meant.
REFUSED = """WITH seen AS (SELECT c.url, c.article_id, c.account_id, coalesce(o.outcome, c.outcome) AS outcome,
            coalesce(o.reason, c.reason) AS reason
        FROM captures c LEFT JOIN captures o ON o.id = c.refers_to WHERE c.run = :run AND c.role = 'article'),
    told AS (SELECT url, article_id, account_id, outcome, reason FROM failures WHERE run = :run AND role = 'article'
        UNION SELECT * FROM seen)
    SELECT DISTINCT url, outcome, reason FROM told
    WHERE (outcome IN ('blocked', 'throttled', 'unreadable', 'error') OR (outcome = 'redirect' AND account_id IS NULL))
        AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.article_id = told.article_id AND seen.outcome IN ('article', 'unchanged'))
    ORDER BY url"""


def of_runs(db: sqlite_utils.Database, runs: Sequence[str], now: datetime) -> list[str]:
    """One sentence for each alarm of these runs."""
    return [sentence for run in runs for sentence in _of_run(db, run, now)]


def _of_run(db: sqlite_utils.Database, run: str, now: datetime) -> Iterator[str]:
    for row in db.query("SELECT * FROM coverage WHERE run = ? ORDER BY account_id", [run]):
        whose = f"{row['platform']} {row['account_id']}"
        if row["outcome"] in OUTCOMES:
            yield f"{whose}: {row['outcome']} ({row['reason']})"
        elif said := silence(db, row["platform"], row["account_id"], now):
            yield f"{whose}: silent ({said})"
    for row in db.query(REFUSED, {"run": run}):
        yield f"{row['url']}: {row['outcome']} ({row['reason']})"
    for one in drift(db, run):
        yield f"drift: {one}"


def silence(db: sqlite_utils.Database, platform: str, account_id: str, now: datetime) -> str | None:
    """Where an account has published nothing for much longer than it uses to: since when, and its
    usual interval."""
    rows = db.execute(
        """SELECT DISTINCT published_at FROM links WHERE platform = ? AND account_id = ? AND
        published_at IS NOT NULL ORDER BY published_at DESC LIMIT ?""",
        (platform, account_id, ENTRIES),
    )
    moments = [_moment(row[0]) for row in rows]
    if len(moments) < LEAST_ENTRIES:
        return None
    gaps = sorted(later - earlier for later, earlier in pairwise(moments))
    usual = gaps[int(0.9 * (len(gaps) - 1))]
    patience = max(PATIENCE * usual, LEAST_SILENCE)
    if now - moments[0] <= patience or _was_silent_before(
        db, platform, account_id, moments[0] + patience
    ):
        return None
    return f"nothing since {moments[0]:%Y-%m-%d}, where nine of ten gaps were under {usual.total_seconds() / 86_400:.1f} days"


def _was_silent_before(
    db: sqlite_utils.Database, platform: str, account_id: str, silent_from: datetime
) -> bool:
    """Whether the account had fallen silent before it was followed: that is no news."""
    statement = "SELECT min(at) FROM coverage WHERE platform = ? AND account_id = ?"
    first = db.execute(statement, (platform, account_id)).fetchone()[0]
    return first is None or datetime.fromisoformat(first) > silent_from


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else datetime.combine(moment.date(), time(), CHINA)
