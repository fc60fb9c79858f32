"""What else a page says for a field, besides what was taken for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice

from archive.model.other_values import Mention, OtherDate

MOST, MOST_DATES = 5, 20  # of a field
LONGEST = 200  # characters of each


def losing(mentions: Iterable[Mention], taken: str | None) -> tuple[Mention, ...]:
    """The different values that were not taken, in the order in which they were believed.

    Example:
        >>> losing([("云溪发布", "label"), ("新华社", "meta"), ("新华社", "dateline")], "云溪发布")
        (('新华社', 'meta'),)
    """
    places: dict[str, str] = {}
    for value, place in mentions:
        if value and value != taken and len(value) <= LONGEST:
            places.setdefault(value, place)
    return tuple(places.items())[:MOST]


def losing_titles(
    mentions: Iterable[Mention], taken: str | None, page_title: str | None
) -> tuple[Mention, ...]:
    """The different titles that were not taken, the page's own `<title>` among them where it lacks
    the one that was.

    Example:
        >>> losing_titles([("通告", "headline")], "通告", "云溪县人民政府")
        (('云溪县人民政府', 'title-element'),)
    """
    own = page_title if page_title and taken and taken not in page_title else ""
    return losing([*mentions, (own, "title-element")], taken)


def as_json(by_field: Mapping[str, Iterable[Mention]]) -> str | None:
    """The losing values of all fields as the archive stores them; None where there are none."""
    given = {
        name: [{"value": value, "where": place} for value, place in values]
        for name, values in by_field.items()
    }
    filled = {name: values for name, values in given.items() if values}
    return json.dumps(filled, ensure_ascii=False) if filled else None


def dates_as_json(dates: Iterable[OtherDate]) -> str | None:
    """The other dates of a page as the archive stores them, each once; None where there are none.

    Example:
        >>> dates_as_json([OtherDate("2024-03-05", "2024年3月5日", "written", "head")])
        '[{"value": "2024-03-05", "printed": "2024年3月5日", "label": "written", "where": "head"}]'
    """
    different = {(date.value, date.label, date.where): date for date in dates}
    stored = [asdict(date) for date in islice(different.values(), MOST_DATES)]
    return json.dumps(stored, ensure_ascii=False) if stored else None
