"""What else a page says for a field, besides what was taken for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Mention = tuple[str, str]
"""A value, and the rule that found it or the place that says it."""


@dataclass(frozen=True, slots=True)
class OtherDate:
    """A date of a page, as `published_candidates` has it.

    `value` is as in `published_at`, `printed` as the page has it, `label` what it is the date of,
    and `where` the place, with its name where it has one.
    """

    value: str
    printed: str | None
    label: str | None
    where: str


def without_taken(dates: Iterable[OtherDate], taken: str | None) -> tuple[OtherDate, ...]:
    """Dates without the first that is the one that was taken.

    Args:
        dates: of a page.
        taken: its date of publication, as in `published_at`.

    Example:
        >>> dates = [OtherDate("2024-03-05", None, None, place) for place in ("script ct", "text")]
        >>> [date.where for date in without_taken(dates, "2024-03-05")]
        ['text']
    """
    dates = list(dates)
    place = next((n for n, date in enumerate(dates) if date.value == taken), len(dates))
    return (*dates[:place], *dates[place + 1 :])
