"""What feeds of Chinese sites are like beyond the standards: charsets, zones, ampersands, several
links in an item, mark-up in titles; lists of sitemaps, and sitemaps that are gzip files."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest

from archive.errors import Unreadable
from archive.model import Account
from archive.page import limits
from archive.page.page import Page
from archive.platform import Address, Listing
from archive.platforms.kit import feeds
from archive.platforms.kit.feed_times import read_time

SITE = "https://www.yunxi.example"
TITLE = "云溪县关于做好供水工作的通知"
HALF_PAST_NINE = "2031-03-01T09:30:00+08:00"


def locate(url: str) -> Address | None:
    match = re.search(r"/news/(\d+)\.html|/d\.jsp\?(.+)$", url)
    return Address(role="article", id=match[1] or match[2], url=url) if match else None


def read(body: str | bytes, content_type: str = "") -> Listing:
    data = body if isinstance(body, bytes) else body.encode()
    page = Page(url=f"{SITE}/feeds/rss.xml", body=data, content_type=content_type)
    account = Account(platform="yunxi", account_id="news", url=page.url)
    return feeds.read_list(page, locate, lambda host: host.endswith("yunxi.example"), account)


def rss(*items: str, prolog: str = "") -> str:
    return f"{prolog}<rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def item(inner: str = "", title: str = TITLE, link: str = "/news/1.html") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inner}</item>"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb2312"),
        ("GBK", "gbk"),
        ("gb18030", "gb18030"),
        ("x-gbk", "gbk"),
        ("big5", "big5"),
        ("Big5-HKSCS", "big5hkscs"),
        ("utf-8", "utf-8"),
        ("UTF-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("header", ["", "text/xml", "application/rss+xml; charset=iso-8859-1"])
def test_a_feed_is_decoded_once_whatever_its_prolog_says(
    label: str, codec: str, header: str
) -> None:
    title = "雲溪縣關於供水的通告" if "big5" in codec else TITLE
    prolog = f"<?xml version='1.0' encoding='{label}'?>\r\n"

    [link] = read(rss(item(title=title), prolog=prolog).encode(codec), header).links

    assert (link.title, link.url) == (title, f"{SITE}/news/1.html")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/d.jsp?a=1&b=2", "/d.jsp?a=1&b=2"),
        ("/d.jsp?a=1&amp;b=2", "/d.jsp?a=1&b=2"),
        ("/d.jsp?a=1&amp;amp;b=2", "/d.jsp?a=1&b=2"),
        ("<![CDATA[/d.jsp?a=1&b=2]]>", "/d.jsp?a=1&b=2"),
        ("<![CDATA[/d.jsp?a=1&amp;b=2]]>", "/d.jsp?a=1&b=2"),
        ("/d.jsp?a=1&copy=2&lt=3", "/d.jsp?a=1&copy=2&lt=3"),
        ("/d.jsp?a=1&#38;b=2", "/d.jsp?a=1&b=2"),
        ("/d.jsp?a=&&b=2&", "/d.jsp?a=&&b=2&"),
    ],
)
def test_an_ampersand_in_an_address_stays(written: str, address: str) -> None:
    [link] = read(rss(item(link=written))).links

    assert link.url == f"{SITE}{address}"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<![CDATA[<b>停水</b>通知]]>", "停水通知"),
        ("&lt;font color='red'&gt;停水&lt;/font&gt;通知", "停水通知"),
        ("停水<em>通知</em>", "停水通知"),
        ("停水&ldquo;通知&rdquo;&nbsp;", "停水“通知”"),
        ("供水&amp;排水 R&D", "供水&排水 R&D"),
        ("3 &lt; 5 的<![CDATA[通知]]>", "3 < 5 的通知"),
    ],
)
def test_a_title_is_without_mark_up(written: str, title: str) -> None:
    [link] = read(rss(item(title=written))).links

    assert link.title == title


@pytest.mark.parametrize(
    ("entry", "ids"),
    [
        (item("<link>/news/2.html</link>"), ["1", "2"]),
        (item("<guid>/news/2.html</guid>"), ["1"]),
        (item("<guid isPermaLink='true'>/news/2.html</guid>", link="http://a.example/"), ["2"]),
        (item("<comments>/news/2.html</comments><enclosure url='/news/3.html'/>"), ["1"]),
        (item("<o:origLink xmlns:o='o'>/news/2.html</o:origLink>", link="http://f.cn/r"), ["2"]),
        (item("<atom:link rel='self' href='/news/2.html'/>"), ["1"]),
        (
            "<entry><link rel='edit' href='/news/3.html'/><link rel='related' href='/news/4.html'/>"
            "<link href='http://m.other.example/1'/><link href='/news/1.html'/></entry>",
            ["1"],
        ),
        ("<item><link/><guid>/news/5.html</guid></item>", ["5"]),
    ],
)
def test_every_article_that_an_item_is_about_is_listed(entry: str, ids: list[str]) -> None:
    assert [link.id for link in read(rss(entry)).links] == ids


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("Sat, 01 Mar 2031 09:30:00 CST", HALF_PAST_NINE),
        ("Sat Mar 01 09:30:00 CST 2031", HALF_PAST_NINE),
        ("Sat Mar 01 2031 09:30:00 GMT+0800 (中国标准时间)", HALF_PAST_NINE),
        ("Sat Mar 01 2031 09:30:00 GMT+0800 (China Standard Time)", HALF_PAST_NINE),
        ("2031-03-01 09:30:00 CST", HALF_PAST_NINE),
        ("2031-03-01 09:30:00 GMT+8", HALF_PAST_NINE),
        ("2031-03-01T01:30:00.000+0000", HALF_PAST_NINE),
        ("2031-03-01 01:30:00 UTC", HALF_PAST_NINE),
        ("2031-03-01T09:30:00+08:00[Asia/Shanghai]", HALF_PAST_NINE),
        ("2031-03-01 09:30:00 Asia/Shanghai", HALF_PAST_NINE),
        ("2031-03-01 09:30:00 北京时间", HALF_PAST_NINE),
        ("Sat, 1 Mar 31 09:30 +0800", HALF_PAST_NINE),
        ("Sat, 01 Mar 2031 01:30:00 -0000", HALF_PAST_NINE),
        ("Fri, 28 Feb 2031 20:30:00 EST", HALF_PAST_NINE),
        ("星期六, 01 三月 2031 09:30:00 CST", HALF_PAST_NINE),
        ("周六, 1 3月 2031 09:30:00 +0800", HALF_PAST_NINE),
        ("2031年3月1日 9时30分", HALF_PAST_NINE),
        ("2031年3月1日 上午9:30", HALF_PAST_NINE),
        ("3/1/2031", None),
        ("Mar 1, 2031 9:30 AM", HALF_PAST_NINE),
        ("20310301093000", HALF_PAST_NINE),
        ("1930095000", HALF_PAST_NINE),
        ("1930095000000", HALF_PAST_NINE),
        ("２０３１－０３－０１　０９：３０", HALF_PAST_NINE),
        ("2031-03-01", "2031-03-01"),
        ("Sat, 01 Mar 2031", "2031-03-01"),
        ("Sat, 01 Mar 2031 09:30:00 XYZT", None),
        ("1970-01-01 08:00:00", None),
        ("0001-01-01T00:00:00", None),
        ("2031-02-30 09:30", None),
        ("2031-03-01 25:30", None),
        ("3小时前", None),
        ("刚刚 09:30", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_its_writer_meant_it_or_not_at_all(
    written: str, time: str | None
) -> None:
    assert read_time(written) == time


def test_the_time_of_an_update_is_none_of_publication() -> None:
    entry = "<entry><link href='/news/1.html'/><updated>2031-03-01T09:30:00+08:00</updated></entry>"

    assert [link.published_at for link in read(f"<feed>{entry}</feed>").links] == [None]


def test_a_sitemap_of_news_states_titles_and_times() -> None:
    [link] = read(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
        f"<url><loc>{SITE}/news/1.html</loc><lastmod>2031-04-01</lastmod><news:news>"
        f"<news:publication_date>2031-03-01T01:30:00Z</news:publication_date>"
        f"<news:title>{TITLE}</news:title></news:news></url></urlset>"
    ).links

    assert (link.title, link.published_at) == (TITLE, HALF_PAST_NINE)


def test_a_list_of_sitemaps_is_asked_for_part_by_part() -> None:
    listing = read(
        "<sitemapindex><sitemap><loc>/map-1.xml.gz</loc><lastmod>2031-03-01</lastmod></sitemap>"
        f"<sitemap><loc>{SITE}/map-2.xml</loc></sitemap><sitemap><loc>/map-1.xml.gz</loc></sitemap>"
        "<sitemap><loc>https://cdn.other.example/map-3.xml</loc></sitemap></sitemapindex>"
    )

    assert [ask.url for ask in listing.parts] == [f"{SITE}/map-1.xml.gz", f"{SITE}/map-2.xml"]
    assert [(row.reason, row.example) for row in listing.left_out] == [
        ("other-host", "https://cdn.other.example/map-3.xml")
    ]
    assert (listing.ended, listing.more) == (True, None)


@pytest.mark.parametrize("level", [0, 9])
def test_a_sitemap_may_be_a_gzip_file(level: int) -> None:
    sitemap = f"<urlset><url><loc>{SITE}/news/1.html</loc></url></urlset>".encode()
    halves = (sitemap[:30], sitemap[30:])

    for packed in (
        gzip.compress(sitemap, level),
        b"".join(gzip.compress(half, level) for half in halves),
    ):
        assert [link.id for link in read(packed, "application/x-gzip").links] == ["1"]


def test_a_gzip_file_that_is_damaged_or_has_no_end_is_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read(gzip.compress(b"<urlset>" * 99)[:10] + b"\xff" * 90)
    monkeypatch.setattr("archive.platforms.kit.packed.LARGEST_PAGE", 1000)
    bomb = zlib.compressobj(wbits=31)
    with pytest.raises(Unreadable, match="too-large"):
        read(bomb.compress(b" " * 2000) + bomb.flush())
    assert limits.LARGEST_PAGE > 1000


def test_items_that_lead_to_no_article_are_counted() -> None:
    listing = read(
        rss(
            item(),
            item(link="/about.html"),
            item(link="https://www.other.example/x"),
            "<item><title>没有地址</title></item>",
        )
    )

    assert [(row.reason, row.example) for row in listing.left_out] == [
        ("unknown-address", f"{SITE}/about.html"),
        ("other-host", "https://www.other.example/x"),
        ("no-address", "没有地址"),
    ]
