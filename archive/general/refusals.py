"""Answers that are not an article, on any site: missing, refused, throttled, a challenge.
Recognised before any rule reads."""

from __future__ import annotations

import re

from archive.errors import Unreadable
from archive.general.notices import NOTICES, notice_in
from archive.model import Failure, Outcome
from archive.page.fields import stripped
from archive.page.page import Page
from archive.page.urls import urljoin, urlsplit

FIREWALL_SIZE = 60_000  # characters in which a firewall's page names its files
CHALLENGE_SIZE = 30_000  # a challenge page is a script and little else
# Aliyun's WAF sets `arg1` in a script that makes the cookie acw_sc__v2; the last is a gateway's
# own words.
CHALLENGES = (
    b"var arg1=",
    b"acw_sc__v",
    b"Authentication failed. Access denied.",
)
THROTTLED = {429, 503}
GONE = {404, 410}
ORDER = list(NOTICES)

# The pages with which firewalls answer in the place of a site, many with status 200. Their words
# and files are public: the plugins of github.com/EnableSecurity/wafw00f for Aliyun, Anquanbao,
# Chuangyu, F5, Huawei, Jiasule, Safedog, SafeLine, Tencent, Yundun and Yunsuo.
FIREWALL_TITLE = re.compile(
    r"WAF拦截页面|网站防火墙|(?:您的)?(?:访问|请求)(?:已)?被(?:拦截|阻断|拒绝)|(?:网站)?访问(?:拦截|阻断)"
    r"|(?:知道)?创宇盾|加速乐|网站安全狗|(?:360|奇安信)?网站卫士|安全宝|百度云加速"
    r"|Request Rejected|Web Page Blocked!?|Access Forbidden|Attention Required! \| Cloudflare"
    r"|WTS-WAF",
    re.I,
)
FIREWALL_WORDS = re.compile(
    r"您(?:访问|提交)的(?:URL|请求|内容)?有?可能对网站造成(?:安全)?威胁|您的(?:访问|请求)(?:已)?被(?:阻断|拦截)"
    r"|blocked as it may cause potential threats|(?:腾讯|阿里|华为|百度).{0,9}应用防火墙"
    r"|Tencent Cloud EdgeOne|(?:当前访问|您的请求|您的访问)疑似|请求(?:已)?被.{0,12}拦截"
    r"|不合法(?:的)?参数.{0,4}已被"
    r"|拦截了?(?:本次|您的|此次|当前)(?:请求|访问)|管理员设置(?:了|为)?拦截"
    r"|(?:创宇盾|加速乐|雷池 ?WAF|安全狗|网站卫士|百度云加速|安全宝).{0,20}(?:提示|拦截|防护|保护)"
    r"|The requested URL was rejected|Blocked by (?:YUNDUN|SafeLine)|you have been blocked"
    r"|security service to protect itself from online attacks",
    re.I,
)
FIREWALL_FILES = re.compile(
    r"errors?\.aliyun(?:dun)?\.com/|waf-static\.tencent\.com/|404\.safedog\.cn/|safedogsite/"
    r"|help\.365cyd\.com/|ks[-_]waf[-_]error|notice-jiasule|hws_security@|aqb_cc/error/|yunsuologo"
    r"|wzws-waf-cgi|yundun\.com/yd[-_]http[-_]error/|<!-- event_id: [0-9a-f]{32}",
    re.I,
)
# characters of a text that is no article but such a notice, under the menus of its site
MESSAGE = 60
LITTLE = 300  # characters; a page that shows no more than these says nothing but such words
EXPLAINED = 1000  # characters of a firewall's page that says at length why and what to do


