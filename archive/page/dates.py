"""Times as Chinese pages print them become ISO 8601 at +08:00, so that times of all sites have one
order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from archive.model.times import CHINA
from archive.page.moments import first_moment

ZONED = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d)")

RUN_TOGETHER = re.compile(
    r"((?:19|20)\d{2})([01]\d)([0-3]\d)(?:\s?([012]\d):?([0-5]\d)(?::?([0-5]\d))?)?"
)  # 20240305, 20240305102300

END_OF_TIME = 253_402_185_600_000  # 9999-12-31 in China, in milliseconds since 1970


def from_milliseconds(value: object) -> str | None:
    """Reads epoch milliseconds.

    Returns:
        ISO 8601 at +08:00; None for anything that is no positive integer, or after the year 9999.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < END_OF_TIME:
        return None
    moment = datetime.fromtimestamp(value // 1000, UTC).astimezone(CHINA)
    return moment.isoformat()


def from_local(text: str | None) -> str | None:
    """Reads the first Chinese date and time in a text.

    Returns:
        ISO 8601 at +08:00, a date alone as a date; None where there is none.

    Example:
        >>> from_local("发布时间：2024年3月5日 9:30"), from_local("2024-03-05")
        ('2024-03-05T09:30:00+08:00', '2024-03-05')
    """
    moment = first_moment(text or "")
    return moment.value if moment else None


def from_zoned(text: str, shown: Iterable[str]) -> str | None:
    """Reads an ISO time that states its zone.

    Args:
        text: the time, and nothing else.
        shown: lines of the page. Where one has the same hour as Chinese time, the zone was written
            by a program that knew none: many content systems append a Z to any time.

    Returns:
        ISO 8601 at +08:00; None where no zone is stated, or a line contradicts it.

    Example:
        >>> from_zoned("2024-03-05T02:23:00Z", ["10:23"])
        '2024-03-05T10:23:00+08:00'
        >>> from_zoned("2024-03-05T10:23:00Z", ["2024-03-05 10:23"])
    """
    match = ZONED.fullmatch(text.strip())
    if not match or (local := from_local(match[1].replace("T", " "))) is None:
        return None
    if any((from_local(line) or "")[:16] == local[:16] for line in shown):
        return None
    return (
        datetime.fromisoformat(match[1] + match[2]).astimezone(CHINA).isoformat(timespec="seconds")
    )


def from_any(value: str) -> str | None:
    """Reads a printed time, an ISO time, or epoch seconds or milliseconds.

    Returns:
        ISO 8601 at +08:00, a date alone as a date; None where there is none.

    Example:
        >>> from_any("2024年3月5日 星期二 10时23分"), from_any("1709605380")
        ('2024-03-05T10:23:00+08:00', '2024-03-05T10:23:00+08:00')
    """
    value = value.strip()
    if re.match(r"\d{2}-\d", value):
        value = f"20{value}"
    if re.fullmatch(r"[12]\d{9}|[12]\d{12}", value):
        return from_milliseconds(int(value.ljust(13, "0")))
    if match := RUN_TOGETHER.fullmatch(value):
        day, clock = "-".join(match.groups()[:3]), ":".join(match.groups("00")[3:])
        value = f"{day} {clock}" if match[4] else day
    return from_local(value)


def printed_time(text: str | None) -> str | None:
    """The characters of the first date and time in a text, as printed."""
    moment = first_moment(text or "")
    return moment.printed if moment else None


def agreed_time(milliseconds: object, printed: str | None) -> str | None:
    """Chooses between an exact time and the one that readers saw.

    Args:
        milliseconds: since the epoch, as a script of the page has it.
        printed: the time that the page shows.

    Returns:
        ISO 8601 at +08:00 of the exact time where both are the same minute, else of the printed.
    """
    exact, shown = from_milliseconds(milliseconds), from_local(printed)
    return exact if exact and (shown is None or exact[:16] == shown[:16]) else shown
