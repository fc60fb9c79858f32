"""The time of publication on a page of unknown make, chosen among all its dates by where they stand
and what they are labelled.

In order: what meta data and a label in the line under the headline call the publication; a time in
that line without a label; a label elsewhere; what scripts name; the day in the address; at last
the date of the document itself. A date that is labelled as another's (in force, adopted, deadline,
event, today's) is never chosen, nor one after the capture, nor a date inside a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from archive.general.date_candidates import (
    Candidate,
    as_json,
    dates_of_lines,
    of_address,
    of_body,
    of_elements,
    of_meta,
    split_day,
)
from archive.general.patterns import CHANGED, CREATED, DATED
from archive.model.times import CHINA
from archive.page.page import Page

OTHERS = frozenset({"effective", "adopted", "deadline", "event", "today"})
MOST_LINES = 20_000  # of a page that are searched
UNDER = 6  # lines behind the body, where it may say when it was changed
END_OF_DAYS = "9999-12-31"
# Ranks of the places, the surest first; a label is surer than none.
RANKS = {
    ("meta", "published"): 0,
    ("head", "published"): 10,
    ("meta", "time"): 16,
    ("head", "time"): 20,
    ("page", "published"): 40,
    ("page", "time"): 42,
    ("element", "published"): 45,
    ("script", "published"): 50,
    ("address", None): 70,
    ("head", "updated"): 80,
    ("head", "written"): 85,
    ("page", "written"): 86,
    ("signature", None): 90,
    ("signature", "written"): 90,
}
EDGES = {
    "published": 41,
    "time": 73,
    None: 74,
}  # a byline within the article
CONTRADICTED = 12  # meta data that a printed label contradicts
TIMED_LINE, DATED_LINE, NEWSPAPER, OPENING = 21, 28, 32, 95
OTHER_THAN_ADDRESS = 72
SECOND = len("2024-03-05T10:23:")  # where it begins in ISO 8601
PLACES = ("meta", "head", "page", "element", "script")  # that say when it was changed


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published and changed, by its page; `rule` and `updated_by` name the
    rules that found them. `candidates`: the other dates of the page, as JSON."""

    published_at: str | None
    published_raw: str | None
    rule: str
    updated_at: str | None
    updated_by: str
    candidates: str | None


def published(meta: dict[str, str], page: Page, lines: list[str], body: list[str]) -> Publication:
    """Reads when an article was published, and when it was changed after that.

    Args:
        meta: the page's meta data, values by name.
        page: the page, for its lines, scripts, address and the time of its capture.
        lines: those around the headline.
        body: the lines of the article.
    """
    today = page.captured_at.astimezone(CHINA) if page.captured_at else None
    dates = [_until(date, today) for date in _candidates(meta, page, lines, body)]
    evidence = Evidence(dates, today.date().isoformat() if today else END_OF_DAYS)
    best, value = _finest(evidence.ranked)
    changed = evidence.changed(value)
    others = [date for date in dates if date is not best and date is not changed]
    return Publication(
        value,
        best.printed if best and best.where != "address" else None,
        _rule(best) if best else "",
        changed.value if changed else None,
        ("label" if changed.where in ("head", "page") else _rule(changed)) if changed else "",
        as_json(sorted(others, key=lambda date: evidence.rank(date) or 999)),
    )


def _candidates(
    meta: dict[str, str], page: Page, lines: list[str], body: list[str]
) -> Iterator[Candidate]:
    yield from of_meta(meta, DATED, "published", lines)
    yield from of_meta(meta, CREATED, "time", lines)
    yield from of_meta(meta, CHANGED, "updated", lines)
    of_article = set(body)
    yield from dates_of_lines([line for line in lines if line not in of_article], "head")
    yield from split_day(lines)
    yield from _elsewhere(page.lines[:MOST_LINES], of_article.union(lines), body)
    yield from of_elements(page, lines)
    yield from of_address(page.url)
    yield from of_body(body)


def _elsewhere(lines: list[str], known: set[str], body: list[str]) -> Iterator[Candidate]:
    """The labelled dates of other lines; those of a change only up to the end of the article."""
    end = lines.index(body[-1]) if body and body[-1] in lines else len(lines)
    before = [line for line in lines[: end + UNDER] if line not in known]
    yield from (date for date in dates_of_lines(before, "page") if date.label)
    behind = [line for line in lines[end + UNDER :] if line not in known]
    for date in dates_of_lines(behind, "page"):
        if date.label in ("published", "time"):
            yield date


def _until(date: Candidate, now: datetime | None) -> Candidate:
    """A minute after the capture, of the same day, is by another clock: only its day is sure."""
    if now is None or len(date.value) == 10 or date.day != now.date().isoformat():
        return date
    return date if datetime.fromisoformat(date.value) <= now else replace(date, value=date.day)


