"""In Chromium nothing of a hostile archive runs, becomes markup or leaves the machine: texts wherever the room puts one, captures in the replay, and requests that nobody's browser makes."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from archive.archive import Archive
from tests.rigs.browsing import Requests, chromium, process_of, served
from tests.rigs.hostile_markup import ALERT, HOSTILE
from tests.rigs.replayed import EVIL, PWNED
from tests.rigs.room_world import RoomWorld, article, media
from tests.room.test_hostile import hostile, stored  # noqa: F401  # the archive in which all is hostile
from tests.standin.web import Reply

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT = """() => [document.querySelectorAll('script, iframe, object, embed, base, marquee, video, math, frame, textarea, [srcdoc], [formaction], [style]').length,
    [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length]"""


@pytest.fixture(scope="module")
def place(hostile: Path) -> Iterator[tuple[Any, str]]:  # noqa: F811
    with process_of(hostile) as started:
        yield started


def pages(number: int, text: str) -> list[str]:
    """Every page on which the room puts a text of article, account, file, capture, crawl or address."""
    platform, quoted = "thepaper" if number % 3 else "demo", quote(text, safe="")
    return [
        f"article/thepaper-{number}?version=1&q={quoted}",
        f"compare/thepaper-{number}?from=1&to=2",
        f"account?platform={platform}&id={quoted}",
        f"calendar.svg?platform={platform}&id={quoted}&year={quoted}",
        f"search?platform={platform}&account={quoted}",
        f"capture/{quote(f'urn:{number}:{text}', safe='')}",
        f"run/run{number}",
        f"search?q={quoted}&platform={quoted}&account={quoted}&order={quoted}&lang=zh&page={quoted}",
        f"search?q=疫情&since={quoted}",
        f"{quoted}?lang=en&{quoted}={quoted}",
    ]


def test_no_text_runs_or_becomes_markup_in_any_page(place: tuple[Any, str]) -> None:
    _, room = place
    with chromium() as context:
        asked, dialogs = Requests(context), []
        page = context.new_page()
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for number, text in enumerate(map(stored, HOSTILE)):
            for path in pages(number, text):
                page.goto(room + path, wait_until="load")
                assert page.evaluate(COUNT) == [0, 0], path
                assert "PWNED" not in page.title() or ALERT in page.title(), path
        for path in ("", "accounts", "coverage", "runs", "search?q=疫情", "search?q=疫情&page=2"):
            page.goto(room + path)
            assert page.evaluate(COUNT) == [0, 0], path
        assert (dialogs, asked.outside, page.context.cookies()) == ([], [], [])


BODIES = {
    "svg": ("image/svg+xml", f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{PWNED}\"><script>{PWNED}</script><image href='{EVIL}/a.png'/></svg>"),
    "svg with a doctype": ("image/svg+xml", f"<!DOCTYPE svg [<!ENTITY x SYSTEM '{EVIL}/x'>]><svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:{PWNED}'><text>&x;</text></a></svg>"),
    "svg that loads a style": ("image/png", f"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><style>@import '{EVIL}/x.css'</style></svg>"),
    "svg with html": ("image/svg+xml", f"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='{EVIL}/'/></foreignObject></svg>"),
    "html as picture": ("image/png", f"<html><script>{PWNED}</script></html>"),
    "html behind a gif": ("text/html", f"GIF89a<html><script>{PWNED}</script>"),
    "html behind a bmp": ("text/html", f"BM<script>{PWNED}</script>"),
    "script": ("text/javascript", PWNED),
    "xhtml": ("application/xhtml+xml", f"<html xmlns='http://www.w3.org/1999/xhtml'><body onload=\"{PWNED}\"><script>{PWNED}</script></body></html>"),
    "xml with a style": ("text/xml", f"<?xml-stylesheet type='text/xsl' href='{EVIL}/x.xsl'?><x/>"),
    "pdf": ("application/pdf", f"%PDF-1.7 1 0 obj<</OpenAction<</S/JavaScript/JS({PWNED})>>>>"),
    "css": ("text/css", f"@import '{EVIL}/x.css'; body{{background:url({EVIL}/b.png)}}"),
    "no type": ("", f"<script>{PWNED}</script>"),
    "type with a line": ("text/html\t; charset=\"utf-7", f"+ADw-script+AD4-{PWNED}+ADw-/script+AD4-"),
    "multipart": ("multipart/x-mixed-replace; boundary=x", f"--x\r\nContent-Type: text/html\r\n\r\n<script>{PWNED}</script>\r\n--x--"),
    "mhtml": ("message/rfc822", f"Content-Type: text/html\r\n\r\n<script>{PWNED}</script>"),
    "hta": ("application/hta", f"<script>{PWNED}</script>"),
    "wasm": ("application/wasm", "\0asm"),
    "event stream": ("text/event-stream", f"data: <script>{PWNED}</script>\n\n"),
    "json": ("application/json", f'{{"x":"<script>{PWNED}</script>"}}'),
}  # fmt: skip


def arrived(server: socket.socket) -> bytes | None:
    """What came to a host that nothing may ask, b'' for a connection alone; None where nothing did."""
    try:
        connection, _ = server.accept()
    except BlockingIOError:
        return None
    with connection:
        connection.settimeout(0.5)
        try:
            return connection.recv(2000)
        except TimeoutError:
            return b""


def test_no_captured_file_runs_in_the_room_or_in_the_replay(tmp_path: Path) -> None:
    world = RoomWorld(tmp_path)
    files = [media(f"https://imgpai.thepaper.cn/{number}", body.encode("latin-1", "replace"), kind) for number, (kind, body) in enumerate(BODIES.values())]  # fmt: skip
    world.crawl(0, *files)
    world.index()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        captures = [str(row[0]) for row in db.execute("SELECT id FROM captures ORDER BY url")]
    assert len(captures) == len(BODIES)
    with (
        socket.create_server(("127.0.0.1", 0)) as evil,
        served(tmp_path) as room,
        chromium(
            f"--host-resolver-rules=MAP evil.example 127.0.0.1:{evil.getsockname()[1]}"
        ) as context,
    ):
        evil.setblocking(False)
        asked, page = Requests(context), context.new_page()
        page.goto(f"{room}capture/{quote(captures[0])}")
        first = page.locator("text=Show the page as captured").first.get_attribute("href")
        other = first.rpartition("/")[0]
        for capture in captures:
            for address in (f"{room}file/", f"{other}/content/", f"{other}/file/", f"{other}/"):
                before = len(asked.urls)
                try:
                    page.goto(address + quote(capture))
                except Exception as error:  # what is saved is no page
                    assert "Download is starting" in str(error) or "ERR_ABORTED" in str(error)
                assert "PWNED" not in page.title(), (capture, address)
                # Chromium reports requests that a policy forbids: none of them is sent
                own = (url for url in asked.urls[before:] if url.startswith("http://127.0.0.1:"))
                assert {urlsplit(url).port for url in own} == {urlsplit(address).port}
                assert arrived(evil) is None, (capture, address)
        page.goto(room)
        shown = "async url => { const image = new Image(); image.src = url; await image.decode(); return image.width > 0 }"
        assert page.evaluate(
            shown, f"{room}file/{quote(captures[0])}"
        )  # within a page SVG is shown
        assert arrived(evil) is None


HEADS = {
    "another host": b"GET /room/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a host that begins with ours": b"GET /room/ HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n",
    "a host behind a user": b"GET /room/ HTTP/1.1\r\nHost: 127.0.0.1@evil.example\r\n\r\n",
    "two hosts": b"GET /room/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    "no host": b"GET /room/ HTTP/1.1\r\n\r\n",
    "complete address": b"GET http://evil.example/room/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "markup in the host": b"GET /room/changes.atom HTTP/1.1\r\nHost: 127.0.0.1:<script>\r\n\r\n",
    "forwarded host": b"GET /room/changes.atom HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: javascript\r\n\r\n",
    "up": b"GET /room/capture/../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "up, coded": b"GET /room/file/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "up, coded twice": b"GET /room/file/%252e%252e%252fetc%252fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "up in a record": b"GET /room/capture/..%2f..%2farchive.db/record.warc.gz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "nul": b"GET /room/article/a%00b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "no utf-8": b"GET /room/article/%ff%fe?q=%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "line in a path": b"GET /room/article/a%0d%0aSet-Cookie:x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "line in an address": b"GET /room/timegate/http://a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "range": b"GET /room/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-0,-1,5-,99999999999-\r\n\r\n",
    "a long value": b"GET /room/search?q=" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "many values": b"GET /room/search?" + b"q=a&" * 9_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a great page": b"GET /room/search?q=a&page=99999999999999999999 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a great version": b"GET /room/article/thepaper-0?version=-1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a date without end": b"GET /room/timegate/https://a/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Datetime: " + b"9" * 9000 + b"\r\n\r\n",
    "a language without end": b"GET /room/nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: " + b"en;q=" * 9000 + b"\r\n\r\n",
    "brackets without end": b"GET /room/search?q=" + b"(" * 1900 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "write": b"DELETE /room/article/thepaper-0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "upgrade": b"GET /room/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "two lengths": b"GET /room/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_no_request_gets_more_than_the_room_has(name: str, place: tuple[Any, str]) -> None:
    process, room = place
    with socket.create_connection(("127.0.0.1", urlsplit(room).port or 0), timeout=180) as client:
        closing_head = b"\r\n\r\n" if name == "upgrade" else b"\r\nConnection: close\r\n\r\n"
        client.sendall(HEADS[name].replace(b"\r\n\r\n", closing_head))
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")

    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0
    assert 200 <= status < 500 and b"root:" not in answer and b"SQLite format" not in answer
    assert b"set-cookie" not in head.lower() and b"evil.example/room" not in answer
    assert b"<script" not in body
    assert process.poll() is None
    if ("host" in name and name != "forwarded host") or name == "complete address":
        assert status in (400, 421)


def test_the_cases_are_two_hundred() -> None:
    from tests.rigs.replayed import PAGES

    assert len(HOSTILE) + len(PAGES) + len(BODIES) + len(HEADS) + len(EXTRA) >= 200


EXTRA = {
    "picture with a handler": f'<img src="data:image/png;base64,AAAA" onerror="{PWNED}">',
    "comment in a tag": f"<img/**/src=x/**/onerror={PWNED}>",
    "slashes for spaces": f"<svg/onload={PWNED}>",
    "form feed": f"<img\x0csrc=x\x0conerror={PWNED}>",
    "entities in a scheme": f'<a href="java&#x09;script&colon;{PWNED}">x</a>',
    "selected content": f"<select><option><style></option></select><img src=x onerror={PWNED}></style>",
    "table and foster parents": f"<table><script>{PWNED}</script><tr><td><img src=x onerror={PWNED}>",
    "plaintext": f"<plaintext><script>{PWNED}</script>",
    "xmp": f"<xmp><script>{PWNED}</script></xmp><script>{PWNED}</script>",
    "noembed": f"<noembed><img title='</noembed><img src=x onerror={PWNED}>'></noembed>",
    "annotation": f"<math><annotation-xml encoding='text/html'><style><img src=x onerror={PWNED}></style></annotation-xml></math>",
    "foreign object": f"<svg><foreignObject><body onload={PWNED}><iframe src='{EVIL}/'></foreignObject></svg>",
    "custom element": f"<x-y onclick={PWNED} tabindex=1 onfocus={PWNED} autofocus>x</x-y>",
    "scroll": f"<div onscrollsnapchange={PWNED} oncontentvisibilityautostatechange={PWNED} style='content-visibility:auto'>x</div>",
    "popover": f"<button popovertarget=p>x</button><div popover id=p onbeforetoggle={PWNED}>x</div>",
    "link with a blob": f"<a href='blob:{EVIL}/x'>x</a><img src='filesystem:{EVIL}/x'>",
    "css variables": f"<style>:root{{--a:url({EVIL}/v.png)}}p{{background:var(--a)}}</style><p>x</p>",
    "css namespace": f"<style>@namespace url({EVIL}/n);@charset 'x';@import url({EVIL}/i) layer(a);</style>",
    "css fonts": f"<style>@font-face{{font-family:a;src:local(x),url('{EVIL}/f') format('woff2')}}*{{font-family:a}}</style>x",
    "svg filter": f"<svg><filter id=f><feImage href='{EVIL}/x'/></filter><rect style='filter:url({EVIL}/f#x);mask:url({EVIL}/m)' width=9 height=9 /></svg>",
    "inner frame by name": "<iframe name=x src='ROOMsearch?q=a'></iframe><a target=x href='ROOM'>y</a>",
    "form to the room": "<form action='ROOMsearch' id=f><input name=q value=x><button autofocus>go</button></form>",
    "refresh to the room": "<meta http-equiv='refresh' content='0; url=ROOM'>",
    "script of the replay": "<script src='/style.css'></script><link rel=stylesheet href='/content/x'>",
    "meta in the body": f"<body><meta http-equiv=set-cookie content=a=b><meta http-equiv=refresh content='1;{EVIL}'>",
}  # fmt: skip


def test_no_other_hostile_page_runs_or_leaves(tmp_path: Path) -> None:
    world, ports = RoomWorld(tmp_path), set()
    from tests.rigs.history import STORY

    room = "http://127.0.0.1:9/room/"
    stories = [type(STORY)(5_720_000 + number, "题", STORY.text) for number in range(len(EXTRA))]
    bodies = [f"<html><head><title>题</title></head><body>{markup.replace('ROOM', room)}<h1>题</h1><p>{STORY.text[0]}</p></body></html>" for markup in EXTRA.values()]  # fmt: skip
    world.crawl(0, *(article(story, Reply(body=body.encode())) for story, body in zip(stories, bodies, strict=True)))  # fmt: skip
    world.index()
    with Archive(tmp_path) as archive:
        captures = [str(row[0]) for row in archive.connection.execute("SELECT id FROM captures ORDER BY url")]  # fmt: skip
    with served(tmp_path) as address, chromium() as context:
        asked, page = Requests(context), context.new_page()
        page.goto(f"{address}capture/{quote(captures[0])}")
        first = page.locator("text=Show the page as captured").first.get_attribute("href")
        for name, capture in zip(EXTRA, captures, strict=True):
            before = len(asked.urls)
            page.goto(f"{first.rpartition('/')[0]}/{capture}")
            assert "PWNED" not in page.title() + page.frames[1].title(), name
            assert page.frames[1].evaluate("self.origin") == "null", name
            ports = {urlsplit(url).port for url in asked.urls[before:] if url.startswith("http")}
            assert ports == {urlsplit(first).port}, name
        assert asked.outside == []
