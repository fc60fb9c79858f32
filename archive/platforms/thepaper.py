"""澎湃新闻 The Paper: government accounts (`/gov_<id>`) and other 澎湃号 (`/user_<id>`).

Article pages are Next.js since about 2022-09-21 and were JSP before; class names of the first
carry a build hash, so only their prefix counts. The listing is the JSON behind the account page, a
POST without cookie or signature.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from archive.errors import Unreadable
from archive.model import Account, Failure, Kind, Link
from archive.page.dates import agreed_time
from archive.page.fields import author_and_source, stripped, unmarked
from archive.page.page import Page, fragment
from archive.platform import About, Address, Ask, Listing, Platform, Reading, Rules
from archive.platforms.kit.addresses import Form, by_path
from archive.platforms.kit.json_lists import object_at
from archive.platforms.kit.json_rows import number_of, place_of, read_rows, time_of
from archive.platforms.kit.noise import split
from archive.platforms.kit.other_values import dates_in_json
from archive.platforms.kit.selectors import EDITOR, SOURCE, Selectors, part, reader
from archive.platforms.kit.unparsed import Beginning, text_with

SITE, API = "https://www.thepaper.cn", "https://api.thepaper.cn"
PAGES = {"www.thepaper.cn", "thepaper.cn", "m.thepaper.cn"}
ARTICLE = re.compile(r"^/(?:newsDetail_forward_|detail/|series/)(\d+)/*$")
PATHS: tuple[Form, ...] = (
    ("article", ARTICLE, SITE + "/newsDetail_forward_{}"),
    ("account", re.compile(r"^/gov_(\d+)/*$"), SITE + "/gov_{}"),
    ("account", re.compile(r"^/user_(\d+)/*$"), SITE + "/user_{}"),
)
CALLS: tuple[Form, ...] = (
    ("listing", re.compile(r"^/contentapi/cont/pph/(?:gov|user)/*$"), ""),
    ("profile", re.compile(r"^/userservice/user/homePage/(\d+)/*$"), ""),
)
KINDS: dict[int, Kind] = {8: "live", 9: "video"}
WITHDRAWN = re.compile(r'class="news_txt"(?:(?!class="news_txt")[^>])*+>\s*+此文章已下线\s*+<')
BUSY = 99998  # 系统繁忙: throttled, or a GET where a POST belongs


def locate(url: str) -> Address | None:
    """Decides by host and complete path, never by the query: pirate mirrors keep the path, share
    links add a query."""
    return by_path(url, PATHS if split(url).hostname in PAGES else CALLS)


def listing(account: Account, number: int = 1, start: int = 0) -> Ask:
    """Government accounts and other 澎湃号 have an endpoint each, with a body of its own."""
    form: dict[str, Any] = {"pageNum": number, "pageSize": 20, "pphId": int(account.account_id)}
    if "/user_" in account.url:
        form |= {"contType": 0, "excludeContIds": [], "startTime": start}
    path = "user" if "/user_" in account.url else "gov"
    headers = {
        "Content-Type": "application/json",
        "Client-Type": "1",
        "Origin": SITE,
        "Referer": account.url,
    }
    body = json.dumps(form, separators=(",", ":")).encode()
    return Ask(url=f"{API}/contentapi/cont/pph/{path}", method="POST", headers=headers, body=body)


def discover(page: Page) -> Listing:
    """The articles of one page. The list ends with `hasNext: false`, the platform's own word; an
    empty list with anything else is no end."""
    data, asked = page.json.get("data"), json.loads(page.request_body)
    if not isinstance(data, dict) or not isinstance(data.get("list"), list):
        raise Unreadable("listing-shape", "the answer has no data.list")
    kind = "user" if page.url.endswith("/user") else "gov"
    account = Account(
        platform="thepaper", account_id=str(asked["pphId"]), url=f"{SITE}/{kind}_{asked['pphId']}"
    )
    links, left_out = read_rows(data["list"], lambda card: [link(card, account.account_id)])
    following = listing(account, asked["pageNum"] + 1, data.get("startTime") or 0)
    return Listing(
        links=links,
        more=following if (links or left_out) and data.get("hasNext") is not False else None,
        ended=data.get("hasNext") is False
        or (data.get("hasNext") is None and not data["list"] and asked["pageNum"] > 1),
        left_out=left_out,
        total=data["total"] if isinstance(data.get("total"), int) else None,
        account_id=account.account_id,
        account=next((entry.account for entry in links if entry.account), None),
    )


def link(card: dict[str, Any], account_id: str) -> Link:
    """One card. It leads outside where it has a `link` to another site or says so in either
    spelling of `isOutForward`."""
    target = place_of((card.get("link"),), SITE, locate, PAGES.__contains__)
    native = target.id if isinstance(target, Address) else number_of(card, "contId")
    if native is None:
        raise Unreadable("listing-shape", "a card without contId")
    flags = {str(card.get("isOutForward")), str(card.get("isOutForword"))}
    outside = isinstance(target, str) or (target is None and bool(flags & {"1", "True"}))
    kind = card.get("contType")
    return Link(
        id=native,
        url=target if isinstance(target, str) else f"{SITE}/newsDetail_forward_{native}",
        kind="outside" if outside else KINDS.get(kind if isinstance(kind, int) else 0, "article"),
        title=unmarked(card.get("name")),
        published_at=time_of(card.get("pubTimeLong")),
        account_id=account_id,
        account=stripped(object_at(card, "authorInfo").get("sname")),
    )


def profile(account: Account) -> Ask:
    """The JSON behind the head of an account page."""
    origin = "https://m.thepaper.cn"
    headers = {"Client-Type": "2", "Origin": origin, "Referer": f"{origin}/"}
    return Ask(url=f"{API}/userservice/user/homePage/{account.account_id}", headers=headers)


def describe(page: Page) -> Account:
    """Name and self-description of the account."""
    user = object_at(page.json, "data", "userInfo") or object_at(page.json, "userInfo")
    if not stripped(user.get("sname")):
        raise Unreadable("profile-shape", "the answer has no userInfo.sname")
    native = page.url.rpartition("/")[2]
    return Account(
        platform="thepaper",
        account_id=native,
        url="",
        name=stripped(user["sname"]),
        description=stripped(user.get("perDesc")),
    )


HEAD = ("index_headerContent__", "index_left__")  # classes of what has the time and the 来源
AROUND = f'//div[contains(@class,"{HEAD[0]}") or contains(@class,"{HEAD[1]}")]'
NEXT = Selectors(
    title='//h1[contains(@class,"index_title__")]',
    body='//div[contains(@class,"index_cententWrap__")]',
    account='//@class[contains(.,"index_name__")]/..',
    account_link='//a[.//*[contains(@class,"index_name__")]]',
    time=AROUND,
    source=f'{AROUND}//*[text()[contains(.,"来源")]]',
    editor='//text()[contains(.,"责任编辑")]/..',
)
JSP = Selectors(
    title='//h1[contains(@class,"news_title")] | //div[contains(@class,"video_txt_t")]//h2',
    body='//div[contains(@class,"news_txt")] | //div[contains(@class,"video_txt_l")]/p',
    account='//div[contains(@class,"news_paike_author")]//div[@class="name"]',
    account_link='//div[contains(@class,"news_paike_author")]'
    '//a[starts-with(@href,"gov_") or starts-with(@href,"user_")]',
    byline='//div[@class="news_about"]/p[1]',
    time='//div[@class="news_about"]/p[2] | //div[contains(@class,"video_info_left")]',
    source='//div[@class="news_about"]/p[2]/span | //div[contains(@class,"video_info_left")]',
    editor='//div[@class="news_editor"]',
)


def detail(page: Page) -> tuple[Kind, dict[str, Any]] | None:
    """The article inside `__NEXT_DATA__`: an article or video, a live report, or a special topic;
    None without one."""
    details = object_at(page.next_data, "props", "pageProps", "detailData")
    if content := object_at(details, "contentDetail"):
        return KINDS.get(content.get("contType", 0), "article"), content
    if live := object_at(details, "liveDetail"):
        return "live", live
    special = object_at(details, "specialDetail", "specialInfo")
    return ("special", special) if special else None


def read_next(page: Page) -> Reading:
    """The JSON first; what it leaves out (account, 来源, 责任编辑) from the elements the reader
    sees."""
    kind, content = detail(page) or ("article", {})
    owner, markup = object_at(content, "authorInfo"), content.get("content") or ""
    body = fragment(markup) if markup.strip() else None
    head = Beginning(page, "index_cententWrap__")
    author, source_of_author = author_and_source(stripped(content.get("author")))
    published_at = agreed_time(content.get("publishTime"), content.get("pubTime"))
    return Reading(
        title=stripped(content.get("name")) or "",
        body=body,
        kind=kind,
        native_id=str(content["contId"]) if content.get("contId") else None,
        account=stripped(owner.get("sname")) or head.text_at(NEXT.account, "index_name__"),
        account_id=str(owner["userId"]) if owner.get("userId") else None,
        summary=stripped(content.get("summary")) or stripped(content.get("desc")),
        author=author,
        source=stripped(content.get("source"))
        or part(SOURCE, head.text_at(NEXT.source, "来源", HEAD)),
        editor=stripped(content.get("responsibleEditor"))
        or part(EDITOR, text_with(page, "责任编辑", NEXT.editor)),
        published_at=published_at,
        published_raw=stripped(content.get("pubTime")),
        others={"source": ((source_of_author or "", "json author"),)},
        other_dates=dates_in_json(content, published_at, ("publishTime", "pubTime")),
    )


def refusal(page: Page) -> Failure | None:
    """A tombstone, a busy API or an empty article, by the answer itself."""
    if page.url.startswith(API):
        busy = isinstance(page.json, dict) and page.json.get("code") == BUSY
        return Failure(outcome="throttled", reason="busy", detail="code 99998") if busy else None
    if "此文章已下线" in page.text and WITHDRAWN.search(page.text):
        return Failure(outcome="withdrawn", reason="tombstone", detail="此文章已下线")
    if "__NEXT_DATA__" in page.text and "index_cententWrap__" not in page.text and not detail(page):
        return Failure(outcome="empty", reason="no-detail", detail="__NEXT_DATA__ holds no article")
    kind, content = detail(page) or ("", {})
    if kind == "article" and not (content.get("content") or "").strip():
        return Failure(outcome="empty", reason="empty-content", detail="the article has no content")
    return None


BOILERPLATE = frozenset(
    """(本文来自澎湃新闻，更多原创资讯请下载“澎湃新闻”APP)
