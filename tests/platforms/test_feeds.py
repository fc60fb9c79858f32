"""Feeds as sites publish them: versions of RSS, Atom and sitemaps, charsets, broken XML, and the
times that Chinese sites write."""

from __future__ import annotations

import re

import pytest

from archive.errors import Unreadable
from archive.model import Account, Link
from archive.page.page import Page
from archive.platform import Address
from archive.platforms.kit import feed_items, feeds

SITE = "https://www.yunxi.example"
TITLE = "关于做好供水保障工作的通知"
DATE = "<pubDate>Sat, 01 Mar 2031 09:30:00 +0800</pubDate>"
ITEM = f"<item><title>{TITLE}</title><link>{SITE}/news/1.html</link>{DATE}</item>"
NINE_THIRTY = "2031-03-01T09:30:00+08:00"


def locate(url: str) -> Address | None:
    match = re.search(r"/news/(\d+)\.html", url)
    return Address(role="article", id=match[1], url=url) if match else None


def links(feed: str, charset: str = "utf-8", content_type: str = "text/xml") -> tuple[Link, ...]:
    page = Page(url=f"{SITE}/feeds/rss.xml", body=feed.encode(charset), content_type=content_type)
    account = Account(platform="yunxi", account_id="news", url=page.url)
    return feeds.read_list(page, locate, lambda host: host == "www.yunxi.example", account).links


def rss(items: str, prolog: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{prolog}<rss version="2.0"><channel><title>云溪</title>{items}</channel></rss>'


FORMATS = {
    "RSS 0.91": rss(ITEM).replace('"2.0"', '"0.91"'),
    "RSS 1.0": '<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>云溪</title>'
    f'</channel><item rdf:about="x"><title>{TITLE}</title><link>{SITE}/news/1.html</link>'
    "<dc:date>2031-03-01T09:30+08:00</dc:date></item></rdf:RDF>",
    "RSS 2.0": rss(ITEM),
    "Atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>{TITLE}</title>'
    f'<link rel="self" href="{SITE}/news/9.html"/><link rel="alternate" href="{SITE}/news/1.html"/>'
    "<updated>2031-03-02T01:30:00Z</updated><published>2031-03-01T01:30:00Z</published>"
    "</entry></feed>",
}


@pytest.mark.parametrize("feed", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_address_title_and_time(feed: str) -> None:
    [link] = links(feed)

    assert (link.url, link.title) == (f"{SITE}/news/1.html", TITLE)
    assert link.published_at == NINE_THIRTY


def test_a_sitemap_gives_addresses() -> None:
    [link] = links(
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{SITE}/news/1.html</loc><lastmod>2031-03-01</lastmod></url></urlset>"
    )

    assert link.url == f"{SITE}/news/1.html"


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030"])
@pytest.mark.parametrize("title", [f"{TITLE}：朱镕基", "实施"], ids=["long", "valid-utf-8"])
@pytest.mark.parametrize("content_type", ["", "text/xml", "application/xml; charset=gb2312"])
def test_a_prolog_that_names_a_gb_charset_is_right(
    label: str, title: str, content_type: str
) -> None:
    feed = rss(ITEM.replace(TITLE, title), f'<?xml version="1.0" encoding="{label}"?>')

    [link] = links(feed, "gb18030", content_type)

    assert link.title == title


def test_a_prolog_that_names_a_gb_charset_over_utf8_is_stale() -> None:
    [link] = links(rss(ITEM, '<?xml version="1.0" encoding="gb2312"?>'))

    assert link.title == TITLE


@pytest.mark.parametrize(
    "feed",
    [
        rss(ITEM + "<item><title>残缺"),
        rss(ITEM.replace(TITLE, f"{TITLE}\x0b")),
        "\n\n" + rss(ITEM),
        rss(ITEM + ITEM.replace("/1.", "/2."))[:-90],
    ],
    ids=["unclosed", "control-character", "white-space-first", "cut-off"],
)
def test_broken_xml_gives_all_that_can_be_read(feed: str) -> None:
    [link] = links(feed)

    assert (link.id, link.title) == ("1", TITLE)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2031-03-01 09:30:00", NINE_THIRTY),
        ("Sat, 01 Mar 2031 09:30:00", NINE_THIRTY),
        ("2031/3/1 9:30:00", NINE_THIRTY),
        ("2031年03月01日 09:30", NINE_THIRTY),
        ("Sat, 01 Mar 2031 01:30:00 GMT", NINE_THIRTY),
        ("2031-03-01", "2031-03-01"),
    ],
)
def test_a_time_without_zone_is_that_of_china(written: str, read: str) -> None:
    [link] = links(rss(ITEM.replace("Sat, 01 Mar 2031 09:30:00 +0800", written)))

    assert link.published_at == read


