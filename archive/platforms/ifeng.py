"""凤凰 ifeng and 大风号: `<channel>.ifeng.com/c/<11 characters>`; accounts
`feng.ifeng.com/author/<id>`.

The list is JSONP, ten a page, and ends with an empty one. Article pages hold `var allData` with
the text in pieces.
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
from archive.page.page import Page, fragment
from archive.page.urls import urlsplit
from archive.platform import About, Address, Ask, Listing, Platform, Reading, Rules
from archive.platforms.kit.addresses import Form, by_path
from archive.platforms.kit.json_lists import entries, object_at, unwrapped
from archive.platforms.kit.json_rows import entry_of, place_of, read_rows, time_of
from archive.platforms.kit.other_values import dates_in_json
from archive.platforms.kit.scripts import script_json

API = "https://shankapi.ifeng.com/season/ishare/getShareListData"
CHANNELS = (
    "www news feng ishare finance tech ent sports mil history culture i hunan gd sd js fashion "
    "auto house nb pl shankapi"
)
HOSTS = frozenset(f"{name}.ifeng.com" for name in CHANNELS.split())
PAGE = re.compile(r"/getShareListData/(\d+)/doc/(\d+)/")
ARTICLE, AUTHOR = "https://news.ifeng.com/c/{}", "https://feng.ifeng.com/author/{}"
FORMS: tuple[Form, ...] = (
    ("article", re.compile(r"/c/(?:s/)?([0-9A-Za-z]{11})/?$"), ARTICLE),
    ("listing", PAGE, ""),
    ("account", re.compile(r"/author/(\d+)|/mediaShare/home/(\d+)"), AUTHOR),
)


def locate(url: str) -> Address | None:
    """Articles on every channel, author pages, pages of the listing."""
    return by_path(url, FORMS)


def listing(account: Account, number: int = 1) -> Ask:
    """Page `number` of an author's articles, newest first."""
    url = f"{API}/{account.account_id}/doc/{number}/ifengnewsh5/getListData"
    return Ask(url=url, headers={"Referer": AUTHOR.format(account.account_id)})


def discover(page: Page) -> Listing:
    """The list is over where a page of it is empty."""
    match = PAGE.search(urlsplit(page.url).path)
    if match is None:
        raise Unreadable("listing-shape", f"{page.url} is no listing")
    rows = entries(unwrapped(page), "data")
    author = Account(platform="ifeng", account_id=match[1], url="")
    more = listing(author, int(match[2]) + 1) if rows else None
    links, left_out = read_rows(rows, lambda row: [_link(row, match[1])])
    return Listing(
        links=links,
        left_out=left_out,
        more=more,
        ended=not rows,
        account_id=match[1],
    )


def _link(row: dict[str, Any], author: str) -> Link:
    named = locate(ARTICLE.format(stripped(row.get("base62Id")) or ""))
    return entry_of(
        named or place_of((row.get("url"),), ARTICLE, locate, HOSTS.__contains__),
        title=row.get("title"),
        published_at=time_of(row.get("newsTime")),
        account_id=author,
    )


def read(page: Page) -> Reading:
    """The script first; the elements by the general rules where it holds no text."""
    story = object_at(script_json(page.text, "var allData"), "docData")
    pieces = object_at(story, "contentData").get("contentList")
    if not isinstance(pieces, list):
        return general.read(page)
    markup = "".join(
        str(piece.get("data"))
        for piece in pieces
        if isinstance(piece, dict) and piece.get("type") == "text"
    )
    writer = object_at(story, "subscribe")
    published_at = from_local(stripped(story.get("newsTime")))
    return Reading(
        title=stripped(story.get("title")) or "",
        body=fragment(markup) if markup.strip() else None,
        kind="article" if markup.strip() else "video",
        account=stripped(writer.get("catename")) or stripped(writer.get("name")),
        account_id=stripped(str(writer.get("followid") or writer.get("id") or "")),
        source=stripped(story.get("source")),
        editor=stripped(story.get("editorName")),
        published_at=published_at,
        published_raw=stripped(story.get("newsTime")),
        other_dates=dates_in_json(story, published_at, ("newsTime",)),
    )


NOTICE = (
    "特别声明：以上作品内容(包括在内的视频、图片或音频)为凤凰网旗下自媒体平台“大风号”用户上传并发布，"
    "本平台仅提供信息存储空间服务。"
)
PLATFORM = Platform(
    name="ifeng",
    title="凤凰网 大风号",
    hosts=HOSTS,
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="ifeng", fits=lambda page: True, read=read),),
    boilerplate=frozenset({NOTICE, f"“{NOTICE}"}),
    about=About(
        accounts="`feng.ifeng.com/author/<id>`", articles="`/c/<id>`", gone="404", tested="2026-11"
    ),
)
