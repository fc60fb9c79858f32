"""Reads lists of articles as sites publish them for anyone: RSS, Atom, sitemaps, and pages that
are lists.

feedparser 6.0.14 was tried on the feeds of tests/platforms/test_feeds.py and more, and is not used:
it takes a time without zone for UTC, which is eight hours off on a Chinese site; it reads
`2031/3/1 9:30` and `2031年03月01日` as the first of November; it reads no sitemap; it takes a feed
in GBK that declares no charset for ISO 8859-1; it expands entities; and 1,000 entries take it
204 ms where lxml takes 45.
"""

from __future__ import annotations

from archive.errors import Unreadable
from archive.model import Account, Link
from archive.page.fields import stripped
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Address, Ask, LeftOut, Listing
from archive.platforms.kit.feed_items import Extent, Item, extent_of, items_of, kind_of
from archive.platforms.kit.links import link_to, not_followed
from archive.platforms.kit.lists.reading import read_page
from archive.platforms.kit.lists.rows import Locate, Own
from archive.platforms.kit.packed import unpacked


def read_list(page: Page, locate: Locate, own: Own, account: Account) -> Listing:
    """Reads the articles that a feed, a sitemap or a list page names, and its next page.

    Args:
        page: the answer, which may be a gzip file (`sitemap.xml.gz`).
        locate: the platform's own; what is no article is left out.
        own: whether a host is the platform's own. Links to articles on other hosts are recorded
            as leading outside.
        account: whose list it is; its id is "" where the page does not show that.

    Returns:
        For a list of sitemaps no links: `parts` has what to ask for.

    Raises:
        Unreadable: it names no article of the platform, or cannot be parsed.
    """
    page = unpacked(page)
    kind = kind_of(page.text.lstrip("\ufeff"))
    if kind == "sitemapindex":
        return _sitemaps(page, own, account)
    if kind is None:
        return read_page(page, locate, own, account.account_id or None)
    links, left_out = _sorted_out(items_of(page), locate, own, account)
    if not any(link.kind == "article" for link in links):
        raise Unreadable("listing-shape", f"{page.url} names no article")
    extent = Extent(is_complete=True) if kind == "urlset" else extent_of(page)
    following = extent.following if own(urlsplit(extent.following or "").hostname or "") else None
    return Listing(
        links=links,
        more=Ask(url=following) if following else None,
        window=not (extent.is_complete or extent.is_paged),
        ended=extent.is_complete or (extent.is_paged and not extent.following),
        end="no_more_links" if extent.is_paged and not extent.following else None,
        left_out=left_out,
        account_id=account.account_id or None,
    )


def _sitemaps(page: Page, own: Own, account: Account) -> Listing:
    addresses = list(dict.fromkeys(item.addresses[0] for item in items_of(page) if item.addresses))
    parts = [url for url in addresses if own(urlsplit(url).hostname or "")]
    if not parts:
        raise Unreadable("listing-shape", f"{page.url} names no sitemap of the site")
    return Listing(
        links=(),
        ended=True,
        parts=tuple(Ask(url=url) for url in parts),
        left_out=tuple(
            LeftOut(reason="other-host", example=url) for url in addresses if url not in parts
        ),
        account_id=account.account_id or None,
    )


def _sorted_out(
    items: list[Item], locate: Locate, own: Own, account: Account
) -> tuple[tuple[Link, ...], tuple[LeftOut, ...]]:
    """Every article that an item links to, and the items that lead to none."""
    links: dict[str, Link] = {}
    left_out: list[LeftOut] = []
    for item in items:
        articles = _articles(item.addresses, locate) or _articles(item.others, locate)[:1]
        for article in articles:
            inside = own(urlsplit(article.url).hostname or "")
            link = link_to(
                article if inside else None,
                article.url,
                title=item.title,
                published_at=item.published_at,
                account_id=account.account_id or None,
            )
            links.setdefault(link.id, link)
        if not articles:
            left_out.append(_left_out(item, own))
    return tuple(links.values()), tuple(left_out)


def _articles(addresses: list[str], locate: Locate) -> list[Address]:
    places = (locate(address) for address in dict.fromkeys(addresses) if address)
    return [place for place in places if place and place.role == "article"]


def _left_out(item: Item, own: Own) -> LeftOut:
    url = next(filter(None, (*item.addresses, *item.others)), None)
    if url is None:
        return LeftOut(reason="no-address", example=stripped(item.title) or "")
    return not_followed(url, own)
