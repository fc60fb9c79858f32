"""新华网 Xinhua: channels by the JSON that their pages are made of (`www.news.cn/<path>/ds_<32
hex>.json`), and articles.

Such a file holds up to a thousand rows and is the complete list. A row of the type `Link` is made
by an editor and may hold several: `linkUrls` has their titles and addresses, `title` the same as
mark-up, and `publishTime` is when it was placed in the list (seen in 2026-09).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from archive.errors import Unreadable
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account, Link
from archive.page.fields import unmarked
from archive.page.page import Page
from archive.page.urls import urljoin, urlsplit
from archive.platform import About, Address, Ask, LeftOut, Listing, Platform, Rules
from archive.platforms.kit.json_lists import entries
from archive.platforms.kit.json_rows import read_rows, time_of
from archive.platforms.kit.links import link_to
from archive.platforms.kit.noise import split

HOSTS = frozenset({".news.cn", ".xinhuanet.com"})
NEW = re.compile(r"/(\d{8})/([0-9a-f]{32})/c\.html?$")
OLD = re.compile(r"/(\d{4}-\d{2}/\d{2})/c_(\d+)(?:_\d+)?\.htm$")
ANCHOR = re.compile(r"<a\s([^<>]*+)>([^<]*+)", re.I)
HREF = re.compile(r"""href\s*+=\s*+(?:'([^']*+)'|"([^"]*+)"|(\S++))""", re.I)
CHANNEL = re.compile(r"/ds_([0-9a-f]{32})\.json$")


def locate(url: str) -> Address | None:
    """Articles by the digest or the number in their address, channels by their file."""
    parts = split(url)
    clean = f"{parts.scheme}://{parts.hostname}{parts.path}"
    if match := NEW.search(parts.path):
        return Address(role="article", id=match[2], url=clean)
    if match := OLD.search(parts.path):
        return Address(role="article", id=f"c_{match[2]}", url=clean)
    match = CHANNEL.search(parts.path)
    return Address(role="account", id=match[1], url=clean) if match else None


def listing(account: Account) -> Ask:
    """The channel's file."""
    return Ask(url=account.url)


def discover(page: Page) -> Listing:
    """All entries of the file. Raises Unreadable for one without any: that is not known to
    happen."""
    match = CHANNEL.search(urlsplit(page.url).path)
    rows = entries(page.json, "datasource") if isinstance(page.json, dict) else entries(page.json)
    if match is None or not rows:
        raise Unreadable("listing-shape", f"{page.url} lists nothing")
    links, left_out = read_rows(rows, lambda row: _of_row(row, page.url, match[1]))
    return Listing(links=links, ended=True, left_out=left_out, total=len(rows), account_id=match[1])


def _of_row(row: dict[str, Any], base: str, channel: str) -> Iterator[Link | LeftOut]:
    """Every article and outside target of a row."""
    written = list(_targets(row))
    if not written:
        raise Unreadable("listing-shape", "an entry has no address")
    placed = row.get("contentType") == "Link" or bool(row.get("linkUrls"))
    titles: dict[str, str] = {}
    for address, title in written:
        url = urljoin(base, address)
        titles[url] = max(titles.get(url, ""), unmarked(title) or "", key=len)
    if len(titles) == 1:
        titles = {url: title or unmarked(row.get("title")) or "" for url, title in titles.items()}
    for url, title in titles.items():
        published_at = None if placed or "<a " in str(row.get("title")) else _time(row)
        yield _entry(url, title or None, published_at, channel)


def _targets(row: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """The addresses of a row, with their titles."""
    several = row.get("linkUrls")
    for link in several if isinstance(several, list) else [several]:
        address = link.get("linkUrl") if isinstance(link, dict) else link
        if isinstance(address, str) and address.strip():
            yield address, link.get("linkTitle") if isinstance(link, dict) else None
    for markup in (row.get("title"), row.get("showTitle")):
        for match in ANCHOR.finditer(markup if isinstance(markup, str) else ""):
            href = HREF.search(match[1])
            address = (href[1] or href[2] or href[3] or "") if href else ""
            if address.strip(".… "):
                yield unescape(address), match[2]
    address = row.get("publishUrl")
    if isinstance(address, str) and address.strip():
        yield address, None if "<a " in str(row.get("title")) else row.get("title")


def _time(row: dict[str, Any]) -> str | None:
    return time_of(row.get("publishTime"))


def _entry(url: str, title: str | None, published_at: str | None, channel: str) -> Link | LeftOut:
    inside = PLATFORM.owns(urlsplit(url).hostname or "")
    place = locate(url) if inside else None
    if place is None or place.role != "article":
        if inside or not urlsplit(url).hostname:
            return LeftOut(reason="unknown-address" if inside else "no-address", example=url)
        place = None
    return link_to(place, url, title=title, published_at=published_at, account_id=channel)


PLATFORM = Platform(
    name="xinhua",
    title="新华网",
    hosts=HOSTS,
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="xinhua", fits=lambda page: True, read=general.read),),
    about=About(
        accounts="channels: `ds_<32 hex>.json`", articles="since 2010", gone="404", tested="2026-11"
    ),
)
