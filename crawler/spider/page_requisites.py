"""What an article's page needs to look as it did: stylesheets, what they import, and the pictures
and fonts that they name.

Scripts are not fetched: the text stands in the page, and replays need them for nothing that we
keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.errors import Unreadable
from archive.page.page import Page
from archive.page.urls import urljoin

NAMED = re.compile(r"""@import\s+(?:url\()?\s*["']?([^"')\s;]+)|url\(\s*["']?([^"')\s]+)""", re.I)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
STYLES = (
    "//link[contains(concat(' ', translate(@rel, 'STYLEHICON', 'stylehicon'), ' '), ' stylesheet ')"
    " or contains(concat(' ', translate(@rel, 'STYLEHICON', 'stylehicon'), ' '), ' icon ')]/@href"
)


def of_page(page: Page) -> Iterator[str]:
    """The addresses of a page's stylesheets and icon, and of what its own style elements name."""
    try:
        tree = page.tree
    except Unreadable:
        return
    for href in tree.xpath(STYLES):
        yield from _whole(page.url, href)
    for style in tree.xpath("//style/text()"):
        yield from of_stylesheet(style, page.url)


def of_stylesheet(text: str, base: str) -> Iterator[str]:
    """The addresses that a stylesheet names: others that it imports, pictures, fonts."""
    for found in NAMED.finditer(COMMENT.sub("", text)):
        yield from _whole(base, found[1] or found[2])


def _whole(base: str, href: str) -> Iterator[str]:
    url = urljoin(base, href.strip()).partition("#")[0]
    if url.startswith(("http://", "https://")):
        yield url
