"""Tables on a terminal, aligned for characters that are two columns wide, as Chinese ones are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import tabulate
import wcwidth  # tabulate counts columns with it, where it is installed

from archive.escaping import for_terminal

GAP = 2  # columns between two cells
NARROWEST = 20  # columns of the last cell, which is wrapped
LEAST = 9  # columns of another cell that is wrapped

Cell = str | int


def table(rows: Sequence[Sequence[Cell]], heads: Sequence[str]) -> str:
    """Rows under their headings, numbers to the right, each cell on one line.

    On a terminal the last column is wrapped at the terminal's edge. Where that leaves it too little
    room the widest of the others are wrapped too, and on a terminal that is too narrow for that
    each cell has a line of its own. Elsewhere a row is a line.

    Example:
        >>> print(table([["武汉发布", 12], ["a", 3]], ["account", "articles"]))
        account   articles
        武汉发布        12
        a                3
    """
    rows = [[_shown(cell) for cell in row] for row in rows]
    widths = _widths(rows, heads) if sys.stdout.isatty() else None
    if widths == []:
        return "\n\n".join(map(_lines, ((row, heads) for row in rows)))
    # The headings are a row like the others, because tabulate pads real ones by two columns.
    return tabulate.tabulate(
        [heads, *rows],
        tablefmt="plain",
        colalign=["right" if isinstance(cell, int) else "left" for cell in rows[0]],
        disable_numparse=True,  # an account's id is no number
        maxcolwidths=widths,
    )


def _shown(cell: Cell) -> Cell:
    return for_terminal(cell) if isinstance(cell, str) else cell


def _lines(row_and_heads: tuple[Sequence[Cell], Sequence[str]]) -> str:
    row, heads = row_and_heads
    return "\n".join(f"{head}: {cell}" for head, cell in zip(heads, row, strict=True))


def _widths(rows: Sequence[Sequence[Cell]], heads: Sequence[str]) -> list[int | None]:
    """None for a column as wide as its cells; for others the columns of the terminal that they
    have. An empty list where the terminal is too narrow for a table."""
    natural = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    floors = [max(_width(head), LEAST) for head in heads]
    least = [min(pair) for pair in zip(natural, floors, strict=True)]
    given = [*natural[:-1], min(natural[-1], NARROWEST)]
    room = shutil.get_terminal_size().columns - GAP * (len(heads) - 1)
    while sum(given) > room:
        spare = [width - floor for width, floor in zip(given, least, strict=True)]
        if max(spare) <= 0:
            return []
        given[spare.index(max(spare))] -= 1
    given[-1] += room - sum(given)
    shown = zip(given, natural, strict=True)
    return [None if width >= wide else width for width, wide in shown]


def _width(cell: Cell) -> int:
    return max(wcwidth.wcswidth(str(cell)), 0)
