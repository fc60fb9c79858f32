"""One answered request as the rules see it: bytes with their content coding undone, and what is
lazily read from them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, fragment_fromstring

from archive.errors import Unreadable
from archive.page.attributes import without_crowds
from archive.page.decoding import Decoded, decode
from archive.page.paragraphs import blocks

NEXT_DATA = '<script id="__NEXT_DATA__"'
# tags, several times those of the longest tables that are published; a page of more is no article
VAST = 100_000
EARLY_END = re.compile(r"</(?:html|body)\s*>", re.I)
# XML has no place for them, and libxml2 would end the document at the first one.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer, from which text, tree and JSON are read at most once.

    Args:
        url: the address that was asked for.
        body: the bytes, content coding undone.
        status: of HTTP.
        content_type: the value of the header; '' where there is none.
        captured_at: an aware time; None for a page that does not come from an archive.
        request_body: the bytes that were posted for it.
    """

    url: str
    body: bytes
    status: int = 200
    content_type: str = ""
    captured_at: datetime | None = None
    request_body: bytes = b""

    @cached_property
    def decoded(self) -> Decoded:
        """The text and its encoding."""
        return decode(self.body, self.content_type)

    @property
    def text(self) -> str:
        """The text of the body."""
        return self.decoded.text

    @cached_property
    def tree(self) -> HtmlElement:
        """The page as a tree.

        Raises:
            Unreadable: there is nothing to parse, or more than a page has.
        """
        return parsed(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """All that the page shows, block by block."""
        return [text for _, text in blocks(self.tree)]

    @cached_property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            Unreadable: it is none, as a block page in place of an API's answer.
        """
        return _json(self.text, self.url)

    @cached_property
    def next_data(self) -> dict[str, Any] | None:
        """The object that a Next.js page has in `__NEXT_DATA__`; None where it has none.

        Raises:
            Unreadable: the script is no JSON.
        """
        script = _between(self.text, NEXT_DATA, ">", "</script>")
        data = None if script is None else _json(script, self.url)
        return data if isinstance(data, dict) else None


def parsed(text: str) -> HtmlElement:
    """Parses a complete document.

    Raises:
        Unreadable: there is no element, or more than a page has (`VAST`).
    """
    if (tags := text.count("<")) > VAST:
        raise Unreadable("vast", f"{tags} tags")
    clean = without_crowds(CONTROLS.sub("", text))
    if len(EARLY_END.findall(clean)) > 1:
        clean = EARLY_END.sub("", clean)  # libxml2 would drop all that follows the first
    try:
        tree = document_fromstring(
            clean.encode("utf-8"), parser=HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("not-html", str(error)) from error
    return tree


def fragment(markup: str) -> HtmlElement:
    """Parses a piece of HTML into the children of one new `div`.

    Example:
        >>> [child.tag for child in fragment("<p>一</p><img>")]
        ['p', 'img']
    """
    return fragment_fromstring(
        CONTROLS.sub("", markup), create_parent="div", parser=HTMLParser(huge_tree=True)
    )


def _between(text: str, *marks: str) -> str | None:
    """What lies between the last two of some marks that follow one another; None without them."""
    start = end = 0
    for mark in marks:
        start, end = end, text.find(mark, end)
        if end < 0:
            return None
        end += len(mark)
    return text[start : end - len(marks[-1])]


def _json(text: str, url: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unreadable("not-json", f"{url}: {error}") from error
