"""Broken bytes in the place of pages, listings and profiles: an article, links or a `failure`, never an exception.

`ZHENGWEN_FUZZ=10000 python -m pytest tests/test_fuzz.py` is the job for the night; the suite takes fewer.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import extract
from archive.index.exchanges import Exchanges, Recorded
from archive.index.observing import observe
from archive.model import Article, Failure
from archive.platforms import load
from archive.warc import http
from tests.conftest import ROOT
from tests.fixtures import FOLDER
from tests.rigs.handmade import CASES

LIMIT_SECONDS, LIMIT_MB = 5.0, 500
NUMBER = int(os.environ.get("ZHENGWEN_FUZZ", "1200"))

PIECES = [
    b"<",
    b">",
    b"</",
    b"<div>",
    b"</div>",
    b"<p>",
    b"<!--",
    b"-->",
    b"<script>",
    b"</script>",
    b"</html>",
    b"</body>",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"&#0;",
    b"&#xd800;",
    b"&",
    b"<table>",
    b"<td>",
    b"<tr>",
    b"\xef\xbb\xbf",
    b"<meta charset=utf-16>",
    b"<meta charset=gbk>",
    b"<svg>",
    b"<math>",
    b"<template>",
    b"<title>",
    b"<h1>",
    "字".encode(),
    "字".encode("gb18030"),
    b"=",
    b'"',
    b"'",
]


def mutations(source: bytes, rnd: random.Random) -> Iterator[bytes]:
    """A page with pieces cut, doubled, moved and put in."""
    while True:
        data = bytearray(source)
        for _ in range(rnd.randint(1, 12)):
            start = rnd.randrange(len(data) + 1)
            end = min(len(data), start + rnd.randrange(60))
            choice = rnd.randrange(4)
            if choice == 0:
                del data[start:end]
            elif choice == 1:
                data[start:start] = rnd.choice(PIECES) * rnd.choice([1, 1, 1, 50])
            elif choice == 2:
                data[start:start] = data[end : end + 200]
            else:
                data[start:end] = rnd.randbytes(end - start)
        yield bytes(data)


def sources(shared: Path | None) -> list[tuple[bytes, str]]:
    """Pages to mutate: our own, and real ones where they lie next to the checkout."""
    own = [(case.html.encode(case.encoding), case.url) for case in CASES.values()]
    real = sorted((shared / "eval").rglob("*.html"))[:60] if shared else []
    return own + [
        (
            path.read_bytes()[:60_000],
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"
            if "wechat" in str(path)
            else "http://www.yunxi.example/",
        )
        for path in real
    ]


@pytest.mark.slow
@pytest.mark.timeout(max(300, NUMBER))
def test_malformed_pages_give_an_article_or_a_failure() -> None:
    material = ROOT.parent / "shared"
    pages = sources(material if material.is_dir() else None)
    rnd = random.Random(5)
    makers = [(mutations(body, rnd), url) for body, url in pages]
    before = psutil.Process().memory_info().rss
    for count in range(NUMBER):
        maker, url = makers[count % len(makers)]
        data = rnd.randbytes(rnd.randrange(3000)) if count % 10 == 9 else next(maker)
        begun = time.process_time()
        assert isinstance(extract(data, url), Article | Failure)
        assert time.process_time() - begun < LIMIT_SECONDS
    assert (psutil.Process().memory_info().rss - before) / 2**20 < LIMIT_MB


@given(st.binary(max_size=2000) | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_give_an_article_or_a_failure(data: bytes) -> None:
    assert isinstance(extract(data, "http://www.yunxi.example/"), Article | Failure)


def recorded() -> list[Recorded]:
    """The listings, profiles and articles of every platform's fixtures."""
    exchanges = [
        exchange
        for path in sorted(FOLDER.glob("*/*/capture.warc.gz"))
        for exchange in Exchanges(path)
    ]
    return [
        exchange
        for exchange in exchanges
        if exchange.facts.get("role") in ("listing", "profile", "article")
        and not exchange.refers_to
    ]


@pytest.mark.timeout(max(300, NUMBER))
def test_malformed_answers_of_every_platform_give_rows() -> None:
    rnd = random.Random(7)
    for exchange in recorded():
        head, body = http.split(exchange.block)
        start = exchange.block[: len(exchange.block) - len(body)]
        plain = http.decode_content(
            http.dechunk(body).body if head.is_chunked else body, head.get("Content-Encoding") or ""
        )
        bare = b"\r\n".join(
            line
            for line in start.split(b"\r\n")
            if not line.lower().startswith((b"content-encoding", b"transfer-enc"))
        )
        maker = mutations(plain, rnd)
        for _ in range(max(8, NUMBER // 100)):
            rows = observe(replace(exchange, block=bare + next(maker)), load(), "x")
            assert rows.capture.id == exchange.record_id
