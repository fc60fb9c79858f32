"""Tables on a terminal, aligned for characters that are two columns wide, as Chinese ones are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import tabulate
import wcwidth  # tabulate counts columns with it, where it is installed

from archive.escaping import for_terminal

GAP = 2  # columns between two cells
NARROWEST = 20  # columns of a cell that is wrapped

Cell = str | int


def table(rows: Sequence[Sequence[Cell]], heads: Sequence[str]) -> str:
    """Rows under their headings, numbers to the right, each cell on one line.

    On a terminal the last column is wrapped at the terminal's edge; elsewhere a row is a line.

    Example:
        >>> print(table([["武汉发布", 12], ["a", 3]], ["account", "articles"]))
        account   articles
        武汉发布        12
        a                3
    """
    rows = [[_shown(cell) for cell in row] for row in rows]
    # The headings are a row like the others, because tabulate pads real ones by two columns.
    return tabulate.tabulate(
        [heads, *rows],
        tablefmt="plain",
        colalign=["right" if isinstance(cell, int) else "left" for cell in rows[0]],
        disable_numparse=True,  # an account's id is no number
        maxcolwidths=_widths(rows, heads) if sys.stdout.isatty() else None,
    )


def _shown(cell: Cell) -> Cell:
    return for_terminal(cell) if isinstance(cell, str) else cell


def _widths(rows: Sequence[Sequence[Cell]], heads: Sequence[str]) -> list[int | None]:
    """None for a column as wide as its cells; for the last one what the terminal has left."""
    others = [max(map(_width, column)) + GAP for column in zip(heads, *rows, strict=True)][:-1]
    room = shutil.get_terminal_size().columns - sum(others)
    return [*[None for _ in others], max(NARROWEST, room)]


def _width(cell: Cell) -> int:
    return max(wcwidth.wcswidth(str(cell)), 0)
