"""A crawl of a collection that is killed at any point loses nothing: readers get an answer or a sentence, and the next crawl goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.collection.description import read
from archive.collection.joined import path_of
from tests.collection.test_writing import ARTICLES, VERSIONS, stories
from tests.conftest import ACCOUNT, FAST, ROOT, Program, rows
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OTHER = "https://www.thepaper.cn/gov_55555"
KILLED = """
import importlib, os, signal, sys
module, name, number, when, *words = sys.argv[1:]
of = importlib.import_module(module)
*path, name = name.split(".")
for part in path:
    of = getattr(of, part)
real, calls = getattr(of, name), []
def killed(*given, **named):
    calls.append(1)
    is_now = len(calls) == int(number)
    if is_now and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = real(*given, **named)
    if is_now:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
setattr(of, name, killed)
if __name__ == "__main__":
    from crawler.cli import cli
    cli(words)
"""
POINTS = [
    ("archive.collection.joined", "renew", 1, "before"),
    ("archive.collection.joined", "renew", 1, "after"),
    ("archive.warc.writer", "WarcWriter.write_exchange", 4, "before"),
    ("archive.warc.writer", "WarcWriter.close", 1, "after"),
    ("archive.collection.joined", "renew", 2, "before"),
    ("archive.collection.indexing", "file_new", 1, "before"),
    ("archive.collection.description", "write", 1, "after"),
    ("archive.collection.filing", "_move", 1, "before"),
    ("archive.collection.filing", "_move", 1, "after"),
    ("archive.collection.filing", "_move", 2, "before"),
    ("archive.collection.joined", "link", 1, "after"),
    ("archive.collection.indexing", "_index", 1, "before"),
    ("archive.collection.indexing", "_index", 1, "after"),
    ("archive.collection.shared", "make", 1, "before"),
    ("archive.collection.shared", "_fill", 1, "after"),
]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: "-".join(map(str, point[1:])))
def test_a_killed_crawl_loses_nothing(
    point: tuple[str, str, int, str],
    thepaper: ThePaper,
    zhengwen: Program,
    archive_dir: Path,
    tmp_path: Path,
    web: LoopbackWeb,
) -> None:
    many = tmp_path / "many"
    thepaper.add(*stories(5_700_000, 5, 44871))
    zhengwen("follow", ACCOUNT, OTHER)
    zhengwen("crawl", *FAST)
    zhengwen("split", "--rule", "{account}", str(archive_dir), str(many))
    thepaper.add(*stories(5_800_000, 6, 55555), *stories(5_710_000, 1, 44871))
    thepaper.stories[5_700_001].text[1] = "改过的一句。"
    zhengwen("crawl", ACCOUNT, *FAST, archive=path_of(many))  # a file that waits to be moved

    script = tmp_path / "killed.py"
    script.write_text(KILLED, "utf-8")
    words = [sys.executable, str(script), *map(str, point), "--archive", str(many), "crawl", *FAST]
    environment = {**os.environ, **web.environ(), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    ) as program:
        assert program.wait(120) == -signal.SIGKILL

    for command in (("search", "防汛"), ("status",), ("show", "thepaper-5700000"), ("news",)):
        done = zhengwen(*command, archive=many, check=None)
        assert done.returncode in (0, 3) or "index`" in done.stderr, (command, done)
        assert "Traceback" not in done.stderr
    zhengwen("crawl", *FAST, archive=archive_dir)
    zhengwen("crawl", *FAST, archive=many)
    joined = path_of(many)
    for statement in (ARTICLES, VERSIONS):
        assert rows(joined, statement) == rows(archive_dir, statement)
    asked = ("search", "防汛", "--json", "--limit", "100")
    hits = [
        [(hit["id"], hit["title"]) for hit in map(json.loads, done.stdout.splitlines())]
        for done in (zhengwen(*asked, archive=folder) for folder in (many, archive_dir))
    ]
    assert hits[0] == hits[1]
    links = [*(joined / "warc").iterdir()]
    assert all(link.is_symlink() and link.is_file() for link in links)
    files = [*many.glob("shards/*/warc/*")]
    assert len(links) == len(files) and {shard.name for shard in read(many).shards} == {
        "44871",
        "55555",
    }
    zhengwen("verify", archive=many)
