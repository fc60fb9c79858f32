"""微信公众号 WeChat: articles by address. There is no public list of an account's articles: that
needs a log-in.

`/s/<22 characters>`, or the long form with `__biz`, `mid`, `idx`, `sn`; neither leads to the other
without fetching. A gone article answers 200 with a message. Text and picture posts hold their
words only in a script.
"""

from __future__ import annotations

import re
from html import escape

from lxml.html import HtmlElement

from archive.general import rules as general
from archive.general.byline import metas
from archive.model import Failure
from archive.page.dates import from_milliseconds
from archive.page.fields import stripped, text_of
from archive.page.markup import without_tags
from archive.page.page import Page, fragment
from archive.platform import About, Address, Platform, Reading, Rules
from archive.platforms.kit.json_lists import address, parameter
from archive.platforms.kit.noise import split
from archive.platforms.kit.other_values import dates_around
from archive.platforms.kit.scripts import unescaped
from archive.platforms.kit.selectors import first, meta, text_at

SHORT = re.compile(r"/s/([\w-]{22})$")
GONE = re.compile(
    r"该内容已被发布者删除|The content has been deleted by the author|此内容因违规无法查看"
    r"|此账号已被屏蔽|此账号已自主注销"
    r"|该公众号已被封禁|该公众号已迁移|该内容暂时无法查看|此内容被投诉"
)
REFUSED = re.compile(r"环境异常|完成验证后即可继续访问|访问过于频繁|请按住滑块")
VALUES = {
    "content": re.compile(r"content_noencode:\s*JsDecode\('((?:[^'\\]|\\.)+)'\)"),
    "title": re.compile(r"msg_title\s*=\s*(?:window\.title\s*=\s*)?'((?:[^'\\]|\\.)*)'"),
    "time": re.compile(
        r"(?:var\s+ct\s*=\s*|ori_create_time:\s*|create_time:\s*(?:JsDecode\()?)[\"'](\d{10})[\"']"
    ),
    "account": re.compile(
        r"nick_name:\s*JsDecode\('((?:[^'\\]|\\.)*)'\)|var nickname = (?:htmlDecode\()?\"([^\"]*)\""
    ),
    "account_id": re.compile(r"user_name\s*[:=]\s*(?:JsDecode\()?[\"'](gh_\w+)[\"']"),
}
BREAK = re.compile(r"<br\s*+/?>")


def locate(url: str) -> Address | None:
    """Both forms; the long one reduced to the four parameters that name the article."""
    path = split(url).path
    if match := SHORT.match(path):
        return Address(role="article", id=match[1], url=f"https://mp.weixin.qq.com/s/{match[1]}")
    biz, mid = parameter(url, "__biz"), parameter(url, "mid") or parameter(url, "appmsgid")
    idx = parameter(url, "idx") or parameter(url, "itemidx")
    sn = parameter(url, "sn") or parameter(url, "sign")
    if path != "/s" or not (biz and mid and idx and sn):
        return None
    long = address("https://mp.weixin.qq.com/s", __biz=biz, mid=mid, idx=idx, sn=sn)
    return Address(role="article", id=f"{mid}_{idx}_{sn}", url=long)


def value(page: Page, name: str) -> str | None:
    """A value of the page's scripts, its escapes undone; None where it is not there or empty."""
    match = VALUES[name].search(page.text)
    raw = next((group for group in match.groups() if group), "") if match else ""
    return unescaped(raw).strip() or None


def read(page: Page) -> Reading:
    """The body element, or the words of the script where the post has no other."""
    body = first(page, '//*[@id="js_content"]')
    written = value(page, "content")
    if written and (body is None or len(text_of(body) or "") < len(written) / 2):
        reading = Reading(
            title=_title(page, written),
            body=_paragraphs(written),
            other_dates=dates_around(page, metas(page.tree), [], None),
        )
        return _signed(page, reading)
    reading = general.read(page)
    return _signed(page, reading.put(title=_title(page, reading.title)))


def _signed(page: Page, reading: Reading) -> Reading:
    seconds = value(page, "time")
    return reading.put(
        account=text_at(page, '//*[@id="js_name"]')
        or value(page, "account")
        or text_at(page, '//*[contains(@class, "wx_follow_nickname")]'),
        account_id=value(page, "account_id"),
        author=meta(page, "author"),
        published_at=from_milliseconds(int(seconds) * 1000) if seconds else reading.published_at,
        published_raw=seconds or reading.published_raw,
    )


def _title(page: Page, other: str) -> str:
    named = meta(page, "og:title") or value(page, "title") or other
    return stripped(named.replace("\\n", "\n").split("\n")[0]) or other.split("\n")[0]


def _paragraphs(written: str) -> HtmlElement:
    plain = without_tags(BREAK.sub("\n", written))
    return fragment("".join(f"<p>{escape(line)}</p>" for line in plain.split("\n")))


def refusal(page: Page) -> Failure | None:
    """Messages in the place of an article: a page with a body has one of its own."""
    if 'id="js_content"' in page.text or value(page, "content"):
        return None
    if gone := GONE.search(page.text):
        return Failure(outcome="withdrawn", reason="tombstone", detail=gone[0])
    challenge = REFUSED.search(page.text)
    return (
        Failure(outcome="blocked", reason="challenge", detail=challenge[0]) if challenge else None
    )


PLATFORM = Platform(
    name="wechat",
    title="微信公众号",
    hosts=frozenset({"mp.weixin.qq.com"}),
    locate=locate,
    refusal=refusal,
    rules=(Rules(name="wechat", fits=lambda page: True, read=read),),
    about=About(
        accounts="none: the list needs a log-in",
        articles="`/s/<22>` and the long form; script-only posts",
        gone="deleted, violation, account blocked or moved",
        tested="2026-11",
    ),
)
