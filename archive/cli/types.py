"""A day on the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from archive.search.filters import NO_DAY


class Day(click.ParamType[str]):
    """A day as YYYY-MM-DD; the value is that text."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day as it was typed. Fails with exit code 2 for what is no day of the calendar."""
        try:
            return value and date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(NO_DAY.format(value), param, ctx)
