"""The days of which a ledger says what a list had: looked at wholly, partly, or not at all.

A walk through an account's list that met all of it from a moment on says of every day between then
and its own begin what was listed. Days are China's, as dates of publication are.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from archive.history.observations import WALKED
from archive.model.times import CHINA

Looked = Literal["wholly", "partly", "not"]
Account = tuple[str, str]
BY_THE_PLATFORM = ("platform_said", "total_reached")
"""Ends of lists before which nothing more is, by the platform's own word; a feed only breaks
off."""
WALKS = f"""SELECT platform, account_id, begun_at, covered_from, first_listed,
        ended = 1 AND list_end IN {BY_THE_PLATFORM} AS is_all, {WALKED} AS is_complete
    FROM coverage c WHERE begun_at IS NOT NULL AND {{of}}"""


@dataclass(slots=True)
class Walked:
    """What the walks through one list say.

    Attributes:
        complete: from when to when some walk met all that is listed.
        partial: from when to when some walk met something.
    """

    complete: list[tuple[datetime, datetime]] = field(default_factory=list)
    partial: list[tuple[datetime, datetime]] = field(default_factory=list)

    def add(self, walk: Mapping[str, Any]) -> None:
        """Add what one walk says; one that met nothing with a date says nothing."""
        begun = _moment(walk["begun_at"])
        first, covered = _moment(walk["first_listed"]), _moment(walk["covered_from"])
        if begun is None:
            return
        if walk["is_complete"] and walk["is_all"] and first:
            self.complete.append((datetime.combine(first.date(), time(), CHINA), begun))
        elif walk["is_complete"] and covered:
            self.complete.append((covered + timedelta(microseconds=1), begun))
        if earliest := first or covered:
            self.partial.append((earliest, begun))

    def days(self, since: date, until: date) -> dict[date, Looked]:
        """Every day between two that was looked at, wholly or partly."""
        looked: dict[date, Looked] = {}
        for start, end in _joined([*self.partial, *self.complete]):
            days = _days(max(start.date(), since), min(end.date(), until))
            looked.update((day, "partly") for day in days)
        for start, end in _joined(self.complete):
            first = start.date() + timedelta(days=start.time() > time())
            days = _days(max(first, since), min(end.date() - timedelta(days=1), until))
            looked.update((day, "wholly") for day in days)
        return looked


def walked_of(
    db: sqlite3.Connection, of: str, parameters: Mapping[str, str | None]
) -> dict[Account, Walked]:
    """What the ledger says of the lists of some accounts.

    Args:
        db: the archive's database.
        of: condition of SQL on `platform` and `account_id`.
        parameters: that it names.
    """
    walks: dict[Account, Walked] = defaultdict(Walked)
    cursor = db.execute(WALKS.format(of=of), parameters)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        walk = dict(zip(names, values, strict=True))
        walks[walk["platform"], walk["account_id"]].add(walk)
    return walks


def together(of_each: Iterable[Mapping[date, Looked]]) -> dict[date, Looked]:
    """What several ledgers say together: a day is looked at wholly where all of them say so."""
    ledgers = list(of_each)
    days = {day for ledger in ledgers for day in ledger}
    return {
        day: "wholly" if all(ledger.get(day) == "wholly" for ledger in ledgers) else "partly"
        for day in days
    }


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Spans of time in order, those that touch as one."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(span for span in spans if span[0] <= span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _moment(text: str | None) -> datetime | None:
    """A time of the ledger in China's; None where it is none, as in a database of somebody else."""
    try:
        moment = datetime.fromisoformat(text or "")
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        return zoned.astimezone(UTC).astimezone(CHINA)
    except (ValueError, OverflowError):
        return None
