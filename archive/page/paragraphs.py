"""The paragraphs of an element, as a reader sees them: block by block, white space as a browser
shows it, nothing added.

Only ASCII white space collapses, as in HTML; ideographic and no-break spaces inside a line are the
author's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.etree import XPath
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
WITH_ROWS = XPath("boolean(.//table | .//tr)")
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
    paragraphs: list[tuple[str, str]] = []
    parts: list[str] = []
    tag = "p"
    for kind, value in _events(element):
        if kind == "text":
            parts.append(value)
            continue
        _close(paragraphs, tag, parts)
        tag = "h2" if value in HEADINGS else "p"
    _close(paragraphs, tag, parts)
    return paragraphs


def line(text: str) -> str:
    """One line of text with its white space as a browser shows it."""
    return ASCII_SPACE.sub(" ", BETWEEN_CJK.sub("", text)).replace(CELL, "\t").strip()


def _close(paragraphs: list[tuple[str, str]], tag: str, parts: list[str]) -> None:
    text = line("".join(parts))
    parts.clear()
    if text:
        paragraphs.append((tag, text))


def _events(root: HtmlElement) -> Iterator[tuple[str, str]]:
    """Text, and the borders between blocks: a border names the tag that opens there, '' where one
    ends.

    An explicit stack, because hostile pages nest deeper than Python's own.
    """
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    preformatted = 0  # how many `pre` are open, in which a line break is one
    while stack:
        element, opened = stack.pop()
        preformatted += element.tag == "pre" and (-1 if opened else 1)
        if not opened:
            stack.append((element, True))
            pieces = _opening(element, stack)
            yield from _by_lines(pieces) if preformatted else pieces
            continue
        if element.tag in BLOCK:
            yield "border", ""
        if element.tail and element is not root:
            tail = ("text", element.tail)
            yield from _by_lines([tail]) if preformatted else [tail]


def _by_lines(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for kind, value in pieces:
        first, *rest = BREAK.split(value) if kind == "text" else [value]
        yield kind, first
        for text in rest:
            yield "border", "br"
            yield "text", text


def _opening(
    element: HtmlElement, stack: list[tuple[HtmlElement, bool]]
) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str) or element.tag in INVISIBLE:
        return
    if element.tag in BLOCK:
        yield "border", element.tag
    if element.tag == "tr" and _is_data(element):
        yield "text", CELL.join(_cell(cell) for cell in element if cell.tag in ("td", "th"))
        return
    if element.text:
        yield "text", element.text
    stack.extend((child, False) for child in reversed(element))


def _is_data(row: HtmlElement) -> bool:
    """A row of a data table, not of one that only lays out the page: several cells, and no rows
    inside them."""
    return len(row.findall("td")) + len(row.findall("th")) > 1 and not WITH_ROWS(row)


def _cell(cell: HtmlElement) -> str:
    return " ".join(text for _, text in blocks(cell))
