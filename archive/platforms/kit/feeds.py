"""Reads lists of articles as sites publish them for anyone: RSS, Atom, sitemaps, and pages that
are lists.

feedparser 6.0.14 was tried on the feeds of tests/platforms/test_feeds.py and more, and is not used:
it takes a time without zone for UTC, which is eight hours off on a Chinese site; it reads
`2031/3/1 9:30` and `2031年03月01日` as the first of November; it reads no sitemap; it takes a feed
in GBK that declares no charset for ISO 8859-1; it expands entities; and 1,000 entries take it
204 ms where lxml takes 45. It is better at a bare `&` in an address, at `xml:base`, at titles of
other namespaces and at the names of HTML's entities.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml import etree

from archive.errors import Unreadable
from archive.model import Account, Link
from archive.model.times import CHINA
from archive.page.dates import from_local, from_zoned
from archive.page.fields import stripped
from archive.page.page import Page, was_cut
from archive.page.urls import urljoin, urlsplit
from archive.platform import Listing
from archive.platforms.kit.links import link_to
from archive.platforms.kit.lists.reading import read_page
from archive.platforms.kit.lists.rows import Entry, Locate, Own

MOST_ENTRIES = 50_000  # of a feed that are read: those that a sitemap may have (sitemaps.org)
BEFORE_ROOT = re.compile(
    r"\s++|<\?[^>]*+(?<=\?)>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:>|\[.*?\]\s*+>)", re.S
)
ROOT = re.compile(r"<(?:\w++:)?(rss|feed|urlset|sitemapindex|RDF)\b")


def read_list(page: Page, locate: Locate, own: Own, account: Account) -> Listing:
    """Reads the articles that a feed, a sitemap or a list page names, and its next page.

    Args:
        page: the answer.
        locate: the platform's own; what is no article is passed over.
        own: whether a host is the platform's own. Links to articles on other hosts are recorded
            as leading outside.
        account: whose list it is; its id is "" where the page does not show that.

    Raises:
        Unreadable: it names no article of the platform, cannot be parsed, or lists sitemaps.
    """
    kind = _root(page.text.lstrip("\ufeff"))
    if kind is None:
        return read_page(page, locate, own, account.account_id or None)
    links: dict[str, Link] = {}
    for url, title, published_at in _of_xml(page, kind):
        address = urljoin(page.url, url)
        place = locate(address) if address else None
        if place and place.role == "article":
            inside = own(urlsplit(place.url).hostname or "")
            link = link_to(
                place if inside else None,
                place.url,
                title=title,
                published_at=published_at,
                account_id=account.account_id,
            )
            links.setdefault(link.id, link)
    if not any(link.kind == "article" for link in links.values()):
        raise Unreadable("listing-shape", f"{page.url} names no article")
    return Listing(links=tuple(links.values()), ended=True, account_id=account.account_id)


def _root(text: str) -> str | None:
    """The name of the root of a feed or sitemap; None for any other text."""
    place = 0
    while match := BEFORE_ROOT.match(text, place):
        place = match.end()
    root = ROOT.match(text, place)
    return root[1] if root else None


def _of_xml(page: Page, kind: str) -> list[Entry]:
    if kind == "sitemapindex":
        raise Unreadable("listing-shape", f"{page.url} is a list of sitemaps; follow one of them")
    parser = etree.XMLParser(
        encoding="utf-8",  # that of the text as it is parsed here, in place of the prolog's
        resolve_entities=False,
        no_network=True,
        recover=True,
        huge_tree=False,
    )
    root = etree.fromstring(page.text.lstrip("\ufeff").strip().encode(), parser)
    if root is None:
        raise Unreadable("not-xml", f"{page.url} cannot be read as XML")
    if was_cut(parser):
        raise Unreadable("too-deep", f"{page.url} is deeper than is read, or a text of it longer")
    items = (node for node in root.iter() if _name(node) in ("item", "entry", "url"))
    entries = (entry for item in items if (entry := _entry(item)))
    return list(islice(entries, MOST_ENTRIES + 1))  # by one more a crawl sees that there are more


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _entry(item: etree._Element) -> Entry | None:
    values: dict[str, str] = {}
    for child in item:
        value = stripped("".join(child.itertext())) or (
            child.get("href") if child.get("rel", "alternate") == "alternate" else None
        )
        if value:
            values.setdefault(_name(child), value)
    url = values.get("link") or values.get("loc") or values.get("guid")
    when = (
        values.get("pubDate")
        or values.get("published")
        or values.get("date")
        or values.get("updated")
    )
    return (url, values.get("title"), _time(when)) if url else None


def _time(text: str | None) -> str | None:
    """ISO 8601 at +08:00 of a feed's time, so that times of all feeds have one order; what states
    no zone is China's."""
    if not text:
        return None
    if stated := from_zoned(text, ()):
        return stated
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return from_local(text.replace("T", " "))
    return (moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)).isoformat()
