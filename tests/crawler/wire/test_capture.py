"""Every exchange is in the WARC byte for byte as sent and received, whatever the server does, over http and https."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.warc.digests import digest
from archive.warc.reader import Record, records
from tests.conftest import ROOT, check, installed
from tests.rigs.awkward import CASES, Awkward, sized
from tests.standin.web import LoopbackWeb, Reply

Crawl = Callable[..., dict[str, Any]]
HOST = "https://awkward.example"


@pytest.fixture
def crawl(web: LoopbackWeb, tmp_path: Path) -> Crawl:
    """A bare crawl of these requests in a process of its own; gives its recorder's report."""
    web.sites["awkward.example"] = Awkward()
    web.sites["127.0.0.1"] = web.sites["awkward.example"]

    def run(asks: list[dict[str, Any]], proxied: bool = True, **settings: object) -> dict[str, Any]:
        words = [str(tmp_path), json.dumps(asks), json.dumps(settings)]
        environ = {**os.environ, **(web.environ() if proxied else {})}
        subprocess.run(
            [sys.executable, "-m", "tests.rigs.plain_crawl", *words],
            cwd=ROOT,
            env=environ,
            check=True,
            timeout=120,
        )
        report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
        return report

    return run


def stored_records(folder: Path) -> dict[str, list[tuple[Record, bytes]]]:
    """The records of all files by type, in order, with their blocks."""
    by_type: dict[str, list[tuple[Record, bytes]]] = defaultdict(list)
    for path in sorted(folder.glob("*.warc.gz")):
        for record in records(path):
            by_type[record.type].append((record, record.read()))
    return by_type


def by_name(exchanges: list[tuple[Record, bytes]]) -> dict[str, list[tuple[Record, bytes]]]:
    named: dict[str, list[tuple[Record, bytes]]] = defaultdict(list)
    for record, block in exchanges:
        named[record.url.rpartition("/")[2]].append((record, block))
    return named


@pytest.mark.parametrize("base", [HOST, "http://awkward.example", "direct"])
def test_every_exchange_is_stored_as_it_went_over_the_wire(
    base: str, web: LoopbackWeb, crawl: Crawl, tmp_path: Path
) -> None:
    direct = base == "direct"
    base = web.address if direct else base

    crawl([{"url": f"{base}/{name}"} for name in CASES], proxied=not direct)

    stored = stored_records(tmp_path)
    responses, notes = (
        by_name(stored["response"]),
        {record.concurrent_to: block for record, block in stored["metadata"]},
    )
    for name, case in CASES.items():
        record, block = responses[name][0]
        assert block == case.block, name
        assert record.headers.get("WARC-Truncated") == case.truncated, name
        if case.evidence:
            assert json.loads(notes[record.id])[case.evidence[0]] == case.evidence[1]
        assert record.headers.get("WARC-IP-Address") == ("127.0.0.1" if direct else None)
    assert len(responses["plain"]) == 2  # asked for, and led to by `moved`
    assert sorted(block for _, block in stored["request"]) == sorted(
        request.raw for request in web.log
    )
    assert (
        len(stored["request"])
        == len(stored["response"])
        == len(stored["metadata"])
        == len(CASES) + 1
    )


def test_tls_is_recorded(web: LoopbackWeb, crawl: Crawl, tmp_path: Path) -> None:
    crawl([{"url": f"{HOST}/plain"}])

    ((record, _),) = stored_records(tmp_path)["response"]
    assert record.headers.get("WARC-Protocol") == "tls/1.3"
    assert (record.headers.get("WARC-Cipher-Suite") or "").startswith("TLS_AES_")


def test_methods_retries_and_redirects(web: LoopbackWeb, crawl: Crawl, tmp_path: Path) -> None:
    asks = [
        {"url": f"{HOST}/head", "method": "HEAD"},
        {"url": f"{HOST}/echo", "method": "POST", "body": '{"pphId":1}'},
        {"url": f"{HOST}/busy"},
    ]

    crawl(asks)

    named = by_name(stored_records(tmp_path)["response"])
    assert named["head"][0][1].endswith(b"Content-Length: 4711\r\n\r\n")
    assert named["echo"][0][1].endswith(b'got {"pphId":1}')
    assert [block[9:12] for _, block in named["busy"]] == [b"429", b"200"]
    posted = next(
        block
        for record, block in stored_records(tmp_path)["request"]
        if record.url.endswith("echo")
    )
    assert posted.startswith(b"POST /echo HTTP/1.1\r\n") and posted.endswith(b'\r\n\r\n{"pphId":1}')


def test_validators_find_nothing_but_a_false_alarm(crawl: Crawl, tmp_path: Path) -> None:
    crawl([{"url": f"{HOST}/{name}"} for name in CASES])

    (file,) = map(str, tmp_path.glob("*.warc.gz"))
    check("gzip", "-t", file)
    check(installed("warcio"), "check", file)
    # fastwarc takes a head of bare LF for one without end; the block digest, which it checks too, is right.
    check(installed("fastwarc"), "check", file)


