"""The rig itself: a loopback web at real addresses over verified TLS, with pages and lists of the shapes that were seen."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.rigs.serving import PATIENCE
from tests.standin.pages import AFTER, AROUND, BEFORE, Story, jsp_page, next_page, seed_story
from tests.standin.thepaper import HOSTS, ThePaper, once, without_cookie
from tests.standin.web import LoopbackWeb, Reply

LISTING = "https://api.thepaper.cn/contentapi/cont/pph/gov"
PLAIN_SPIDER = """
import scrapy

class Plain(scrapy.Spider):
    name = "plain"
    start_urls = ["https://www.thepaper.cn/newsDetail_forward_1", "https://m.thepaper.cn/detail/2", "http://thepaper.cn/newsDetail_forward_3"]
    custom_settings = {"ROBOTSTXT_OBEY": True, "DOWNLOAD_VERIFY_CERTIFICATES": True, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}

    def parse(self, response):
        yield {"url": response.url, "title": response.css("h1::text").get()}
"""


def browser(web: LoopbackWeb) -> urllib.request.OpenerDirector:
    """The standard library's client as a subprocess with `web.environ()` would be."""
    tls = urllib.request.HTTPSHandler(
        context=ssl.create_default_context(cafile=web.environ()["SSL_CERT_FILE"])
    )
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": web.address, "https": web.address}), tls
    )


def fetch(
    web: LoopbackWeb, url: str, body: dict[str, object] | None = None, **headers: str
) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    with browser(web).open(
        urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}),
        timeout=PATIENCE,
    ) as answer:
        received: bytes = answer.read()
    return received


def tunnel(web: LoopbackWeb, host: str) -> http.client.HTTPSConnection:
    """A connection to a host of the web that stays open."""
    tls = ssl.create_default_context(cafile=str(web.certificate))
    connection = http.client.HTTPSConnection(
        urlsplit(web.address).netloc, timeout=PATIENCE, context=tls
    )
    connection.set_tunnel(host, 443)
    return connection


def page(number: int, size: int = 20) -> dict[str, object]:
    return {"pageNum": number, "pageSize": size, "pphId": 44871}


def test_every_host_is_there_over_verified_tls_and_plain_http(
    web: LoopbackWeb, thepaper: ThePaper
) -> None:
    for host in HOSTS:
        for scheme in ("https", "http"):
            assert b"Sitemap:" in fetch(web, f"{scheme}://{host}/robots.txt")

    assert [request.url for request in web.log] == [
        f"{scheme}://{host}/robots.txt" for host in HOSTS for scheme in ("https", "http")
    ]


def test_nobody_trusts_the_stand_in_without_its_authority(
    web: LoopbackWeb, thepaper: ThePaper
) -> None:
    strict = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": web.address}), strict
    )

    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        opener.open("https://www.thepaper.cn/robots.txt", timeout=PATIENCE)
    assert web.log == []


def test_a_host_outside_this_web_is_refused(web: LoopbackWeb, thepaper: ThePaper) -> None:
    with pytest.raises(OSError, match="502"):
        fetch(web, "https://www.dbgt.com.cn/newsDetail_forward_1")
    with pytest.raises(urllib.error.HTTPError, match="502"):
        fetch(web, "http://www.dbgt.com.cn/newsDetail_forward_1")


def test_the_log_lists_requests_in_their_order(web: LoopbackWeb, thepaper: ThePaper) -> None:
    fetch(web, LISTING, page(1), Referer="https://www.thepaper.cn/gov_44871")
    fetch(web, "https://api.thepaper.cn/userservice/user/homePage/44871")

    asked, then = web.log
    assert (asked.method, asked.host, asked.path) == (
        "POST",
        "api.thepaper.cn",
        "/contentapi/cont/pph/gov",
    )
    assert asked.headers["referer"] == "https://www.thepaper.cn/gov_44871"
    assert json.loads(asked.body) == page(1)
    assert asked.raw.endswith(asked.body) and asked.at <= then.at
    assert web.requests("GET", "api.thepaper.cn", "/userservice") == [then]
    web.forget()
    assert web.log == web.answers == []


def test_a_connection_carries_many_requests(web: LoopbackWeb, thepaper: ThePaper) -> None:
    connection = tunnel(web, "api.thepaper.cn")
    for number in range(1, 6):
        connection.request("POST", "/contentapi/cont/pph/gov", json.dumps(page(number)))
        assert json.loads(connection.getresponse().read())["data"]["pageNum"] == number
    connection.request("HEAD", "/robots.txt")
    assert connection.getresponse().read() == b""
    connection.close()

    assert len(web.log) == 6


def test_answers_can_be_verbatim_cut_and_late(web: LoopbackWeb) -> None:
    answers = {
        "/raw": Reply(raw=b"HTTP/1.1 200 OK\r\nx-ODD:1\r\nContent-Length: 2\r\n\r\nhi"),
        "/late": Reply(body=b"late", delay=0.3),
    }
    answers["/cut"] = Reply(body=b"0123456789" * 100, cut=600)
    web.sites["odd.example"] = lambda request: answers[request.path]

    assert fetch(web, "https://odd.example/raw") == b"hi"
    with pytest.raises(http.client.IncompleteRead):
        fetch(web, "https://odd.example/cut")
    assert fetch(web, "https://odd.example/late") == b"late"
    assert web.answers[0] == answers["/raw"].raw and len(web.answers[1]) == 600


