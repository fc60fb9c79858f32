"""中国政府网 www.gov.cn: its feeds of policies and news, its policy library, and articles of both
layouts.

Feeds are JSON arrays (a BOM is possible) that hold all that they ever will; the library's search
is paged and reports how many pages there are.
"""

from __future__ import annotations

import re
from typing import Any

from archive.errors import Unreadable
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account, Link
from archive.page.page import Page
from archive.platform import About, Address, Ask, Listing, Platform, Role, Rules
from archive.platforms.kit.json_lists import address, entries, parameter, within
from archive.platforms.kit.json_rows import entry_of, place_of, read_rows, time_of
from archive.platforms.kit.noise import split

SITE = "https://www.gov.cn"
FEEDS = {
    "zuixin": ("/zhengce/zuixin", f"{SITE}/zhengce/zuixin/ZUIXINZHENGCE.json"),
    "yaowen": ("/yaowen/liebiao", f"{SITE}/yaowen/liebiao/YAOWENLIEBIAO.json"),
}
# documents of the State Council and of its departments
LIBRARIES = ("zhengcelibrary_gw", "zhengcelibrary_bm")
SEARCH = "https://sousuo.www.gov.cn/search-gov/data"
ARTICLE = re.compile(r"/content_(\d+)\.html?$")


def locate(url: str) -> Address | None:
    """Articles by their number, the lists of policies and news, the two policy libraries."""
    parts = split(url)
    if match := ARTICLE.search(parts.path):
        return Address(role="article", id=match[1], url=f"{SITE}{parts.path}")
    if parts.hostname == "sousuo.www.gov.cn" and parameter(url, "t") in LIBRARIES:
        library = parameter(url, "t")
        return Address(role="account", id=library, url=address(SEARCH, t=library))
    for name, (path, feed) in FEEDS.items():
        if parts.path.startswith(path):
            role: Role = "listing" if url == feed else "account"
            return Address(role=role, id=name, url=f"{SITE}{path}/")
    return None


def listing(account: Account, number: int = 1) -> Ask:
    """The feed, or a page of the library, newest first."""
    if account.account_id in FEEDS:
        return Ask(url=FEEDS[account.account_id][1], headers={"Referer": account.url})
    fixed = {"q": "", "sort": "pubtime", "sortType": 1, "n": 20}
    return Ask(
        url=address(SEARCH, t=account.account_id, p=number, **fixed), headers={"Referer": SITE}
    )


def discover(page: Page) -> Listing:
    """Feeds end with themselves, the library with the page that it says is its last."""
    library = parameter(page.url, "t")
    if library:
        return _library(page, library)
    name = next((name for name, (_, feed) in FEEDS.items() if page.url == feed), None)
    rows = entries(page.json) if name else []
    if not rows:
        raise Unreadable("listing-shape", f"{page.url} is no feed of www.gov.cn")
    links, left_out = read_rows(
        rows,
        lambda row: [_link(row.get("URL"), row.get("TITLE"), (row.get("DOCRELPUBTIME"),), page)],
    )
    return Listing(links=links, ended=True, left_out=left_out, total=len(rows), account_id=name)


def _library(page: Page, library: str) -> Listing:
    answer = within(page.json, "searchVO")
    rows = entries(answer, "listVO")
    number, pages = int(parameter(page.url, "p") or 1), int(within(answer, "totalpage"))
    links, left_out = read_rows(rows, lambda row: [_of_library(row, page)])
    author = Account(platform="govcn", account_id=library, url=address(SEARCH, t=library))
    more = listing(author, number + 1) if number < pages else None
    total = answer.get("totalCount")
    return Listing(
        links=links,
        more=more,
        ended=more is None,
        left_out=left_out,
        total=total if isinstance(total, int) else None,
        account_id=library,
    )


def _of_library(row: dict[str, Any], page: Page) -> Link:
    times = (row.get("pubtime"), row.get("pubtimeStr"))
    return _link(row.get("url"), row.get("title"), times, page)


def _link(url: object, title: object, times: tuple[object, ...], page: Page) -> Link:
    return entry_of(
        place_of((url,), page.url, locate, HOSTS.__contains__),
        title=title,
        published_at=time_of(*times),
        account_id=parameter(page.url, "t")
        or next(name for name, (_, feed) in FEEDS.items() if feed == page.url),
    )


HOSTS = frozenset({"www.gov.cn", "sousuo.www.gov.cn"})
PLATFORM = Platform(
    name="govcn",
    title="中国政府网",
    hosts=HOSTS,
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="govcn", fits=lambda page: True, read=general.read),),
    about=About(
        accounts="最新政策, 要闻, policy libraries",
        articles="`content_<n>.htm`, both layouts",
        gone="404",
        tested="2026-11",
    ),
)
