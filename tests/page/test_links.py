"""Links lead where browsers would go: `<base href>`, charsets of queries, and hostile spellings."""

from __future__ import annotations

import random

import ada_url
import pytest

from archive.page.page import Page
from archive.page.pictures import pictures
from archive.page.urls import urljoin
from crawler.spider import page_requisites

URL = "https://www.yunxi.example/col/12/index.html"
LINK = '<p><a href="../a/1.html">通知</a></p>'


def page(head: str, body: str = LINK, charset: str = "utf-8") -> Page:
    markup = f"<html><head>{head}</head><body>{body}</body></html>"
    return Page(url=URL, body=markup.encode(charset), content_type=f"text/html; charset={charset}")


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("", URL),
        ('<base href="/news/x/">', "https://www.yunxi.example/news/x/"),
        ("<BASE HREF='http://old.yunxi.example/n/'>", "http://old.yunxi.example/n/"),
        ('<base target="_blank"><base href="//m.yunxi.example/">', "https://m.yunxi.example/"),
        ('<base href="/a/"><base href="/b/">', "https://www.yunxi.example/a/"),
        ('<base href=" \t/a/b\n ">', "https://www.yunxi.example/a/b"),
        (r'<base href="\a\b\\">', "https://www.yunxi.example/a/b//"),
        ("<base/href='x/'>", "https://www.yunxi.example/col/12/x/"),
        ('<base href="">', URL),
        ('<base href="javascript:alert(1)">', URL),
        ('<base href="data:text/html,x">', URL),
        ('<base href="http://[x/">', URL),
        ('<!-- <base href="/a/"> -->', URL),
        ("<script>document.write('<base href=\"/a/\">')</script>", URL),
        ('<noscript><base href="/a/"></noscript>', URL),
    ],
)
def test_links_are_relative_to_what_the_page_says(head: str, base: str) -> None:
    assert page(head).base == base
    assert page(head).link("../1.html?a=1") == ada_url.URL("../1.html?a=1", base).href


def test_pictures_attachments_and_requisites_are_relative_to_the_base() -> None:
    body = '<div><img src="p/1.png"><a href="files/1.pdf">附件</a></div>'
    answer = page(
        '<base href="/new/"><link rel="stylesheet" href="a.css"><style>p{background:url(b.png)}'
        "</style>",
        body,
    )

    assert [picture.url for picture in pictures(answer.tree.find("body"), answer)] == [
        "https://www.yunxi.example/new/p/1.png",
        "https://www.yunxi.example/new/files/1.pdf",
    ]
    assert list(page_requisites.of_page(answer)) == [
        "https://www.yunxi.example/new/a.css",
        "https://www.yunxi.example/new/b.png",
    ]


@pytest.mark.parametrize(
    ("charset", "href", "query"),
    [
        ("gbk", "d.jsp?name=公告.pdf", "name=%B9%AB%B8%E6.pdf"),
        ("gb2312", "?公=告&b=%D6%D0", "%B9%AB=%B8%E6&b=%D6%D0"),
        ("big5", "d?t=通知", "t=%B3q%AA%BE"),
        ("utf-8", "d?t=通知", "t=%E9%80%9A%E7%9F%A5"),
        ("gbk", "d?t=é#通知", "t=%A8%A6"),
        ("big5", "d?t=é", "t=%88m"),
    ],
)
def test_a_query_is_in_the_charset_of_its_page(charset: str, href: str, query: str) -> None:
    answer = Page(
        url=URL,
        body=f"<html><body>云溪县人民政府办公室通知公告<a href='{href}'>x</a>".encode(
            charset, "xmlcharrefreplace"
        ),
        content_type=f"text/html; charset={charset}",
    )

    link = answer.tree.find(".//a").get("href")
    asked = ada_url.URL(answer.link(link))

    assert asked.search == f"?{query}"


PIECES = [
    *("http:", "https:", "HTTP:", "/", "//", "\\", "..", "/..", "./", ".", "%2e", "%2E%2e", "a"),
    *("b.html", "?", "#", "x=1&y=2", "中国", " ", "\t", "\n", ":8080", "www.gov.cn", "c d", "%41"),
    *("//中国.example", "WWW.Gov.CN", ";p", "//x//y/", "mailto:", "\x00", "\u3000", "|", "<"),
]  # fmt: skip
BASES = [
    *("https://www.gov.example/a/b/page.html", "http://www.gov.example", "http://a.example/x/../y/"),
    *("http://www.gov.example/a//b/c?q=1#f", "https://www.gov.example/a;p/b;q?x"),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_any_spelling_is_resolved_as_the_standard_says(seed: int) -> None:
    chance, compared = random.Random(seed), 0
    for _ in range(1000):
        base = chance.choice(BASES)
        reference = "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 5)))
        try:
            standard = ada_url.URL(reference, base).href
        except ValueError:
            assert not urljoin(base, reference).startswith(("http://", "https://"))
            continue
        if standard.startswith(("http://", "https://")):
            compared += 1
            assert ada_url.URL(urljoin(base, reference)).href == standard, (base, reference)
    assert compared > 500


def test_an_address_of_a_million_folders_costs_no_time() -> None:
    assert urljoin(URL, "a/" * 300_000 + "../" * 300_000 + "x") == f"{URL[:-10]}x"