def test_closing_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    web = LoopbackWeb(tmp_path)
    ThePaper().join(web)
    connection = tunnel(web, "www.thepaper.cn")
    connection.request("GET", "/robots.txt")
    connection.getresponse().read()

    web.close()

    assert set(threading.enumerate()) == before
    connection.close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", urlsplit(web.address).port or 0), timeout=1)


def test_many_visitors_at_once_get_their_own_answers(web: LoopbackWeb, thepaper: ThePaper) -> None:
    thepaper.add(*(Story(number, f"标题{number}", ["正文。"]) for number in range(60)))

    with ThreadPoolExecutor(30) as visitors:
        answers = list(
            visitors.map(
                lambda number: fetch(web, f"https://www.thepaper.cn/newsDetail_forward_{number}"),
                range(60),
            )
        )

    assert all(f"标题{number}</h1>".encode() in answer for number, answer in enumerate(answers))
    assert len(web.log) == 60


def test_the_listing_has_the_shape_of_a_real_listing(
    web: LoopbackWeb, thepaper: ThePaper, shared: Path
) -> None:
    real = json.loads((shared / "pages" / "thepaper" / "pil_cards_2026.json").read_text("utf-8"))
    thepaper.add(*(Story(number, f"标题{number}", ["正文。"]) for number in range(1, 46)))

    pages = [json.loads(fetch(web, LISTING, page(number)))["data"] for number in (1, 2, 3, 4)]

    assert [(len(listing["list"]), listing["hasNext"]) for listing in pages] == [
        (20, True),
        (20, True),
        (5, False),
        (0, False),
    ]
    genuine = next(card for card in cards_in(real) if card.get("contType") == 0)
    card = pages[0]["list"][0]
    assert {type(card[name]) for name in genuine if name in card} <= {str, int, dict, bool, list}
    assert [
        name for name in card if name in genuine and type(card[name]) is not type(genuine[name])
    ] == []
    thepaper.marks_end = False
    assert "hasNext" not in json.loads(fetch(web, LISTING, page(3)))["data"]


def cards_in(value: object) -> list[dict[str, object]]:
    """Every listing card in a JSON document."""
    if isinstance(value, list):
        return [card for member in value for card in cards_in(member)]
    if not isinstance(value, dict):
        return []
    return (
        [value]
        if "contId" in value
        else [card for member in value.values() for card in cards_in(member)]
    )


@pytest.mark.parametrize("layout", ["next", "dom", "jsp"])
def test_an_article_is_among_everything_a_reader_sees(layout: str, shared: Path) -> None:
    story = seed_story(shared / "seed" / "article.txt", layout)

    shown = (
        (jsp_page if layout == "jsp" else next_page)(story)
        .decode()
        .replace("&gt;", ">")
        .replace("&quot;", '"')
    )

    assert [
        line
        for line in [*BEFORE, *AROUND, *AFTER, *story.text]
        if line not in shown.replace("&#x27;", "'")
    ] == []
    assert ("__NEXT_DATA__" in shown) == (layout == "next")


def test_the_seed_gives_its_fields(shared: Path) -> None:
    story = seed_story(shared / "seed" / "article.txt", "next")

    assert story.title == "干群协力同心,全力拒疫于外 济南高新区构筑起疫情防控坚强堡垒"
    assert (story.text[0], story.text[-1]) == ("本文来源:济南发布", f"原标题:《{story.title}》")
    assert (len(story.text), story.printed, story.milliseconds) == (
        21,
        "2020-02-02 20:52",
        1580647920000,
    )


def test_interventions_come_and_go(web: LoopbackWeb, thepaper: ThePaper) -> None:
    thepaper.add(Story(1, "标题", ["正文。"]))
    url = "https://www.thepaper.cn/newsDetail_forward_1"
    thepaper.interventions += [
        without_cookie(Reply(403, {"Set-Cookie": "acw_tc=1"})),
        once("/newsDetail", Reply(429)),
    ]

    for code, headers in ((403, {}), (429, {"Cookie": "acw_tc=1"})):
        with pytest.raises(urllib.error.HTTPError, match=str(code)):
            fetch(web, url, **headers)
    assert "标题".encode() in fetch(web, url, Cookie="acw_tc=1")


def test_plain_scrapy_crawls_this_web(web: LoopbackWeb, thepaper: ThePaper, tmp_path: Path) -> None:
    thepaper.add(*(Story(number, f"标题{number}", ["正文。"]) for number in (1, 2, 3)))
    (tmp_path / "plain.py").write_text(PLAIN_SPIDER, "utf-8")
    command = [sys.executable, "-m", "scrapy", "runspider", "plain.py", "-O", "items.json"]

    subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **web.environ()}, check=True, timeout=120
    )

    items = json.loads((tmp_path / "items.json").read_text("utf-8"))
    assert {item["title"] for item in items} == {"标题1", "标题2", "标题3"}
    assert len(web.requests(path="/robots.txt")) == 3
