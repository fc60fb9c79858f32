"""Dates and times as Chinese pages print them: the pattern, and what its parts say.

Years, months and days may be in Chinese numerals or full-width digits, the hour in halves of the
day (上午, 下午) or with AM and PM.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from archive.model.times import CHINA
from archive.page.english_dates import english_dates

# 〇 as it is typed: also the letter O, Latin and Cyrillic, circles and a digit.
ZERO = "〇零○◯OＯoОо0０"
NUMERALS = {**dict.fromkeys(ZERO, 0), **{sign: n for n, sign in enumerate("一二三四五六七八九", 1)}}
DIGIT = f"[{ZERO}一二三四五六七八九]"
# Digits may come before it: the texts of a row's link and of its date are read as one.
YEAR = (
    r"[12１２一二]"
    rf"(?:(?<=[1１])[9９]\d\d|(?<=[2２])[0０]\d\d|(?<=[一二])[{ZERO}九]{DIGIT}{{2}})"
)
MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:\d{1,2}|(?:[一二三]?十|廿|卅)[一二三四五六七八九]?|[一二三四五六七八九])"
WEEKDAY = r"[（(【\[]?(?:星期|周|礼拜)[一二三四五六日天][）)】\]]?"
MORNING = "凌晨|清晨|早上|早晨|上午|早"
EVENING = "下午|傍晚|晚上|晚间|夜间|深夜|晚|夜"
CLOCK = (
    rf"\s*+(?:{WEEKDAY}\s*+)?[^\s\d:：]{{0,4}}?\s*+"
    rf"(?P<half>{MORNING}|{EVENING}|中午|[AaPp][Mm])?\s*+"
    r"(?P<hour>\d{1,2})\s?[:：时時点]\s?(?P<minute>\d{2}|\d(?=\s?分))"
    r"(?:\s?[:：分]\s?(?P<second>\d{2}))?(?:\s?[分秒])?"
    r"(?:\s?(?P<after>[AaPp]\.?[Mm])(?![A-Za-z]))?"
)
PATTERN = (
    rf"(?P<year>{YEAR})\s?[-/年.．／－]\s?(?P<month>{MONTH})\s?[-/月.．／－]\s?(?P<day>{DAY})"
    rf"(?:\s?[日号])?(?:{CLOCK}|(?!\d))"
)
UNNAMED = re.sub(r"\(\?P<\w+>", "(?:", PATTERN)  # to be part of another pattern, also twice
MOMENT = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class Moment:
    """A printed date, with a time where it has one: `value` is ISO 8601, at +08:00 where it has a
    time; `start` and `end` are its place in the text."""

    value: str
    printed: str
    start: int
    end: int


def moments(text: str) -> Iterator[Moment]:
    """Finds all dates of a text.

    Example:
        >>> [moment.value for moment in moments("二〇二四年三月五日，2024年3月5日 下午3:07")]
        ['2024-03-05', '2024-03-05T15:07:00+08:00']
    """
    for match in MOMENT.finditer(text):
        if (value := _value(match)) is not None:
            yield Moment(value, match[0], *match.span())
    yield from _in_english(text)


def first_moment(text: str) -> Moment | None:
    """The first date of a text, if that is one; None also where it is a 31 February."""
    match = MOMENT.search(text)
    if match is None:
        return next(_in_english(text), None)
    value = _value(match)
    return Moment(value, match[0], *match.span()) if value else None


def _in_english(text: str) -> Iterator[Moment]:
    for value, start, end in english_dates(text):
        yield Moment(value, text[start:end], start, end)


def _value(match: re.Match[str]) -> str | None:
    with suppress(ValueError):
        day = date(_year(match["year"]), _number(match["month"]), _number(match["day"]))
        clock = _clock(match) if match["hour"] else None
        if clock is None:
            return day.isoformat()
        return datetime(day.year, day.month, day.day, *clock, tzinfo=CHINA).isoformat()
    return None


def _year(digits: str) -> int:
    if digits.isascii():
        return int(digits)
    return int("".join(str(NUMERALS.get(digit, digit)) for digit in digits))


def _number(text: str) -> int:
    """A number below 40: `12`, `十二`, `二十一`, `廿三`."""
    if text[0].isdigit():
        return int(text)
    tens, ten, units = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    return (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(units, 0)


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Hour, minute and second on the clock of 24 hours; None for none, such as 24:00."""
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    half = (match["half"] or match["after"] or "").replace(".", "").lower()
    if half in ("pm", *EVENING.split("|")) or (half == "中午" and hour < 3):
        if hour == 12 and half[0] in "晚夜深":
            return None  # midnight, and of which day is not said
        hour += 12 if hour < 12 else 0
    elif hour == 12 and half in ("am", *MORNING.split("|")):
        hour = 0
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
