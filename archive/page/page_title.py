"""The `<title>` of a page, from its text where that is certain, so that a page whose article is in
JSON needs no tree."""

from __future__ import annotations

import re

from lxml.etree import XPath

from archive.page.fields import stripped
from archive.page.page import CONTROLS, Page

IN_TREE = XPath("string((//title)[1])")
IN_TEXT = re.compile(r"<title(?:\s[^<>]{0,200})?>([^<&]{0,2000})</title\s{0,9}>", re.I)
# what can hide a title, or have one of its own; after these only the tree knows
HIDING = re.compile(
    r"<(?:!--|!\[|\?|script|style|svg|textarea|noscript|template|iframe|body)", re.I
)


def title_of(page: Page) -> str | None:
    """The `<title>` as it is, on one line; None where there is none, or the answer is no page.

    Args:
        page: the answer.

    Raises:
        Unreadable: the page cannot be parsed.

    Example:
        >>> title_of(Page(url="", body="<title>公告_云溪县</title><p>全文</p>".encode()))
        '公告_云溪县'
    """
    if page.body.lstrip()[:1] != b"<":
        return None
    match = IN_TEXT.search(page.text)
    if match and not HIDING.search(page.text, 0, match.start()):
        return stripped(CONTROLS.sub("", match[1]))
    return stripped(IN_TREE(page.tree))
