"""A page as it was captured: from the archive alone, with its pictures and styles, and nothing that runs or leads away."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from lxml import html

from archive.room import replay
from tests.rigs.history import STORY
from tests.rigs.hostile_markup import few_first
from tests.rigs.replayed import EVIL, PAGES
from tests.rigs.room_world import PICTURE, RoomWorld, article, media, png
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # tries many inputs

ORIGIN = "http://127.0.0.1:8002"
URL = "https://www.thepaper.cn/newsDetail_forward_5700001"
HTML = {"Content-Type": "text/html"}


def asked(folder: Path, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=replay.application(folder))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def world(
    folder: Path,
    page: bytes,
    *others: tuple[str, Reply, dict[str, str]],
    content_type: str = "text/html; charset=utf-8",
) -> str:
    """An archive with this page; the id of its capture."""
    history = RoomWorld(folder)
    history.crawl(
        0, article(STORY, Reply(headers={"Content-Type": content_type}, body=page)), *others
    )
    history.index()
    return capture_of(folder, URL)


def capture_of(folder: Path, url: str, number: int = 0) -> str:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        rows = db.execute(
            "SELECT id FROM captures WHERE url = ? ORDER BY captured_at", [url]
        ).fetchall()
    return str(rows[number][0])


def content(folder: Path, capture: str) -> httpx.Response:
    return asked(folder, f"/content/{quote(capture, safe='')}")


def requisite(url: str, body: bytes, content_type: str) -> tuple[str, Reply, dict[str, str]]:
    return url, Reply(headers={"Content-Type": content_type}, body=body), {"role": "requisite"}


@pytest.mark.parametrize("name", few_first(PAGES))
def test_nothing_is_left_that_runs_or_leads_away(name: str, tmp_path: Path) -> None:
    capture = world(
        tmp_path, f"<html><body><h1>题</h1>{PAGES[name]}<p>正文。</p></body></html>".encode()
    )

    answer = content(tmp_path, capture)

    assert answer.status_code == 200
    page = html.fromstring(answer.text)
    assert (
        page.xpath(
            "//script | //iframe | //frame | //object | //embed | //applet | //base | //meta[@http-equiv] | //portal"
        )
        == []
    )
    for element in page.iter(html.etree.Element):
        for attribute, value in element.attrib.items():
            assert not attribute.lower().startswith("on"), (attribute, value)
            if attribute.lower() not in (
                "title",
                "data-not-archived",
                "alt",
                "content",
                "placeholder",
                "value",
            ):
                assert "evil.example" not in value and "javascript:" not in value.lower(), (
                    attribute,
                    value,
                )
    for style in page.xpath("//style/text()"):
        assert not re.search(r"url\([^)]*evil|@import[^;]*evil", style)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(
        "sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    )
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy


def test_a_page_shows_its_pictures_styles_and_fonts(tmp_path: Path) -> None:
    css = b"@import 'more.css'; h1{background:url(img/a.png) no-repeat} @font-face{font-family:f;src:url('f.woff2')}"
    page = f"""<html><head><link rel="stylesheet" href="/css/looks.css?v=1" media="screen"><style>p{{background:url("{PICTURE}")}}</style></head>
        <body><h1>题</h1><img data-src="{PICTURE}?x-oss-process=image/resize,w_600" src="data:image/gif;base64,R0lGOD" alt="通告"><p style="background:url('/css/img/a.png')">正文</p></body></html>"""
    root = "https://www.thepaper.cn/css/"
    capture = world(
        tmp_path, page.encode(), media(PICTURE, png(), "image/png"), requisite(f"{root}looks.css?v=1", css, "text/css"),
        requisite(f"{root}more.css", b"p{color:#123456}", "text/css"), requisite(f"{root}img/a.png", png(8, 8), "image/png"),
        requisite(f"{root}f.woff2", b"wOF2\0\1\0\0", "font/woff2"),
    )  # fmt: skip

    shown = html.fromstring(content(tmp_path, capture).text)

    (image,) = shown.xpath("//img/@src")
    assert asked(tmp_path, image).content == png()
    (link,) = shown.xpath("//link[@rel='stylesheet']")
    assert link.get("media") == "screen"
    sheet = asked(tmp_path, link.get("href"))
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    named = re.findall(r'"(/file/[^"]+)"', sheet.text)
    answers = [asked(tmp_path, address) for address in named]
    assert [answer.headers["content-type"].partition(";")[0] for answer in answers] == [
        "text/css",
        "image/png",
        "font/sfnt",
    ]
    assert answers[2].headers["access-control-allow-origin"] == "null"
    for style in (shown.xpath("string(//style[1])"), shown.xpath("string(//p/@style)")):
        (address,) = re.findall(r'"(/file/[^"]+)"', style)
        assert asked(tmp_path, address).headers["content-type"] == "image/png"
    frame = asked(tmp_path, f"/{quote(capture, safe='')}", **{"accept-language": "en"})
    assert "All 4 files that the page names are in the archive." in " ".join(
        html.fromstring(frame.text).text_content().split()
    )


PICTURES = {
    "src": '<img src="{}">',
    "data-src": '<img data-src="{}" src="data:image/gif;base64,R0lGOD">',
    "data-original": '<img data-original="{}" src="/grey.gif">',
    "resized": '<img src="{}?x-oss-process=image/resize,w_332">',
    "srcset": '<img srcset="/small.png 1x, {} 2x">',
    "picture": '<picture><source srcset="{}"><img></picture>',
    "other scheme": '<img src="http://imgpai.thepaper.cn/newpai/image/notice.png">',
    "relative scheme": '<img src="//imgpai.thepaper.cn/newpai/image/notice.png">',
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_however_it_is_named(name: str, tmp_path: Path) -> None:
    page = f"<html><body><h1>题</h1>{PICTURES[name].format(PICTURE)}<p>正文</p></body></html>"
    capture = world(tmp_path, page.encode(), media(PICTURE, png(), "image/png"))

    (image,) = html.fromstring(content(tmp_path, capture).text).xpath("//img/@src")
    assert asked(tmp_path, image).content == png()


def test_what_is_missing_is_marked_and_named(tmp_path: Path) -> None:
    page = f'<html><body><h1>题</h1><img src="{PICTURE}"><img src="/lost.png"><iframe src="/f"></iframe><p>正文</p></body></html>'
    capture = world(tmp_path, page.encode(), media(PICTURE, png(), "image/png"))

    shown = html.fromstring(content(tmp_path, capture).text)
    frame = html.fromstring(
        asked(tmp_path, f"/{quote(capture, safe='')}", **{"accept-language": "en"}).text
    )

    assert shown.xpath("//@data-not-archived") == ["lost.png", "<iframe>"]
    assert (
        "Of the files that the page names 1 are in the archive, and these are not: 1"
        in frame.xpath("string(//summary)")
    )
    assert frame.xpath("//li/text()") == ["https://www.thepaper.cn/lost.png"]
    assert frame.xpath("//iframe/@src") == [f"/content/{quote(capture, safe='')}"]
    assert "allow-scripts" not in frame.xpath("string(//iframe/@sandbox)")


def test_the_capture_nearest_in_time_is_shown(tmp_path: Path) -> None:
    history = RoomWorld(tmp_path)
    page = Reply(headers=HTML, body=f'<h1>题</h1><p>正文</p><img src="{PICTURE}">'.encode())
    for hours, colour in ((0, 10), (100, 20), (200, 30)):
        history.crawl(
            hours, article(STORY, page), media(PICTURE, png(colour=(colour, 0, 0)), "image/png")
        )
    history.index()

    for number, colour in enumerate((10, 20, 30)):
        (image,) = html.fromstring(content(tmp_path, capture_of(tmp_path, URL, number)).text).xpath(
            "//img/@src"
        )
        assert asked(tmp_path, image).content == png(colour=(colour, 0, 0))


CODED = {
    "gb18030 by header": ("正文一".encode("gb18030"), "text/html; charset=gb18030"),
    "gbk by meta": ("<meta charset=gbk>正文一".encode("gbk"), "text/html"),
    "utf-8 with a mark": (b"\xef\xbb\xbf" + "正文一".encode(), "text/html"),
    "utf-16": ("正文一".encode("utf-16"), "text/html"),
    "big5 by header": ("正文一".encode("big5"), "text/html; charset=big5"),
}


@pytest.mark.parametrize("name", CODED)
def test_the_text_is_right_in_any_charset(name: str, tmp_path: Path) -> None:
    body, content_type = CODED[name]
    prefix = "<html><body><p>".encode("utf-16") if name == "utf-16" else b"<html><body><p>"
    page = prefix + (body[2:] if name == "utf-16" else body)

    answer = content(tmp_path, world(tmp_path, page, content_type=content_type))

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "正文一" in html.fromstring(answer.content.decode()).text_content()


def test_a_link_leads_to_a_capture_or_nowhere(tmp_path: Path) -> None:
    page = f'<h1>题</h1><a href="{PICTURE}">a</a><a href="/other">b</a><a href="#c">c</a>'
    capture = world(tmp_path, page.encode(), media(PICTURE, png(), "image/png"))

    links = html.fromstring(content(tmp_path, capture).text).xpath("//a")

    assert asked(tmp_path, links[0].get("href")).status_code == 200
    assert (links[1].get("href"), links[1].get("title")) == (None, "https://www.thepaper.cn/other")
    assert links[2].get("href") == "#c"


OTHERS = {
    "json": (b'{"a": "<script>"}', "application/json", "text/plain; charset=utf-8"),
    "text": (b"<b>plain</b>", "text/plain", "text/plain; charset=utf-8"),
    "script": (b"alert(1)", "text/javascript", "text/plain; charset=utf-8"),
    "picture": (png(), "text/html", "image/png"),
    "pdf": (b"%PDF-1.7", "text/html", "text/plain; charset=utf-8"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_page_is_text_or_a_picture(name: str, tmp_path: Path) -> None:
    body, content_type, shown = OTHERS[name]
    world(tmp_path, b"<p>x", requisite("https://www.thepaper.cn/x", body, content_type))
    capture = capture_of(tmp_path, "https://www.thepaper.cn/x")

    assert content(tmp_path, capture).headers["content-type"] == shown
    as_file = asked(tmp_path, f"/file/{quote(capture, safe='')}")
    assert not as_file.headers["content-type"].startswith("text/")
    assert as_file.headers["x-content-type-options"] == "nosniff"


def test_a_revisit_shows_its_original(tmp_path: Path) -> None:
    history = RoomWorld(tmp_path)
    page = Reply(headers=HTML, body=("<h1>题</h1><p>正文</p>" + "字" * 600).encode())
    history.crawl(0, article(STORY, page))
    history.crawl(50, article(STORY, page))
    history.index()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute(
            "SELECT count(*) FROM captures WHERE refers_to IS NOT NULL"
        ).fetchone() == (1,)

    assert "正文" in content(tmp_path, capture_of(tmp_path, URL, 1)).text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/content/nothing",
        "/file/nothing",
        "/content/",
        "/room/",
        "/%2e%2e/archive.db",
    ],
)
def test_there_is_nothing_else(path: str, folder: Path) -> None:
    answer = asked(folder, path)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8002", ""])
def test_another_name_is_refused(host: str, folder: Path) -> None:
    assert asked(folder, "/style.css", host=host).status_code == 421


def test_nothing_says_where_the_reading_room_is(tmp_path: Path) -> None:
    capture = world(tmp_path, b"<h1>x</h1><p>y")

    for path in (f"/{capture}", f"/content/{capture}"):
        answer = asked(tmp_path, path, referer="http://127.0.0.1:8001/room/")
        assert "/room" not in answer.text + str(answer.headers)
        assert "8001" not in answer.text + str(answer.headers)


def test_brackets_without_end_cost_the_stylesheet_alone(tmp_path: Path) -> None:
    page = (
        b"<style>" + b"(" * 5000 + b"</style><h1>x</h1><p>y" + f"<img src='{EVIL}/a.png'>".encode()
    )

    answer = content(tmp_path, world(tmp_path, page))

    assert answer.status_code == 200
    assert "<h1>x</h1>" in answer.text
