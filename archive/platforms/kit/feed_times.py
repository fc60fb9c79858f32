"""Times as feeds write them: RFC 822, ISO 8601, Java's and JavaScript's own forms, Chinese ones.

What states no zone is China's, and so is `CST`: RFC 822 knows it as the central zone of America,
but Chinese servers write it for China Standard Time (Java's `Date.toString()` does there).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from archive.model.times import CHINA
from archive.page.dates import from_any

EARLIEST = 1990  # the Web is no older: 1970-01-01 and 0001-01-01 are a program's "none"
LONGEST = 100  # characters of a time that are read
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
MONTH = (
    rf"(?P<month>(?:{'|'.join(MONTHS)})[a-z]{{0,6}}+\.?"
    r"|\d{1,2}月|[一二三四五六七八九十]{1,2}月)"
)
YEAR, DAY = r"(?P<year>\d{4}|\d{2}(?!\d))", r"(?<!\d)(?P<day>\d{1,2})"
DAYS = tuple(
    re.compile(form, re.I)
    for form in (
        r"(?<!\d)(?P<year>\d{4})\s?[-/年.]\s?(?P<month>\d{1,2})\s?[-/月.]\s?(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?=\d{6}(?!\d)|\D|$)",
        rf"{DAY}(?:st|nd|rd|th)?[\s-]++{MONTH}[\s,-]++{YEAR}",
        rf"{MONTH}\s++(?P<day>\d{{1,2}}),?\s++(?P<year>\d{{4}})",
    )
)
CLOCK = re.compile(
    r"(?:(上午|凌晨|早上|下午|晚上|中午)\s*+)?(?<![\d:])(\d{1,2})[:时](\d{2})(?:[:分](\d{2}))?(?:[.,]\d++)?分?秒?"
)
COMPACT = re.compile(r"(?<!\d)\d{8}(\d\d)(\d\d)(\d\d)(?!\d)")
YEAR_AT_END = re.compile(r"(?<![\d+-])\d{4}$")  # Fri Mar 01 09:30:00 CST 2031
HALF_OF_DAY = re.compile(r"\s*+([ap])\.?m\b\.?", re.I)
OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s?([+-])(\d{1,2}):?(\d\d)?(?!\d)", re.I)
NAMED = re.compile(r"\(?([A-Za-z][A-Za-z/_ ]*+)")
HOURS = {
    **dict.fromkeys(("z", "gmt", "utc", "ut"), 0),
    **dict.fromkeys(("est", "cdt"), -5),
    **dict.fromkeys(("edt",), -4),
    **dict.fromkeys(("mst", "pdt"), -7),
    **dict.fromkeys(("mdt",), -6),
    **dict.fromkeys(("pst",), -8),
    **dict.fromkeys(("jst", "kst"), 9),
    **dict.fromkeys(("cet", "met"), 1),
    **dict.fromkeys(("cst", "cct", "bjt", "hkt", "prc", "sgt", "h", "china standard time"), 8),
    **dict.fromkeys(("asia/shanghai", "asia/chongqing", "asia/urumqi", "asia/hong_kong"), 8),
}


def read_time(text: str | None) -> str | None:
    """ISO 8601 at +08:00 of a feed's time, so that times of all feeds have one order.

    Returns:
        A date where no time of day is stated; None where nothing is, or where its zone is not
        known.

    Example:
        >>> read_time("Fri Mar 01 09:30:00 CST 2031"), read_time("Sat, 01 Mar 2031 01:30:00 GMT")
        ('2031-03-01T09:30:00+08:00', '2031-03-01T09:30:00+08:00')
    """
    written = unicodedata.normalize("NFKC", (text or "").strip()[:LONGEST]).strip()
    if re.fullmatch(r"\d{10}|\d{13}", written):
        return _recent(from_any(written))
    try:
        return _recent(_read(written))
    except (ValueError, OverflowError):
        return None


def _recent(stated: str | None) -> str | None:
    return stated if stated and int(stated[:4]) >= EARLIEST else None


def _read(text: str) -> str | None:
    clock, compact = CLOCK.search(text), COMPACT.search(text)
    before, after = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    year = YEAR_AT_END.search(after.rstrip())
    day = _day(f"{before} {year[0]}" if year else before)
    if day is None:
        return None
    if compact and not clock:
        hour, minute, second = (int(number) for number in compact.groups())
        zone: tzinfo | None = _zone(text[compact.end() :])
    elif clock:
        half = HALF_OF_DAY.match(after)
        after = after[half.end() :] if half else after
        hour = _hour(int(clock[2]), half[1] if half else clock[1])
        minute, second = int(clock[3]), int(clock[4] or 0)
        zone = _zone(after[: -len(year[0])] if year else after)
    else:
        return day.date().isoformat()
    if zone is None:
        return None
    moment = day.replace(hour=hour, minute=minute, second=second, tzinfo=zone)
    return moment.astimezone(CHINA).isoformat()


def _day(text: str) -> datetime | None:
    match = next(filter(None, (form.search(text) for form in DAYS)), None)
    if match is None:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000
    return datetime(year, _month(match["month"].lower()), int(match["day"]))


def _month(text: str) -> int:
    name = text.removesuffix("月")
    if name in NUMERALS:
        return NUMERALS.index(name) + 1
    return int(name) if name.isdecimal() else MONTHS.index(name[:3]) + 1


def _hour(hour: int, half: str | None) -> int:
    if half in ("p", "P", "下午", "晚上", "中午") and hour < 12:
        return hour + 12 if half != "中午" or hour < 11 else hour
    return 0 if half in ("a", "A", "凌晨") and hour == 12 else hour


def _zone(text: str) -> tzinfo | None:
    """The zone that follows a time; None for a name that is not known."""
    text = text.strip()
    if offset := OFFSET.match(text):
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-shift if offset[1] == "-" else shift)
    if name := NAMED.match(text):
        hours = HOURS.get(name[1].strip().lower())
        return None if hours is None else timezone(timedelta(hours=hours)) if hours else UTC
    return CHINA