def dead(page: Page, read: str | None = None, title: str = "") -> Failure | None:
    """Recognises a notice that comes in the place of an article, with status 200, on any site: a
    tombstone, a page that is not there, a captcha or a log-in.

    Args:
        page: the answer.
        read: the text that the rules took for the article; None where they read none.
        title: what they took for its headline.

    Returns:
        The failure, or None where the page is no such notice.
    """
    try:
        shown = "\n".join(page.lines)
    except Unreadable:
        return None  # no page at all, as the rules have reported
    under_menus = len(shown) > LITTLE
    if len(shown) <= (EXPLAINED if read is None else LITTLE) and (sign := _firewall(page, shown)):
        return Failure(outcome="blocked", reason="firewall", detail=sign)
    if under_menus and read is None:
        return _tombstone(page.lines)
    if under_menus and read is not None and len(read) > MESSAGE:
        return None
    # a headline is judged as one, by what it says from its beginning
    text = (under_menus and read) or "\n".join(line for line in page.lines if line != title)
    matches = (
        (outcome, match[0])
        for outcome, pattern in NOTICES.items()
        if (match := pattern.search(text))
        # a site also announces its maintenance in an article
        and (outcome != "error" or not under_menus or 2 * len(match[0]) >= len(text))
    )
    notices = [notice for notice in (next(matches, None), notice_in(title)) if notice]
    # what a page says of the article is more than what it says of itself
    outcome, words = min(notices, key=lambda notice: ORDER.index(notice[0]), default=(None, ""))
    return Failure(outcome=outcome, reason="said", detail=words) if outcome else None


def _tombstone(lines: list[str]) -> Failure | None:
    """The line, of a page from which no rule read an article, that says hardly more than that the
    article is gone."""
    for line in lines:
        for outcome in ("withdrawn", "not-found") if len(line) <= MESSAGE else ():
            match = NOTICES[outcome].search(line)
            if match and 2 * len(match[0]) >= len(line):
                return Failure(outcome=outcome, reason="said", detail=match[0])
    return None


def _firewall(page: Page, shown: str) -> str | None:
    """The sign by which a page that shows little is a firewall's; None where it has none.

    Articles speak of firewalls too, but they say more, and under a headline of their own.
    """
    title = next((stripped(node.text_content()) or "" for node in page.tree.iter("title")), "")
    match = (
        FIREWALL_TITLE.fullmatch(title)
        or FIREWALL_WORDS.search(shown)
        or FIREWALL_FILES.search(page.text, 0, FIREWALL_SIZE)
    )
    return match[0] if match else None


def refused(page: Page) -> Failure | None:
    """Recognises an answer that cannot be an article, by its status or as a challenge page, before
    any rule reads it.

    Args:
        page: the answer.

    Returns:
        The failure, or None where the answer may be an article.
    """
    if page.status in GONE:
        return Failure(outcome="not-found", reason=f"http-{page.status}")
    if page.status in THROTTLED:
        return Failure(outcome="throttled", reason=f"http-{page.status}")
    if len(page.body) < CHALLENGE_SIZE and any(words in page.body for words in CHALLENGES):
        return Failure(
            outcome="blocked",
            reason="challenge",
            detail="the answer is a challenge page, not content",
        )
    if page.status in (401, 403, 405, 407, 412, 451):
        return Failure(outcome="blocked", reason=f"http-{page.status}")
    if page.status >= 400:
        return Failure(outcome="error", reason=f"http-{page.status}")
    return None


HOME = re.compile(
    r"^/*+(?:index|default|home)?(?:\.\w++)?/*+$|(?:^|/)(?:404|error|notfound|not_found)(?:\.\w++)?$",
    re.I,
)
DOOR = re.compile(
    r"login|passport|signin|captcha|verif(?:y|ication)|wappass|antispider|sec(?:urity)?check", re.I
)


def redirected(url: str, location: str, role: str | None) -> Outcome | Failure:
    """Judges a redirect: an article that leads to the home page is gone, and a way to a log-in or
    captcha is a block.

    Args:
        url: the address that was asked for.
        location: the value of the header, relative to `url`.
        role: what `url` is on its platform, such as "article"; None where that is not known.

    Returns:
        The failure, or "redirect" for any other.

    Example:
        >>> redirected("https://www.example.cn/a/1.html", "/", "article").reason
        'redirect-home'
    """
    target = urlsplit(urljoin(url, location))
    if DOOR.search(f"{target.hostname}{target.path}"):
        return Failure(
            outcome="blocked",
            reason="log-in",
            detail=f"sent on to {target.hostname}{target.path}"[:200],
        )
    if role == "article" and target.hostname and HOME.search(target.path) and not target.query:
        return Failure(
            outcome="not-found",
            reason="redirect-home",
            detail=f"sent on to {target.hostname}{target.path}"[:200],
        )
    return "redirect"


def nothing_more(page: Page) -> Failure | None:
    """A `Platform.refusal` that recognises nothing: for a platform without notices of its own."""
    return None
