"""百家号 Baijiahao: articles by address, `baijiahao.baidu.com/s?id=<19 digits>`.

The list of an account needs a cookie that the site gives to browsers only; it is not asked for.
The present layout holds the article in `window.jsonData`; that of 2019 and 2020 in elements. Years
are left out in the year of publication itself.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from archive.errors import Unreadable
from archive.general import rules as general
from archive.model import Failure
from archive.page.dates import from_any, from_local
from archive.page.fields import stripped
from archive.page.page import Page, fragment
from archive.platform import About, Address, Platform, Reading, Rules
from archive.platforms.kit.json_lists import parameter
from archive.platforms.kit.noise import split
from archive.platforms.kit.other_values import dates_in_json
from archive.platforms.kit.scripts import script_json
from archive.platforms.kit.selectors import text_at

PATHS = ("/s", "/newspage/data/landingsuper")
NEWS = re.compile(r"news_(\d+)")
CAPTCHA = re.compile(r"wappass\.baidu\.com|百度安全验证|网络不给力，请稍后重试")
LONGEST_NOTICE = 60_000  # bytes; pages with an article are longer
GONE = re.compile(r"文章不存在|内容已删除|该内容已下线|文章已被删除")
TITLES = ('//*[@class="article-title"]//h2', '//*[@class="article-title"]/h1')
AUTHORS = ('//p[@class="author-name"]', '//*[@data-testid="author-name"]')
SHORT_DAY = re.compile(r"(?<!\d)(\d{2})-(\d{2})-(\d{2})(?!\d)")


def locate(url: str) -> Address | None:
    """The article's number, from both addresses that it has."""
    number = parameter(url, "id")
    if match := NEWS.search(parameter(url, "nid") or parameter(url, "context")):
        number = match[1]
    if split(url).path not in PATHS or not number.isdigit():
        return None
    return Address(role="article", id=number, url=f"https://baijiahao.baidu.com/s?id={number}")


def story(page: Page) -> dict[str, Any] | None:
    """The article in the page's script, or None."""
    script = script_json(page.text, "window.jsonData")
    try:
        item = script["bsData"]["superlanding"][0]["itemData"]
    except (KeyError, IndexError, TypeError):
        return None
    return item if isinstance(item, dict) else None


def read_script(page: Page) -> Reading:
    """`header` and `sections` of the script. Raises Unreadable where the text is missing."""
    item = story(page) or {}
    sections = [section for section in item.get("sections") or [] if isinstance(section, dict)]
    markup = "".join(_section(section) for section in sections)
    if not markup:
        raise Unreadable("no-body", f"{page.url} holds no sections")
    printed = stripped(item.get("date")) or stripped(item.get("publishTime"))
    published_at = from_any(printed) if printed else None
    title = stripped(item.get("title")) or ""
    return Reading(
        title=stripped(item.get("header")) or title,
        body=fragment(markup),
        account=stripped(item.get("name")) or text_at(page, '//*[@data-testid="author-name"]'),
        published_at=published_at,
        published_raw=printed,
        others={"title": ((title, "json title"),)},
        other_dates=dates_in_json(
            item, published_at, ("date" if stripped(item.get("date")) else "publishTime",)
        ),
    )


def _section(section: dict[str, Any]) -> str:
    content = section.get("content")
    if section.get("type") == "text":
        return f"<p>{content}</p>"
    link = section.get("link") or content
    if isinstance(link, str) and link.startswith("http"):
        return f'<img src="{escape(link)}">'
    return ""


def _first_text(page: Page, expressions: tuple[str, ...]) -> str | None:
    return next(filter(None, (text_at(page, expression) for expression in expressions)), None)


def read(page: Page) -> Reading:
    """The elements of 2019 and 2020; a date without its year is none."""
    reading = general.read(page)
    parts = (text_at(page, f'//span[@class="{name}"]') for name in ("date", "time"))
    printed = " ".join(filter(None, parts))
    dated = SHORT_DAY.sub(r"20\1-\2-\3", printed)
    return reading.put(
        title=_first_text(page, TITLES) or reading.title,
        account=_first_text(page, AUTHORS) or reading.account,
        source=None,
        published_at=from_local(dated) or (reading.published_at if not printed else None),
        published_raw=stripped(printed) or reading.published_raw,
    )


def refusal(page: Page) -> Failure | None:
    """The captcha that comes with status 200, and the message for a gone article."""
    if story(page):
        return None
    if len(page.body) >= LONGEST_NOTICE:
        return None
    if captcha := CAPTCHA.search(f"{page.url} {page.text}"):
        return Failure(outcome="blocked", reason="captcha", detail=captcha[0])
    gone = None if "bjh-p" in page.text else GONE.search(page.text)
    return Failure(outcome="withdrawn", reason="tombstone", detail=gone[0]) if gone else None


PLATFORM = Platform(
    name="baijiahao",
    title="百家号",
    hosts=frozenset({"baijiahao.baidu.com", "mbd.baidu.com", "wappass.baidu.com"}),
    locate=locate,
    refusal=refusal,
    rules=(
        Rules(name="baijiahao-script", fits=lambda page: story(page) is not None, read=read_script),
        Rules(name="baijiahao", fits=lambda page: True, read=read),
    ),
    about=About(
        accounts="none: the list needs a cookie that browsers get",
        articles="`/s?id=<n>`, both layouts",
        gone="文章不存在; the captcha is a block",
        tested="2026-11",
    ),
)
