"""The table of a calendar of publications: of each day how many articles there are, how many more
were listed, and whether the list was looked at; so that no gap of the archive is taken for silence
of an account."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from archive.charts.table import Names, Row, Table, Wanted
from archive.charts.walked import Looked, together, walked_of

COLUMNS = ("day", "articles", "listed_only", "looked_at")
DAY = re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_YEARS = 100  # between the first and the last that are shown without a gap
OF_ALL = "(:platform IS NULL OR platform = :platform)"
OF_ACCOUNTS = f"""{OF_ALL} AND (platform, account_id) IN
    (SELECT value ->> 0, value ->> 1 FROM json_each(:accounts))"""
OF_NAME = f"""{OF_ALL} AND coalesce(account_id, '') = '' AND account = :name"""
OF_NOTHING = "0"  # no list is known of an account without an id
ARTICLES = """SELECT substr(published_at, 1, 10), count(*) FROM articles
    WHERE published_at IS NOT NULL AND {of} GROUP BY 1"""
LISTED = """SELECT substr(published_at, 1, 10), count(*) FROM links
    WHERE published_at IS NOT NULL AND {of} AND NOT EXISTS
        (SELECT 1 FROM articles WHERE articles.id = links.article_id) GROUP BY 1"""


def calendar(db: sqlite3.Connection, wanted: Wanted, names: Names) -> Table:
    """The days of all years in which something was published, listed or looked at, to the last such
    day. `listed_only` counts entries of lists without an article in the archive; `looked_at` says
    whether a list was looked at `wholly`, `partly` or `not`."""
    of = OF_NAME if wanted.name else OF_ACCOUNTS if wanted.accounts else OF_ALL
    of_lists = OF_NOTHING if wanted.name else of
    articles, listed = (
        _by_day(db.execute(statement, wanted.parameters()))
        for statement in (ARTICLES.format(of=of), LISTED.format(of=of_lists))
    )
    ledgers = walked_of(db, of_lists, wanted.parameters()).values()
    begun = {end.date() for walked in ledgers for _, end in (*walked.complete, *walked.partial)}
    days = list(_days({*articles, *listed, *begun}))
    looked = together(walked.days(days[0], days[-1]) for walked in ledgers) if days else {}
    rows = tuple(_row(day, articles, listed, looked) for day in days)
    table = Table(title="Articles by day of publication", columns=COLUMNS, rows=rows)
    return between(table, wanted.since, wanted.until)


def between(table: Table, since: str | None, until: str | None) -> Table:
    """A part of a calendar, both days included; none where nothing is known of any of its days."""
    rows = [row for row in table.rows if (since or "") <= str(row[0]) <= (until or "9999-12-31")]
    is_known = any(row[1] or row[2] or row[3] != "not" for row in rows)
    return replace(table, rows=tuple(rows) if is_known else ())


def _row(
    day: date,
    articles: Mapping[date, int],
    listed: Mapping[date, int],
    looked: Mapping[date, Looked],
) -> Row:
    return day.isoformat(), articles.get(day, 0), listed.get(day, 0), looked.get(day, "not")


def _by_day(rows: Iterable[tuple[str, int]]) -> dict[date, int]:
    """Counts by day; dates that are less than a day, or none, are on no day."""
    counts: dict[date, int] = {}
    for text, count in rows:
        try:
            counts[date.fromisoformat(text if DAY.fullmatch(text) else "")] = count
        except ValueError:
            continue
    return counts


def _days(of: set[date]) -> Iterator[date]:
    """The days of the years of some, to the last of them."""
    years = sorted({day.year for day in of})
    if years and years[-1] - years[0] < MOST_YEARS:
        years = list(range(years[0], years[-1] + 1))
    for year in years:
        first, end = date(year, 1, 1), min(date(year, 12, 31), max(of))
        yield from (first + timedelta(days=number) for number in range((end - first).days + 1))
