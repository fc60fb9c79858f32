"""What an article's page needs to look as it did: stylesheets, what they import, and the pictures
and fonts that they name.

Scripts are not fetched: the text is in the page, and replays need them for nothing that we store.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.errors import Unreadable
from archive.page.page import Page
from archive.page.stylesheets import LONGEST_STYLESHEET, addresses, parsed
from archive.page.urls import urljoin

LINKS = (
    "//link[contains(concat(' ', translate(@rel, 'STYLEHICON', 'stylehicon'), ' '), ' stylesheet ')"
    " or contains(concat(' ', translate(@rel, 'STYLEHICON', 'stylehicon'), ' '), ' icon ')]/@href"
)


def of_page(page: Page) -> Iterator[str]:
    """The addresses of a page's stylesheets and icon, and of what its own style elements name.

    A page that cannot be parsed has none.
    """
    try:
        tree = page.tree
    except Unreadable:
        return
    for href in tree.xpath(LINKS):
        yield from _absolute(href, page.base)
    left = LONGEST_STYLESHEET  # over all of them
    for style in tree.xpath("//style/text()"):
        yield from of_stylesheet(style[:left], page.base)
        left -= min(left, len(style))


def of_stylesheet(text: str, base: str) -> Iterator[str]:
    """The addresses that a stylesheet names, in its order: others that it imports, pictures, fonts.

    Nothing is wrong with a broken stylesheet: what can be read of it counts (CSS Syntax 3).

    Args:
        text: the stylesheet.
        base: its own address, or that of the page that it is in.

    Example:
        >>> list(of_stylesheet("a { background: url('b.png') }", "https://a.example/css/"))
        ['https://a.example/css/b.png']
    """
    for node in addresses(parsed(text[:LONGEST_STYLESHEET])):
        yield from _absolute(node.value, base)


def _absolute(href: str, base: str) -> Iterator[str]:
    """The address without its fragment, where it is one of the web and not of the page itself."""
    href = href.strip()
    url = urljoin(base, href).partition("#")[0]
    if href[:1] not in ("", "#") and url.startswith(("http://", "https://")):
        yield url
