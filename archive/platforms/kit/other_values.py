"""What a page says besides what its platform's rules take: dates in the JSON of an article, and
those around the elements of a layout."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from archive.general.date_candidates import (
    dates_of_lines,
    of_address,
    of_elements,
    of_meta,
)
from archive.general.date_evidence import Evidence
from archive.general.date_labels import Label
from archive.general.names import is_nobody
from archive.general.patterns import NAMED, SIGNED
from archive.general.script_dates import OTHER, label_of_name
from archive.model.other_values import Mention, OtherDate, without_taken
from archive.page.dates import from_any, from_zoned
from archive.page.page import Page

# those nearest to a date of publication first
LABELS: tuple[Label, ...] = ("published", "time", "updated")
OF_TIME = re.compile(r"time|date", re.I)
LONGEST = 40  # characters of a date alone
MINUTE = len("2024-03-05T10:23")


def dates_in_json(
    story: Mapping[str, Any], published_at: str | None, taken: Collection[str]
) -> tuple[OtherDate, ...]:
    """The other dates of an article that is in JSON: its own, none of what it holds, since rows of
    related articles have dates of theirs.

    Args:
        story: the object of the article.
        published_at: what was taken from it.
        taken: the keys that it was taken from. One that has another minute is another date.

    Example:
        >>> story = {"pubTime": "2024-03-05 10:23", "updateTime": 1709692200000}
        >>> dates_in_json(story, "2024-03-05T10:23:00+08:00", ["pubTime"])[0].value
        '2024-03-06T10:30:00+08:00'
    """
    dates = [date for _, date in sorted(_named_dates(story), key=itemgetter(0))]
    minute = (published_at or "")[:MINUTE]
    used = {f"json {name}" for name in taken}
    return tuple(date for date in dates if date.where not in used or date.value[:MINUTE] != minute)


def _named_dates(story: Mapping[str, Any]) -> Iterator[tuple[int, OtherDate]]:
    """Each with the place of its label in `LABELS`."""
    for name, value in story.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            continue
        label, written = _label(name), str(value).strip()
        if not label or len(written) > LONGEST:
            continue
        if at := from_zoned(written, []) or from_any(written):
            yield LABELS.index(label), OtherDate(at, written, label, f"json {name}")


@lru_cache(maxsize=1000)
def _label(name: str) -> Label | None:
    is_time = OF_TIME.search(name) and not OTHER.search(name)
    return label_of_name(name) or ("time" if is_time else None)


def dates_around(
    page: Page, meta: dict[str, str], lines: list[str], published_at: str | None
) -> tuple[OtherDate, ...]:
    """The other dates outside the text of a page whose layout is known, the surest first: in the
    lines under its headline, meta data, `<time>`, scripts and the address.

    Args:
        page: the answer.
        meta: its meta data, values by name.
        lines: those under the headline.
        published_at: what was taken from the first of them that has it.
    """
    dates = [
        *dates_of_lines(lines, "head"),
        *of_meta(meta, lines),
        *of_elements(page, lines),
        *of_address(page.url),
    ]
    surest_first = sorted(dates, key=Evidence(dates, page.captured_at).place)
    return without_taken([date.other for date in surest_first], published_at)


def names_in_meta(meta: dict[str, str]) -> dict[str, tuple[Mention, ...]]:
    """Whom a page's meta data names as source and author.

    Args:
        meta: values by name.

    Example:
        >>> names_in_meta({"author": "王芳", "source": "云溪发布"})
        {'source': (('云溪发布', 'meta'),), 'author': (('王芳', 'meta'),)}
    """
    places = {"source": NAMED, "author": SIGNED}
    return {
        field: tuple(
            (meta[name], "meta") for name in names if name in meta and not is_nobody(meta[name])
        )
        for field, names in places.items()
    }
