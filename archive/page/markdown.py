"""The body of an article as Markdown (CommonMark with GitHub's tables): its headings, lists, links,
pictures and tables, around the same paragraphs that its text has.

Without the markup it is the text, paragraph by paragraph: that is how it is made. The paragraphs of
the text decide which ones there are and in which order; the element says what each of them is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from archive.escaping import may_be_markup, without_markup
from archive.page.inline import Inline
from archive.page.page import Page
from archive.page.paragraphs import BLOCK, BREAK, HEADINGS, INVISIBLE, is_data, line
from archive.page.pictures import picture_of
from archive.page.table_spans import in_columns, span

SHAPES = frozenset({"a", "img", "li"})
SHAPED = (*SHAPES, *HEADINGS, "tr")  # without them a body is its paragraphs
DEEPEST = 8  # lists in one another; what is deeper is of the last of them
NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading, a row of a table or pictures without text.

    Attributes:
        text: as `paragraphs.blocks` has it; "" where there are only pictures.
        markup: the same as Markdown, on one line; of a row, unused.
        cells: of a row, each as Markdown.
        table: the table that the row is of.
        first: what begins the first line: marks of list items, and room below those begun before.
        rest: the same for what follows within the item.
        lists: those whose items it is in, the outermost first.
        begins: whether it is the first of an item.
    """

    text: str
    markup: str
    cells: tuple[str, ...] = ()
    table: HtmlElement | None = None
    first: str = ""
    rest: str = ""
    lists: tuple[HtmlElement | None, ...] = ()
    begins: bool = False


def markdown(body: HtmlElement | None, lines: Iterable[str], page: Page) -> str:
    """The Markdown of an article.

    Args:
        body: the element that holds it; None where there is none.
        lines: the paragraphs of its text. Those that the element does not have are added as they
            are, and what the element has besides is left out, but for its pictures.
        page: what links are relative to.

    Returns:
        Blocks with an empty line between them; '' where there is nothing.
    """
    wanted = [part for line in lines for part in line.split("\n")]
    if body is None or next(body.iter(*SHAPED), None) is None:
        plain = "\n\n".join(wanted)
        return "\n\n".join(map(without_markup, wanted)) if may_be_markup(plain) else plain
    of_body = _Walk(page).blocks(body)
    if [block.text for block in of_body if block.text] != wanted:
        of_body = list(_aligned(of_body, wanted))
    return _written(of_body)


def _aligned(of_body: Sequence[Block], wanted: Iterable[str]) -> Iterator[Block]:
    places: dict[str, list[int]] = {}
    for place, block in enumerate(of_body):
        places.setdefault(block.text, []).append(place)
    pictures = places.pop("", [])
    start = 0
    for text in wanted:
        where = places.get(text, [])
        index = bisect_left(where, start)
        if index == len(where):
            yield Block(text=text, markup=without_markup(text))
            continue
        yield from (of_body[place] for place in pictures if start <= place < where[index])
        yield of_body[where[index]]
        start = where[index] + 1
    yield from (of_body[place] for place in pictures if place >= start)


def _written(blocks: Iterable[Block]) -> str:
    pieces: list[str] = []
    before: Block | None = None
    for (table, _), group in groupby(blocks, lambda block: (block.table, block.rest)):
        for block in [_table(list(group))] if table is not None else group:
            if before is not None:
                pieces.append("\n" if _is_next_item(before, block) else "\n\n")
            pieces.append(block.first + block.markup)
            before = block
    return "".join(pieces)


def _is_next_item(before: Block, block: Block) -> bool:
    """Whether the block begins an item right after the first lines of another, which need no empty
    line between them. A number that is not 1 must be of the same list."""
    if not (before.begins and block.begins):
        return False
    return block.lists[-1] in before.lists or (
        block.lists[:-1] == before.lists and block.first.endswith("- ")
    )


def _table(rows: Sequence[Block]) -> Block:
    """The rows as one block; the first is the head, which a table of GitHub's must have."""
    width = max(len(row.cells) for row in rows)
    lines = [
        "| " + " | ".join([*row.cells, *[""] * (width - len(row.cells))]) + " |" for row in rows
    ]
    lines.insert(1, "|" + "---|" * width)
    return replace(rows[0], markup=f"\n{rows[0].rest}".join(lines), begins=False)


class _Item:
    """An item of a list that is open; `mark` begins its first line."""

    __slots__ = ("begun", "list", "mark", "node")

    def __init__(self, node: HtmlElement) -> None:
        self.node = node
        self.list = node.getparent()
        self.mark = _mark(node, self.list)
        self.begun = False


