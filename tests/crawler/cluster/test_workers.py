"""Three workers on one Redis make what one process makes, whoever of them is killed, and end in order where the Redis is gone."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, rows, validate
from tests.rigs.redis_server import RedisServer
from tests.rigs.workers import (
    Workers,
    addresses,
    alone,
    differences,
    fill,
    logical,
    side_by_side,
    smallest_gaps,
    together,
)
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

pytestmark = pytest.mark.slow
GAP = 0.3
OPTIONS = ("-s", f"DOWNLOAD_DELAY={GAP}")


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that the test may stop."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    yield server
    server.stop()


@pytest.fixture
def workers(
    tmp_path: Path, web: LoopbackWeb, thepaper: ThePaper, own_redis: RedisServer
) -> Iterator[Workers]:
    """Workers that follow all accounts of the stand-in."""
    fill(thepaper, 6, 30, missing=2)
    crew = Workers(tmp_path, web, own_redis, addresses(thepaper), OPTIONS)
    yield crew
    crew.end()


def zhengwen(web: LoopbackWeb, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crawler", *words],
        cwd=ROOT,
        env={**os.environ, **web.environ(), **environ},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_three_workers_of_which_some_are_killed_make_what_one_process_makes(
    workers: Workers, web: LoopbackWeb, thepaper: ThePaper, tmp_path: Path
) -> None:
    single = alone(tmp_path, web, workers.follow, *OPTIONS)
    requests = len(web.log)
    web.forget()
    parts = side_by_side(tmp_path, web, workers.follow, 3, *OPTIONS)
    assert differences(single, together(tmp_path / "parts", parts)) == {}
    gaps = smallest_gaps(web)
    assert len(gaps) == 6 and min(gaps.values()) >= GAP - 0.02, gaps
    web.forget()
    workers.wait_for(3, thepaper)
    for number in range(3):
        workers.start(number)
    workers.kill_along(requests, 4, random.Random(5))
    codes = workers.wait(200)

    merged = workers.merged()
    assert workers.kills >= 3
    assert set(codes) <= {0, 3}, workers.printed()
    assert differences(single, merged) == {}, workers.printed()
    tables = logical(merged)
    assert len(tables["articles"]) == 28 and len(tables["coverage"]) == 6
    assert {row[2] for row in tables["once"]} == {1}
    gaps = smallest_gaps(web)
    assert len(gaps) == 6 and min(gaps.values()) >= GAP - 0.02, gaps
    shares = [len(rows(workers.archive(n), "SELECT id FROM articles")) for n in range(3)]
    assert sum(shares) == 28 and shares.count(0) < 2
    for number in range(3):
        validate(workers.archive(number))
    collection = tmp_path / "collection"
    collection.mkdir()
    shards = [
        f'[[shards]]\nname = "{n}"\npath = "{workers.archive(n)}"\nstate = "open"\n'
        for n in range(3)
    ]
    (collection / "collection.toml").write_text('rule = "{platform}-{year}"\n' + "".join(shards))
    for words in (
        ("--archive", str(collection), "index"),
        ("merge", str(collection), str(tmp_path / "one")),
    ):
        done = zhengwen(web, *words)
        assert done.returncode == 0, done.stderr
    assert differences(single, tmp_path / "one") == {}


def test_what_a_dead_worker_had_goes_to_the_others(
    workers: Workers, web: LoopbackWeb, thepaper: ThePaper
) -> None:
    workers.options += ("-s", "CLUSTER_LEASE=10")
    workers.wait_for(2, thepaper)
    workers.start(0)
    workers.start(1)
    while len(web.requests(path="/newsDetail")) < 6:
        time.sleep(0.02)
    workers.kill(0)
    status = zhengwen(web, "cluster", "status", "--cluster", workers.redis.url, "--json")
    code = workers.running.pop(1).wait(200)

    assert code in (0, 3), workers.printed()
    state = json.loads(status.stdout)
    assert {worker["worker"] for worker in state["workers"]} == {
        (workers.archive(n) / ".worker").read_text().strip() for n in range(2)
    }
    assert state["queues"][0]["accounts"] == 6
    assert "www.thepaper.cn" in {host["host"] for host in state["hosts"]}
    workers.running = {0: workers.running[0], 1: workers.running[0]}
    tables = logical(workers.merged())
    assert len(tables["articles"]) == 28
    after = zhengwen(web, "cluster", "status", ZHENGWEN_CLUSTER=workers.redis.url)
    assert after.returncode == 0, after.stdout
    assert "thepaper: no crawl is going on; 28 articles in all archives" in after.stdout


def test_a_redis_that_goes_and_comes_back_costs_nothing(
    workers: Workers,
    web: LoopbackWeb,
    thepaper: ThePaper,
    own_redis: RedisServer,
    tmp_path: Path,
) -> None:
    single = alone(tmp_path, web, workers.follow, *OPTIONS)
    web.forget()
    workers.wait_for(2, thepaper)
    for number in range(2):
        workers.start(number)
    while len(web.requests(path="/newsDetail")) < 10:
        time.sleep(0.02)
    own_redis.stop()
    assert workers.wait(200) == [1, 1], workers.printed()
    assert workers.printed().count("zhengwen: The Redis at 127.0.0.1:") == 2, workers.printed()
    assert "Traceback" not in workers.printed()
    for number in range(2):
        validate(workers.archive(number))

    own_redis.start()
    for number in range(2):
        workers.start(number)
    assert set(workers.wait(200)) <= {0, 3}, workers.printed()
    assert differences(single, workers.merged()) == {}


SENTENCES = {
    "nobody there": ("redis://127.0.0.1:1/0", 1, "The Redis at 127.0.0.1:1/0 does not answer"),
    "another protocol": ("http://queue.example", 2, "That is no address of a Redis"),
    "no address": ("queue.example", 2, "That is no address of a Redis"),
    "a database that is none": ("redis://127.0.0.1:1/first?protocol=9x", 2, "cannot be read"),
    "no socket": ("unix:///nowhere/redis.sock", 1, "The Redis at unix:///nowhere/redis.sock"),
    "a password": ("redis://:secret@127.0.0.1:1/0", 1, "The Redis at 127.0.0.1:1/0"),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_a_redis_that_is_not_there_is_one_sentence(
    case: str, web: LoopbackWeb, archive_dir: Path
) -> None:
    address, code, sentence = SENTENCES[case]
    commands = (
        ("--archive", str(archive_dir), "crawl", "https://www.thepaper.cn/gov_44871"),
        ("cluster", "status"),
    )
    for words in commands:
        done = zhengwen(web, *words, "--cluster", address)

        assert done.returncode == code, done.stderr
        assert sentence in done.stderr and done.stderr.count("\n") == 1
        assert "Traceback" not in done.stderr and "secret" not in done.stderr
    assert not web.log


def test_one_machine_needs_no_library_of_a_cluster(
    tmp_path: Path, web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path
) -> None:
    fill(thepaper, 1, 2)
    for name in ("redis", "scrapy_redis"):
        (tmp_path / "without" / name).mkdir(parents=True)
        (tmp_path / "without" / name / "__init__.py").write_text("raise ImportError('not here')\n")
    words = ("--archive", str(archive_dir), "crawl", *addresses(thepaper), "-s", "DOWNLOAD_DELAY=0")
    without = {"PYTHONPATH": str(tmp_path / "without")}

    done = zhengwen(web, *words, **without)
    assert done.returncode == 0, done.stderr
    assert rows(archive_dir, "SELECT count(*) n FROM articles") == [{"n": 2}]
    done = zhengwen(web, *words, "--cluster", "redis://127.0.0.1:1/0", **without)
    assert done.returncode == 2
    assert "pip install 'zhengwen[cluster]'" in done.stderr
