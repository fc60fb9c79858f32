"""The time of publication on a page of unknown make."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archive.general.patterns import (
    DATED,
    DAY_ALONE,
    IN_ADDRESS,
    IN_SHORT,
    LABELLED,
    MONTH_ALONE,
    OTHER_DAY,
    SCRIPT_TIME,
    TIME,
    TIMED,
)
from archive.page.dates import from_any, from_zoned
from archive.page.page import Page


def published(
    meta: dict[str, str], page: Page, lines: list[str], body: list[str]
) -> tuple[str | None, str | None, str]:
    """Reads when an article was published.

    Args:
        meta: the page's meta data, values by name.
        page: the page, for its lines, scripts and address.
        lines: those around the headline.
        body: the lines of the article.

    Returns:
        The time as ISO 8601, as printed, and the rule that found it, such as `label`.
    """
    return next(_times(meta, page, lines, body), (None, None, ""))


def _times(
    meta: dict[str, str], page: Page, lines: list[str], body: list[str]
) -> Iterator[tuple[str, str | None, str]]:
    """What could be the time of publication, the surest first."""
    for name in DATED:
        if (value := meta.get(name)) and (at := from_zoned(value, lines) or from_any(value)):
            yield at, value, f"meta {name}"
    for line in lines:
        if (match := LABELLED.search(line)) and (at := from_any(match["value"])):
            yield at, match["value"], "label"
    for line in lines:
        if (
            (match := TIME.search(line))
            and (at := from_any(match[1]))
            and len(line) < 200
            and not OTHER_DAY.search(line)
        ):
            yield at, match[1], "near-headline"
    if at := _split_day(lines):
        yield at, None, "day-over-month"
    for line in page.lines:
        if TIMED.match(line) and (at := from_any(line)):
            yield at, None, "label-anywhere"
    if (match := SCRIPT_TIME.search(page.text)) and (at := from_any(match["value"])):
        yield at, match["value"], "script"
    for line in [*body[-3:], *body[:2]]:
        if (match := TIME.search(line)) and (at := from_any(match[1])) and len(line) < 60:
            yield at, match[1], "ends-of-body"
    if (match := IN_ADDRESS.search(page.url) or IN_SHORT.search(page.url)) and (
        at := from_any("-".join(match.groups()))
    ):
        yield at, None, "address"


def _split_day(lines: list[str]) -> str | None:
    """A day set in large figures over its month: `21` and `2024年02月`."""
    for first, second in pairwise(lines):
        if DAY_ALONE.fullmatch(first) and (month := MONTH_ALONE.fullmatch(second)):
            return from_any(f"{month[1]}-{month[2]}-{first}")
    return None
