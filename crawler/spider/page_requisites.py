"""What an article's page needs to look as it did: stylesheets, what they import, and the pictures
and fonts that they name.

Scripts are not fetched: the text is in the page, and replays need them for nothing that we store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import (
    AtKeywordToken,
    CurlyBracketsBlock,
    FunctionBlock,
    LiteralToken,
    Node,
    ParenthesesBlock,
    SquareBracketsBlock,
    StringToken,
    URLToken,
    WhitespaceToken,
)

from archive.errors import Unreadable
from archive.page.page import Page
from archive.page.urls import urljoin

LINKS = (
    "//link[contains(concat(' ', translate(@rel, 'STYLEHICON', 'stylehicon'), ' '), ' stylesheet ')"
    " or contains(concat(' ', translate(@rel, 'STYLEHICON', 'stylehicon'), ' '), ' icon ')]/@href"
)
# functions in which a string is an address, without url() around it (CSS Images 4)
IMAGE_SETS = frozenset({"image-set", "-webkit-image-set"})
DIGITS = re.compile(r"(?<!\d)\d{1000,}+")  # of a number that Python's `int` refuses
# characters of a stylesheet that are read: a second of work, and larger ones are made of data: URLs
LONGEST_STYLESHEET = 2**20


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
    css = DIGITS.sub("0", text[:LONGEST_STYLESHEET])
    nodes = tinycss2.parse_component_value_list(css, skip_comments=True)
    for address in _addresses(nodes):
        yield from _absolute(address, base)


@dataclass(slots=True)
class _Level:
    """One level of nested blocks: the nodes that are left, the name of the function that they are
    the arguments of, and that of the at-rule that is being read."""

    nodes: Iterator[Node]
    function: str = ""
    at_rule: str = ""


def _addresses(nodes: Iterable[Node]) -> Iterator[str]:
    """Every address among the nodes. Without recursion, as anyone may nest brackets deeply."""
    levels = [_Level(iter(nodes))]
    while levels:
        level = levels[-1]
        node = next(level.nodes, None)
        if node is None:
            levels.pop()
        elif isinstance(node, FunctionBlock) and node.lower_name == "url":
            if level.at_rule != "namespace":
                yield from _quoted_url(node)
        elif isinstance(node, FunctionBlock):
            levels.append(_Level(iter(node.arguments), node.lower_name, level.at_rule))
        elif isinstance(node, CurlyBracketsBlock):
            level.at_rule = ""
            levels.append(_Level(iter(node.content)))
        elif isinstance(node, SquareBracketsBlock | ParenthesesBlock):
            levels.append(_Level(iter(node.content)))
        elif isinstance(node, AtKeywordToken):
            level.at_rule = node.lower_value
        elif isinstance(node, LiteralToken) and node.value == ";":
            level.at_rule = ""
        elif isinstance(node, URLToken | StringToken) and _is_address(node, level):
            yield node.value


def _quoted_url(function: FunctionBlock) -> Iterator[str]:
    """The string of a url() that has one; other arguments make it invalid."""
    arguments = [node for node in function.arguments if not isinstance(node, WhitespaceToken)]
    if arguments and isinstance(arguments[0], StringToken):
        yield arguments[0].value


def _is_address(node: URLToken | StringToken, level: _Level) -> bool:
    """Whether a url() or string says where something is. A namespace is a name and no address."""
    if level.at_rule == "namespace":
        return False
    in_import = level.at_rule == "import" and not level.function
    return isinstance(node, URLToken) or in_import or level.function in IMAGE_SETS


def _absolute(href: str, base: str) -> Iterator[str]:
    """The address without its fragment, where it is one of the web and not of the page itself."""
    href = href.strip()
    url = urljoin(base, href).partition("#")[0]
    if href[:1] not in ("", "#") and url.startswith(("http://", "https://")):
        yield url
