"""The page as it was captured with its scripts, by ReplayWeb.page, on the second origin: from a
WARC file of the page's own records, and with nothing that leaves this machine.

ReplayWeb.page (https://replayweb.page/, AGPL-3.0) is no part of this program: its files are those
of the npm package `replaywebpage`. A capture's scripts run there, so three things keep them in:

- every page of this part of the origin is in a sandbox without pop-ups, forms and navigation of the
  window, which holds for all frames within it;
- the service worker answers with our policy in the place of its own, which would allow web sockets
  to anywhere; its own requests are under the policy that comes with its script;
- storage and service workers of the origin are cleared when a page is opened, so that no capture
  reads or writes what another left.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from archive.archive import Archive
from archive.database.rows import CaptureRow
from archive.errors import UsageError
from archive.page.decoding import decode
from archive.page.urls import urljoin
from archive.room.answer import Answer, NotHere
from archive.room.asked import Asked
from archive.room.captures import (
    LARGEST,
    LARGEST_PAGE,
    body_of,
    is_page,
    page_of,
    row_of,
)
from archive.room.holdings import Holdings
from archive.room.rewriting import stylesheet
from archive.warc.reader import member_at

PREFIX = "/scripts/"
LEADING = ("a", "area", "form")  # elements whose links are followed by people alone
GZIP = b"\x1f\x8b"
NEEDED = ("ui.js", "sw.js", "index.html")
JAVASCRIPT = "text/javascript; charset=utf-8"
SANDBOX = "sandbox allow-scripts allow-same-origin"
OWN = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; "
    "frame-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; form-action 'none'; "
    "base-uri 'self'; frame-ancestors 'self'"
)
POLICY = f"{SANDBOX}; {OWN}"
DENIED = "camera=(), geolocation=(), microphone=(), display-capture=(), usb=(), serial=(), midi=()"
CONNECTIONS = "(response-origin)"
"""To what a page may connect: no WebRTC either, which no other policy forbids. Chromium obeys it
from 152 on, and ends a page that tries; other browsers do not know it
(https://wicg.github.io/connection-allowlists/)."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": DENIED,
    "Connection-Allowlist": CONNECTIONS,
    "X-DNS-Prefetch-Control": "off",
}
CLEARED = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
WORKER = """const policy = %s;
const events = self.FetchEvent && FetchEvent.prototype;  // there is none in a worker of its own
const answer = events && events.respondWith;
if (events) events.respondWith = function (response) {
  return answer.call(this, Promise.resolve(response).then((given) => {
    if (!given || given.type === "error" || given.status < 200) return given;
    const headers = new Headers(given.headers);
    headers.set("Content-Security-Policy", policy);
    headers.set("Connection-Allowlist", "(response-origin)");
    headers.set("X-DNS-Prefetch-Control", "off");
    headers.delete("Content-Security-Policy-Report-Only");
    headers.delete("Link");
    const body = [204, 205, 304].includes(given.status) ? null : given.body;
    return new Response(body, {status: given.status, statusText: given.statusText, headers});
  }));
};
importScripts("engine.js");
"""
SHELL = Markup("""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{}</title>
<style>html, body, replay-web-page {{ height: 100%; margin: 0; display: block }}</style>
<script src="{}ui.js"></script></head>
<body><replay-web-page source="{}" url="{}" ts="{}" embed="replayonly" replaybase="{}">
</replay-web-page></body></html>""")


class Player:
    """ReplayWeb.page from a folder, for the captures of an archive."""

    def __init__(self, folder: Path) -> None:
        """Take the files of ReplayWeb.page.

        Args:
            folder: of the npm package `replaywebpage`, unpacked.

        Raises:
            UsageError: a file that is needed is not there.
        """
        missing = [name for name in NEEDED if not (folder / name).is_file()]
        if missing:
            raise UsageError(
                f"{folder} has no {', '.join(missing)}; give the folder of the npm package "
                "replaywebpage, unpacked: `npm pack replaywebpage` and `tar xf` make its folder "
                "package."
            )
        self._folder = folder

    def answer(self, archive: Archive, asked: Asked, name: str) -> Answer:
        """The answer to a request below `/scripts/`.

        Args:
            archive: whose captures are shown.
            asked: the request.
            name: its path behind the prefix, decoded.
        """
        if name.startswith("view/"):
            return _shell(archive, name.removeprefix("view/"))
        if match := re.fullmatch(r"record/(.+)\.warc\.gz", name):
            data = b"".join(records(archive, match[1]))
            headers = {**HEADERS, "Content-Length": str(len(data))}  # ReplayWeb.page asks for it
            return Answer(body=data, content_type="application/warc", headers=headers)
        if name == "sw.js":
            body = (WORKER % json.dumps(POLICY)).encode()
            return Answer(body=body, content_type=JAVASCRIPT, headers=HEADERS)
        files = {"": "index.html", "engine.js": "sw.js", "ui.js": "ui.js"}
        if name not in files:
            raise NotHere("There is nothing here.")
        kind = JAVASCRIPT if name else "text/html; charset=utf-8"
        body = (self._folder / files[name]).read_bytes()
        return Answer(body=body, content_type=kind, headers=HEADERS)


def view_address(capture: str) -> str:
    """The address of a captured page with its scripts."""
    return f"{PREFIX}view/{quote(capture, safe='')}"


def _shell(archive: Archive, capture: str) -> Answer:
    row = row_of(archive, capture)
    moment = re.sub(r"\D", "", row.captured_at)[:14]
    source = f"{PREFIX}record/{quote(capture, safe='')}.warc.gz"
    body = SHELL.format(row.url, PREFIX, source, row.url, moment, PREFIX)
    return Answer(body=body.encode("utf-8", "replace"), headers={**HEADERS, **CLEARED})


def records(archive: Archive, capture: str) -> Iterator[bytes]:
    """The records of a page and of all that it names and the archive has, each packed by itself: a
    WARC file. Of a revisit its original too; no more than a page may have."""
    row, body = body_of(archive, capture)
    left, rows = LARGEST, [row]
    rows += [row_of(archive, other) for other in _named(archive, row, body)]
    originals = [row_of(archive, row.refers_to) for row in rows if row.refers_to]
    for each in {row.id: row for row in [*originals, *rows]}.values():
        if each.length <= left:
            left -= each.length
            yield _packed(archive, each)


def _named(archive: Archive, row: CaptureRow, body: bytes) -> Iterator[str]:
    """The captures of what a page loads, its scripts too, and of what its style sheets load."""
    if not is_page(row, body):
        return
    holdings = Holdings(archive, row.captured_at)
    page = page_of(row, body)
    for element, _, href, _ in page.tree.iterlinks():
        url = urljoin(page.base, href)
        if element.tag not in LEADING and url.startswith(("http://", "https://")):
            holdings.capture_of(url)
    for capture in list(holdings.captures):
        yield capture
        style, text = body_of(archive, capture)
        if "css" in (style.content_type or "") and len(text) <= LARGEST_PAGE:
            stylesheet(decode(text, style.content_type or "").text, style.url, holdings)
    yield from holdings.captures


def _packed(archive: Archive, row: CaptureRow) -> bytes:
    """A record as its file has it, packed where it is not."""
    data = member_at(archive.warc_file(row.warc), row.offset, row.length)
    return data if data.startswith(GZIP) else gzip.compress(data, mtime=0)
