"""A calendar of publications as a picture: a block for each year, a column for each week, a cell
for each day.

What a day was is said by the form of its cell and not by colour alone: filled where something was
published, the darker the more; hollow with a dot in true silence; struck through once where the
list was looked at in part, twice where it was not; with a bar where something was listed that the
archive does not have. A corner is cut where the count of a day is a lower bound. The blues are
ColorBrewer's, which the colour-blind can tell apart. Source: https://colorbrewer2.org/
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from archive.charts.table import Table

State = Literal["published", "silent", "partly", "not", "listed"]
CELL, STEP = 11, 13  # of a day, and from one to the next, in pixels
LEFT, TOP = 34, 18  # of the first cell within a block
BLOCK = TOP + 7 * STEP + 12
WIDTH = LEFT + 54 * STEP
LEVELS = 5  # of blue: 1, 2 to 3, 4 to 7, 8 to 15, more
MOST_YEARS = 30  # that one picture shows, the newest
COLOURS = {
    "level1": "#c6dbef",
    "level2": "#9ecae1",
    "level3": "#5ba3d0",
    "level4": "#2879b9",
    "level5": "#084d96",
    "hollow": "#ffffff",
    "gap": "#e6e1d8",
    "cut": "#ffffff",
    "edge": "#8b857b",
    "warn": "#b04a00",
}
"""By the role of a part; the reading room gives other colours in the dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One form of a cell: its corners in pixels, and its role. A `cell` is filled and has an edge,
    a `mark` is filled, a `line` neither ends where it began nor is filled."""

    corners: tuple[tuple[float, float], ...]
    role: str
    form: Literal["cell", "mark", "line"] = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day: where it is, what it was."""

    day: str
    articles: int
    listed: int
    looked: str
    left: int
    top: int

    @property
    def state(self) -> State:
        """What the day was."""
        if self.articles:
            return "published"
        if self.listed:
            return "listed"
        return {"wholly": "silent", "partly": "partly"}.get(self.looked, "not")  # type: ignore[return-value]

    @property
    def is_bound(self) -> bool:
        """Whether there may be more articles than the archive has."""
        return bool(self.articles) and (self.looked != "wholly" or bool(self.listed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A year: its cells, and its labels with their places."""

    top: int
    cells: list[Cell]
    labels: list[tuple[str, int, int]]


def blocks(table: Table) -> list[Block]:
    """The years of a calendar, the newest first."""
    years = groupby(table.rows, key=lambda row: int(str(row[0])[:4]))
    days = [(year, list(rows)) for year, rows in years][-MOST_YEARS:]
    return [
        _block(year, number * BLOCK, rows) for number, (year, rows) in enumerate(reversed(days))
    ]


def _block(year: int, top: int, rows: Sequence[Sequence[object]]) -> Block:
    names = [(calendar.day_abbr[day], 0, top + TOP + day * STEP + 9) for day in (0, 2, 4)]
    months = [
        (calendar.month_abbr[month], _column(date(year, month, 1)) * STEP + LEFT, top + 12)
        for month in range(1, int(str(rows[-1][0])[5:7]) + 1)
    ]
    labels = [(str(year), 0, top + 12), *names, *months]
    return Block(top=top, cells=[_cell(row, top) for row in rows], labels=labels)


def _cell(row: Sequence[object], top: int) -> Cell:
    day = date.fromisoformat(str(row[0]))
    return Cell(
        day=str(row[0]),
        articles=int(str(row[1])),
        listed=int(str(row[2])),
        looked=str(row[3]),
        left=LEFT + _column(day) * STEP,
        top=top + TOP + day.weekday() * STEP,
    )


def _column(day: date) -> int:
    """The week of a day within its year: weeks begin on Monday, the first with January 1."""
    return (day.timetuple().tm_yday - 1 + date(day.year, 1, 1).weekday()) // 7


def parts_of(cell: Cell) -> Iterator[Part]:
    """What a day is drawn of."""
    return parts(cell.state, cell.articles, cell.is_bound, cell.left, cell.top)


def parts(state: State, articles: int, is_bound: bool, left: int, top: int) -> Iterator[Part]:
    """What the cell of a day is drawn of."""
    right, bottom = left + CELL, top + CELL
    roles = {"published": f"level{min(articles.bit_length(), LEVELS)}"}
    roles |= {"silent": "hollow", "listed": "hollow"}
    square = _box(left, top, right, bottom)
    yield Part(corners=square, role=roles.get(state, "gap"), form="cell")
    if is_bound:
        yield Part(corners=((right - 5, top), (right, top), (right, top + 5)), role="cut")
    if state == "silent":
        yield Part(corners=_box(left + 4.5, top + 4.5, right - 4.5, bottom - 4.5), role="edge")
    if state == "listed":
        yield Part(corners=_box(left + 4, top + 2, right - 4, bottom - 2), role="warn")
    if state in ("partly", "not"):
        yield Part(corners=((left, bottom), (right, top)), role="edge", form="line")
    if state == "not":
        yield Part(corners=((left, top), (right, bottom)), role="edge", form="line")


def _box(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def in_english(cell: Cell) -> str:
    """What a day was, in words.

    Example:
        >>> day = {"day": "2031-03-02", "articles": 0, "listed": 0, "left": 0, "top": 0}
        >>> in_english(Cell(looked="wholly", **day)), in_english(Cell(looked="not", **day))
        ('2031-03-02: nothing was published', '2031-03-02: not looked at')
    """
    return f"{cell.day}: {MEANINGS[cell.state].format(count=cell.articles, listed=cell.listed)}" + (
        ", perhaps more" if cell.is_bound else ""
    )


MEANINGS: dict[State, str] = {
    "published": "{count} published",
    "silent": "nothing was published",
    "partly": "looked at in part",
    "not": "not looked at",
    "listed": "{listed} listed, and not in the archive",
}
"""What each kind of day is, in English."""
LEGEND: tuple[tuple[State, int, bool, str], ...] = (
    ("published", 1, False, "1"),
    ("published", 2, False, "2 – 3"),
    ("published", 4, False, "4 – 7"),
    ("published", 8, False, "8 – 15"),
    ("published", 16, False, "16 or more articles"),
    ("published", 4, True, "perhaps more"),
    ("silent", 0, False, "nothing was published: the list was looked at wholly"),
    ("partly", 0, False, "looked at in part"),
    ("not", 0, False, "not looked at"),
    ("listed", 0, False, "listed, and not in the archive"),
)
"""Samples of cells: state, articles, whether that is a lower bound, and what it means."""
