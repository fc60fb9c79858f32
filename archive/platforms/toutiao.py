"""今日头条 Toutiao: articles by address, through the plain JSON that its mobile pages ask for
(`m.toutiao.com/i<id>/info/`).

The list of an account, and the desktop page, need a signature made by the site's own scripts: they
are not fetched. Saved desktop pages are read by the general rules.
"""

from __future__ import annotations

import re

from archive.errors import Unreadable
from archive.general import rules as general
from archive.model import Failure
from archive.page.dates import from_milliseconds
from archive.page.fields import stripped
from archive.page.page import Page, fragment
from archive.platform import About, Address, Platform, Reading, Rules
from archive.platforms.kit.json_lists import object_at
from archive.platforms.kit.noise import split
from archive.platforms.kit.other_values import dates_in_json

ARTICLE = re.compile(r"/(?:article/|group/|a|i)(\d{16,19})(?:/info)?/?$")


def locate(url: str) -> Address | None:
    """Every form of an article's address; asked for is the one that answers without a signature."""
    match = ARTICLE.fullmatch(split(url).path)
    if match is None:
        return None
    return Address(role="article", id=match[1], url=f"https://m.toutiao.com/i{match[1]}/info/")


def is_info(page: Page) -> bool:
    """Whether this is the JSON of an article."""
    return page.text.lstrip().startswith("{")


def read_info(page: Page) -> Reading:
    """`data` of the answer. Raises Unreadable where it is not there."""
    article = object_at(page.json, "data")
    if not isinstance(article.get("content"), str):
        raise Unreadable("no-body", f"{page.url} holds no content")
    user = object_at(article, "media_user")
    seconds = str(article.get("publish_time") or "")
    published_at = from_milliseconds(int(seconds) * 1000) if seconds.isdigit() else None
    source = stripped(article.get("source"))
    return Reading(
        title=stripped(article.get("title")) or "",
        body=fragment(article["content"]),
        account=stripped(user.get("screen_name")) or source,
        account_id=stripped(str(user.get("id") or "")),
        source=stripped(article.get("detail_source")) or source,
        published_at=published_at,
        published_raw=seconds or None,
        others={"source": ((source or "", "json source"),)},
        other_dates=dates_in_json(article, published_at, ("publish_time",)),
    )


def refusal(page: Page) -> Failure | None:
    """Recognises `data` without anything: deleted, or for readers who are logged in only; the
    answer does not say which."""
    empty = (
        is_info(page)
        and isinstance(page.json, dict)
        and "data" in page.json
        and not page.json["data"]
    )
    if not empty:
        return None
    return Failure(outcome="empty", reason="no-data", detail="the answer holds no article")


PLATFORM = Platform(
    name="toutiao",
    title="今日头条",
    hosts=frozenset({"www.toutiao.com", "m.toutiao.com"}),
    locate=locate,
    refusal=refusal,
    rules=(
        Rules(name="toutiao-info", fits=is_info, read=read_info),
        Rules(name="toutiao", fits=lambda page: True, read=general.read),
    ),
    about=About(
        accounts="none: the list needs a signature",
        articles="by the plain JSON of mobile pages",
        gone="empty answer",
        tested="2026-11",
    ),
)
