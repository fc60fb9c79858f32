"""The paragraphs of an element, as a reader sees them: block by block, white space as a browser
shows it, nothing added.

Only ASCII white space collapses, as in HTML; ideographic and no-break spaces inside a line are the
author's own.
"""

from __future__ import annotations

import re

from lxml.etree import iterwalk
from lxml.html import HtmlElement

INVISIBLE = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "button",
        "select",
        "textarea",
        "head",
        "title",
        "video",
        "audio",
    ]
)
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
    ]
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CJK = r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
BETWEEN_CJK = re.compile(rf"(?<={CJK})[ \t]*[\r\n][ \t\r\n]*(?={CJK})")
ASCII_SPACE = re.compile(r"[ \t\r\n\f]+")
BREAK = re.compile(r"\r\n|\r|\n")
CELLS = frozenset({"td", "th"})
# separates the cells of a row until white space is settled; `page.CONTROLS` removes it from pages
CELL = "\x1f"


def blocks(element: HtmlElement) -> list[tuple[str, str]]:
    """Parts an element into its paragraphs.

    Returns:
        `(tag, text)` for each block that has text; `tag` is `h2` for a heading and `p` for all
        else. The cells of a row of data are one line, with tabs between them.

    Example:
        >>> from archive.page.page import fragment
        >>> blocks(fragment("<h3>一、总则</h3><p>为了<br>保障</p>"))
        [('h2', '一、总则'), ('p', '为了'), ('p', '保障')]
    """
    paragraphs = _Paragraphs()
    text: str | None
    preformatted = 0  # how many `pre` are open, in which a line break is one
    walk = iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if tag in INVISIBLE:
                walk.skip_subtree()
                continue
            if tag in BLOCK:
                if paragraphs.pieces:
                    paragraphs.part()
                paragraphs.tag = "h2" if tag in HEADINGS else "p"
            if tag == "tr" and is_data(node):
                walk.skip_subtree()
                text = CELL.join(_cell(cell) for cell in node if cell.tag in CELLS)
            else:
                preformatted += tag == "pre"
                text = node.text
        else:
            preformatted -= tag == "pre"
            if tag in BLOCK:
                if paragraphs.pieces:
                    paragraphs.part()
                paragraphs.tag = "p"
            text = node.tail if node is not element else None
        if text:
            if preformatted:
                paragraphs.add_lines(text)
            else:
                paragraphs.pieces.append(text)
    paragraphs.part()
    return paragraphs.finished


class _Paragraphs:
    """Those that are finished, and the pieces of the one that is not."""

    __slots__ = ("finished", "pieces", "tag")

    def __init__(self) -> None:
        self.finished: list[tuple[str, str]] = []
        self.pieces: list[str] = []
        self.tag = "p"

    def add_lines(self, text: str) -> None:
        """Text in which a line break is one."""
        first, *rest = BREAK.split(text)
        self.pieces.append(first)
        for piece in rest:
            self.part()
            self.tag = "p"
            self.pieces.append(piece)

    def part(self) -> None:
        """A border between blocks."""
        if text := line("".join(self.pieces)):
            self.finished.append((self.tag, text))
        self.pieces.clear()


def line(text: str) -> str:
    """One line of text with its white space as a browser shows it."""
    if "\n" in text or "\r" in text:
        text = BETWEEN_CJK.sub("", text)
    if " " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        text = ASCII_SPACE.sub(" ", text)
    return text.replace(CELL, "\t").strip()


def is_data(row: HtmlElement) -> bool:
    """A row of a data table, not of one that only lays out the page: several cells, and no rows
    inside them."""
    cells = sum(cell.tag in CELLS for cell in row)
    return cells > 1 and next(row.iterdescendants("table", "tr"), None) is None


def _cell(cell: HtmlElement) -> str:
    if not len(cell):
        return line(cell.text or "")
    return " ".join(text for _, text in blocks(cell))
