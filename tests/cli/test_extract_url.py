"""`zhengwen extract URL` asks as a crawl does, and whatever a server answers ends in an article or in one sentence."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.conftest import ROOT, Program
from tests.crawler.wire.test_certificates import issued
from tests.rigs.internet import Internet
from tests.rigs.warm import WarmPrograms
from tests.standin.web import LoopbackWeb, Reply
from tests.standin.worlds import BODY, TEXT, TITLE

Answer = Callable[[socket.socket, str], None]
Extract = Callable[..., "CompletedProcess[str]"]
PAGE = f"<html><body><h1>{TITLE}</h1><div class='TRS_Editor'>{BODY}</div></body></html>".encode()
ROBOTS = b"User-agent: *\nAllow: /\n"


def reply(status: str, body: bytes = b"", **headers: str) -> bytes:
    fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body


def site(page: bytes, robots: bytes = reply("200 OK", ROBOTS)) -> Answer:
    """A server that answers with these bytes and closes the connection."""
    return lambda connection, path: connection.sendall(robots if path == "/robots.txt" else page)


def moved(place: str) -> Answer:
    return site(reply("302 Found", Location=place))


def drop_by_drop(begin: bytes, drop: bytes, pause: float) -> Answer:
    def answer(connection: socket.socket, path: str) -> None:
        connection.sendall(reply("200 OK", ROBOTS) if path == "/robots.txt" else begin)
        while path != "/robots.txt":
            connection.sendall(drop)
            time.sleep(pause)

    return answer


HTML = "Content-Type: text/html\r\n"
SERVERS: dict[str, tuple[Answer, str]] = {
    "cut-body": (site(reply("200 OK", PAGE)[:-200]), "cut short"),
    "cut-chunk": (site(f"HTTP/1.1 200 OK\r\n{HTML}Transfer-Encoding: chunked\r\n\r\nffff\r\n".encode() + PAGE), "cut short"),
    "cut-gzip": (site(reply("200 OK", gzip.compress(PAGE)[:-1], Content_Encoding="gzip")), "cut short"),
    "cut-gzip-chunk": (site(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\na\r\n" + gzip.compress(PAGE)[:10] + b"\r\n0\r\n\r\n"), ""),
    "bomb": (site(reply("200 OK", gzip.compress(bytes(70 * 2**20)), Content_Encoding="gzip")), "decompress"),
    "forbidden": (site(reply("200 OK", PAGE), reply("200 OK", b"User-agent: *\nDisallow: /\n")), "robots.txt"),
    "forbidden-bom": (site(reply("200 OK", PAGE), reply("200 OK", b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n")), "robots.txt"),
    "robots-error": (site(reply("200 OK", PAGE), reply("503 Busy")), "out of order (its robots.txt"),
    "robots-inside": (site(reply("200 OK", PAGE), reply("302 Found", Location="http://10.0.0.1/robots.txt")), "ALLOW_NETWORKS"),
    "inside": (moved("http://127.0.0.2/"), "ALLOW_NETWORKS"),
    "inside-number": (moved("//0x7f.2/"), "ALLOW_NETWORKS"),
    "other-port": (moved("http://www.gov.example:6379/"), "6379"),
    "ftp": (moved("ftp://127.0.0.2/x"), "302"),
    "file": (moved("file:///etc/passwd"), "302"),
    "data": (moved("data:text/html,<h1>x</h1>"), "302"),
    "loop": (moved("/page"), "circle"),
    "slow": (drop_by_drop(reply("200 OK", PAGE)[:90], b"x", 1), "no answer within"),
    "endless-head": (drop_by_drop(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", 0.05), ""),
    "closed": (site(b""), "connection broke"),
    "no-http": (site(b"\x00\x01 hello\r\n\r\n<html>"), "begins with"),
    "http09": (site(PAGE), "not HTTP"),
    "missing": (site(reply("404 Not Found", PAGE)), "404"),
    "nothing": (site(reply("200 OK")), "empty"),
}  # fmt: skip


class Servers:
    """All of them behind one proxy on loopback, each at a host of its name."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.asked: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            head = connection.recv(65_536)
            url = head.split(b" ")[1].decode()
            self.asked.append(url)
            host, _, path = url.removeprefix("http://").partition("/")
            answer, _ = SERVERS[host.partition(".")[0]]
            answer(connection, f"/{path}")
            connection.shutdown(socket.SHUT_WR)


@pytest.fixture
def servers() -> Iterator[Servers]:
    behind = Servers()
    yield behind
    behind.listener.close()


