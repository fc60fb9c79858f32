"""Answers that drip: each ends when its time is over, in whatever part of it a server is slow."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.warc.reader import records
from tests.conftest import ROOT

TIMEOUT = 2
LATE = b"HTTP/1.1 103 Early Hints\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PARTS = {  # by path: what is sent at once, what then drips, and whether there is an answer to store
    "/silent": (b"", b"", False),
    "/status": (b"", b"HTTP/1.1 " + b" " * 999, False),
    "/field": (OK + b"X: ", b"a" * 99, True),
    "/interim": (LATE, b"HTTP/1.1 " + b" " * 999, False),
    "/body": (OK + b"Content-Length: 999\r\n\r\n", b"a" * 999, True),
    "/endless": (OK + b"\r\n", b"a" * 999, True),
    "/chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n", b"a" * 999, True),
    "/chunk-size": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 999, True),
    "/trailer": (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"a" * 999, True),
}


@pytest.fixture
def address() -> Iterator[str]:
    """A server that sends some parts of its answers a byte at a time."""
    listener, ended = socket.create_server(("127.0.0.1", 0), backlog=32), threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            path = connection.recv(65_536).split(b" ")[1].decode()
            at_once, dripping, _ = PARTS[path]
            connection.sendall(at_once)
            for byte in dripping:
                if ended.wait(0.1):
                    return
                connection.sendall(bytes([byte]))
            ended.wait(30)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=listener.accept()[:1], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    ended.set()
    listener.close()


@pytest.mark.e2e
def test_no_answer_takes_longer_than_its_time(address: str, tmp_path: Path) -> None:
    settings = {"DOWNLOAD_TIMEOUT": TIMEOUT, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
    asks = [{"url": address + path} for path in PARTS]
    environ = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    begun = time.monotonic()

    subprocess.run(
        [sys.executable, "-m", "tests.rigs.plain_crawl", tmp_path, json.dumps(asks),
         json.dumps(settings)],
        cwd=ROOT, env=environ, check=True, timeout=180,
    )  # fmt: skip

    assert time.monotonic() - begun < 30, "the slowest would take more than a minute"
    stored = {
        record.url.removeprefix(address): record.headers.get("WARC-Truncated")
        for path in tmp_path.glob("*.warc.gz")
        for record in records(path)
        if record.type == "response"
    }
    assert stored == {path: "time" for path, (_, _, is_stored) in PARTS.items() if is_stored}
    failures = json.loads((tmp_path / "report.json").read_text())["failures"]
    assert sorted(failures) == sorted(
        f"{address}{path} DownloadTimeoutError"
        for path, (_, _, is_stored) in PARTS.items()
        if not is_stored
    )
