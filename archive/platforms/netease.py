"""网易号 NetEase: `www.163.com/dy/article/<16 characters>.html`; accounts
`www.163.com/dy/media/T<13 digits>.html`.

The account page holds its list ready made (about 85 items) and no further pages, so the list ends
with it. Shapes of 2015 to 2025; old pages are GBK.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.errors import Unreadable
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account, Link
from archive.page.dates import from_local
from archive.page.fields import stripped, text_of
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import About, Address, Ask, LeftOut, Listing, Platform, Reading, Rules
from archive.platforms.kit.addresses import Form, by_path
from archive.platforms.kit.feed_times import read_time
from archive.platforms.kit.selectors import first, text_at

HOSTS = frozenset(
    f"{name}.163.com"
    for name in ("www", "m", "3g", "dy", "news", "money", "biz", "tech", "ent", "sports", "war")
)
ARTICLE = re.compile(
    r"/(?:article|detail)/([0-9A-Z]{16})(?:\.html)?$|/\d\d/\d{4}/\d\d/([0-9A-Z]{16})\.html$"
)
MEDIA = re.compile(r"/dy/media/(T\d{13})\.html$")
FORMS: tuple[Form, ...] = (
    ("article", ARTICLE, "https://www.163.com/dy/article/{}.html"),
    ("account", MEDIA, "https://www.163.com/dy/media/{}.html"),
)


def locate(url: str) -> Address | None:
    """Articles by their document id wherever they stand, and account pages, which are the listing
    too."""
    return by_path(url, FORMS)


def listing(account: Account) -> Ask:
    """The account page."""
    return Ask(url=f"https://www.163.com/dy/media/{account.account_id}.html")


def discover(page: Page) -> Listing:
    """The entries of the account page. Raises Unreadable where it has no list: an empty one is not
    known."""
    match = MEDIA.search(urlsplit(page.url).path)
    name = text_at(page, '//*[contains(@class, "head_name") or contains(@class, "media_name")]')
    links: dict[str, Link] = {}
    left_out = []
    for anchor in page.tree.xpath("//li//h4//a[@href]"):
        if place := _article(page, anchor):
            links.setdefault(place.id, _link(place, anchor, match[1] if match else "", name))
        else:
            left_out.append(LeftOut(reason="unknown-address", example=anchor.get("href")))
    if match is None or not links:
        raise Unreadable("listing-shape", f"{page.url} holds no list of articles")
    return Listing(
        links=tuple(links.values()),
        ended=True,
        left_out=tuple(left_out),
        account_id=match[1],
        account=name,
    )


def _article(page: Page, anchor: HtmlElement) -> Address | None:
    url = page.link(anchor.get("href") or "")
    place = locate(url) if urlsplit(url).hostname in HOSTS else None
    return place if place and place.role == "article" else None


def _link(place: Address, anchor: HtmlElement, account: str, name: str | None) -> Link:
    row = next(anchor.iterancestors("li"))
    printed = text_of(next(iter(row.xpath('.//*[contains(@class, "time")]')), None))
    return Link(
        id=place.id,
        url=place.url,
        title=text_of(anchor),
        published_at=read_time(printed),
        account_id=account,
        account=name,
    )


def read(page: Page) -> Reading:
    """The present layout's head; what it lacks by the general rules."""
    reading = general.read(page)
    root = page.tree if page.tree.tag == "html" else first(page, "//html")
    printed = stripped(root.get("data-publishtime")) if root is not None else None
    link = first(page, '//*[@class="post_info"]//a[contains(@href, "/dy/media/")]')
    media = MEDIA.search(link.get("href") or "") if link is not None else None
    return reading.put(
        title=text_at(
            page, '//h1[contains(@class, "post_title") or contains(@class, "article-title")]'
        )
        or reading.title,
        account=text_of(link) or text_at(page, '//*[contains(@class, "post_wemedia_name")]'),
        account_id=media[1] if media else None,
        author=None
        if reading.author == "网易"
        else reading.author,  # its pages name the site as their author
        source=text_of(link) or reading.source,
        published_at=from_local(printed) or reading.published_at,
        published_raw=printed or reading.published_raw,
    )


PLATFORM = Platform(
    name="netease",
    title="网易号",
    hosts=HOSTS,
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="netease", fits=lambda page: True, read=read),),
    about=About(
        accounts="`/dy/media/T<digits>.html` (newest 85)",
        articles="`/dy/article/<id>.html` and older forms",
        gone="404",
        tested="2026-11",
    ),
)
