"""Which known articles a run checks again: often while they are young, seldom later, and the
missing ones until it is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.database.catalogue import Catalogue
from archive.database.known import Absence, Watched
from archive.errors import UsageError
from crawler.units import SECONDS

EVERY_RUN = timedelta(hours=6)  # for which a listed article is asked for by every run
EARLY = timedelta(hours=1)  # by which a run may begin earlier in its day than another
GAP = 0.5  # of the time for which a listed article was not there, until it is asked for again


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a known article is checked again.

    Attributes:
        steps: ages in seconds, rising.
        every: seconds between two rechecks after the last of them; None: no more.
    """

    steps: tuple[int, ...]
    every: int | None = None

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read rising ages; a plus after the last one repeats it. "" is a schedule of nothing.

        Raises:
            UsageError: the text is anything else.

        Example:
            >>> Schedule.parse("1h 1d+")
            Schedule(steps=(3600, 86400), every=86400)
        """
        words = text.split()
        matches = [re.fullmatch(r"(\d+)([mhd])(\+?)", word) for word in words]
        ages = [int(match[1]) * SECONDS[match[2]] for match in matches if match]
        repeats = [match[3] for match in matches if match]
        rising = ages == sorted(set(ages)) and 0 not in ages
        if len(ages) != len(words) or any(repeats[:-1]) or not rising:
            raise UsageError(
                f"RECHECK is {text!r}; give rising ages such as '1h 6h 1d 30d 365d+', or nothing "
                "for none."
            )
        return cls(tuple(ages), ages[-1] if ages and repeats[-1] else None)

    def lateness(self, age: float, seen: float) -> float | None:
        """By how much of its interval a recheck is overdue.

        Args:
            age: seconds from the beginning of the present version or absence to now.
            seen: seconds from there to the last check.

        Returns:
            0 for one that is due just now, 1 for one that is late by its interval, and so on; None
            where none is due.
        """
        step = max((step for step in self.steps if step <= age), default=None)
        if step is None:
            return None
        if seen < step:
            return (age - step) / step
        if self.every and age >= step + self.every and age - seen >= self.every:
            return (age - seen - self.every) / self.every
        return None


def is_due_again(absence: Absence, now: datetime) -> bool:
    """Whether a listed article that was never there is asked for again: first by every run, then in
    gaps that grow with the time for which it has not been there.

    Args:
        absence: the answers of earlier runs.
        now: the present moment, with its zone.

    Example:
        >>> from datetime import UTC
        >>> absence = Absence("2031-03-01T08:00:00+00:00", "2031-03-09T08:00:00+00:00", "http-404")
        >>> [is_due_again(absence, datetime(2031, 3, day, 9, tzinfo=UTC)) for day in (12, 13)]
        [False, True]
    """
    first, last = map(datetime.fromisoformat, (absence.first_at, absence.last_at))
    return last - first < EVERY_RUN or now - last + EARLY >= GAP * (last - first)


def due(
    catalogue: Catalogue,
    platform: str,
    schedule: Schedule,
    now: datetime,
    accounts: set[str] | None,
    most: int,
) -> Iterator[Watched]:
    """The articles to check again, the most overdue first; before them those that a listing does
    not name any more or names otherwise, and those whose account is hidden.

    Args:
        catalogue: what the archive has.
        platform: the platform's name.
        schedule: at which ages.
        now: the present moment, with its zone.
        accounts: only articles of these account ids; None for all of the platform.
        most: how many at most.
    """
    chosen = [
        (float("inf"), article)
        for article in {
            *catalogue.unlisted(platform),
            *catalogue.changed_in_list(platform),
            *catalogue.hidden(platform),
        }
        if _is_of(article, accounts)
    ]
    at_once = {article.id for _, article in chosen}
    if schedule.steps:
        begun_before = _stamp(now - timedelta(seconds=schedule.steps[0]))
        for article in catalogue.watched(platform, begun_before):
            late = _lateness(schedule, article, now)
            if late is not None and article.id not in at_once and _is_of(article, accounts):
                chosen.append((late, article))
    for _, article in sorted(chosen, key=lambda pair: (-pair[0], pair[1].id))[:most]:
        yield article


def _lateness(schedule: Schedule, article: Watched, now: datetime) -> float | None:
    begun = datetime.fromisoformat(article.watched_from)
    seen = datetime.fromisoformat(article.checked_at) - begun
    return schedule.lateness((now - begun).total_seconds(), seen.total_seconds())


def _is_of(article: Watched, accounts: set[str] | None) -> bool:
    return accounts is None or article.account_id in accounts


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
