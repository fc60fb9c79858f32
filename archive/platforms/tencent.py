"""腾讯新闻 Tencent: `news.qq.com/rain/a/<id>`; accounts `news.qq.com/omn/author/<suid>`.

The list is what the author page itself asks for, with a cursor and `hasNext`. Article pages hold
`window.DATA` with the text as HTML, in which `<!--IMG_0-->` marks the place of a picture. Shapes of
2024 to 2026; old pages are gb2312.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.errors import Unreadable
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account, Kind, Link
from archive.page.dates import from_local
from archive.page.fields import stripped, unmarked
from archive.page.page import Page, fragment
from archive.page.urls import urlsplit
from archive.platform import About, Address, Ask, Listing, Platform, Reading, Rules
from archive.platforms.kit.addresses import Form, by_path
from archive.platforms.kit.json_lists import address, entries, object_at, parameter, within
from archive.platforms.kit.json_rows import entry_of, place_of, read_rows, time_of
from archive.platforms.kit.other_values import dates_in_json
from archive.platforms.kit.scripts import script_json

API = "https://i.news.qq.com/getSubNewsMixedList"
HOSTS = frozenset({"news.qq.com", "new.qq.com", "view.inews.qq.com", "xw.qq.com", "i.news.qq.com"})
PATH = re.compile(r"/(?:rain/a|a|omn|cmsn|omn/\d{8}|cmsn/\d{8})/(\d{8}[A-Z]\w{7})(?:\.html)?/?$")
ARTICLE = "https://news.qq.com/rain/a/{}"
FORMS: tuple[Form, ...] = (
    ("article", PATH, ARTICLE),
    ("account", re.compile(r"^/omn/author/([^/?]+)"), "https://news.qq.com/omn/author/{}"),
)
VIDEOS = {"4", "56", "118"}
PICTURE = re.compile(r"<!--(IMG_\d+)-->")


def locate(url: str) -> Address | None:
    """Articles under all their addresses, author pages, pages of the listing."""
    if place := by_path(url, FORMS):
        return place
    suid = parameter(url, "guestSuid") if urlsplit(url).hostname == "i.news.qq.com" else ""
    return Address(role="listing", id=suid, url=url) if suid else None


def listing(account: Account, cursor: str = "") -> Ask:
    """The articles of an author after a cursor."""
    fixed = {"tabId": "om_index", "caller": 1, "from_scene": 103}
    return Ask(url=address(API, guestSuid=account.account_id, **fixed, offset_info=cursor))


def discover(page: Page) -> Listing:
    """The articles of one page; `hasNext` is true where there is more, `offsetInfo` its cursor."""
    if within(page.json, "ret") != 0:
        raise Unreadable("listing-refused", f"ret {page.json['ret']}")
    author = Account(platform="tencent", account_id=parameter(page.url, "guestSuid"), url="")
    more = bool(within(page.json, "hasNext"))
    links, left_out = read_rows(
        entries(page.json, "newslist"), lambda row: [_link(row, author.account_id)]
    )
    cursor = str(within(page.json, "offsetInfo")) if more else ""
    return Listing(
        links=links,
        more=listing(author, cursor) if more else None,
        ended=not more,
        left_out=left_out,
        account_id=author.account_id,
    )


def _link(row: dict[str, Any], author: str) -> Link:
    named = locate(ARTICLE.format(stripped(row.get("id")) or ""))
    addresses = (row.get("url"), row.get("surl"), row.get("short_url"))
    place = named or place_of(addresses, "https://news.qq.com/", locate, HOSTS.__contains__)
    title = unmarked(row.get("longtitle")) or row.get("title")
    published_at = time_of(row.get("time"), row.get("timestamp"))
    entry = entry_of(place, title=title, published_at=published_at, account_id=author)
    if entry.kind == "outside":
        return entry
    is_video = str(row.get("articletype")) in VIDEOS
    kind: Kind = "video" if is_video else "article"
    return replace(entry, kind=kind, account=stripped(row.get("source")))


def read(page: Page) -> Reading:
    """The script first; the elements by the general rules where it holds no text."""
    script = object_at(script_json(page.text, "window.DATA"))
    markup = object_at(script, "originContent").get("text")
    if not isinstance(markup, str) or not markup.strip():
        return general.read(page)
    pictures = object_at(script, "originAttribute")
    published_at = from_local(stripped(script.get("pubtime")))
    body = fragment(PICTURE.sub(lambda match: _image(pictures.get(match[1])), markup))
    return Reading(
        title=stripped(script.get("title")) or "",
        body=body,
        native_id=stripped(script.get("cms_id")) or stripped(script.get("article_id")),
        account=stripped(script.get("media")),
        account_id=stripped(script.get("media_id")),
        source=stripped(script.get("media")),
        published_at=published_at,
        published_raw=stripped(script.get("pubtime")),
        other_dates=dates_in_json(script, published_at, ("pubtime",)),
    )


def _image(attributes: object) -> str:
    source = isinstance(attributes, dict) and (attributes.get("url") or attributes.get("origUrl"))
    return f'<img src="{source}">' if isinstance(source, str) and '"' not in source else ""


PLATFORM = Platform(
    name="tencent",
    title="腾讯新闻",
    hosts=HOSTS,
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="tencent", fits=lambda page: True, read=read),),
    boilerplate=frozenset(
        {"免责声明：本内容来自腾讯平台创作者，不代表腾讯新闻或腾讯网的观点和立场。举报"}
    ),
    about=About(
        accounts="`news.qq.com/omn/author/<suid>`",
        articles="`/rain/a/<id>` and older forms",
        gone="404",
        tested="2026-11",
    ),
)
