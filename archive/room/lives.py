"""What became of an account in time: its names as lines, its changes and disappearances by
month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.archive import Archive
from archive.model.months import all_months
from archive.room.every import of_all

WIDTH, LEAST = 480, 3  # of the lines of names, and of the shortest; pixels
HEIGHT, STEP = 60, 8  # of the bars, and from month to month; pixels
# The first version of an article is no change.
CHANGED = """SELECT month, count(*) AS count FROM (
        SELECT substr(v.first_captured_at, 1, 7) AS month, row_number() OVER
            (PARTITION BY a.id ORDER BY v.first_captured_at, v.digest) AS number
        FROM (SELECT id, version_count FROM articles WHERE {of}) a
            JOIN versions v ON v.article_id = a.id
        WHERE a.version_count > 1)
    WHERE number > 1 GROUP BY 1"""
MISSING = """SELECT substr(missing_since, 1, 7) AS month, count(*) AS count FROM articles
    WHERE {of} AND missing_since IS NOT NULL GROUP BY 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLine:
    """A name from when it was seen first to when it was last, as a line: left end and length in
    pixels."""

    name: str
    left: int
    length: int


def name_lines(names: Sequence[Mapping[str, Any]]) -> list[NameLine]:
    """The names of an account on one scale of time.

    Args:
        names: with `name`, `first` and `last`, times as the archive has them.
    """
    moments = [(_seconds(name["first"]), _seconds(name["last"])) for name in names]
    begin = min((first for first, _ in moments), default=0.0)
    span = max((last for _, last in moments), default=0.0) - begin
    scale = WIDTH / span if span > 0 else 0.0
    return [
        NameLine(
            name=name["name"],
            left=round((first - begin) * scale),
            length=max(round((last - first) * scale), LEAST) if scale else WIDTH,
        )
        for name, (first, last) in zip(names, moments, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """A month: how many versions and disappearances were first seen in it, and both as bars, the
    second on the first; pixels."""

    month: str
    changed: int
    missing: int
    left: int
    heights: tuple[int, int]


def events_of(archive: Archive, of: str, given: Mapping[str, str | None]) -> list[Events]:
    """The months from the first to the last in which an article of an account changed or went.

    Args:
        archive: which has it.
        of: the condition of SQL that an article is of the account.
        given: the values that the condition names.
    """
    counts: list[Counter[str]] = [Counter(), Counter()]
    for count, statement in zip(counts, (CHANGED, MISSING), strict=True):
        for row in of_all(archive, statement.format(of=of), given):
            count[row["month"]] += row["count"]
    months = all_months({month for of_kind in counts for month in of_kind if month})
    both = [(counts[0].get(month, 0), counts[1].get(month, 0)) for month in months]
    most = max(map(sum, both), default=1)
    return [
        Events(
            month=month,
            changed=changed,
            missing=missing,
            left=number * STEP,
            heights=(-(-changed * HEIGHT // most), -(-missing * HEIGHT // most)),
        )
        for number, (month, (changed, missing)) in enumerate(zip(months, both, strict=True))
    ]


def _seconds(moment: str | None) -> float:
    try:
        return datetime.fromisoformat(moment or "").timestamp()
    except (ValueError, OverflowError):
        return 0.0  # a database of somebody else