@pytest.mark.parametrize(
    "item",
    [
        ITEM.replace(DATE, f"<link>{SITE}/news/1.html</link>{DATE}"),
        ITEM.replace(f"{SITE}/news/1.html", f"<![CDATA[\n{SITE}/news/1.html\n]]>"),
        ITEM.replace(SITE, ""),
        ITEM.replace(SITE, ".."),
        ITEM.replace("link>", "guid>"),
    ],
    ids=["twice", "cdata", "relative-to-host", "relative-to-feed", "guid"],
)
def test_the_address_of_an_item_is_absolute(item: str) -> None:
    [link] = links(rss(item))

    assert link.url == f"{SITE}/news/1.html"


def test_an_entity_reads_no_file() -> None:
    doctype = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

    [link] = links(rss(ITEM.replace(TITLE, "&a;"), doctype))

    assert link.title == "&a;"


def test_a_page_that_is_no_feed_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="names no article"):
        links("<html><body>云溪</body></html>")


@pytest.mark.parametrize("item", ["item", "entry", "url"])
def test_a_list_without_an_end_is_cut(item: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_items, "MOST_ENTRIES", 20)
    entries = (f"<{item}><loc>{SITE}/news/{number}.html</loc></{item}>" for number in range(90))

    assert len(links(f"<rss>{''.join(entries)}</rss>")) == 21, "one more says that there are more"


ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0">{{}}<entry><title>{TITLE}</title><link href="{SITE}/news/1.html"/></entry></feed>'  # fmt: skip
RSS = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0"><channel>{{}}{ITEM}</channel></rss>'  # fmt: skip
MAP = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{SITE}/news/1.html</loc></url></urlset>'
# Feeds, and what is known of their extent: window, ended, end, address of the next page.
EXTENTS = {
    "RSS": (RSS.format(""), (True, False, None, None)),
    "Atom": (ATOM.format(""), (True, False, None, None)),
    "RSS 1.0": (FORMATS["RSS 1.0"], (True, False, None, None)),
    "its own address alone": (ATOM.format('<link rel="self" href="/a.xml"/><link rel="hub" href="/h"/>'), (True, False, None, None)),
    "complete": (ATOM.format("<fh:complete/>"), (False, True, None, None)),
    "complete RSS": (RSS.format("<fh:complete/>"), (False, True, None, None)),
    "a next page": (ATOM.format('<link rel="next" href="?page=2"/>'), (False, False, None, f"{SITE}/feeds/rss.xml?page=2")),
    "a next page of RSS": (RSS.format(f'<atom:link rel="next" href="{SITE}/2.xml"/>'), (False, False, None, f"{SITE}/2.xml")),
    "an archive": (ATOM.format('<link rel="prev-archive" href="/2030.xml"/>'), (False, False, None, f"{SITE}/2030.xml")),
    "the last page": (ATOM.format('<link rel="previous" href="?page=1"/>'), (False, True, "no_more_links", None)),
    "the oldest archive": (ATOM.format('<fh:archive/><link rel="current" href="/a.xml"/>'), (False, True, "no_more_links", None)),
    "a page of another site": (ATOM.format('<link rel="next" href="https://b.example/2.xml"/>'), (False, False, None, None)),
    "of an entry": (ATOM.format("").replace("<title>", '<link rel="next" href="/x.xml"/><title>'), (True, False, None, None)),
    "a sitemap": (MAP, (False, True, None, None)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXTENTS)
def test_a_feed_is_a_window_unless_it_says_more(name: str) -> None:
    """RFC 5005: complete, paged and archived feeds."""
    text, expected = EXTENTS[name]
    page = Page(url=f"{SITE}/feeds/rss.xml", body=text.encode(), content_type="text/xml")
    account = Account(platform="yunxi", account_id="news", url=page.url)

    listing = feeds.read_list(page, locate, lambda host: host == "www.yunxi.example", account)

    more = listing.more.url if listing.more else None
    assert (listing.window, listing.ended, listing.end, more) == expected
