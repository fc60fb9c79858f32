"""Whether a platform is still read as well as it was: each run beside the platform's own past.

A selector that dies leaves no error, only articles without a date or with a shorter text. So
fields are counted, and values compared that come from two places: the title of the page with that
of its `<title>` and of the listing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import median
from typing import Any

import sqlite_utils

LEAST, LEAST_BEFORE = 5, 20  # pages that a run, and its past, must hold to be compared
FALL = 0.25  # of a share, beyond what chance explains
SHORTER = 0.4  # of the usual length of a text
PAST_RUNS, PAST_PAGES = 60, 1000

PAGES = """SELECT c.id, c.url, c.outcome, c.captured_at, c.warc, c.offset, v.title, v.account, v.published_at, v.source,
        v.page_title, length(v.text) AS size,
        (SELECT l.title FROM links l WHERE l.article_id = c.article_id AND l.title > '' LIMIT 1) AS listed
    FROM captures c LEFT JOIN versions v ON v.article_id = c.article_id AND v.digest = c.content_digest
    WHERE c.role = 'article' AND c.refers_to IS NULL AND c.outcome IN ('article', 'unreadable') AND c.run = ?
    ORDER BY c.captured_at DESC, c.id"""
PAST = "SELECT id FROM runs WHERE platform = ? AND started_at < ? ORDER BY started_at DESC LIMIT ?"
Page = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A measure that fell: its value in this run and before, and the record of a page that shows
    it."""

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
            f"{self.pages} pages;"
            f" see {self.url} ({self.warc} at {self.offset})"
        )


def drift(db: sqlite_utils.Database, run: str) -> list[Drift]:
    """What fell in this run; nothing where it, or the platform's past, holds too few pages to
    tell."""
    story = next(db.query("SELECT platform, started_at FROM runs WHERE id = ?", [run]), None)
    pages = list(db.query(PAGES, [run]))
    if story is None or len(pages) < LEAST:
        return []
    before: list[Page] = []
    for row in db.query(PAST, [story["platform"], story["started_at"], PAST_RUNS]):
        before += db.query(PAGES, [row["id"]])
        if len(before) >= PAST_PAGES:
            break
    found = [_share(name, holds, pages, before) for name, holds in MEASURES.items()] + [
        _length(pages, before)
    ]
    return [_drift(story["platform"], *one) for one in found if one]


Found = tuple[str, float, float, int, Page]


def _share(
    name: str, holds: Callable[[Page], bool | None], pages: list[Page], before: list[Page]
) -> Found | None:
    now, past = _told(holds, pages), _told(holds, before)
    if len(now) < LEAST or len(past) < LEAST_BEFORE:
        return None
    usual, share = (sum(value for _, value in told) / len(told) for told in (past, now))
    chance = 3 * sqrt(max(usual * (1 - usual), 0.01) / len(now))
    if usual - share < max(FALL, chance):
        return None
    return name, share, usual, len(now), next(page for page, value in now if not value)


def _told(holds: Callable[[Page], bool | None], pages: Iterable[Page]) -> list[tuple[Page, bool]]:
    return [(page, value) for page in pages if (value := holds(page)) is not None]


def _length(pages: list[Page], before: list[Page]) -> Found | None:
    now, past = ([page for page in some if page["size"]] for some in (pages, before))
    if len(now) < LEAST or len(past) < LEAST_BEFORE:
        return None
    usual, length = median(page["size"] for page in past), median(page["size"] for page in now)
    shortest = min(now, key=lambda page: page["size"])
    return (
        ("length of the text", length, usual, len(now), shortest)
        if length < SHORTER * usual
        else None
    )


def _drift(platform: str, measure: str, now: float, usual: float, pages: int, page: Page) -> Drift:
    place = {name: page[name] for name in ("url", "warc", "offset")}
    return Drift(platform=platform, measure=measure, now=now, usual=usual, pages=pages, **place)


def _article(field: str) -> Callable[[Page], bool | None]:
    return lambda page: bool(page[field]) if page["outcome"] == "article" else None


def _plausible(page: Page) -> bool | None:
    if not page["published_at"]:
        return None
    latest = (datetime.fromisoformat(page["captured_at"]) + timedelta(days=1)).date().isoformat()
    return bool(page["published_at"][:4] >= "2000" and page["published_at"][:10] <= latest)


def _same(one: str, other: str) -> Callable[[Page], bool | None]:
    """Whether one of two texts holds the other, as a list or a `<title>` cuts or lengthens a
    headline."""

    def holds(page: Page) -> bool | None:
        first, second = _bare(page[one]), _bare(page[other])
        return first in second or second in first if first and second else None

    return holds


def _bare(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or "")).lower()


MEASURES: dict[str, Callable[[Page], bool | None]] = {
    "share of pages that can be read": lambda page: page["outcome"] == "article",
    "share with an account": _article("account"),
    "share with a time of publication": _article("published_at"),
    "share with a source": _article("source"),
    "share with a plausible date": _plausible,
    "agreement of title and page title": _same("title", "page_title"),
    "agreement of title and listing": _same("title", "listed"),
}
