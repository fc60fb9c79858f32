"""示例新闻: the fictional platform of `zhengwen demo`, and the smallest complete platform to copy
from.

Its host is under `.example`, which no one can own (RFC 2606); its account, town and people are
invented.
"""

from __future__ import annotations

import re
from typing import Any

from archive.errors import Unreadable
from archive.model import Account, Failure, Link
from archive.page.fields import unmarked
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Address, Ask, Listing, Platform, Rules
from archive.platforms.kit.json_rows import number_of, read_rows, time_of
from archive.platforms.kit.selectors import Selectors, reader

HOST = "xinwen.example"
SITE = f"http://{HOST}"
GONE = "这篇文章已被删除"
ACCOUNT, ARTICLE, LIST = (
    re.compile(form) for form in (r"/account/(\w+)", r"/article/(\d+)", r"/api/list/(\w+)/(\d+)")
)


def locate(url: str) -> Address | None:
    """Accounts, articles and listing pages."""
    path = urlsplit(url).path
    if match := ARTICLE.fullmatch(path):
        return Address(role="article", id=match[1], url=f"{SITE}/article/{match[1]}")
    if match := ACCOUNT.fullmatch(path):
        return Address(role="account", id=match[1], url=f"{SITE}/account/{match[1]}")
    match = LIST.fullmatch(path)
    return Address(role="listing", id=match[1], url=url) if match else None


def listing(account: Account, number: int = 1) -> Ask:
    """Page `number` of an account's articles, newest first."""
    return Ask(url=f"{SITE}/api/list/{account.account_id}/{number}")


def discover(page: Page) -> Listing:
    """The articles of one page; the answer's `more` is true where another page follows."""
    match = LIST.fullmatch(urlsplit(page.url).path)
    entries = page.json.get("articles") if isinstance(page.json, dict) else None
    if match is None or not isinstance(entries, list):
        raise Unreadable("listing-shape", "the answer has no articles")
    account = Account(platform="demo", account_id=match[1], url="")
    links, left_out = read_rows(entries, lambda entry: [_link(entry, match[1])])
    more = page.json.get("more") is True
    return Listing(
        links=links,
        more=listing(account, int(match[2]) + 1) if more else None,
        ended=not more,
        left_out=left_out,
        account_id=match[1],
    )


def _link(entry: dict[str, Any], account: str) -> Link:
    native = number_of(entry, "id")
    if native is None:
        raise Unreadable("listing-shape", "an entry has no id")
    return Link(
        id=native,
        url=f"{SITE}/article/{native}",
        title=unmarked(entry.get("title")),
        published_at=time_of(entry.get("published_at")),
        account_id=account,
    )


def refusal(page: Page) -> Failure | None:
    """The platform's tombstone."""
    if GONE not in page.text:
        return None
    return Failure(outcome="withdrawn", reason="tombstone", detail=GONE)


LAYOUT = Selectors(
    title='//h1[@class="title"]',
    body='//div[@class="body"]',
    account='//a[@class="account"]',
    time='//p[@class="about"]',
    source='//span[@class="source"]',
    editor='//p[@class="editor"]',
)

PLATFORM = Platform(
    name="demo",
    title="示例新闻（虚构）",
    hosts=frozenset({HOST}),
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=refusal,
    rules=(Rules(name="demo", fits=lambda page: 'class="body"' in page.text, read=reader(LAYOUT)),),
    fictional=True,
)
