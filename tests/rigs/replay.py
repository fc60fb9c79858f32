"""ReplayWeb.page in a headless browser, and pywb, on loopback: what a person sees who opens a package, offline."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

from tests.rigs.serving import serve

RELEASE = "replaywebpage@2.5.3"
SHELL = """<!DOCTYPE html><meta charset="utf-8"><script src="/ui.js"></script>
<replay-web-page source="/archive.wacz" url="{url}" ts="{ts}" embed="replayonly" replayBase="/replay/"></replay-web-page>"""


def program(cache: Path) -> Path | None:
    """The folder of ReplayWeb.page's own files, fetched once from the npm registry; None where that cannot be had."""
    return npm_package(cache, RELEASE, "ui.js")


def npm_package(cache: Path, release: str, file: str) -> Path | None:
    """The folder of the files of an npm package, of which `file` is one; fetched once; None where it cannot be had."""
    if (cache / "package" / file).exists():
        return cache / "package"
    cache.mkdir(parents=True, exist_ok=True)
    if not (npm := shutil.which("npm")):
        return None
    with tempfile.TemporaryDirectory(dir=cache) as own:  # another worker may fetch it now too
        words = [npm, "pack", "--silent", release]
        done = subprocess.run(words, cwd=own, capture_output=True, text=True, timeout=120)
        if done.returncode:
            return None
        with tarfile.open(Path(own) / done.stdout.split()[-1]) as packed:
            packed.extractall(own, filter="data")
        try:
            (Path(own) / "package").rename(cache / "package")
        except OSError:
            if not (cache / "package" / file).exists():
                raise
    return cache / "package"


class _Site(SimpleHTTPRequestHandler):
    """Files, complete or in part (RFC 9110, Range), because a WACZ is read in parts."""

    files: dict[str, Path]
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """As `do_GET`, without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """One file, or a range of it."""
        path = self.files.get(self.path.partition("?")[0])
        if path is None:
            self.send_error(404)
            return
        data = path.read_bytes()
        range_asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        first, last = 0, len(data) - 1
        if range_asked and range_asked[1]:
            first, last = int(range_asked[1]), min(int(range_asked[2] or last), last)
        elif range_asked:
            first = max(0, len(data) - int(range_asked[2]))
        self.send_response(206 if range_asked else 200)
        self.send_header(
            "Content-Type",
            {".js": "text/javascript", ".html": "text/html"}.get(path.suffix, "application/zip"),
        )
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last + 1 - first))
        if range_asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[first : last + 1])

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@contextmanager
def served(files: dict[str, Path]) -> Iterator[str]:
    """These files on loopback; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (_Site,), {"files": files}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def shown(rwp: Path, wacz: Path, url: str, ts: str, scratch: Path) -> dict[str, Any]:
    """What the browser shows of a page: text, its colour, natural width of the pictures; and what other hosts were asked for."""
    from playwright.sync_api import sync_playwright

    shell = scratch / "shell.html"
    shell.write_text(SHELL.format(url=quote(url, safe=":/?=&"), ts=ts), "utf-8")
    # The element may ask for /replay/ before its service worker answers there; then this server must, as on any real site.
    own = {
        "/replay/": "index.html",
        "/replay/ui.js": "ui.js",
        "/replay/sw.js": "sw.js",
        "/ui.js": "ui.js",
    }
    files = {"/": shell, "/archive.wacz": wacz, **{path: rwp / name for path, name in own.items()}}
    asked: list[str] = []
    with served(files) as site, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site + "/")
        frame = _frame(page, url)
        frame.wait_for_load_state("networkidle")
        script = "() => [...document.images].map(one => [one.src, one.naturalWidth])"
        shown = {"text": frame.inner_text("body"), "pictures": frame.evaluate(script)}
        shown["colour"] = frame.evaluate("() => getComputedStyle(document.body).color")
        page.screenshot(path=str(scratch / "shown.png"))
        browser.close()
    return shown | {
        "outside": [url for url in asked if not url.startswith((site, "data:", "blob:"))]
    }


def _frame(page: Any, url: str) -> Any:
    for _ in range(600):
        for frame in page.frames:
            if url in frame.url and "mp_/" in frame.url:
                return frame
        page.wait_for_timeout(100)
    raise AssertionError(f"{url} was not shown: {[frame.url for frame in page.frames]}")


OPENER = build_opener(ProxyHandler({}))  # loopback needs no proxy


@contextmanager
def pywb(programs: Path, warcs: list[Path], scratch: Path) -> Iterator[str]:
    """A collection of these files in pywb; gives its address. `programs`: the folder of `wb-manager` and `wayback`."""
    for words in (["init", "handover"], ["add", "handover", *map(str, warcs)]):
        subprocess.run(
            [programs / "wb-manager", *words],
            cwd=scratch,
            check=True,
            capture_output=True,
            timeout=120,
        )
    words = [str(programs / "wayback"), "-b", "127.0.0.1", "-p"]
    running = serve(
        lambda port: [*words, str(port)],
        lambda port: _is_there(f"http://127.0.0.1:{port}/handover/"),
        scratch / "pywb.log",
        cwd=scratch,
    )
    try:
        yield f"http://127.0.0.1:{running.port}/handover"
    except BaseException as error:
        error.add_note(running.printed())
        raise
    finally:
        running.end()


def _is_there(url: str) -> bool:
    try:
        got(url)
    except URLError:
        return False
    return True


def got(url: str) -> tuple[bytes, str]:
    """A file of a replay program, and the moment of its capture as HTTP has it."""
    with OPENER.open(url, timeout=30) as answer:
        return answer.read(), answer.headers.get("Memento-Datetime") or ""
