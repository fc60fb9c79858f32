"""搜狐号 Sohu: `www.sohu.com/a/<article>_<author>`. The listing is the author page's own JSON; it
ends with an empty page.

The account page names its author by a code (`xpt=`) only, so follow any article of the account, or
its author page by number: `https://mp.sohu.com/profile?id=<author>`. Shapes as seen from 2020 to
2026.
"""

from __future__ import annotations

import re

from archive.errors import Unreadable
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account, Link
from archive.page.dates import from_local, from_milliseconds
from archive.page.fields import stripped, text_of, unmarked
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import About, Address, Ask, Listing, Platform, Reading, Rules
from archive.platforms.kit.json_lists import address, entries, parameter, within
from archive.platforms.kit.json_rows import number_of, place_of, read_rows, time_of
from archive.platforms.kit.noise import split
from archive.platforms.kit.selectors import first, meta, text_at

API = "https://v2.sohu.com/author-page-api/author-articles/pc/"
HOSTS = frozenset(
    f"{name}.sohu.com"
    for name in ("www", "news", "business", "sports", "yule", "health", "m", "mp", "v2")
)
ARTICLE = re.compile(r"/a/(\d+)_(\d+)")
AUTHOR = re.compile(r"/author-page-api/author-articles/pc/(\d+)")
VIDEO = 4


def locate(url: str) -> Address | None:
    """Articles on every channel, author pages by number, pages of the listing."""
    parts = split(url)
    if match := ARTICLE.match(parts.path):
        return Address(
            role="article", id=match[1], url=f"https://www.sohu.com/a/{match[1]}_{match[2]}"
        )
    number = parameter(url, "id")
    if (parts.hostname, parts.path) == ("mp.sohu.com", "/profile") and number.isdigit():
        return Address(role="account", id=number, url=f"https://mp.sohu.com/profile?id={number}")
    match = AUTHOR.match(parts.path)
    return Address(role="listing", id=match[1], url=url) if match else None


def listing(account: Account, number: int = 1) -> Ask:
    """Page `number` of an author's articles, newest first."""
    return Ask(url=address(f"{API}{account.account_id}", pNo=number))


def discover(page: Page) -> Listing:
    """The list is over where a page of it is empty."""
    match = AUTHOR.match(urlsplit(page.url).path)
    if match is None:
        raise Unreadable("listing-shape", f"{page.url} is no listing")
    if within(page.json, "code") not in (200, "200"):
        raise Unreadable("listing-refused", f"code {page.json['code']}")
    rows = entries(page.json, "data", "pcArticleVOS")
    links, left_out = read_rows(rows, lambda row: [_link(row, match[1])])
    author = Account(platform="sohu", account_id=match[1], url="")
    more = listing(author, int(parameter(page.url, "pNo") or 1) + 1) if rows else None
    return Listing(links=links, more=more, ended=not rows, left_out=left_out, account_id=match[1])


def _link(row: dict[str, object], author: str) -> Link:
    place = place_of((row.get("url"), row.get("link")), API, locate, HOSTS.__contains__)
    article = number_of(row, "id") or (place.id if isinstance(place, Address) else None)
    if article is None:
        raise Unreadable("listing-shape", "an entry has no id")
    return Link(
        id=article,
        url=f"https://www.sohu.com/a/{article}_{author}",
        kind="video" if row.get("type") == VIDEO else "article",
        title=unmarked(row.get("title")),
        published_at=time_of(row.get("publicTime")),
        account_id=author,
    )


def read(page: Page) -> Reading:
    """The elements of 搜狐号 pages; older pages by the general rules alone."""
    reading = general.read(page)
    clock = first(page, '//span[@id="news-time"]')
    number = ARTICLE.match(urlsplit(page.url).path)
    stamp = clock.get("data-val") if clock is not None else None
    return reading.put(
        title=text_at(page, '//*[@class="text-title"]//h1') or reading.title,
        account=meta(page, "mediaid") or text_at(page, '//*[@id="user-info"]//h4/a'),
        account_id=number[2] if number else None,
        source=text_at(page, '//span[@data-role="original-link"]//a') or reading.source,
        original_title=_original(text_at(page, '//p[@data-role="original-title"]')),
        published_at=from_milliseconds(int(stamp))
        if stamp and stamp.isdigit()
        else from_local(text_of(clock)) or reading.published_at,
        published_raw=text_of(clock) or reading.published_raw,
    )


def _original(text: str | None) -> str | None:
    return stripped(re.sub(r"^原标题\s*[：:]", "", text)) if text else None


PLATFORM = Platform(
    name="sohu",
    title="搜狐号",
    hosts=HOSTS,
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="sohu", fits=lambda page: True, read=read),),
    about=About(
        accounts="`mp.sohu.com/profile?id=<author>`",
        articles="`/a/<article>_<author>`",
        gone="404",
        tested="2026-11",
    ),
)
