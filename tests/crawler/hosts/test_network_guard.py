"""Whatever a platform's pages, lists and answers say, a crawl connects to public addresses alone, unless the operator names others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Archive
from tests.conftest import FAST, rows
from tests.rigs.internet import Internet
from tests.standin.web import LoopbackWeb, Reply, Request
from tests.standin.worlds import BODY, DAY, TITLE

PUBLIC = "93.184.215.14"
SITE = "http://www.yunxi.example"
TOML = f"""
name = "yunxi"
title = "云溪新闻网"
hosts = [".yunxi.example"]
article = '/news/(\\d+)\\.html$'
[lists]
page = "{SITE}/list.html"
feed = "{SITE}/rss.xml"
[selectors]
title = "//h1"
body = "//div[@id='text']"
time = "//i"
"""
HOSTILE = [
    *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7F000001", "0177.0.0.1", "017700000001"),
    *("127.0.0.3.", "１２７.０.０.４", "127。0。0。5", "%31%32%37.0.0.6", "user@127.0.0.7"),
    *("user:word@127.0.0.8", "127.0.0.9\\@www.yunxi.example", "127.0.0.10:80", "0", "10.0.0.1"),
    *("172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "192.0.0.192"),
    *("198.18.0.1", "192.0.2.1", "255.255.255.255", "224.0.0.1", "168.63.129.16"),
    *("[::1]", "[::]", "[::ffff:127.0.0.11]", "[::FFFF:7f00:c]", "[::127.0.0.13]", "[fd00:ec2::254]"),
    *("[fe80::1]", "[fec0::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[2001:0:7f00:1::1]"),
    *("localhost", "LocalHost.", "a.localhost", "intranet", "metadata.google.internal"),
    *("four.attacker.example", "six.attacker.example", "mapped.attacker.example"),
]  # fmt: skip
NAMES = {
    ".yunxi.example": [[PUBLIC]],
    "intranet": [["10.1.1.1"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "four.attacker.example": [["127.0.0.1", "10.0.0.1"]],
    "six.attacker.example": [["::1"]],
    "mapped.attacker.example": [["::ffff:127.0.0.1"]],
    "mixed.attacker.example": [["10.0.0.1", PUBLIC]],
    "rebinding.attacker.example": [[PUBLIC], ["127.0.0.1"]],
}
ASKED = ("picture", "resized", "redirect", "style", "import", "icon", "attachment", "robots")
IMAGE = Reply(headers={"Content-Type": "image/png"}, body=b"\x89PNG\r\n\x1a\n")


def each(markup: str, place: str) -> str:
    """This markup for every hostile address; URL is where it leads."""
    return "".join(
        markup.replace("URL", f"http://{host}/{place}/{number}")
        for number, host in enumerate(HOSTILE)
    )


def article(head: str = "", body: str = "") -> Reply:
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1><i>{DAY} 09:30</i><div id='text'>{BODY}{body}</div></body></html>"
    return Reply(body=page.encode())


ARTICLES = {
    "text": article(body=each("<p>见URL 和<a href='URL'>此处</a>。</p>", "text")),
    "picture": article(body=each("<p><img src='URL.png'></p>", "picture")),
    "resized": article(
        body=each("<img src='https://nimg.ws.126.net/?url=URL.png&amp;thumbnail=9'>", "resized")
    ),
    "redirect": article(
        body="".join(f"<img src='/redirect/{number}.png'>" for number in range(len(HOSTILE)))
    ),
    "style": article(head=each("<link rel='stylesheet' href='URL.css'>", "style")),
    "import": article(head="<link rel='stylesheet' href='/import.css'>"),
    "icon": article(head=each("<link rel='icon' href='URL.ico'>", "icon")),
    "attachment": article(body=each("<a href='URL.pdf'>附件</a>", "attachment")),
    "canonical": article(head=each("<link rel='canonical' href='URL'><link rel='amphtml' href='URL'>", "canonical")),
    "robots": article(
        body="".join(
            f"<img src='http://r{number}.yunxi.example/p.png'>" for number in range(len(HOSTILE))
        )
    ),
    "mixed": article(body="<img src='http://mixed.attacker.example/mixed.png'>"),
    "rebinding": article(body="<img src='http://rebinding.attacker.example/rebinding.png'>"),
    "port": article(body="<img src='http://mixed.attacker.example:6379/port.png'><img src='http://files.yunxi.example:8080/port.png'>"),
    **{
        f"base{number}": article(
            head=f"<base href='http://{host}/'>", body=f"<img src='base/{number}.png'>"
        )
        for number, host in enumerate(HOSTILE)
    },
}  # fmt: skip


def site(request: Request) -> Reply:
    """The platform, and whoever else is reached."""
    host, path = request.host, request.path
    number = "".join(filter(str.isdigit, path))
    if path == "/robots.txt" and host.startswith("r") and host.endswith(".yunxi.example"):
        return Reply(
            302,
            headers={
                "Location": f"http://{HOSTILE[int(host[1:].split('.')[0])]}/robots/{host[1:].split('.')[0]}"
            },
        )
    if path == "/robots.txt":
        return Reply(body=b"User-agent: *\nAllow: /\n")
    if path.startswith("/redirect/") and host == "www.yunxi.example":
        return Reply(302, headers={"Location": f"http://{HOSTILE[int(number)]}{path}"})
    if path == "/import.css":
        css = each("@import url('URL.css');", "import").replace("\\", "\\\\")  # as CSS escapes it
        return Reply(headers={"Content-Type": "text/css"}, body=css.encode())
    if path.startswith("/news/"):
        return list(ARTICLES.values())[int(number)]
    if path in ("/list.html", "/rss.xml"):
        return listing(path)
    return IMAGE


def listing(path: str) -> Reply:
    own = [f"{SITE}/news/{number}.html" for number in range(len(ARTICLES))]
    if path == "/rss.xml":
        hostile = [
            f"http://{host}/feed/{number}/news/9{number}.html"
            for number, host in enumerate(HOSTILE)
        ]
        items = "".join(
            f"<item><title>{TITLE}</title><link>{url}</link></item>" for url in [own[0], *hostile]
        )
        feed = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
        return Reply(headers={"Content-Type": "text/xml; charset=utf-8"}, body=feed.encode())
    hostile = [
        f"http://{host}/listing/{number}/news/8{number}.html" for number, host in enumerate(HOSTILE)
    ]
    lines = "".join(
        f"<li><a href='{url}'>{TITLE}</a><span>{DAY}</span></li>" for url in [*own, *hostile]
    )
    more = f"<a href='http://{HOSTILE[0]}/listing/next.html'>下一页</a>"
    return Reply(body=f"<html><body><ul>{lines}</ul>{more}</body></html>".encode())


# The list's next page is at a host of somebody else, which is never asked for one.
PARTIAL = "partial (nothing says whether the list goes on after its page 1)"
NO_GUESS = "url NOT LIKE '%/list_2.html'"  # asked for in case that it is the list's second page


class Everywhere(dict[str, Callable[[Request], Reply]]):
    """One site at every host."""

    def get(self, key: str, default: object = None) -> Callable[[Request], Reply]:  # type: ignore[override]
        return site


@pytest.fixture
def internet(web: LoopbackWeb, tmp_path: Path, archive_dir: Path) -> Iterator[Internet]:
    web.sites = Everywhere()
    (archive_dir / "platforms").mkdir()
    (archive_dir / "platforms" / "yunxi.toml").write_text(TOML, "utf-8")
    port = int(web.address.rpartition(":")[2])
    with Archive(archive_dir) as archive:
        archive.follow([f"{SITE}/list.html", f"{SITE}/rss.xml"])
    yield Internet(tmp_path, NAMES, {0: port})


def crawl(
    internet: Internet, web: LoopbackWeb, archive: Path, *settings: str, code: int = 0
) -> str:
    environ = {"XDG_STATE_HOME": web.environ()["XDG_STATE_HOME"]}
    limits = ("-s", "MEDIA_PER_ARTICLE=100", "-s", "REQUISITES_PER_PAGE=100", "-s", "RETRY_TIMES=0")
    done = internet.run(
        "--archive", str(archive), "crawl", *FAST, *limits, *settings, environ=environ
    )
    assert done.returncode == code, done.stderr
    assert code or not done.stderr
    return done.stderr


def test_nothing_that_a_platform_says_leads_into_a_private_network(
    internet: Internet, web: LoopbackWeb, archive_dir: Path
) -> None:
    message = crawl(internet, web, archive_dir, code=3)

    assert message.count("\n") == 1 and PARTIAL in message
    assert {address for address, _ in internet.connections} == {PUBLIC}
    hosts = {request.host for request in web.log if not request.host.endswith(".yunxi.example")}
    assert hosts == {"mixed.attacker.example", "rebinding.attacker.example"}
    assert len(rows(archive_dir, "SELECT id FROM articles")) == len(ARTICLES)
    failures = rows(
        archive_dir, f"SELECT url, outcome, reason, detail FROM failures WHERE {NO_GUESS}"
    )
    refused = {str(row["url"]) for row in failures if row["reason"] == "private-address"}
    for place in ASKED[:-1]:
        assert len([url for url in refused if f"/{place}/" in url]) == len(HOSTILE), place
    assert len([url for url in refused if url.endswith(".yunxi.example/p.png")]) == len(HOSTILE)
    ports = [row["url"] for row in failures if row["reason"] == "other-port"]
    assert ports == ["http://mixed.attacker.example:6379/port.png"]
    assert {row["outcome"] for row in failures} == {"error"}
    assert not rows(archive_dir, "SELECT * FROM captures WHERE url LIKE '%127.%' OR ip LIKE '10.%'")


def test_the_operators_own_networks_are_asked(
    internet: Internet, web: LoopbackWeb, archive_dir: Path
) -> None:
    crawl(internet, web, archive_dir, "-s", "ALLOW_NETWORKS=0.0.0.0/0,::/0", code=3)

    others = [request for request in web.log if not request.host.endswith(".yunxi.example")]
    for place in ASKED:
        answered = {request.path for request in others if f"/{place}/" in request.path}
        assert len(answered) == len(HOSTILE), place
    reached = {address for address, _ in internet.connections}
    assert {"127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "fd00:ec2::254"} <= reached
    failures = rows(
        archive_dir,
        f"SELECT url, reason FROM failures WHERE reason != 'other-port' AND {NO_GUESS}",
    )
    assert failures == []


def test_a_platform_in_a_private_network_is_crawled_once_the_operator_names_it(
    internet: Internet, web: LoopbackWeb, archive_dir: Path
) -> None:
    internet.names = NAMES | {".yunxi.example": [["10.1.1.1"]]}

    refused = crawl(internet, web, archive_dir, code=3)
    assert internet.connections == []
    assert "unreachable (private-address" in refused
    assert "ALLOW_NETWORKS" in refused
    coverage = rows(archive_dir, "SELECT outcome, reason, pages FROM coverage")
    assert {(row["outcome"], row["pages"]) for row in coverage} == {("unreachable", 0)}
    assert not rows(archive_dir, "SELECT id FROM captures")

    crawl(
        internet,
        web,
        archive_dir,
        "-s",
        "ALLOW_NETWORKS=10.1.0.0/16",
        "-s",
        "MEDIA_ENABLED=False",
        "-s",
        "REQUISITES_ENABLED=False",
        code=3,
    )
    assert {address for address, _ in internet.connections} == {"10.1.1.1"}
    assert len(rows(archive_dir, "SELECT id FROM articles")) == len(ARTICLES)
