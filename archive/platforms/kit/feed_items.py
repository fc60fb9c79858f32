"""The items of RSS, Atom and sitemaps: their addresses, titles and times, as XML that may be
broken has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import entities, unescape
from itertools import islice

from lxml import etree

from archive.errors import Unreadable
from archive.page.fields import unmarked
from archive.page.page import Page, was_cut
from archive.page.urls import urljoin
from archive.platforms.kit.feed_times import read_time

MOST_ENTRIES = 50_000  # of a feed that are read: those that a sitemap may have (sitemaps.org)
BEFORE_ROOT = re.compile(
    r"\s++|<\?[^>]*+(?<=\?)>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:>|\[.*?\]\s*+>)", re.S
)
ROOT = re.compile(r"<(?:\w++:)?(rss|feed|urlset|sitemapindex|RDF)\b")
# pieces in which an ampersand is none of an address, and ampersands that begin nothing of XML's
AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(?:(\w{2,31});)?",
    re.S,
)
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
OWN_NAMES = (  # what these formats call their own elements in; others extend them
    None,
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atom/ns#",
)
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
OLDER, NEWER = ("next", "prev-archive"), ("previous", "next-archive", "current")
PUBLISHED = ("pubDate", "published", "issued", "date", "created", "publication_date")


@dataclass(slots=True)
class Item:
    """One item of a feed.

    Attributes:
        addresses: absolute, those that it links to as itself.
        others: that may name it where none of these does: its id, the address before a counter.
        title: without mark-up.
        published_at: ISO 8601 at +08:00, or a date. A time of an update is none of publication.
    """

    addresses: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    title: str | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of an account's articles a feed has.

    Attributes:
        is_complete: all, as it says itself.
        is_paged: it is one of several pages, which it names.
        following: the address of the page with older entries; None where it names none.
    """

    is_complete: bool = False
    is_paged: bool = False
    following: str | None = None


def kind_of(text: str) -> str | None:
    """The name of the root of a feed or sitemap; None for any other text."""
    place = 0
    while match := BEFORE_ROOT.match(text, place):
        place = match.end()
    root = ROOT.match(text, place)
    return root[1] if root else None


def items_of(page: Page) -> list[Item]:
    """The items of a feed, or the sitemaps of a list of them, in their order.

    Raises:
        Unreadable: it cannot be parsed, or is beyond the limits.
    """
    items = (
        _item(node, page.url)
        for node in _parsed(page).iter()
        if _name(node)[1] in ("item", "entry", "url", "sitemap") and len(node)
    )
    return list(islice(items, MOST_ENTRIES + 1))  # by one more a crawl sees that there are more


def extent_of(page: Page) -> Extent:
    """How much of its account's articles a feed has (RFC 5005): all, a page of several, or, where
    it says nothing, the newest.

    Raises:
        Unreadable: it cannot be parsed, or is beyond the limits.
    """
    links: dict[str, str] = {}
    is_complete = False
    for node in _parsed(page).iter():
        namespace, local = _name(node)
        parent = node.getparent()
        if parent is None or _name(parent)[1] not in ("feed", "channel"):
            continue
        is_complete = is_complete or (namespace == HISTORY and local == "complete")
        if local == "link" and node.get("href"):
            for relation in node.get("rel", "").lower().split():
                links.setdefault(relation, _absolute(node, node.get("href", ""), page.url))
    following = next((links[name] for name in OLDER if name in links), None)
    is_paged = bool(following) or any(name in links for name in NEWER)
    return Extent(is_complete=is_complete, is_paged=is_paged, following=following)


def _parsed(page: Page) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # that of the text as it is parsed here, in place of the prolog's
        resolve_entities=False,
        no_network=True,
        recover=True,
        huge_tree=False,
    )
    text = AMPERSAND.sub(_escaped, page.text.lstrip("\ufeff").strip())
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        raise Unreadable("not-xml", f"{page.url} cannot be read as XML")
    if was_cut(parser):
        raise Unreadable("too-deep", f"{page.url} is deeper than is read, or a text of it longer")
    return root


def _escaped(match: re.Match[str]) -> str:
    """What XML makes the same text of. Feeds use HTML's entities, which XML does not know."""
    piece = match[0]
    if piece[0] != "&":
        return piece
    letter = entities.html5.get(f"{match[1]};") if match[1] else None
    return letter if letter and letter not in "&<>" else f"&amp;{piece[1:]}"


def _name(node: etree._Element) -> tuple[str | None, str]:
    """Namespace and local name; a prefix that nothing declares counts as a namespace."""
    if not isinstance(node.tag, str):
        return None, ""
    namespace, _, name = node.tag.rpartition("}")
    prefix, _, local = name.rpartition(":")
    namespace = prefix or namespace.removeprefix("{")
    return (None if not namespace or "sitemap/0" in namespace else namespace), local


def _item(node: etree._Element, url: str) -> Item:
    item, values = Item(), dict[str, str]()
    for child in node:
        namespace, local = _name(child)
        text = "".join(child.itertext()).strip()
        if local in ("link", "loc", "origLink", "guid", "id"):
            _add_address(item, child, local, text, url)
        if text:
            values.setdefault(local if namespace in OWN_NAMES else f"+{local}", text)
        if namespace not in OWN_NAMES:  # <news:news> of a sitemap, <media:group>
            for part in child:
                values.setdefault(f"+{_name(part)[1]}", "".join(part.itertext()).strip())
    if about := node.get(RDF_ABOUT):
        item.others.append(_absolute(node, about, url))
    item.title = next(filter(None, map(unmarked, _values(values, ("title",)))), None)
    item.published_at = next(filter(None, map(read_time, _values(values, PUBLISHED))), None)
    return item


def _values(values: dict[str, str], names: tuple[str, ...]) -> Iterator[str]:
    for mark in ("", "+"):
        yield from (values[mark + name] for name in names if mark + name in values)


def _add_address(item: Item, child: etree._Element, local: str, text: str, url: str) -> None:
    address = (child.get("href") or text).strip()
    if not address:
        return
    absolute = _absolute(child, address, url)
    if local in ("link", "loc"):
        if child.get("rel", "alternate").strip().lower() in ("alternate", "bookmark", ""):
            item.addresses.append(absolute)
    else:
        item.others.append(absolute)


def _absolute(node: etree._Element, address: str, url: str) -> str:
    # Where a program has escaped an address twice, or once within CDATA.
    address = unescape(address) if "&amp;" in address else address
    bases = [over.get(XML_BASE) for over in (node, *node.iterancestors())]
    for base in reversed(list(filter(None, bases))):
        url = urljoin(url, base) or url
    return urljoin(url, address)
