"""Whether a platform is still read as well as it was: each run compared with the platform's past.

A selector that dies leaves no error, only articles without a date or with a shorter text. So
fields are counted, and values compared that come from two places: the title of the page with that
of its `<title>` and of the listing, the text with what trafilatura reads on the complete page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import median
from typing import Any

from archive.counting import counted
from archive.database.opening import read_rows
from archive.page.letters import folded_letters

LEAST, LEAST_BEFORE = 5, 20  # pages that a run, and its past, must have to be compared
FALL = 0.25  # of a share, beyond what chance explains
SHORTER = 0.4  # of the usual length of a text
PAST_RUNS, PAST_PAGES = 60, 1000
LESS_ALIKE = 0.2  # of the usual agreement with the witness

PAGES = """SELECT c.id, c.url, c.outcome, c.captured_at, c.warc, c.offset,
        c.reason, c.agreement,
        v.title, v.account, v.published_at, v.source, v.page_title, length(v.text) AS size,
        (SELECT l.title FROM links l WHERE l.article_id = c.article_id AND l.title > '' LIMIT 1)
            AS listed
    FROM captures c LEFT JOIN versions v
        ON v.article_id = c.article_id AND v.digest = c.content_digest
    WHERE c.role = 'article' AND c.refers_to IS NULL AND c.outcome IN ('article', 'unreadable')
        AND c.run = ?
    ORDER BY c.captured_at DESC, c.id"""
PAST = "SELECT id FROM runs WHERE platform = ? AND started_at < ? ORDER BY started_at DESC LIMIT ?"

Page = dict[str, Any]
"""A row of PAGES."""

Property = Callable[[Page], bool | None]
"""Whether a page has what a measure counts; None where the page does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A measure that fell: its value in this run and before, and the record of a page that shows
    it. `pages` is how many pages of the run were counted."""

    platform: str
    measure: str
    now: float
    usual: float
    pages: int
    url: str
    warc: str
    offset: int

    def __str__(self) -> str:
        return (
            f"{self.platform}: {self.measure} fell from {self.usual:.2f} to {self.now:.2f} over "
            f"{counted(self.pages, 'page')}; see {self.url} ({self.warc} at {self.offset})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """What `Drift` says of one measure, and the page that shows it."""

    measure: str
    now: float
    usual: float
    pages: int
    example: Page


def drift(connection: sqlite3.Connection, run: str) -> list[Drift]:
    """Find what fell in a run.

    Args:
        connection: the archive's database.
        run: its id.

    Returns:
        The measures that fell; none where the run, or the platform's past, has too few pages to
        compare.
    """
    statement = "SELECT platform, started_at FROM runs WHERE id = ?"
    known = next(read_rows(connection, statement, [run]), None)
    pages = list(read_rows(connection, PAGES, [run]))
    if known is None or len(pages) < LEAST:
        return []
    platform = known["platform"]
    before = _past(connection, platform, known["started_at"])
    falls = [_share(measure, has, pages, before) for measure, has in MEASURES.items()]
    falls.append(_length(pages, before))
    falls.append(_agreement(pages, before))
    return [_drift(platform, fall) for fall in falls if fall]


def _past(connection: sqlite3.Connection, platform: str, started_at: str) -> list[Page]:
    """Pages of the platform's earlier runs, the latest first."""
    pages: list[Page] = []
    for row in read_rows(connection, PAST, [platform, started_at, PAST_RUNS]):
        pages += read_rows(connection, PAGES, [row["id"]])
        if len(pages) >= PAST_PAGES:
            break
    return pages


def _share(measure: str, has: Property, pages: list[Page], before: list[Page]) -> Fall | None:
    """Whether the share of pages with a property fell by more than chance explains."""
    now, past = _counted(has, pages), _counted(has, before)
    if len(now) < LEAST or len(past) < LEAST_BEFORE:
        return None
    usual, share = (sum(value for _, value in some) / len(some) for some in (past, now))
    chance = 3 * sqrt(max(usual * (1 - usual), 0.01) / len(now))
    if usual - share < max(FALL, chance):
        return None
    example = next(page for page, value in now if not value)
    return Fall(measure=measure, now=share, usual=usual, pages=len(now), example=example)


def _counted(has: Property, pages: Iterable[Page]) -> list[tuple[Page, bool]]:
    return [(page, value) for page in pages if (value := has(page)) is not None]


def _length(pages: list[Page], before: list[Page]) -> Fall | None:
    """Whether the texts became much shorter."""
    now, past = ([page for page in some if page["size"]] for some in (pages, before))
    if len(now) < LEAST or len(past) < LEAST_BEFORE:
        return None
    usual, length = median(page["size"] for page in past), median(page["size"] for page in now)
    if length >= SHORTER * usual:
        return None
    shortest = min(now, key=lambda page: page["size"])
    return Fall(
        measure="length of the text", now=length, usual=usual, pages=len(now), example=shortest
    )


def _agreement(pages: list[Page], before: list[Page]) -> Fall | None:
    """Whether trafilatura's reading of complete pages agrees less with the texts than it did.

    It reads about one page in sixteen, so the latest of earlier runs count with those of this
    one."""
    asked, earlier = (
        [page for page in some if page["agreement"] is not None] for some in (pages, before)
    )
    missing = max(0, LEAST - len(asked))
    now, past = asked + earlier[:missing], earlier[missing:]
    if not asked or len(past) < LEAST_BEFORE:
        return None
    usual, agreement = (median(page["agreement"] for page in some) for some in (past, now))
    if usual - agreement < LESS_ALIKE:
        return None
    least = min(now, key=lambda page: page["agreement"])
    return Fall(
        measure="agreement with trafilatura's reading of the page",
        now=agreement,
        usual=usual,
        pages=len(now),
        example=least,
    )


def _drift(platform: str, fall: Fall) -> Drift:
    place = {name: fall.example[name] for name in ("url", "warc", "offset")}
    return Drift(
        platform=platform,
        measure=fall.measure,
        now=fall.now,
        usual=fall.usual,
        pages=fall.pages,
        **place,
    )


def _article(field: str) -> Property:
    """Whether an article has a field."""
    return lambda page: bool(page[field]) if page["outcome"] == "article" else None


def _plausible(page: Page) -> bool | None:
    """Whether an article's day is neither long ago nor later than its capture."""
    if not page["published_at"]:
        return None
    latest = (datetime.fromisoformat(page["captured_at"]) + timedelta(days=1)).date().isoformat()
    return bool(page["published_at"][:4] >= "2000" and page["published_at"][:10] <= latest)


def _agree(name: str, other: str) -> Property:
    """Whether one of two texts is in the other, as a list or a `<title>` cuts or lengthens a
    headline."""

    def agree(page: Page) -> bool | None:
        first, second = folded_letters(page[name]), folded_letters(page[other])
        return first in second or second in first if first and second else None

    return agree


MEASURES: dict[str, Property] = {
    "share of pages that can be read": lambda page: page["outcome"] == "article",
    "share of pages in a known layout": lambda page: page["reason"] != "unknown-layout",
    "share with an account": _article("account"),
    "share with a time of publication": _article("published_at"),
    "share with a source": _article("source"),
    "share with a plausible date": _plausible,
    "agreement of title and page title": _agree("title", "page_title"),
    "agreement of title and listing": _agree("title", "listed"),
}
