"""Files that recording proxies made, warcprox and pywb's recorder, of a site on loopback: plain and gzip pages, chunks, a picture, a page that repeats, an answer that broke off."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from click.testing import CliRunner, Result
from fastwarc.warc import ArchiveIterator

from archive.cli.main import cli
from tests.conftest import apart, rows
from tests.rigs import web_archives as forms
from tests.rigs.serving import PATIENCE, Serving, serve, until
from tests.standin.pages import Story, next_page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SITE = "http://www.thepaper.cn"
IDS = {
    "plain": 5_701_001,
    "gzip": 5_701_002,
    "chunked": 5_701_003,
    "again": 5_701_004,
    "cut": 5_701_005,
}
PAGES = {
    f"/newsDetail_forward_{number}": (
        kind, next_page(Story(number, f"第{number}号通告", ["全县防汛工作会议召开。" * 40]))
    )
    for kind, number in IDS.items()
}  # fmt: skip
CUT, AGAIN = (f"/newsDetail_forward_{IDS[kind]}" for kind in ("cut", "again"))
PICTURE = "/image/1.png"
# Both programs fetch from the address of the name; this gives them that of the site of the test.
SITECUSTOMIZE = """
import _socket
real = _socket.getaddrinfo
def getaddrinfo(host, port, *words, **options):
    name = host.decode() if isinstance(host, bytes) else host
    if name and name.endswith("thepaper.cn"):
        host, port = "127.0.0.2", {port}
    return real(host, port, *words, **options)
