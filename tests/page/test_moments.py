"""Dates as they are printed: numerals, widths, halves of the day."""

from __future__ import annotations

import pytest

from archive.page.dates import from_any, from_local, printed_time
from archive.page.moments import moments

AFTERNOON = [
    "2024年3月5日 下午3:07",
    "2024年3月5日下午3时07分",
    "2024年3月5日（星期二）下午3时7分",
    "2024-03-05 03:07 PM",
    "2024/3/5 3:07pm",
    "2024-03-05 下午 15:07",
    "2024年3月5日 15：07",
    "２０２４年０３月０５日　１５：０７",
    "2024.03.05 15:07",
    "2024-03-0515:07",
    "2024 年 3 月 5 日 15 : 07",
    "二〇二四年三月五日 下午3:07",
    "202403051507",
]
DAYS = [
    ("二〇二四年三月五日", "2024-03-05"),
    ("二零二四年十二月三十一日", "2024-12-31"),
    ("二○二四年十月廿三日", "2024-10-23"),
    ("二Ｏ二四年十一月十日", "2024-11-10"),
    ("二O二〇年二月二十九日", "2020-02-29"),
    ("一九九八年一月三十日", "1998-01-30"),
    ("２０２４年３月５日", "2024-03-05"),
    ("2024年3月5日 晚12:00", "2024-03-05"),  # of which day is not said
    ("2024-03-05 24:00", "2024-03-05"),
    ("20240305", "2024-03-05"),
    ("第12024-03-05", "2024-03-05"),  # a link's last figure and the day of its row
]
HALVES = [
    ("凌晨12:10", "00:10"),
    ("早上6:30", "06:30"),
    ("上午10:05", "10:05"),
    ("中午12:30", "12:30"),
    ("中午1:15", "13:15"),
    ("晚8:00", "20:00"),
    ("晚上11:59", "23:59"),
    ("12:10 AM", "00:10"),
    ("12:10 p.m.", "12:10"),
]
NONE = [
    "2024-13-05",
    "12924-03-05",
    "2024-03-051234",
    "二〇二四年三月",
    "2023-02-29",
    "3024年1月1日",
]


@pytest.mark.parametrize("printed", AFTERNOON)
def test_a_minute_of_the_afternoon(printed: str) -> None:
    assert from_any(printed) == "2024-03-05T15:07:00+08:00"


@pytest.mark.parametrize(("printed", "day"), DAYS)
def test_a_day(printed: str, day: str) -> None:
    assert from_any(printed) == day


@pytest.mark.parametrize(("printed", "clock"), HALVES)
def test_halves_of_the_day(printed: str, clock: str) -> None:
    assert from_local(f"发布时间：2024年3月5日 {printed}") == f"2024-03-05T{clock}:00+08:00"
    assert (printed_time(f"于2024年3月5日 {printed}") or "").endswith(printed.rstrip("."))


@pytest.mark.parametrize("printed", NONE)
def test_what_is_no_date(printed: str) -> None:
    assert from_any(printed) is None


def test_all_dates_of_a_line_with_their_places() -> None:
    line = "更新时间：2024-06-01 08:00 发布时间：2024-03-05 10:23:45"
    assert [(moment.value, line[moment.start : moment.end]) for moment in moments(line)] == [
        ("2024-06-01T08:00:00+08:00", "2024-06-01 08:00"),
        ("2024-03-05T10:23:45+08:00", "2024-03-05 10:23:45"),
    ]