def _mark(item: HtmlElement, parent: HtmlElement | None) -> str:
    if parent is None or parent.tag != "ol":
        return "- "
    start = (parent.get("start") or "").strip()
    first = int(start) if NUMBER.fullmatch(start) else 1
    return f"{first + sum(1 for _ in item.itersiblings('li', preceding=True))}. "


class _Walk:
    """The walk of `paragraphs.blocks`, step by step, with what that does not need."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.items: list[_Item] = []
        self.inline = Inline()
        self.level = 0  # of the heading that is open
        self.finished: list[Block] = []
        self.covered: dict[HtmlElement, list[int]] = {}  # columns of tables, by cells above

    def blocks(self, element: HtmlElement) -> list[Block]:
        """All of them, also those that have pictures and no text."""
        preformatted = 0
        walk = iterwalk(element, events=("start", "end", "comment", "pi"))
        for event, node in walk:
            tag = node.tag
            text: str | None = None
            if event == "start":
                if tag in INVISIBLE:
                    walk.skip_subtree()
                    continue
                if tag in BLOCK:
                    self._part(tag)
                if tag == "tr" and (is_data(node) or self._is_next_to_covered(node)):
                    walk.skip_subtree()
                    self._row(node)
                else:
                    if tag in SHAPES:
                        self._open(node)
                    preformatted += tag == "pre"
                    text = node.text
            else:
                preformatted -= tag == "pre"
                if tag in BLOCK:
                    self._part("")
                if tag in SHAPES and event == "end":
                    self._close(node)
                text = node.tail if node is not element else None
            if text:
                self._add(text, by_lines=preformatted > 0)
        self._part("")
        return self.finished

    def _open(self, node: HtmlElement) -> None:
        tag = node.tag
        if tag == "li" and len(self.items) < DEEPEST:
            self.items.append(_Item(node))
        elif tag == "a":
            self.inline.open(self.page.link((node.get("href") or "").strip()), node)
        elif tag == "img" and (picture := picture_of(node, self.page)):
            self.inline.picture(picture)

    def _close(self, node: HtmlElement) -> None:
        if node.tag == "a":
            self.inline.close(node)
        elif self.items and self.items[-1].node is node:
            self.items.pop()

    def _add(self, text: str, *, by_lines: bool) -> None:
        if not by_lines:
            self.inline.add(text)
            return
        first, *rest = BREAK.split(text)
        self.inline.add(first)
        for piece in rest:
            self._part("br")
            self.inline.add(piece)

    def _part(self, tag: str) -> None:
        if self.inline.pieces or self.inline.marks:
            text, markup = self.inline.take()
            if text or markup:
                heading = "#" * self.level + " " if self.level and text else ""
                self._place(Block(text=text, markup=heading + markup))
        self.level = int(tag[1]) if tag in HEADINGS else 0

    def _is_next_to_covered(self, row: HtmlElement) -> bool:
        """Whether the one cell of a row is next to cells that reach into it from above, and is
        words alone; of others the lines are paragraphs, as in the text."""
        covered = self.covered.get(next(row.iterancestors("table"), row))
        if not covered or not any(covered):
            return False
        if any(part.tag in BLOCK for cell in row for part in cell.iterdescendants()):
            in_columns([], covered)
            return False
        return True

    def _row(self, row: HtmlElement) -> None:
        elements = [cell for cell in row if cell.tag in ("td", "th")]
        cells = [self._cell(cell) for cell in elements]
        text = "\t".join(text for text, _ in cells).strip()
        table = next(row.iterancestors("table"), row)
        spans = [(span(cell, "colspan"), span(cell, "rowspan")) for cell in elements]
        markups = in_columns(
            [(markup, *both) for (_, markup), both in zip(cells, spans, strict=True)],
            self.covered.setdefault(table, []),
        )
        if text or any(markups):
            self._place(Block(text=text, markup="", cells=markups, table=table))

    def _cell(self, cell: HtmlElement) -> tuple[str, str]:
        if not len(cell):
            text = line(cell.text or "")
            return text, without_markup(text)
        blocks = _Walk(self.page).blocks(cell)
        texts = " ".join(block.text for block in blocks if block.text)
        return texts, " ".join(block.markup.lstrip("#").lstrip() for block in blocks)

    def _place(self, block: Block) -> None:
        """Keep a block, with the marks of items that it begins and room below those of others."""
        if self.items:
            first = "".join(_room(item) if item.begun else item.mark for item in self.items)
            begins = not self.items[-1].begun
            for item in self.items:
                item.begun = True
            rest = "".join(map(_room, self.items))
            lists = tuple(item.list for item in self.items)
            block = replace(block, first=first, rest=rest, lists=lists, begins=begins)
        self.finished.append(block)


def _room(item: _Item) -> str:
    return " " * len(item.mark)
