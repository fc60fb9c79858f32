"""Reads lists of articles that are pages."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from archive.page.dates import from_local
from archive.page.fields import start_of, stripped
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Ask

SHORTEST = 5  # characters of a headline in a list
ROWS_AROUND, LONGEST_ROW = 8, 4000  # elements around a link that may be its row; characters
ROW = ("li", "tr", "dd", "p", "div", "article")
NEXT = re.compile(r"^\s*+(?:下一?页|后一?页|下页\s*+[>»]*+|Next|›|»|>)\s*+[>»]*+\s*+$", re.I)
# TRS writes its pages as index.html, index_1.html …: createPageHTML(pages, this one from 0,
# "index", "html")
TRS_PAGES = re.compile(
    r"createPageHTML(?:(?!createPageHTML)\w)*+\s*+\(\s*+"
    r"[\"']?(\d++)[\"']?\s*+,\s*+[\"']?(\d++)[\"']?\s*+,\s*+[\"'](\w++)[\"']\s*+,\s*+[\"'](\w++)[\"']"
)
Entry = tuple[str, str | None, str | None]
"""Address, title, and date or time of one entry of a list."""


def entries(page: Page) -> list[Entry]:
    """The links of a list page: address, title, and the date in their row."""
    links_of_page: list[Entry] = []
    links = _links_within(page.tree)
    for anchor in page.tree.iter("a"):
        title = stripped(anchor.get("title")) or start_of(anchor)
        if title and len(title) >= SHORTEST and (url := (anchor.get("href") or "").strip()):
            links_of_page.append((url, title, _day_in_row(anchor, links)))
    return links_of_page


def _links_within(tree: HtmlElement) -> dict[HtmlElement, int]:
    """How many links each element holds."""
    links: dict[HtmlElement, int] = {}
    for element in reversed(list(tree.iter("*"))):  # what is within an element comes before it
        own = links.get(element, 0)
        over = element.getparent()
        if over is not None:
            links[over] = links.get(over, 0) + own + (element.tag == "a")
        links[element] = own
    return links


def _day_in_row(anchor: HtmlElement, links: dict[HtmlElement, int]) -> str | None:
    """The date in the row of the list that holds the link."""
    for row in islice(anchor.iterancestors(*ROW), ROWS_AROUND):
        if links[row] > 2:
            return None
        if day := from_local(start_of(row, LONGEST_ROW)):
            return day
    return None


def next_page(page: Page) -> Ask | None:
    """The page after a list page: by TRS's own numbering, or by the link that says so (下一页).

    Args:
        page: the list page.

    Returns:
        What to ask for; None on the last page, and where nothing leads on.
    """
    if numbering := TRS_PAGES.search(page.text):
        following = int(numbering[2]) + 1
        stem = f"{numbering[3]}_{following}.{numbering[4]}"
        return Ask(url=page.link(stem)) if following < int(numbering[1]) else None
    for anchor in page.tree.iter("a"):
        url = page.link((anchor.get("href") or "").strip())
        same = urlsplit(url).hostname == urlsplit(page.url).hostname
        if (
            NEXT.match(start_of(anchor) or "")
            and same
            and url != page.url
            and not url.endswith("#")
        ):
            return Ask(url=url)
    return None
