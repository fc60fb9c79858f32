"""A calendar of publications as SVG: complete for a file, or its drawing alone for a page that
gives it colours and links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from archive.charts.days_drawing import (
    BLOCK,
    COLOURS,
    LEGEND,
    WIDTH,
    Block,
    Cell,
    Part,
    State,
    blocks,
    in_english,
    parts,
    parts_of,
)
from archive.charts.table import Table

HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'
TITLE, LINE = 28, 18  # heights of the title and of a line of the legend


def file_of(table: Table) -> bytes:
    """The calendar as a file of its own, in English, with title and legend."""
    years = blocks(table)
    bottom = TITLE + len(years) * BLOCK
    height = bottom + LINE * (len(LEGEND) + 1)
    body = [f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>', _text(table.title, 0, 16)]
    if not years:
        body.append(_text("nothing to show", 0, TITLE + 12))
    body.append(f'<g transform="translate(0 {TITLE})">')
    body += [drawing(block, in_english, coloured=True) for block in years]
    body.append("</g>")
    for number, (state, count, is_bound, words) in enumerate(LEGEND):
        top = bottom + number * LINE
        body += [sample(state, count, is_bound, top=top, coloured=True), _text(words, 18, top + 9)]
    markup = (
        f'{HEADER}<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11">'
    )
    return (markup + "\n".join(body) + "</svg>\n").encode()


def drawing(
    block: Block,
    words: Callable[[Cell], str],
    *,
    label: Callable[[str], str] = str,
    link: Callable[[Cell], str] | None = None,
    coloured: bool = False,
) -> str:
    """A year as the inner markup of an SVG.

    Args:
        block: the year.
        words: what each day says.
        label: the words for a label.
        link: where each day leads.
        coloured: with colours of its own; else whoever shows it gives them, by class.
    """
    labels = [_text(label(text), left, top) for text, left, top in block.labels]
    return "".join([*labels, *(_day(cell, words, link, coloured) for cell in block.cells)])


def sample(
    state: State, articles: int, is_bound: bool, *, top: int = 0, coloured: bool = False
) -> str:
    """A cell of the legend."""
    return "".join(_path(part, coloured) for part in parts(state, articles, is_bound, 0, top))


def _day(
    cell: Cell,
    words: Callable[[Cell], str],
    link: Callable[[Cell], str] | None,
    coloured: bool,
) -> str:
    drawn = "".join(_path(part, coloured) for part in parts_of(cell))
    inner = f"<title>{escape(words(cell))}</title>{drawn}"
    if link is None:
        return f"<g>{inner}</g>\n"
    # the table next to the picture has the same links for the keyboard
    return f'<a href="{escape(link(cell))}" tabindex="-1">{inner}</a>\n'


def _path(part: Part, coloured: bool) -> str:
    points = "L".join(f"{x:g} {y:g}" for x, y in part.corners)
    colours = " ".join(_colours(part)) if coloured else f'class="{part.role} {part.form}"'
    return f'<path d="M{points}{"" if part.form == "line" else "z"}" {colours}/>'


def _colours(part: Part) -> Iterator[str]:
    yield f'fill="{"none" if part.form == "line" else COLOURS[part.role]}"'
    if part.form != "mark":
        yield f'stroke="{COLOURS["edge"]}"'


def _text(text: str, left: int, top: int) -> str:
    return f'<text x="{left}" y="{top}">{escape(text)}</text>'