class Evidence:
    """All dates of a page, and how sure each is, seen from the others.

    Args:
        dates: in the order in which places are searched.
        today: the day of the capture.
    """

    def __init__(self, dates: list[Candidate], today: str) -> None:
        self.dates, self.today = dates, today
        self.address = next((date.day for date in dates if date.where == "address"), None)
        self.labels = [d for d in dates if d.where == "head" and d.label == "published"]

    @cached_property
    def ranked(self) -> list[Candidate]:
        """The dates that can be that of publication, the surest first."""
        ranks = [(self.rank(date), place) for place, date in enumerate(self.dates)]
        return [self.dates[place] for rank, place in sorted(r for r in ranks if r[0] is not None)]

    def rank(self, date: Candidate) -> int | None:
        """How far behind the surest evidence a date is; None for one that cannot be that of
        publication."""
        if date.day > self.today or date.label in OTHERS:
            return None
        if date.where == "head" and date.label is None:
            return self._rank_of_line(date)
        if date.where == "text":
            return EDGES.get(date.label) if date.byline else OPENING if date.alone else None
        rank = RANKS.get((date.where, date.label))
        if rank == 0 and self._is_contradicted(date):
            return CONTRADICTED
        if date.where in ("page", "script") and self.address not in (None, date.day):
            return rank and max(rank, OTHER_THAN_ADDRESS)
        if date.where == "signature" and date.day != self._last_signature:
            return rank and rank + 1
        return rank

    def _rank_of_line(self, date: Candidate) -> int | None:
        """That of a date near the headline without a label."""
        if date.name:
            return TIMED_LINE
        if not date.byline:
            return None
        if date.alone and self.address not in (None, date.day):
            return OTHER_THAN_ADDRESS
        return NEWSPAPER if date.weekday else TIMED_LINE if date.timed else DATED_LINE

    def _is_contradicted(self, date: Candidate) -> bool:
        return not any(label.day == date.day for label in self.labels) and any(
            label.day == self.address or (label.timed and not date.timed)
            for label in self.labels
            if label.day <= self.today
        )

    @cached_property
    def _last_signature(self) -> str:
        """A document is published after all that it quotes were signed."""
        days = [d.day for d in self.dates if d.where == "signature" and d.day <= self.today]
        return max(days, default="")

    def changed(self, published_at: str | None) -> Candidate | None:
        """When the article was changed after its publication, by the surest place that says so."""
        later = [
            date
            for date in self.dates
            if date.label == "updated"
            and date.day <= self.today
            and _is_later(date.value, published_at)
        ]
        return min(later, key=lambda date: PLACES.index(date.where), default=None)


def _is_later(changed: str, published_at: str | None) -> bool:
    if published_at is None or changed == published_at:
        return False
    both_timed = len(changed) > 10 and len(published_at) > 10
    return changed > published_at if both_timed else changed[:10] >= published_at[:10]


def _finest(ranked: list[Candidate]) -> tuple[Candidate | None, str | None]:
    """The surest date, as exact as the places that agree with it print it: readers' minute rather
    than a program's, and the second of the same minute."""
    if not ranked:
        return None, None
    best = ranked[0]
    timed = [date for date in ranked if date.day == best.day and date.timed]
    shown = [date for date in timed if date.where == "head"]
    if best.timed:
        shown = [date for date in shown if date.label != "updated" and _says_more(date, best)]
    if best.where != "head" and shown:
        best = shown[0]
    elif not best.timed and timed:
        best = timed[0]
    if not best.timed or not best.value.startswith("00", SECOND):
        return best, best.value
    exact = (date.value for date in timed if _says_more(date, best) and _same_minute(date, best))
    return best, next(exact, best.value)


def _same_minute(date: Candidate, other: Candidate) -> bool:
    return date.value[:SECOND] == other.value[:SECOND]


def _says_more(date: Candidate, other: Candidate) -> bool:
    """Whether it is another minute, or has a second that the other has not."""
    return not _same_minute(date, other) or (
        date.value != other.value and not date.value.startswith("00", SECOND)
    )


def _rule(date: Candidate) -> str:
    """How `found_by` names the rule that found a date."""
    if date.where == "meta":
        return f"meta {date.name}"
    if date.where == "head":
        named = {"published": "label", "updated": "label-updated", "written": "label-written"}
        return date.name or named.get(date.label or "", "near-headline")
    if date.where == "text" and date.byline:
        return "label-anywhere"
    return RULES_OF_PLACES[date.where]


RULES_OF_PLACES = {
    "page": "label-anywhere",
    "element": "time-element",
    "script": "script",
    "address": "address",
    "signature": "ends-of-body",
    "text": "ends-of-body",
}