def test_chunks_stay_in_the_block_on_request(crawl: Crawl, tmp_path: Path) -> None:
    crawl([{"url": f"{HOST}/chunk-extensions"}], KEEP=True)

    ((record, block),) = stored_records(tmp_path)["response"]
    assert block == CASES["chunk-extensions"].wire
    assert record.headers.get("WARC-Payload-Digest") == digest(b"hello0123456789")


CLOSING = {
    "HTTP/1.0": sized(b"x", status=b"HTTP/1.0 200 OK\r\n"),
    "close": sized(b"x", b"Connection: close"),
    "Close": sized(b"x", b"Connection: Close"),
    "a list": sized(b"x", b"Connection: Keep-Alive, close"),
    "two fields": sized(b"x", b"Connection: keep-alive", b"Connection: CLOSE"),
    "bytes behind the end": sized(b"x") + b"and more",
}


@pytest.mark.parametrize("name", CLOSING)
def test_a_connection_that_the_server_ends_is_not_used_again(
    web: LoopbackWeb, crawl: Crawl, tmp_path: Path, name: str
) -> None:
    web.sites["awkward.example"] = lambda _: Reply(raw=CLOSING[name], close=True, linger=0.3)

    report = crawl(
        [{"url": f"{HOST}/{number}"} for number in range(3)], CONCURRENT_REQUESTS_PER_DOMAIN=1
    )

    assert report["failures"] == []
    assert len(stored_records(tmp_path)["response"]) == 3


def test_a_connection_of_http_1_0_that_is_kept_is_used_again(
    web: LoopbackWeb, crawl: Crawl, tmp_path: Path
) -> None:
    answer = sized(b"x", b"Connection: Keep-Alive", status=b"HTTP/1.0 200 OK\r\n")
    web.sites["awkward.example"] = lambda _: Reply(raw=answer)

    crawl([{"url": f"http://awkward.example/{number}"} for number in range(64)])

    # eight are open at once; a request may begin before the last answer's connection is free
    assert web.connections <= 32


def test_a_refused_connection_is_reported_and_writes_no_exchange(
    web: LoopbackWeb, crawl: Crawl, tmp_path: Path
) -> None:
    report = crawl([{"url": "https://nowhere.example/"}, {"url": f"{HOST}/plain"}])

    assert [line.split()[0] for line in report["failures"]] == ["https://nowhere.example/"]
    assert len(stored_records(tmp_path)["response"]) == 1


def test_an_answer_that_takes_too_long_is_reported(crawl: Crawl, tmp_path: Path) -> None:
    report = crawl([{"url": f"{HOST}/slow"}], DOWNLOAD_TIMEOUT=1)

    assert report["failures"] == [f"{HOST}/slow DownloadTimeoutError"]


def test_an_answer_over_the_size_limit_is_cut_and_marked(crawl: Crawl, tmp_path: Path) -> None:
    crawl([{"url": f"{HOST}/big3"}], DOWNLOAD_MAXSIZE=100_000)

    ((record, block),) = stored_records(tmp_path)["response"]
    assert record.headers.get("WARC-Truncated") == "length"
    assert block.startswith(b"HTTP/1.1 200 OK\r\n") and len(block) < 3 * 2**20


def test_a_large_body_goes_past_scrapy_into_the_record(crawl: Crawl, tmp_path: Path) -> None:
    crawl([{"url": f"{HOST}/big5", "discards": True}])

    ((_, block),) = stored_records(tmp_path)["response"]
    assert block == sized(5 * b"0123456789abcdef" * 65536, b"X-Name: big5")


def test_many_exchanges_at_once_never_mix(web: LoopbackWeb, crawl: Crawl, tmp_path: Path) -> None:
    asks = [
        {"url": f"{HOST}/echo?{number}", "method": "POST", "body": f"number {number}"}
        for number in range(200)
    ]

    crawl(asks, CONCURRENT_REQUESTS_PER_DOMAIN=16)

    stored = stored_records(tmp_path)
    for (response, answer), (_, question) in zip(
        stored["response"], stored["request"], strict=True
    ):
        number = response.url.partition("?")[2]
        assert answer.endswith(f"got number {number}".encode())
        assert question.endswith(f"\r\n\r\nnumber {number}".encode())


def test_memory_stays_flat_over_large_bodies(crawl: Crawl, tmp_path: Path) -> None:
    few = crawl([{"url": f"{HOST}/big1", "discards": True}])["rss"]
    for path in tmp_path.glob("*.warc.gz"):
        path.unlink()

    many = crawl([{"url": f"{HOST}/big10?{n}", "discards": True} for n in range(30)])["rss"]

    assert many - few < 64 * 2**20
    assert len(stored_records(tmp_path)["response"]) == 30


def test_a_crawl_without_a_recorder_does_not_run(web: LoopbackWeb, tmp_path: Path) -> None:
    words = [str(tmp_path), json.dumps([{"url": f"{HOST}/plain"}]), json.dumps({"EXTENSIONS": {}})]
    environ = {**os.environ, **web.environ()}

    subprocess.run(
        [sys.executable, "-m", "tests.rigs.plain_crawl", *words], cwd=ROOT, env=environ, timeout=180
    )

    assert web.log == []
