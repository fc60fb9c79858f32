"""Lists of 300 hostile rows, for every kind of reader: several links, mark-up, no date, outside
targets, duplicates, odd addresses, rows that are none. No article is lost, no wrong time stated."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest

from archive import platforms
from archive.errors import Unreadable
from archive.model.times import CHINA
from archive.page.page import Page
from archive.platform import Listing
from archive.platforms.kit.toml import Description, described

pytestmark = pytest.mark.slow  # tries many inputs

ROWS = 300
NO_TIMES = (None, "", 0, "0", -1, "1970-01-01 08:00:00", "0001-01-01T00:00:00", "刚刚", [], {}, "-")
NO_ROWS = (None, 5, "停水通知", [], ["a"], {}, {"title": "x"}, {"id": [], "url": {}}, True)
TITLES = (
    "停水通知",
    "<em>停水</em>通知",
    "<a href='#'>停水通知</a>",
    "停水&nbsp;通知",
    " 停水通知\n",
    "",
    None,
    7,
)
OUTSIDE = ("https://tv.cctv.example/1.shtml", "//mp.weixin.example/s/abc", "http://中国.example/1")
TOML = """
name = "yunxi"
title = "云溪"
hosts = ["www.yunxi.example"]
article = '/n/(\\d+)\\.html$'
[lists]
news = "https://www.yunxi.example/list.xml"
[lists.more]
url = "https://www.yunxi.example/more/"
json = "https://www.yunxi.example/api?p={page}"
entries = "data.list"
address = "url"
time = "date"
"""

Example = tuple[Any, set[str], str | None]
"""A row, the articles in it, and when they were published, where the row truly says so."""


def moment(number: int) -> datetime:
    return datetime(2031, 3, 1, 9, 30, tzinfo=CHINA) + timedelta(minutes=number)


def printed(number: int, chance: random.Random) -> tuple[Any, str | None]:
    """A time as a row may have it, and what it is."""
    if chance.random() < 0.3:
        return chance.choice(NO_TIMES), None
    time = moment(number)
    forms = (
        time.strftime("%Y-%m-%d %H:%M:%S"),
        time.strftime("%Y年%m月%d日 %H:%M"),
        time.astimezone().isoformat(),
        time.strftime("%a, %d %b %Y %H:%M:%S CST"),
        int(time.timestamp() * 1000),
        str(int(time.timestamp())),
    )
    return chance.choice(forms), time.isoformat()


def spelled(host: str, path: str, chance: random.Random) -> str:
    """An address as sites write it."""
    return chance.choice(
        (
            f"https://{host}{path}",
            f"HTTPS://{host.upper()}{path}",
            f"//{host}{path}",
            path,
            path.replace("/", "\\"),
            f" \n{path}\t ",
            f"https://{host}/x/..{path}",
            f"{path[:4]}\t{path[4:]}",
        )
    )


def by_number(key: str, title: str, time: str, form: str) -> Callable[..., Example]:
    """Rows that name their article by a number of its own."""

    def make(number: int, chance: random.Random) -> Example:
        written, true = printed(number, chance)
        native = form.format(number)
        row = {key: native, title: chance.choice(TITLES), time: written}
        if native.isdigit() and key != "base62Id" and chance.random() < 0.5:
            row[key] = int(native)
        return row, {native}, true

    return make


def by_address(
    host: str, path: str, native: str, url: str, title: str, time: str
) -> Callable[..., Example]:
    """Rows that name their article by its address."""

    def make(number: int, chance: random.Random) -> Example:
        if chance.random() < 0.1:
            return {url: chance.choice(OUTSIDE), title: "外"}, set(), None
        written, true = printed(number, chance)
        address = spelled(host, path.format(number), chance)
        row = {url: address, title: chance.choice(TITLES), time: written}
        return row, {native.format(number)}, true

    return make


def xinhua(number: int, chance: random.Random) -> Example:
    def path(of: int) -> str:
        return spelled("www.news.cn", f"/politics/20310301/{of:032x}/c.html", chance)

    written, true = printed(number, chance)
    title = chance.choice(TITLES[:2] + TITLES[3:])
    if chance.random() < 0.5:
        row = {"contentType": "MultiMedia", "linkUrls": [], "publishUrl": path(number)}
        return row | {"title": title, "publishTime": written}, {f"{number:032x}"}, true
    numbers = [number, number + 1000, number + 2000]
    links = [{"linkTitle": "停水通知", "linkUrl": path(of)} for of in numbers]
    others = [
        {"linkTitle": "专题 |", "linkUrl": "/zt/index.html"},
        {"linkUrl": OUTSIDE[0]},
        {},
        None,
    ]
    row = {"contentType": "Link", "linkUrls": [*others, *links], "publishUrl": "/zt/index.html"}
    if chance.random() < 0.3:
        row = {"title": "".join(f"<a href='{link['linkUrl']}'>通知</a>" for link in links)}
        row |= {"contentType": "Link", "linkUrls": None}
    return row | {"publishTime": "2031-05-01 07:11:40"}, {f"{of:032x}" for of in numbers}, None


def feed(number: int, chance: random.Random) -> Example:
    written, true = printed(number, chance)
    numbers = [number] if chance.random() < 0.8 else [number, number + 1000]
    written = "" if isinstance(written, list | dict) or written is None else written
    links = "".join(
        f"<link>{escape(spelled('www.yunxi.example', f'/n/{of}.html', chance))}</link>"
        for of in numbers
    )
    title = chance.choice(TITLES)
    row = f"<item>{links}<title>{title if title else ''}</title><pubDate>{written}</pubDate></item>"
    return row, {str(of) for of in numbers}, true


def atom(number: int, chance: random.Random) -> Example:
    path = escape(spelled("www.yunxi.example", f"/n/{number}.html", chance), quote=True)
    path = path.replace("\t", "&#9;")  # XML makes a blank of one that is no reference
    written, true = printed(number, chance)
    stated = f"<published>{written}</published>" if true else ""
    row = f"<entry><link rel='self' href='/n/9.html'/><link href='{path}'/>{stated}"
    return f"{row}<updated>2031-05-01T00:00:00Z</updated></entry>", {str(number)}, true


def sitemap(number: int, chance: random.Random) -> Example:
    path = escape(spelled("www.yunxi.example", f"/n/{number}.html", chance))
    row = f"<url><loc>{path}</loc><lastmod>2031-05-01</lastmod></url>"
    return row, {str(number)}, None


def netease(number: int, chance: random.Random) -> Example:
    written, true = printed(number, chance)
    natives = [f"A{number:07}{of:08}" for of in ([0] if chance.random() < 0.8 else [0, 1])]
    titles = "".join(
        f'<h4><a href="{escape(spelled("www.163.com", f"/dy/article/{native}.html", chance))}">'
        "<em>停水</em>通知</a></h4>"
        for native in natives
    )
    outside = "<h4><a href='https://v.other.example/1'>视频</a></h4>"
    return f"<li>{titles}{outside}<i class=time>{written}</i></li>", set(natives), true


def as_page(rows: list[Any]) -> bytes:
    items = "".join(row if isinstance(row, str) else "<li><h4>x</h4></li>" for row in rows)
    return f"<html><meta charset=gbk><body><ul>{items}</ul></body></html>".encode("gbk")


def as_json(*path: str) -> Callable[[list[Any]], bytes]:
    def page(rows: list[Any]) -> bytes:
        data: Any = rows
        for key in reversed(path):
            data = {key: data, "hasNext": False, "code": 200, "ret": 0, "totalpage": 1}
        return json.dumps(data).encode()

    return page


def as_feed(rows: list[Any]) -> bytes:
    items = "".join(
        row if isinstance(row, str) else "<item><x/></item><entry><x/></entry>" for row in rows
    )
    return f"<rss><channel>{items}</channel></rss>".encode("gb18030")


CHANNEL = f"https://www.news.cn/politics/ds_{'0' * 32}.json"
FEED = "https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json"
LIBRARY = "https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_gw&p=1"
GOV = ("www.gov.cn", "/zhengce/content_{}.htm", "{}")
READERS: dict[str, tuple[str, str, Callable[..., Example], Callable[[list[Any]], bytes]]] = {
    "thepaper": (
        "thepaper",
        "https://api.thepaper.cn/contentapi/cont/pph/gov",
        by_number("contId", "name", "pubTimeLong", "{}"),
        as_json("data", "list"),
    ),
    "sohu": (
        "sohu",
        "https://v2.sohu.com/author-page-api/author-articles/pc/5?pNo=1",
        by_number("id", "title", "publicTime", "{}"),
        as_json("data", "pcArticleVOS"),
    ),
    "tencent": (
        "tencent",
        "https://i.news.qq.com/getSubNewsMixedList?guestSuid=8QM",
        by_number("id", "title", "time", "20310301A{:07}"),
        as_json("newslist"),
    ),
    "ifeng": (
        "ifeng",
        "https://shankapi.ifeng.com/season/ishare/getShareListData/5/doc/1/ifengnewsh5/getListData",
        by_number("base62Id", "title", "newsTime", "{:011}"),
        as_json("data"),
    ),
    "ifeng by address": (
        "ifeng",
        "https://shankapi.ifeng.com/season/ishare/getShareListData/5/doc/1/ifengnewsh5/getListData",
        by_address("news.ifeng.com", "/c/{:011}", "{:011}", "url", "title", "newsTime"),
        as_json("data"),
    ),
    "govcn": ("govcn", FEED, by_address(*GOV, "URL", "TITLE", "DOCRELPUBTIME"), as_json()),
    "govcn library": (
        "govcn",
        LIBRARY,
        by_address(*GOV, "url", "title", "pubtime"),
        as_json("searchVO", "listVO"),
    ),
    "demo": (
        "demo",
        "http://xinwen.example/api/list/yunxi/1",
        by_number("id", "title", "published_at", "{}"),
        as_json("articles"),
    ),
    "xinhua": ("xinhua", CHANNEL, xinhua, as_json("datasource")),
    "feed": ("yunxi", "https://www.yunxi.example/list.xml", feed, as_feed),
    "atom": ("yunxi", "https://www.yunxi.example/list.xml", atom, as_feed),
    "sitemap": ("yunxi", "https://www.yunxi.example/list.xml", sitemap, as_feed),
    "netease": ("netease", f"https://www.163.com/dy/media/T{5:013}.html", netease, as_page),
    "JSON": (
        "yunxi",
        "https://www.yunxi.example/api?p=1",
        by_address("www.yunxi.example", "/n/{}.html", "{}", "url", "title", "date"),
        as_json("data", "list"),
    ),
}


def read(name: str, rows: list[Any], folder: Path) -> Listing:
    platform_name, url, _, page = READERS[name]
    if platform_name == "yunxi":
        (folder / "y.toml").write_text(TOML, "utf-8")
        platform = described(Description.read(folder / "y.toml"))
    else:
        platform = platforms.load()[platform_name]
    asked = json.dumps({"pageNum": 1, "pphId": 5}).encode()
    assert platform.discover
    return platform.discover(Page(url=url, body=page(rows), request_body=asked))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_article_is_lost_and_no_wrong_time_stated(name: str, seed: int, tmp_path: Path) -> None:
    chance, make = random.Random(seed), READERS[name][2]
    rows: list[Any] = []
    articles: dict[str, str | None] = {}
    for number in range(101, 101 + ROWS):
        kind = chance.random()
        if kind < 0.1:
            rows.append(chance.choice(NO_ROWS))
        elif kind < 0.2 and rows:
            rows.append(chance.choice(rows))
        else:
            row, natives, time = make(number, chance)
            rows.append(row)
            articles |= dict.fromkeys(natives, time)

    listing = read(name, rows, tmp_path)

    links = {link.id: link for link in listing.links if link.kind != "outside"}
    assert links.keys() == articles.keys()
    assert len(listing.links) == len({link.id for link in listing.links})
    for native, time in articles.items():
        assert links[native].published_at == time, native
        assert not set(links[native].title or "") & set("<>&"), links[native].title
    assert listing.left_out, "rows that lead to none are counted"
    assert all(row.reason and isinstance(row.example, str) for row in listing.left_out)


@pytest.mark.parametrize("name", READERS)
def test_a_list_of_which_no_row_can_be_read_is_another_format(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(name, [*NO_ROWS, {"neu": 1}], tmp_path)
