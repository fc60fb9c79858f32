"""What else a page says besides what was taken from it, as the archive stores it: dates, and values
of title, source and author."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

from archive.general.body_dates import of_body
from archive.general.losing import losing, losing_titles
from archive.model.other_values import Mention, OtherDate
from archive.platform import STATED, Reading

MOST_DATES = 20


def other_dates(reading: Reading, lines: list[str]) -> str | None:
    """The dates of a page besides that of publication, as `published_candidates` has them; those in
    the text too, which rules that choose its lines have looked for.

    Args:
        reading: what the rules read.
        lines: the paragraphs of the article.
    """
    in_text = () if reading.lines is not None else (date.other for date in of_body(lines))
    return dates_as_json([*reading.other_dates, *in_text])


def other_values(reading: Reading, fields: Mapping[str, Any], page_title: str | None) -> str | None:
    """What else a page says for title, source and author, as `field_candidates` has it.

    Args:
        reading: what the rules read.
        fields: what was taken, by name.
        page_title: the `<title>`.
    """
    titles = [(reading.title, reading.found_by.get("title", "headline"))]
    title = losing_titles([*titles, *reading.others.get("title", ())], fields["title"], page_title)
    return as_json(
        {"title": title}
        | {name: losing(reading.others.get(name, ()), fields[name]) for name in STATED[1:]}
    )


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
