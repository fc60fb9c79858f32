"""Recognises a page that lists other pages, and so is no article: a channel, a portal, hits."""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement

from archive.general.furniture import is_byline
from archive.page.files import has_document
from archive.page.letters import letters

ENTRY = 6  # letters of a link to an article, at least
FEWEST = 5  # such links of a list
LINKED = 0.5  # of the letters of a list that lie within them
AROUND = 200  # letters outside of entries; a page that says more than a list's is none
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
    total, linked, listed = _size(body), sum(map(_size, links)), _in_entries(links, body)
    if total - max(linked, listed) > AROUND:
        return False
    return linked >= LINKED * total or listed >= REPEATED * total


def _in_entries(links: list[HtmlElement], body: HtmlElement) -> int:
    """Letters in boxes of one make, neighbours, that have a link each."""
    boxes: dict[tuple[HtmlElement | None, object], dict[HtmlElement, None]] = {}
    for link in links:
        inner = link
        for over in link.iterancestors():
            boxes.setdefault((over, inner.tag), {})[inner] = None
            if over is body:
                break
            inner = over
    sizes = Counter(
        {key: sum(map(_size, entries)) for key, entries in boxes.items() if len(entries) >= FEWEST}
    )
    return max(sizes.values(), default=0)


def _is_entry(link: HtmlElement) -> bool:
    address = (link.get("href") or "").strip().lower()
    leads = bool(address) and not address.startswith(("#", "javascript:", "mailto:"))
    return leads and _size(link) >= ENTRY and not has_document(link)


def _size(element: HtmlElement) -> int:
    return len(letters("".join(element.itertext())))