（本文来自澎湃新闻，更多原创资讯请下载“澎湃新闻”APP）
澎湃新闻，未经授权不得转载
澎湃新闻报料：021-962866
澎湃新闻报料：4009-20-4009
澎湃新闻报料：4009-20-4009 澎湃新闻，未经授权不得转载
发送邮件至zhengwu@thepaper.cn申请加入澎湃政务号或媒体团
特别声明
本文为政务等机构在澎湃新闻上传并发布，仅代表该机构观点，不代表澎湃新闻的观点或立场，澎湃新闻仅提供信息发布平台。
扫码下载澎湃新闻客户端""".splitlines()
)

PLATFORM = Platform(
    name="thepaper",
    title="澎湃新闻",
    hosts=frozenset(PAGES | {"api.thepaper.cn"}),
    locate=locate,
    listing=listing,
    discover=discover,
    profile=profile,
    describe=describe,
    refusal=refusal,
    rules=(
        Rules(
            name="next",
            since=date(2022, 9, 1),
            fits=lambda page: detail(page) is not None,
            read=read_next,
        ),
        Rules(
            name="next-dom",
            since=date(2022, 9, 1),
            fits=lambda page: "index_cententWrap__" in page.text,
            read=reader(NEXT),
        ),
        Rules(
            name="jsp",
            until=date(2022, 10, 31),
            fits=lambda page: 'class="newscontent"' in page.text,
            read=reader(JSP),
        ),
    ),
    boilerplate=BOILERPLATE,
    reads=frozenset({"article", "video", "live", "special"}),
    about=About(
        accounts="`/gov_<id>`, `/user_<id>`",
        articles="both layouts, since 2014; videos, live, topics",
        gone="此文章已下线, 404, empty",
        tested="2026-11",
    ),
)
