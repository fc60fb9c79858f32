"""Reading an article from a page's own elements: a layout is a handful of XPath expressions, one
for each field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.errors import Unreadable
from archive.general.byline import metas
from archive.page.dates import from_local, printed_time
from archive.page.fields import author_and_source, stripped, text_of
from archive.page.page import Page
from archive.platform import Reading
from archive.platforms.kit.other_values import dates_around, names_in_meta

SOURCE = re.compile(r"来源\s*+[：:]\s*+(\S.*)", re.S)
EDITOR = re.compile(r"(?:责任)?编辑\s*+[：:]\s*+(.+?)(?=\S{0,4}(?:编辑|校对)\s*+[：:]|$)", re.S)
META = XPath("//meta[@name=$name or @property=$name]/@content")
LAST_NUMBER = re.compile(r"(?<!\d)(\d++)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where a layout has each field: XPath expressions, of which the first match counts.

    `title` and `body` must be on the page. `time`, `source` and `editor` name elements whose text
    has the value among other words.
    """

    title: str
    body: str
    account: str | None = None
    account_link: str | None = None
    byline: str | None = None
    time: str | None = None
    source: str | None = None
    editor: str | None = None


@cache
def _compiled(expression: str) -> XPath:
    return XPath(expression)


def first(page: Page, expression: str | None) -> HtmlElement | None:
    """The first element that an XPath expression names, or None."""
    return first_in(page.tree, expression) if expression else None


def first_in(tree: HtmlElement, expression: str) -> HtmlElement | None:
    """The first element of a tree that an XPath expression names, or None."""
    elements = _compiled(expression)(tree)
    return elements[0] if elements else None


def text_at(page: Page, expression: str | None, words: str = "") -> str | None:
    """The text of the first element that an XPath expression names, on one line, or None.

    Args:
        page: the answer.
        expression: None for no element.
        words: what any such element has in it; a page without them is not looked through.
    """
    if words not in page.text and "&#" not in page.text:
        return None
    return text_of(first(page, expression))


def meta(page: Page, name: str) -> str | None:
    """The content of the first meta element with this name or property, or None."""
    contents = META(page.tree, name=name)
    return stripped(contents[0]) if contents else None


def part(pattern: re.Pattern[str], text: str | None) -> str | None:
    """The first group of a pattern in a text, without the white space around it, or None.

    Example:
        >>> part(SOURCE, "2024-03-05 来源：市水务局")
        '市水务局'
    """
    match = pattern.search(text or "")
    return stripped(match[1]) if match else None


def reader(selectors: Selectors) -> Callable[[Page], Reading]:
    """Makes the `Rules.read` of one layout.

    Args:
        selectors: where the layout has each field.

    Returns:
        A function that reads a page; it raises Unreadable where title or body is missing.
    """

    def read(page: Page) -> Reading:
        title, body = text_at(page, selectors.title), first(page, selectors.body)
        if title is None or body is None:
            raise Unreadable(
                "no-body" if title else "no-title", f"{page.url} lacks what its layout should have"
            )
        byline, printed = text_at(page, selectors.byline), text_at(page, selectors.time)
        author, byline_source = author_and_source(byline)
        published_at, named = from_local(printed), metas(page.tree)
        names = names_in_meta(named)
        link = first(page, selectors.account_link)
        return Reading(
            title=title,
            body=body,
            account=text_at(page, selectors.account),
            account_id=part(LAST_NUMBER, link.get("href")) if link is not None else None,
            author=author,
            source=part(SOURCE, text_at(page, selectors.source)) or byline_source,
            editor=part(EDITOR, text_at(page, selectors.editor)),
            published_at=published_at,
            published_raw=printed_time(printed),
            others=names | {"source": ((byline_source or "", "byline"), *names["source"])},
            other_dates=dates_around(
                page, named, [line for line in (printed, byline) if line], published_at
            ),
        )

    return read
