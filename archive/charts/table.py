"""What a chart is of, and the table that it draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Names = Mapping[tuple[str, str], str]
"""The present names of accounts, by platform and account id."""
Row = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Of what a chart is: every field None for all.

    Attributes:
        platform: its name.
        accounts: platform and id of each, as JSON pairs.
        name: of the articles that name their account so and have no id of one; calendars alone.
        since: first day, YYYY-MM-DD.
        until: last day.
    """

    platform: str | None = None
    accounts: str | None = None
    name: str | None = None
    since: str | None = None
    until: str | None = None

    def parameters(self) -> dict[str, str | None]:
        """As SQL takes them."""
        names = ("platform", "accounts", "name", "since", "until")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a chart draws.

    Attributes:
        title: of the chart.
        columns: names of the columns.
        rows: in the order in which they are drawn.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
