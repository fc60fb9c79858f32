"""Any `*.gov.cn` site: an account is its own list page, feed or sitemap; articles by the meta set
of government sites.

The meta set (ArticleTitle, PubDate, ContentSource …) is prescribed for government sites; bodies
are those of TRS, hanweb, VSB and the like. An article is named by host and path. Some hosts demand
that a script runs first: those are blocked.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial

from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import About, Address, Ask, Listing, Platform, Rules
from archive.platforms.kit import feeds
from archive.platforms.kit.noise import for_all_devices, without_noise

# TRS t20200202_123.html, hanweb /art/2020/2/2/art_12_345.html, gkmlpt and others content_123.html,
# post_123.html …
ARTICLE = re.compile(
    r"/t\d{8}_\d+\.s?html?$|/art_\d+_\d+\.html$|/art/\d{4}/\d{1,2}/\d{1,2}/|/(?:content|post)[/_]?\d+\.s?html?$|/c\d*/?content_"
    # These begin at the last folder that they can begin at, so that each folder is read once.
    r"|/\d{4,6}(?=/)(?:(?!/\d{4,6}/)[\w/-])*+(?<=\d{4})\.s?html?$"
    r"|/content(?=/)(?:(?!/content/)(?!\d{4})[\w/])*+\d{4}|/gkmlpt/content/"
    r"|/\d{4}-?\d{2}/\d{2}(?=/)(?:(?!/\d{4}-?\d{2}/\d{2}/)[\w/-]){2,}+\.s?html?$"
    r"|/[0-9a-f]{32}\.s?html?$"
)
# detail.aspx?ID=7, info.jsp?urltype=news.NewsContentUrl&wbnewsid=7 (VSB), show.php?id=7 …; those of
# lists and columns have such queries too
BY_QUERY = re.compile(
    r"/(?![^/]*(?:list|index|column|class|channel|more|search|login))[^/]*(?:detail|show|view|content"
    r"|article|news|info|read|display|notice)[^/]*$",
    re.I,
)
# news.aspx?id=3 is a column of one site and an article of another
COLUMN = re.compile(r"/(?:news|infos?|notices?|articles)\.\w+$", re.I)
QUERY_ID = re.compile(
    r"(?:^|&)(?:(?:news|info|article|content|doc|wbnews|notice|item|msg|art)?_?id|aid|guid|uuid|nid)"
    r"=[\w-]+",
    re.I,
)
FOLLOWING = re.compile(r"^(.*/(?:index|list|default)?)(?:_\d+)?(\.\w+)$")
LONGEST = 80  # characters of an id


def slug(url: str) -> str:
    """A name for an address: host and path, shortened by a digest where they are long."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    address = f"{host}{parts.path}{query}"
    name = re.sub(r"[^\w.]+", "-", address).strip("-")
    if len(name) <= LONGEST:
        return name
    return f"{name[:60]}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"


def locate(url: str) -> Address:
    """Articles by the forms that content systems give them; any other page may be a list."""
    clean = url.partition("#")[0]
    article = without_noise(url)
    parts = urlsplit(article)
    by_query = BY_QUERY.search(parts.path) and QUERY_ID.search(parts.query)
    if ARTICLE.search(parts.path) or by_query:
        host, path = for_all_devices(parts.hostname or "", parts.path)
        computers = parts._replace(netloc=host, path=path).geturl()
        return Address(role="article", id=slug(computers), url=article)
    return Address(role="account", id=slug(_first_page(clean)), url=_first_page(clean))


def column(url: str) -> Address | None:
    """A list by query, of which only whoever follows it knows that it is one."""
    clean = url.partition("#")[0]
    if not COLUMN.search(urlsplit(clean).path):
        return None
    return Address(role="account", id=slug(clean), url=clean)


def _first_page(url: str) -> str:
    match = FOLLOWING.match(url)
    return match[1] + match[2] if match and "?" not in url else url


def listing(account: Account) -> Ask:
    """The list page, feed or sitemap itself."""
    return Ask(url=account.url)


def _own(host: str) -> bool:
    return host.endswith(".gov.cn") and host not in ("www.gov.cn", "sousuo.www.gov.cn")


def discover(page: Page) -> Listing:
    """Read the articles of a list, feed or sitemap, and the address of its next page."""
    # A later page, or the answer of a list's proxy, does not show which list it is of.
    account = Account(platform="gov", account_id="", url=page.url)
    return feeds.read_list(page, partial(_listed, urlsplit(page.url).path), _own, account)


def _listed(path: str, url: str) -> Address:
    """What an entry of a list is. Where the list itself has a query, the same path with another is
    another column."""
    address = locate(url)
    if address.role == "article" and urlsplit(url).path == path:
        return column(url) or address
    return address


PLATFORM = Platform(
    name="gov",
    title="政府网站 *.gov.cn",
    hosts=frozenset({".gov.cn"}),
    locate=locate,
    column=column,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="gov", fits=lambda page: True, read=general.read),),
    about=About(
        accounts="any list page, RSS, Atom or sitemap",
        articles="TRS, hanweb, VSB …, meta set of government sites",
        gone="404, messages with 200; 412 is a block",
        tested="2026-11",
    ),
)
