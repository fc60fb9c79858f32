"""A redirect leads where a browser would go, however its Location is written."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.hosts.redirects import Redirects

URL = "http://www.yunxi.example/a/b.html"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"../c.html", "http://www.yunxi.example/c.html"),
        (b"..\\c.html", "http://www.yunxi.example/c.html"),
        (b" /c.html\t", "http://www.yunxi.example/c.html"),
        (b"HTTPS://WWW.Yunxi.Example/C", "https://www.yunxi.example/C"),
        (b"//m.yunxi.example/c", "http://m.yunxi.example/c"),
        (b"?id=7", "http://www.yunxi.example/a/b.html?id=7"),
        (b"http:\\\\m.yunxi.example\\c", "http://m.yunxi.example/c"),
        ("/通知.html".encode("gbk"), "http://www.yunxi.example/%CD%A8%D6%AA.html"),
        ("/通知".encode(), "http://www.yunxi.example/%E9%80%9A%E7%9F%A5"),
        ("/d?t=通知".encode("gbk"), "http://www.yunxi.example/d?t=%CD%A8%D6%AA"),
    ],
)
def test_a_redirect_is_followed_as_browsers_do(location: bytes, target: str) -> None:
    redirects = Redirects.from_crawler(get_crawler())
    answer = Response(URL, status=302, headers={"Location": location})

    following = redirects.process_response(Request(URL), answer)

    assert isinstance(following, Request) and following.url == target
