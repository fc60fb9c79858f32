"""The calendar of an account: a year at a time, as a drawing and as a table, by the same code as
`zhengwen plot calendar`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from markupsafe import Markup

from archive.archive import Archive
from archive.charts.calendar import between, calendar
from archive.charts.days_drawing import (
    BLOCK,
    LEGEND,
    MEANINGS,
    WIDTH,
    Cell,
    blocks,
)
from archive.charts.days_svg import drawing, file_of, sample
from archive.charts.table import Table, Wanted
from archive.room.answer import FILE_POLICY, Answer
from archive.room.asked import Asked
from archive.room.language import Speaker
from archive.room.remembered import remembered

OF = ("platform", "id", "name")
"""The values of an address that name an account."""
BOUND = "{meaning}, perhaps more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days that follow each other and were the same; of published ones each for itself."""

    first: str
    last: str
    words: str
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A year of an account.

    Attributes:
        year: the year.
        years: all of them with how many articles each has, the newest first.
        drawing: what is within the SVG.
        width, height: of the SVG, in pixels.
        legend: samples of cells, each with what it means.
        spans: the same as a table.
    """

    year: str
    years: list[tuple[str, int]]
    drawing: Markup
    width: int
    height: int
    legend: list[tuple[Markup, str]]
    spans: list[Span]


def table_of(archive: Archive, platform: str, account_id: str, name: str) -> Table:
    """All days of an account, which has an id, or else a name alone; of a collection by the rows of
    all shards together, as lists of one name articles of another."""
    accounts = json.dumps([[platform, account_id]])
    wanted = Wanted(platform=platform, accounts=accounts, name=None if account_id else name)

    def make() -> Table:
        return calendar(archive.together.connection, wanted, {})

    return remembered(archive, "calendar", make, platform, account_id, name)


def calendar_of(archive: Archive, asked: Asked) -> Calendar | None:
    """The calendar of the account and the year that are asked for, else of the last year with an
    article; None where nothing is known of any day."""
    platform, account_id, name = map(asked.values.get, OF)
    table = table_of(archive, platform or "", account_id or "", name or "")
    years = {
        year: sum(int(row[1] or 0) for row in rows)
        for year, rows in groupby(table.rows, key=lambda row: str(row[0])[:4])
    }
    years = {year: count for year, count in years.items() if _year(table, year).rows}
    if not years:
        return None
    filled = [year for year, count in years.items() if count]
    year = asked.values.get("year", "")
    year = year if year in years else (filled or list(years))[-1]
    speaker = Speaker(asked.language)
    [block] = blocks(_year(table, year))
    words = partial(_words, speaker)

    def link(cell: Cell) -> str:
        days = {"since": cell.day, "until": cell.day}
        return asked.link("search", platform=platform, account=account_id or name, **days)

    drawn = drawing(block, words, label=speaker.phrase, link=link)
    return Calendar(
        year=year,
        years=sorted(years.items(), reverse=True),
        drawing=Markup(drawn),  # `drawing` escapes what it is given
        width=WIDTH,
        height=BLOCK,
        legend=_legend(speaker),
        spans=list(_spans(speaker, block.cells, link)),
    )


def picture(archive: Archive, asked: Asked) -> Answer:
    """The file `calendar.svg`, byte for byte what `zhengwen plot calendar` writes of this account;
    `year` for one year."""
    platform, account_id, name, year = (asked.values.get(value, "") for value in (*OF, "year"))
    table = table_of(archive, platform, account_id, name)
    body = file_of(_year(table, year) if year else table)
    headers = {"Content-Security-Policy": FILE_POLICY}
    return Answer(body=body, content_type="image/svg+xml", headers=headers)


def _year(table: Table, year: str) -> Table:
    return between(table, f"{year}-01-01", f"{year}-12-31")


def _words(speaker: Speaker, cell: Cell) -> str:
    return f"{cell.day}: {_meaning(speaker, cell)}"


def _meaning(speaker: Speaker, cell: Cell) -> str:
    meaning = speaker.phrase(MEANINGS[cell.state], count=cell.articles, listed=cell.listed)
    return str(speaker.phrase(BOUND, meaning=meaning) if cell.is_bound else meaning)


def _legend(speaker: Speaker) -> list[tuple[Markup, str]]:
    return [
        (Markup(sample(state, count, is_bound)), str(speaker.phrase(words)))
        for state, count, is_bound, words in LEGEND
    ]


def _spans(speaker: Speaker, cells: Sequence[Cell], link: Callable[[Cell], str]) -> Iterator[Span]:
    """The days of a year, those that follow each other and were the same as one."""
    for _, days in groupby(cells, key=_sameness):
        same = list(days)
        yield Span(
            first=same[0].day,
            last=same[-1].day,
            words=_meaning(speaker, same[0]),
            link=link(same[0]) if same[0].articles else None,
        )


def _sameness(cell: Cell) -> tuple[str, int, str]:
    """Days for which this is the same are one line of the table."""
    return cell.state, cell.listed, cell.day if cell.articles else ""
