"""人民网 People: channels by their list pages (`<channel>.people.com.cn/GB/<column>/index.html`),
and articles; GB2312."""

from __future__ import annotations

import re

from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account
from archive.page.page import Page
from archive.platform import About, Address, Ask, Listing, Platform, Rules
from archive.platforms.kit import feeds
from archive.platforms.kit.noise import split

ARTICLE = re.compile(r"/n\d?/(\d{4}/\d{4})/c(\d+-\d+)\.html$|/GB/[\d/]*?(\d{6,9})\.html$")
COLUMN = re.compile(r"/GB/([\d/]+?)/(?:index\d*\.html)?$")


def locate(url: str) -> Address | None:
    """Articles by column and number, list pages by their column."""
    parts = split(url)
    clean = f"{parts.scheme}://{parts.hostname}{parts.path}"
    if match := ARTICLE.search(parts.path):
        return Address(role="article", id=match[2] or match[3], url=clean)
    if match := COLUMN.search(parts.path):
        first = f"{parts.scheme}://{parts.hostname}/GB/{match[1]}/index.html"
        return Address(
            role="account",
            id=f"{(parts.hostname or '').partition('.')[0]}-{match[1].replace('/', '-')}",
            url=first,
        )
    return None


def listing(account: Account) -> Ask:
    """The first list page."""
    return Ask(url=account.url)


def _own(host: str) -> bool:
    return host.endswith(".people.com.cn")


def discover(page: Page) -> Listing:
    """Read the articles of a list, feed or sitemap, and the address of its next page."""
    place = locate(page.url)
    return feeds.read_list(
        page,
        locate,
        _own,
        Account(platform="people", account_id=place.id if place else "", url=page.url),
    )


PLATFORM = Platform(
    name="people",
    title="人民网",
    hosts=frozenset({".people.com.cn"}),
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="people", fits=lambda page: True, read=general.read),),
    about=About(
        accounts="columns: `/GB/<column>/index.html`",
        articles="`/n1/…/c<column>-<id>.html`, GB2312",
        gone="404",
        tested="2026-11",
    ),
)
