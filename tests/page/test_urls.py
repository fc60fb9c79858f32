"""Addresses are read as browsers read them, so that what is checked is what is asked."""

from __future__ import annotations

import random

import ada_url
import pytest
from scrapy import Request
from twisted.web.client import URI

from archive.page.urls import canonical, urljoin, urlsplit

BASE = "https://www.gov.example/a/b/page.html"
SPELLINGS = [  # of 127.0.0.1
    *("2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7F000001", "017700000001", "127.0.0.1."),
    *(
        "１２７.０.０.１",
        "127。0。0。1",
        "①②⑦.⓪.⓪.①",
        "%31%32%37.0.0.1",
        "127.0.\t0.1",
        "127.0.0.1\n",
    ),
    *(
        "user@127.0.0.1",
        "www.thepaper.cn:80@127.0.0.1",
        "a@b@127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:",
    ),
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_number_is_one_address_however_it_is_written(host: str) -> None:
    assert canonical(f"http://{host}/a b?c=%D6%D0#d") == "http://127.0.0.1/a b?c=%D6%D0#d"


@pytest.mark.parametrize(
    "reference",
    [
        r"..\..\images\a.jpg",
        r"\\127.1\y",
        "/\\/127.1/y",
        "///127.1/y",
        "//127.0.\n0.1/y",
        "http:/127.1/y",
        r"http:\\127.1\y",
        "http:127.1/y",
        "\x01 http://127.1/y \x1f",
        r"http://www.thepaper.cn\@127.0.0.1/",
        "http://127.0.0.1\\@www.thepaper.cn/",
        "http://127.0.0.1?@www.thepaper.cn/",
        "http://127.0.0.1#@www.thepaper.cn/",
        "HTTPS://WWW.ThePaper.CN/X",
        "http://中国.example/x",
        "http://loc\u00adalhost/",
        "http://[::FFFF:7F00:1]/",
        "http://www.gov.example:8080/x",
        r"?a\b",
        "#x",
        "",
    ],
)
def test_a_link_leads_where_a_browser_would_go(reference: str) -> None:
    ours, browsers = urljoin(BASE, reference), ada_url.URL(reference, BASE)

    assert urlsplit(ours).netloc == browsers.host
    assert ada_url.URL(ours).href == browsers.href


@pytest.mark.parametrize(
    "url",
    [
        "http://[fe80::1%25eth0]/",
        "http://a b.example/",
        "http://1.1.1.1.1/",
        "http://256.1.1.1/",
        "http://127.0.0.1%00.example/",
        "http://127.0.0.1:99999/",
        "http://a.example:x/",
        "http://",
        "http://\ud800.example/",
    ],
)
def test_what_has_no_host_is_no_address(url: str) -> None:
    assert canonical(url) == urljoin(BASE, url) == urlsplit(url).geturl() == ""


@pytest.mark.parametrize(
    "url",
    ["mailto:a@b.example", "javascript:'\\\\127.1'", "data:,x\\y", "a/b.html", "//a.example/x"],
)
def test_other_addresses_stay_as_they_are(url: str) -> None:
    assert canonical(url) == url


@pytest.mark.parametrize(
    "host", [*SPELLINGS, "[::ffff:7f00:1]", "LOCALHOST", "中国.example", "a_b.example"]
)
def test_scrapy_and_twisted_connect_to_the_host_that_is_read_here(host: str) -> None:
    url = canonical(f"http://{host}/")

    asked = Request(url).url
    assert asked == url
    assert URI.fromBytes(asked.encode()).host.decode() == urlsplit(url).hostname


PIECES = [
    *("http:", "HTTP:", "/", "//", "\\", "@", ":", "?", "#", "127.0.0.1", "127.1", "0x7f", "1", "gov.cn"),
    *("[::1]", "[", "]", "%", "%2e", "%40", "%5c", "\t", "\n", " ", "\x00", "。", "．", "１", "ⓐ", "\u00ad"),
    *("中国", "xn--", "80", "99999", "..", ".", "-", "_", "user", "\ud800", "\u202e", "ß", "İ", ";", "|", "<"),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_any_address_is_the_same_host_for_all_who_read_it(seed: int) -> None:
    chance, read = random.Random(seed), 0
    for _ in range(400):
        reference = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 8)))
        url = urljoin(BASE, chance.choice(["http://", "//", ""]) + reference)
        assert canonical(url) == url
        if url.startswith(("http://", "https://")):
            asked, read = Request(url).url, read + 1
            assert canonical(asked) == asked
            connected = URI.fromBytes(asked.encode()).host.decode()
            assert connected == urlsplit(url).hostname == ada_url.URL(asked).hostname.strip("[]")
    assert read > 100
