"""Keys of articles: the newest has the smallest, so that the full-text index, which walks by key, gives it first for nothing.

Twenty-six bits for the minute of publication, counted down, and twenty-six for the article; 52 bits, which JSON readers
keep exact.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

LATEST_MINUTE = 2**26  # minutes since 1970, until the year 2097
SPREAD = 2**26  # keys within one minute
SLACK = timedelta(days=2)  # more than any two time zones differ


def key(article_id: str, published_at: str) -> int:
    """The key of an article: its minute of publication (ISO 8601), newest first, then its id."""
    spread = int.from_bytes(hashlib.sha256(article_id.encode()).digest()[:8], "big") % SPREAD
    return (LATEST_MINUTE - 1 - _minute(_moment(published_at))) * SPREAD + spread


def span(since: str | None, until: str | None) -> tuple[int, int]:
    """The first and the last key that articles of these days (inclusive ISO dates, in whatever zone) can have."""
    latest = _minute(_moment(until) + SLACK) if until else LATEST_MINUTE - 1
    earliest = _minute(_moment(since) - SLACK) if since else 0
    return (LATEST_MINUTE - 1 - latest) * SPREAD, (LATEST_MINUTE - earliest) * SPREAD


def _moment(published_at: str) -> datetime:
    return datetime.fromisoformat(published_at if len(published_at) > 10 else published_at + "T00:00:00+08:00")


def _minute(moment: datetime) -> int:
    return min(max(int(moment.timestamp() // 60), 0), LATEST_MINUTE - 1)
