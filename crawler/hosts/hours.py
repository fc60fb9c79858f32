"""The hours of the day in which a crawl may run."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.errors import UsageError

WINDOW = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s+(\S+)")


class Window:
    """Hours of the day in which a crawl may run, such as `22:00-06:00 Asia/Shanghai`; "" for all.

    Raises:
        UsageError: the text is no such window, or the zone is unknown.

    Example:
        >>> from datetime import UTC
        >>> Window("22:00-06:00 Asia/Shanghai").is_open(datetime(2026, 1, 1, 15, tzinfo=UTC))
        True
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        match = WINDOW.fullmatch(self.text)
        try:
            if self.text and not match:
                raise ValueError
            self.begin = time(int(match[1]), int(match[2])) if match else time.min
            self.end = time(int(match[3]), int(match[4])) if match else time.max
            self.zone = ZoneInfo(match[5] if match else "UTC")
        except (ValueError, ZoneInfoNotFoundError) as error:
            raise UsageError(
                f"NIGHT_WINDOW is {text!r}; write it as '22:00-06:00 Asia/Shanghai', or nothing."
            ) from error

    def is_open(self, moment: datetime) -> bool:
        """Whether a crawl may run at this moment, which must have a zone."""
        if not self.text:
            return True
        now = moment.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def check(self, moment: datetime) -> None:
        """Refuse a moment outside the window.

        Raises:
            UsageError: a crawl may not run at this moment.
        """
        if not self.is_open(moment):
            now = moment.astimezone(self.zone)
            raise UsageError(
                f"It is {now:%H:%M} in {self.zone.key} and NIGHT_WINDOW is {self.text}; start the "
                "crawl in that time."
            )
