"""One answered request as the rules see it: bytes with their content coding undone, and what is
lazily read from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from time import thread_time
from typing import Any

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HTMLParser,
    HtmlProcessingInstruction,
    document_fromstring,
)

from archive.errors import Unreadable
from archive.page.attributes import without_crowds
from archive.page.decoding import Decoded, decode
from archive.page.json_text import read_json
from archive.page.limits import (
    LARGEST_PAGE,
    MOST_DEPTH,
    MOST_TAGS,
    MOST_TEXT,
    check,
    check_time,
)
from archive.page.links import BASE, base_of, with_query_in
from archive.page.paragraphs import blocks
from archive.page.urls import urljoin

NEXT_DATA = '<script id="__NEXT_DATA__"'
# PDF, pictures, ZIP (docx, ofd), OLE (doc), gzip, RAR: how such files begin
OTHER_FILES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"Rar!",
)
TAG = re.compile(rb"<\0?[a-zA-Z!?]")  # with a zero between them in UTF-16
BEGINNING = 4096  # bytes of an answer that show what it is
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
BINARY = 0.05  # of the bytes; a text has next to no control characters
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # byte order mark, or the first tag
EARLY_END = re.compile(r"</(?:html|body)\s*>", re.I)
ENDS = re.compile(r"(?:\s|</(?:html|body)\s*>)*+\Z", re.I)
SHOWN = "//text()[not(parent::script or parent::style)]"
DOCUMENT = re.compile(r"\s*+<(?:html|!doctype)", re.I)
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
        """The text and its encoding.

        Raises:
            Unreadable: it is longer than `LARGEST_PAGE`.
        """
        self.check_time()
        check(len(self.body), LARGEST_PAGE, "too-large", "bytes")
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
        self.check_time()
        return parsed(self.text)

    @cached_property
    def base(self) -> str:
        """The address that its links are relative to: its own, unless it names another."""
        return base_of(self.tree, self.url) if BASE.search(self.text) else self.url

    def link(self, href: str) -> str:
        """The absolute address of a link of the page, as browsers resolve it; '' where it is
        none."""
        url = urljoin(self.base, href)
        if url.isascii() or self.decoded.encoding.startswith("utf"):
            return url
        return with_query_in(url, self.decoded.encoding)

    @cached_property
    def lines(self) -> list[str]:
        """All that the page shows, block by block."""
        self.check_time()
        return [text for _, text in blocks(self.tree)]

    @cached_property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            Unreadable: it is none, as a block page in place of an API's answer, or beyond the
                limits.
        """
        return _json(self.text, self.url)

    @cached_property
    def next_data(self) -> dict[str, Any] | None:
        """The object that a Next.js page has in `__NEXT_DATA__`; None where it has none.

        Raises:
            Unreadable: the script is no JSON, or beyond the limits.
        """
        script = _between(self.text, NEXT_DATA, ">", "</script>")
        data = None if script is None else _json(script, self.url)
        return data if isinstance(data, dict) else None

    def check_time(self) -> None:
        """Raises Unreadable where the page has taken too long (`CPU_SECONDS`)."""
        check_time(self._begun)

    @cached_property
    def _begun(self) -> float:
        return thread_time()


# lxml's own lookup asks Python about each element that is touched, for the classes of forms, which
# nobody uses here.
PLAIN_ELEMENTS = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)


def parsed(text: str) -> HtmlElement:
    """Parses a complete document.

    Raises:
        Unreadable: there is no element, or more than a page has (`archive.page.limits`).
    """
    check(text.count("<"), MOST_TAGS, "vast", "tags")
    clean = without_crowds(CONTROLS.sub("", text))
    end = EARLY_END.search(clean)
    if end and not ENDS.match(clean, end.end()):
        clean = EARLY_END.sub("", clean)  # libxml2 would drop all that follows the first
    tree = _complete(partial(document_fromstring, clean.encode("utf-8")), encoding="utf-8")
    if len(clean) > MOST_TEXT:
        check(sum(map(len, tree.xpath(SHOWN))), MOST_TEXT, "too-large", "characters")
    return tree


def not_a_page(body: bytes) -> bool:
    """Whether bytes are a file of another kind, or text without a single tag.

    Args:
        body: the complete answer.

    Example:
        >>> not_a_page(b"%PDF-1.7"), not_a_page("# 公告".encode()), not_a_page(b"<p>1</p>")
        (True, True, False)
    """
    start = body[:BEGINNING].lstrip()
    return start.startswith(OTHER_FILES) or not TAG.search(body) or _is_binary(start)


def _is_binary(start: bytes) -> bool:
    """Whether bytes have control characters that no text has; UTF-16 has any byte."""
    controls = len(CONTROL_BYTES.findall(start))
    return not start.startswith(UTF_16) and controls > BINARY * len(start)


def fragment(markup: str) -> HtmlElement:
    """Parses a piece of HTML into the children of one new `div`.

    Raises:
        Unreadable: it has more than a page has (`archive.page.limits`).

    Example:
        >>> [child.tag for child in fragment("<p>一</p><img>")]
        ['p', 'img']
    """
    check(markup.count("<"), MOST_TAGS, "vast", "tags")
    clean = without_crowds(CONTROLS.sub("", markup))
    if not DOCUMENT.match(clean):
        clean = f"<html><body>{clean}</body></html>"
    tree = _complete(partial(document_fromstring, clean))
    body = tree.find("body")
    if body is None:
        raise Unreadable("not-html", "a piece of HTML without a body")
    tree.remove(body)
    body.tag, body.tail = "div", None
    body.attrib.clear()
    if body.text and not body.text.strip():
        body.text = None
    return body


def _complete(parse: Callable[..., HtmlElement], encoding: str | None = None) -> HtmlElement:
    """What is parsed, with nothing left out: behind its own limits libxml2 drops the rest of a page
    and says nothing. They are lower, and cheaper than ours, in its ordinary way."""
    for huge_tree in (False, True):
        parser = HTMLParser(encoding=encoding, huge_tree=huge_tree)
        parser.set_element_class_lookup(PLAIN_ELEMENTS)
        try:
            tree = parse(parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise Unreadable("not-html", str(error)) from error
        if not was_cut(parser):
            break
    if huge_tree and _depth(tree) > MOST_DEPTH:
        raise Unreadable("too-deep", f"more than {MOST_DEPTH} elements within each other")
    return tree


def was_cut(parser: etree.XMLParser | HTMLParser) -> bool:
    """Whether libxml2 dropped the rest of a text because it was beyond its limits."""
    last = parser.error_log.last_error
    return last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def _depth(tree: HtmlElement) -> int:
    depths: dict[HtmlElement | None, int] = {}
    for element in tree.iter():
        depths[element] = depths.get(element.getparent(), 0) + 1
    return max(depths.values())


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
        return read_json(text)
    except ValueError as error:
        raise Unreadable("not-json", f"{url}: {error}") from error
