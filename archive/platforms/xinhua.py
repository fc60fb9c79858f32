"""新华网 Xinhua: channels by the JSON that their pages are made of (`www.news.cn/<path>/ds_<32
hex>.json`), and articles.

Such a file holds up to a thousand entries and is the complete list.
"""

from __future__ import annotations

import re
from typing import Any

from archive.errors import Unreadable
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account, Link
from archive.page.dates import from_local
from archive.page.fields import stripped
from archive.page.page import Page
from archive.page.urls import urljoin, urlsplit
from archive.platform import About, Address, Ask, Listing, Platform, Rules
from archive.platforms.kit.json_lists import entries, within
from archive.platforms.kit.links import link_to

HOSTS = frozenset({".news.cn", ".xinhuanet.com"})
NEW = re.compile(r"/(\d{8})/([0-9a-f]{32})/c\.html?$")
OLD = re.compile(r"/(\d{4}-\d{2}/\d{2})/c_(\d+)(?:_\d+)?\.htm$")
CHANNEL = re.compile(r"/ds_([0-9a-f]{32})\.json$")


def locate(url: str) -> Address | None:
    """Articles by the digest or the number in their address, channels by their file."""
    parts = urlsplit(url)
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
    links = tuple(_link(row, page.url, match[1]) for row in rows)
    return Listing(links=links, ended=True, total=len(rows), account_id=match[1])


def _link(row: dict[str, Any], base: str, channel: str) -> Link:
    url = urljoin(base, str(within(row, "publishUrl")))
    place = locate(url)
    return link_to(
        place if place and place.role == "article" else None,
        url,
        title=stripped(row.get("title")),
        published_at=from_local(stripped(row.get("publishTime"))),
        account_id=channel,
    )


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
