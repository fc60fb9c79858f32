"""Which known articles a run looks at again: often while they are young, seldom later, and the
missing ones until it is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.database.catalogue import Catalogue, Watched
from archive.errors import UsageError
from archive.model import Article, Failure

UNITS = {"m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Ages in seconds at which an article is looked at, and the interval after the last of them
    (None: never again)."""

    steps: tuple[int, ...]
    every: int | None = None

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """`1h 6h 1d 30d 365d+`: ages, rising; a plus after the last one repeats it. Raises
        UsageError for anything else."""
        words = text.split()
        found = [re.fullmatch(r"(\d+)([mhd])(\+?)", word) for word in words]
        ages = [int(one[1]) * UNITS[one[2]] for one in found if one]
        repeated = [one[3] for one in found if one]
        if len(ages) != len(words) or any(repeated[:-1]) or ages != sorted(set(ages)) or 0 in ages:
            raise UsageError(
                f"RECHECK is {text!r}; give rising ages such as '1h 6h 1d 30d 365d+', or nothing "
                "for none."
            )
        return cls(tuple(ages), ages[-1] if ages and repeated[-1] else None)

    def lateness(self, age: float, seen: float) -> float | None:
        """By how much of its interval a look is overdue, from 0 up; None where none is due.

        `age` and `seen` are seconds from the begin of what is watched to now and to the last look.
        """
        step = max((step for step in self.steps if step <= age), default=None)
        if step is None:
            return None
        if seen < step:
            return (age - step) / step
        if self.every and age >= step + self.every and age - seen >= self.every:
            return (age - seen - self.every) / self.every
        return None


def due(
    catalogue: Catalogue,
    platform: str,
    schedule: Schedule,
    now: datetime,
    accounts: set[str] | None,
    most: int,
) -> Iterator[Watched]:
    """At most `most` articles, the most overdue first; before them those that a listing does not
    name any more.

    `accounts`: only articles of these; None for all of the platform.
    """
    chosen = [(float("inf"), one) for one in catalogue.unlisted(platform) if _is_of(one, accounts)]
    known = {one.id for _, one in chosen}
    for one in (
        catalogue.watched(platform, _stamp(now - timedelta(seconds=schedule.steps[0])))
        if schedule.steps
        else ()
    ):
        begun = datetime.fromisoformat(one.watched_from)
        seen = (datetime.fromisoformat(one.checked_at) - begun).total_seconds()
        late = schedule.lateness((now - begun).total_seconds(), seen)
        if late is not None and one.id not in known and _is_of(one, accounts):
            chosen.append((late, one))
    for _, one in sorted(chosen, key=lambda pair: (-pair[0], pair[1].id))[:most]:
        yield one


def _is_of(one: Watched, accounts: set[str] | None) -> bool:
    return accounts is None or one.account_id in accounts


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Control:
    """Whether this run has seen that the platform is well. A missing page proves something only
    then."""

    def __init__(self) -> None:
        self.good: set[str] = set()
        self.missing: set[str] = set()
        self.asked = False

    def note(self, article_id: str, found: Article | Failure) -> None:
        """Take in what a page says."""
        if isinstance(found, Article):
            self.good.add(article_id)
        elif found.outcome in ("not-found", "empty"):
            self.missing.add(article_id)

    def wanted(self) -> bool:
        """Whether a page that was well is to be asked for now; once a run."""
        wanted = bool(self.missing) and not self.good and not self.asked
        self.asked = self.asked or wanted
        return wanted