_socket.getaddrinfo = getaddrinfo
"""


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body = PAGES.get(self.path, ("picture", forms.PICTURE))
        self.send_response(200)
        is_page = kind != "picture"
        self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else "image/png")
        if kind == "gzip":
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if kind == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%b\r\n7\r\n<!--x--\r\n1\r\n>\r\n0\r\n\r\n" % (len(body), body)
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 3] if kind == "cut" else body)
        self.close_connection = kind == "cut"

    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def site(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a program that is to fetch from a site on loopback."""
    server = ThreadingHTTPServer(("127.0.0.2", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE.format(port=server.server_port))
    try:
        yield {**os.environ, "PYTHONPATH": str(folder), "no_proxy": "", "NO_PROXY": ""}
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Recorder:
    """A recording program that runs, with the files that it writes."""

    serving: Serving
    files: Path
    address: Callable[[str], str]  # where a page is fetched
    proxy: str
    keeps_broken: bool

    def records(self, url: str) -> int:
        """How many records of an address are in the files by now: two of each exchange."""
        line = f"\r\nWARC-Target-URI: {url}\r\n".encode()
        return sum(_as_far_as_written(file).count(line) for file in self.files.glob("*"))

    def fetch(self, path: str) -> None:
        """Fetch a page. Only the one that breaks off may end in an error."""
        opener = build_opener(ProxyHandler({"http": self.proxy} if self.proxy else {}))
        errors = (OSError, HTTPException) if path == CUT else ()
        with suppress(*errors), opener.open(self.address(path), timeout=PATIENCE) as answer:
            answer.read()

    def record(self, path: str) -> None:
        """Fetch a page, and wait until its exchange is written."""
        wanted = self.records(SITE + path) + 2
        self.fetch(path)
        if path != CUT or self.keeps_broken:
            until(lambda: self.records(SITE + path) >= wanted, lambda: f"{path} is not written")

    def prove_ready(self) -> None:
        """Fetch the picture until it is written. warcprox answers before it has made its table of
        digests, and of what it fetches till then it writes nothing ("no such table: dedup")."""
        for _ in range(60):
            self.fetch(PICTURE)
            with suppress(AssertionError):
                until(lambda: self.records(SITE + PICTURE) >= 2, str, seconds=2)
                return
        raise AssertionError("nothing is recorded")


def _as_far_as_written(file: Path) -> bytes:
    """The records of a file that is still written; what is half written of a compressed one is left out."""
    data = file.read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    complete = b""
    while data:
        member = zlib.decompressobj(31)
        block = member.decompress(data)
        if not member.eof:
            break
        complete, data = complete + block, member.unused_data
    return complete


def record_all(recorder: Recorder) -> list[Path]:
    """Fetch each page once, one of them twice more, and end the program; gives its files."""
    try:
        recorder.prove_ready()
        for path in [*PAGES, AGAIN, AGAIN]:
            recorder.record(path)
    except BaseException as error:
        error.add_note(recorder.serving.printed())
        raise
    finally:
        recorder.serving.end()
    print(recorder.serving.printed())  # shown when the test fails
    return sorted(recorder.files.iterdir())


def by_warcprox(folder: Path, *options: str) -> list[Path]:
    program = apart("warcprox", "warcprox")
    with site(folder) as environ:
        serving = serve(
            lambda port: [program, "-p", str(port), "-d", "made", "-j", "dedup.db", *options],
            lambda port: json.loads(got(f"http://127.0.0.1:{port}/status"))["role"] == "warcprox",
            folder / "program.log",
            cwd=folder,
            environ=environ,
        )
        proxy = f"http://127.0.0.1:{serving.port}"
        files = record_all(
            Recorder(serving, folder / "made", lambda path: SITE + path, proxy, True)
        )
    assert not [file for file in files if file.suffix == ".open"], serving.printed()
    return files


def by_pywb(folder: Path, *, is_proxy: bool) -> list[Path]:
    programs = Path(apart("wayback", "pywb")).parent
    subprocess.run([programs / "wb-manager", "init", "made"], cwd=folder, check=True)
    (folder / "config.yaml").write_text("recorder: live\ncollections:\n  live: $live\n")
    options = ["--proxy", "made", "--proxy-record"] if is_proxy else ["--record"]
    words = [str(programs / "wayback"), "-b", "127.0.0.1", "--live", *options, "-p"]
    with site(folder) as environ:
        serving = serve(
            lambda port: [*words, str(port)],
            lambda port: b"pywb" in got(f"http://127.0.0.1:{port}/").lower(),
            folder / "program.log",
            cwd=folder,
            environ=environ,
        )
        base = f"http://127.0.0.1:{serving.port}"
        files, inside = (
            folder / "collections" / "made" / "archive",
            f"{base}/made/record/id_/{SITE}",
        )
        address, proxy = (SITE, base) if is_proxy else (inside, "")
        return record_all(Recorder(serving, files, lambda path: address + path, proxy, False))


def got(url: str) -> bytes:
    """What a program answers that is not asked as a proxy."""
    with build_opener(ProxyHandler({})).open(url, timeout=PATIENCE) as answer:
        return bytes(answer.read())


MAKERS: dict[str, Callable[[Path], list[Path]]] = {
    "warcprox": by_warcprox,
    "warcprox, gzip and SHA-256": lambda folder: by_warcprox(folder, "-z", "-g", "sha256"),
    "pywb": lambda folder: by_pywb(folder, is_proxy=False),
    "pywb as a proxy": lambda folder: by_pywb(folder, is_proxy=True),
}


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def blocks(data: bytes) -> list[tuple[str | None, bytes]]:
    """Id and block of each answer, by a reader that is not ours."""
    records = ArchiveIterator(io.BytesIO(data), parse_http=False)
    return [
        (record.headers.get("WARC-Record-ID"), record.reader.read())
        for record in records
        if record.headers.get("WARC-Type") in ("response", "revisit", "request")
    ]


@pytest.mark.parametrize("maker", MAKERS)
def test_what_a_recording_proxy_makes_is_taken_in_and_handed_over(
    maker: str, tmp_path: Path
) -> None:
    files = MAKERS[maker](tmp_path)
    archive = tmp_path / "archive"
    archive.mkdir()

    done = run(archive, "import", *map(str, files))

    assert done.exit_code == 0, done.output
    given = [each for file in files for each in blocks(file.read_bytes())]
    copies = sorted((archive / "warc").glob("*.warc.gz"))
    assert sorted(each for file in copies for each in blocks(file.read_bytes())) == sorted(given)
    articles = {f"thepaper-{number}" for kind, number in IDS.items() if kind != "cut"}
    assert {row["id"] for row in rows(archive, "SELECT id FROM articles")} == articles
    assert len(rows(archive, "SELECT * FROM versions")) == len(articles)
    assert not rows(archive, "SELECT * FROM withdrawals")
    again = f"SELECT outcome FROM captures WHERE article_id = 'thepaper-{IDS['again']}'"
    outcomes = [row["outcome"] for row in rows(archive, again)]
    assert len(outcomes) == 3 and set(outcomes) <= {"article", "unchanged"}
    if maker.startswith("warcprox"):
        assert outcomes.count("unchanged") == 2
    cut = f"SELECT reason FROM captures WHERE article_id = 'thepaper-{IDS['cut']}'"
    reasons = [row["reason"] for row in rows(archive, cut)]  # pywb keeps nothing of such an answer
    assert reasons == (["truncated-content-length"] if maker.startswith("warcprox") else [])
    for article in articles:
        assert article in run(archive, "search", "防汛工作会议").stdout
        assert "防汛工作会议" in run(archive, "show", article).stdout
    verified = run(archive, "verify")
    assert (verified.exit_code, verified.stdout) == (0, "")
    package = tmp_path / "package"
    exported = run(archive, "export", str(package), "--query", "防汛工作会议")
    assert exported.exit_code == 0, exported.output
    assert run(archive, "verify", "--package", str(package)).exit_code == 0
