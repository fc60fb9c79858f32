"""Tables on a terminal, aligned for characters that are two columns wide, as Chinese ones are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import tabulate
import wcwidth  # tabulate counts the columns of wide characters with it, where it is installed

GAP = 2  # columns between two cells
NARROWEST = 20  # columns of a cell that is wrapped

Cell = str | int


def table(rows: Sequence[Sequence[Cell]], heads: Sequence[str]) -> str:
    """Rows under their headings, numbers to the right.

    On a terminal the last column is wrapped at the terminal's edge; elsewhere a row is a line.

    Example:
        >>> print(table([["武汉发布", 12], ["a", 3]], ["account", "articles"]))
        account      articles
        武汉发布           12
        a                   3
    """
    widths: list[int | None] | None = None
    if sys.stdout.isatty():
        widths = [None] * (len(heads) - 1) + [_room(rows, heads)]
    return tabulate.tabulate(
        rows, heads, tablefmt="plain", maxcolwidths=widths, disable_numparse=_texts(rows)
    )


def _room(rows: Sequence[Sequence[Cell]], heads: Sequence[str]) -> int:
    """The columns that the terminal has left for the last column of the table."""
    others = [max(map(_width, column)) + GAP for column in zip(heads, *rows, strict=True)][:-1]
    return max(NARROWEST, shutil.get_terminal_size().columns - sum(others))


def _width(cell: Cell) -> int:
    return max(wcwidth.wcswidth(str(cell)), 0)


def _texts(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """The columns that hold text, whose digits (an account's id) are no number."""
    return [place for place, cell in enumerate(rows[0]) if isinstance(cell, str)] if rows else []
