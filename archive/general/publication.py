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

from archive.general.body_dates import of_body
from archive.general.date_candidates import (
    Candidate,
    dates_of_lines,
    of_address,
    of_elements,
    of_meta,
    split_day,
    without_events,
    without_year,
)
from archive.general.date_evidence import Evidence
from archive.model.other_values import OtherDate
from archive.model.times import CHINA
from archive.page.page import Page

MOST_LINES = 20_000  # of a page that are searched
UNDER = 6  # lines behind the body, where it may say when it was changed
SECOND = len("2024-03-05T10:23:")  # where it begins in ISO 8601


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published and changed, by its page; `rule` and `updated_by` name the
    rules that found them. `taken` is the date of publication as it would be stored among
    `others`, which are the other dates of the page, the surest first."""

    published_at: str | None
    published_raw: str | None
    rule: str
    updated_at: str | None
    updated_by: str
    taken: OtherDate | None
    others: tuple[OtherDate, ...]


def published(meta: dict[str, str], page: Page, lines: list[str], body: list[str]) -> Publication:
    """Reads when an article was published, and when it was changed after that.

    Args:
        meta: the page's meta data, values by name.
        page: the page, for its lines, scripts, address and the time of its capture.
        lines: those around the headline.
        body: the lines of the article.
    """
    now = page.captured_at.astimezone(CHINA) if page.captured_at else None
    dates = [_until(date, now) for date in _candidates(meta, page, lines, body)]
    evidence = Evidence(dates, page.captured_at)
    best, value = _finest(evidence.ranked)
    if best and not best.timed and (minute := without_year(lines, best.day)):
        best, value = minute, minute.value
    changed = evidence.changed(value)
    others = [date for date in dates if date is not best and date is not changed]
    return Publication(
        value,
        best.printed if best and best.where != "address" else None,
        _rule(best) if best else "",
        changed.value if changed else None,
        ("label" if changed.where in ("head", "page") else _rule(changed)) if changed else "",
        best.other if best else None,
        tuple(date.other for date in sorted(others, key=evidence.place)),
    )


def _candidates(
    meta: dict[str, str], page: Page, lines: list[str], body: list[str]
) -> Iterator[Candidate]:
    yield from of_meta(meta, lines)
    of_article = set(body)
    head = [line for line in lines if line not in of_article]
    yield from without_events(dates_of_lines(head, "head"), page.lines[:MOST_LINES])
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
