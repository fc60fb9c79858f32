"""Dates and times with the English name of the month, as English editions of sites and programs
print them: March 5, 2024; 5 Mar 2024 10:23; Tue Mar 05 10:23:00 CST 2024."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

from archive.model.times import CHINA

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
NAMED = re.compile(MONTH, re.I)
DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
CLOCK = r"(?P<{0}hour>\d{{1,2}}):(?P<{0}minute>\d{{2}})(?::(?P<{0}second>\d{{2}}))?"
ZONE = r"\s?(?P<{}zone>(?:GMT|UTC)?[+-]\d{{1,2}}:?(?:\d{{2}})?|GMT|UTC|CST)\b"
DATE = re.compile(
    rf"(?<![A-Za-z\d])(?:{DAY.format('before')}[\s-]{{1,2}})?{MONTH}[\s-]{{1,2}}"
    rf"(?:{DAY.format('after')}(?:,\s?|\s))?"
    rf"(?:{CLOCK.format('early_')}(?:{ZONE.format('early_')})?\s)?"
    r"(?P<year>(?:19|20)\d{2})(?!\d)"
    rf"(?:[,\s]{{1,2}}(?:at\s)?{CLOCK.format('')}(?:\s?(?P<half>[AaPp])\.?[Mm]\b)?(?:{ZONE.format('')})?)?",
    re.I,
)
HOURS = re.compile(r"([+-])(\d{1,2}?):?(\d{2})?$")


def english_dates(text: str) -> Iterator[tuple[str, int, int]]:
    """Finds the dates of a text whose month has its English name.

    Args:
        text: any.

    Returns:
        For each ISO 8601, at +08:00 where it has a time, and its place in the text. A clock without
        a zone is China's, and CST is China Standard Time.

    Example:
        >>> [value for value, _, _ in english_dates("Updated: Mar. 5, 2024 3:07 PM")]
        ['2024-03-05T15:07:00+08:00']
        >>> [value for value, _, _ in english_dates("Tue, 05 Mar 2024 02:23:00 GMT")]
        ['2024-03-05T10:23:00+08:00']
    """
    if not NAMED.search(text):
        return
    for match in DATE.finditer(text):
        with suppress(ValueError):
            if (value := _value(match)) is not None:
                yield value, *match.span()


def _value(match: re.Match[str]) -> str | None:
    if not (number := match["before"] or match["after"]):
        return None
    month = 1 + MONTHS.index(match["month"][:3].lower())
    day = date(int(match["year"]), month, int(number))
    part = "" if match["hour"] else "early_"
    if not match[f"{part}hour"]:
        return day.isoformat()
    hour, minute, second = (
        int(match[f"{part}{name}"] or 0) for name in ("hour", "minute", "second")
    )
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] in "Pp")
    moment = datetime(
        *day.timetuple()[:3], hour, minute, second, tzinfo=_zone(match[f"{part}zone"])
    )
    return moment.astimezone(CHINA).isoformat()


def _zone(name: str | None) -> timezone:
    """The zone of a clock: China's unless it is named."""
    if name is None or name.upper() == "CST":
        return CHINA
    match = HOURS.search(name)
    if not match:
        return UTC
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset)
