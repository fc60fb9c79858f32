"""The columns of a table whose cells reach over several columns and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

WIDEST, HIGHEST = 64, 1000  # columns and rows of one cell; HTML allows more, no table has them
MOST_COLUMNS = 256  # beyond them a cell has one column, so that no table grows without bound
NUMBER = re.compile(r"\s{0,9}(\d{1,6})")


def span(cell: HtmlElement, name: str) -> int:
    """Over how many columns (`colspan`) or rows (`rowspan`) a cell reaches.

    A 0, which is all that follow, is one here: the rows that come are not known.
    Source: https://html.spec.whatwg.org/multipage/tables.html#attributes-common-to-td-and-th-elements
    """
    match = NUMBER.match(cell.get(name) or "")
    return min(max(int(match[1]), 1), WIDEST if name == "colspan" else HIGHEST) if match else 1


def in_columns(cells: Sequence[tuple[str, int, int]], covered: list[int]) -> tuple[str, ...]:
    """One value a column for a row: a cell in the first of its columns, '' in those that it or a
    cell of a row above covers.

    Args:
        cells: of the row: value, columns and rows that it reaches over.
        covered: for each column, how many of the rows that come are covered by cells above; it is
            brought up to date.

    Example:
        >>> covered = []
        >>> in_columns([("姓名", 1, 2), ("成绩", 2, 1)], covered)
        ('姓名', '成绩', '')
        >>> in_columns([("笔试", 1, 1), ("面试", 1, 1)], covered)
        ('', '笔试', '面试')
    """
    values: list[str] = []
    for value, wide, high in cells:
        _pass(values, covered)
        for place in range(wide if len(values) < MOST_COLUMNS else 1):
            if len(values) == len(covered):
                covered.append(0)
            covered[len(values)] = high - 1
            values.append("" if place else value)
    _pass(values, covered)
    covered[len(values) :] = [max(rows - 1, 0) for rows in covered[len(values) :]]
    return tuple(values)


def _pass(values: list[str], covered: list[int]) -> None:
    """Go on to the next column that no cell above covers."""
    while len(values) < len(covered) and covered[len(values)] > 0:
        covered[len(values)] -= 1
        values.append("")
