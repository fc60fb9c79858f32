"""Recognises a page that lists other pages, and so is no article: a channel, a portal, hits."""

from __future__ import annotations

from lxml.html import HtmlElement

from archive.general.furniture import is_byline, is_imprint
from archive.page.files import has_document
from archive.page.letters import letters
from archive.page.paragraphs import blocks

ENTRY = 6  # letters of a link to an article, at least
FEWEST = 5  # such links of a list
LINKED = 0.5  # of the letters of a list that lie within them
AROUND, SENTENCES = 200, 2  # outside of entries; a page that says more than that is no list
REPEATED = 0.7  # of the letters of a list with summaries that lie within entries of one make


def is_list(body: HtmlElement, lines: list[str]) -> bool:
    """Whether a body is a list of links to other articles.

    Args:
        body: the element that would be the article.
        lines: all that the page shows; what follows a line with label and date is an article,
            even one of links alone.
    """
    links = [link for link in body.iter("a") if _is_entry(link)]
    if len(links) < FEWEST or any(map(is_byline, lines)):
        return False
    total, linked = _size(body), sum(map(_size, links))
    boxes = _entries(links, body)
    listed = sum(map(_size, boxes))
    if _is_written(body, boxes if listed > linked else links):
        return False
    return linked >= LINKED * total or listed >= REPEATED * total


def _is_written(body: HtmlElement, entries: list[HtmlElement]) -> bool:
    """Whether a body says something of its own next to its entries."""
    listed = letters("".join("".join(entry.itertext()) for entry in entries))
    own = [text for _, text in blocks(body) if letters(text) not in listed and not is_imprint(text)]
    return sum(map(len, own)) > AROUND or sum(text.count("。") for text in own) >= SENTENCES


def _entries(links: list[HtmlElement], body: HtmlElement) -> list[HtmlElement]:
    """The neighbours of one make with a link each that hold most of a body's text."""
    boxes: dict[tuple[HtmlElement | None, object], dict[HtmlElement, None]] = {}
    for link in links:
        inner = link
        for over in link.iterancestors():
            boxes.setdefault((over, inner.tag), {})[inner] = None
            if over is body:
                break
            inner = over
    groups = [list(entries) for entries in boxes.values() if len(entries) >= FEWEST]
    return max(groups, key=lambda entries: sum(map(_size, entries)), default=[])


def _is_entry(link: HtmlElement) -> bool:
    address = (link.get("href") or "").strip().lower()
    leads = bool(address) and not address.startswith(("#", "javascript:", "mailto:"))
    return leads and _size(link) >= ENTRY and not has_document(link)


def _size(element: HtmlElement) -> int:
    return len(letters("".join(element.itertext())))
