"""Counts by month as a chart: made on the server, with the same numbers as a table."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass

from archive.room.account_list import month_counts

HEIGHT, STEP = 120, 8  # of the chart, in pixels
LEAST = 5  # months that it is wide at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A month with its count: left edge, top and height in pixels; `since` and `until` are its
    first and last day."""

    month: str
    count: int
    left: int
    top: int
    height: int
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The bars of all months that have a count, the years below them, the width in pixels, and the
    greatest count."""

    bars: list[Bar]
    years: list[tuple[str, int]]
    width: int
    most: int


def chart(months: Mapping[str, int]) -> Chart | None:
    """The chart of some months; None where there is none.

    Example:
        >>> [(bar.month, bar.top, bar.until) for bar in chart({"2032-02": 2, "2032-04": 1}).bars]
        [('2032-02', 0, '2032-02-29'), ('2032-04', 60, '2032-04-30')]
    """
    counts = month_counts(months)
    most = max((count for _, count in counts), default=0)
    if not most:
        return None
    places = [(month, count, number * STEP) for number, (month, count) in enumerate(counts)]
    return Chart(
        bars=[_bar(month, count, left, most) for month, count, left in places if count],
        years=[(month[:4], left) for month, _, left in places if month.endswith("-01")],
        width=max(len(counts), LEAST) * STEP,
        most=most,
    )


def _bar(month: str, count: int, left: int, most: int) -> Bar:
    height = max(round(count / most * HEIGHT), 1)
    last = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
    return Bar(
        month=month,
        count=count,
        left=left,
        top=HEIGHT - height,
        height=height,
        since=f"{month}-01",
        until=f"{month}-{last:02}",
    )