@pytest.fixture
def extract(servers: Servers, warm_programs: WarmPrograms, tmp_path: Path) -> Extract:
    """`zhengwen extract URL`, with the servers as its Internet."""

    def run(*words: str) -> CompletedProcess[str]:
        environ = {**os.environ, "http_proxy": servers.address, "no_proxy": "", "NO_PROXY": ""}
        command = ["extract", *words, "-s", "DOWNLOAD_DELAY=0", "-s", f"HOST_STATE_DIR={tmp_path}"]
        return warm_programs.run(command, environ, ROOT, timeout=180)

    return run


@pytest.mark.parametrize("kind", SERVERS)
def test_a_hostile_server_ends_in_one_sentence(
    kind: str, servers: Servers, extract: Extract
) -> None:
    begun = time.monotonic()
    done = extract(f"http://{kind}.gov.example/page", "-s", "DOWNLOAD_TIMEOUT=3")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("zhengwen: ")
    assert done.stderr.count("\n") == 1
    assert SERVERS[kind][1] in done.stderr
    assert time.monotonic() - begun < 60
    assert all(f"//{kind}.gov.example/" in url for url in servers.asked)


@pytest.mark.parametrize(
    ("names", "problem"), [(["*"], "no name"), (["www.gov.example"], "for other hosts")]
)
def test_a_server_with_another_name_is_not_believed(
    names: list[str], problem: str, web: LoopbackWeb, zhengwen: Program, tmp_path: Path
) -> None:
    web.sites["page.gov.example"] = lambda request: Reply(body=PAGE)
    web.contexts["page.gov.example"] = issued(web.authority, names, tmp_path)[1]

    done = zhengwen("extract", "https://page.gov.example/1.html", check=1)

    assert problem in done.stderr
    assert done.stderr.count("\n") == 1
    assert web.log == []


def test_a_page_of_a_private_network_is_read_once_the_operator_names_it(
    web: LoopbackWeb, tmp_path: Path
) -> None:
    web.sites["intranet.gov.example"] = lambda request: Reply(
        body=ROBOTS if request.path == "/robots.txt" else PAGE
    )
    port = int(web.address.rpartition(":")[2])
    internet = Internet(tmp_path, {"intranet.gov.example": [["10.1.1.1"]]}, {0: port})
    words = ("extract", "http://intranet.gov.example:8080/1.html", "-s", "DOWNLOAD_DELAY=0")
    environ = {"XDG_STATE_HOME": str(tmp_path)}

    refused = internet.run(*words, environ=environ)
    assert (refused.returncode, internet.connections) == (1, [])
    assert "10.1.1.1" in refused.stderr
    assert "ALLOW_NETWORKS" in refused.stderr

    read = internet.run(*words, "-s", "ALLOW_NETWORKS=10.1.0.0/16", environ=environ)
    assert json.loads(read.stdout)["text"] == TEXT
    assert set(internet.connections) == {("10.1.1.1", 8080)}


@pytest.mark.parametrize(
    "setting", ["ALLOW_NETWORKS=10.1", "ALLOW_NETWORKS", "MAX_TIME=x", "CONTACT=(a)"]
)
def test_a_wrong_setting_is_wrong_usage(setting: str, extract: Extract) -> None:
    done = extract("http://closed.gov.example/page", "-s", setting)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(("names", "code"), [(["*.gov.example"], 0), (["*.*.example"], 1)])
def test_without_a_proxy_certificates_are_compared_too(
    names: list[str], code: int, web: LoopbackWeb, tmp_path: Path
) -> None:
    context, requests = issued(web.authority, names, tmp_path)[1], []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with contextlib.suppress(OSError), context.wrap_socket(plain, True) as connection:
                    requests.append(connection.recv(65_536).split(b" ")[1])
                    page = ROBOTS if requests[-1] == b"/robots.txt" else PAGE
                    connection.sendall(reply("200 OK", page, Connection="close"))

    threading.Thread(target=serve, daemon=True).start()
    names_of_hosts = {"page.gov.example": [["2400:3200::1", "93.184.215.14"]]}
    internet = Internet(tmp_path, names_of_hosts, {0: listener.getsockname()[1]})
    environ = {"XDG_STATE_HOME": str(tmp_path), "SSL_CERT_FILE": str(web.certificate)}

    done = internet.run(
        "extract", "https://page.gov.example/1.html", "-s", "DOWNLOAD_DELAY=0", environ=environ
    )
    listener.close()

    assert done.returncode == code, done.stderr
    assert requests == ([b"/robots.txt", b"/1.html"] if code == 0 else [])
    assert {port for _, port in internet.connections} == {443}
