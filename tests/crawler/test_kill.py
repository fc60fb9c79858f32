"""`kill -9` at any moment loses no completed capture, and the next crawl leaves the archive as if nothing had been."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import ACCOUNT, FAST, ROOT, Program, dump, rows, validate
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply

KILLS = int(os.environ.get("ZHENGWEN_KILLS", "8"))
SEED = int(os.environ.get("ZHENGWEN_SEED") or random.randrange(2**32))  # shown when a test fails
WAVE = 25  # stories that appear before each crawl: more than a listing page holds, so that a kill can fall between pages
EPOCH = datetime(2020, 1, 1, tzinfo=CHINA)


def members(path: Path) -> Iterator[bytes]:
    """The complete gzip members of a file, read without any code of ours: what a killed run has completed."""
    data = path.read_bytes()
    while data:
        member = zlib.decompressobj(31)
        try:
            record = member.decompress(data)
        except zlib.error:
            return
        if not member.eof:
            return
        yield record
        data = member.unused_data


def completed(folder: Path) -> dict[str, tuple[str, str]]:
    """Type and SHA-256 of every record of every complete exchange and note in any file, finished or open, by its id."""
    records = {}
    for path in folder.glob("*.warc.gz*"):
        begun = {}
        for record in members(path):
            head = record.partition(b"\r\n\r\n")[0].decode("utf-8").split("\r\n")[1:]
            fields = dict(line.split(": ", 1) for line in head)
            begun[fields["WARC-Record-ID"].strip("<>")] = (
                fields["WARC-Type"],
                hashlib.sha256(record).hexdigest(),
            )
            if fields["WARC-Type"] not in ("response", "revisit", "request"):  # facts come last
                records |= begun
                begun = {}
    return records


def wave(number: int) -> list[Story]:
    """Stories that every crawl before this wave has not seen."""
    keys = range(5_700_000 + number * WAVE, 5_700_000 + (number + 1) * WAVE)
    return [
        Story(
            n,
            f"第{n}次通报",
            [f"疫情防控{n}。" * 200],
            published=EPOCH + timedelta(minutes=n - 5_700_000),
            pictures=[f"https://imgpai.thepaper.cn/newpai/{n}.png"],
        )
        for n in keys
    ]


class Killer:
    """Starts the program and ends it with SIGKILL, all its processes at once."""

    def __init__(self, web: LoopbackWeb, archive_dir: Path) -> None:
        print(f"the moments of the kills: ZHENGWEN_SEED={SEED}")
        self.moments = random.Random(SEED)
        self.command = [sys.executable, "-m", "crawler", "--archive", str(archive_dir)]
        self.environ = {**os.environ, **web.environ()}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.command, *words],
            cwd=ROOT,
            env=self.environ,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def timed(self, *words: str) -> float:
        """How long an undisturbed run takes, from the same cold start as those that are killed."""
        begun = time.monotonic()
        assert self.start(*words).wait() == 0
        return time.monotonic() - begun

    def kill_within(self, earliest: float, latest: float, *words: str) -> bool:
        """Whether the program was still running at a moment drawn between the two, in seconds."""
        running = self.start(*words)
        time.sleep(self.moments.uniform(earliest, latest))
        alive = running.poll() is None
        if alive:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return alive


def test_a_killed_crawl_loses_nothing(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    zhengwen("follow", ACCOUNT)
    thepaper.add(*wave(0))
    killer = Killer(web, archive_dir)
    seconds = killer.timed("crawl", *FAST)
    before, hits = completed(archive_dir / "warc"), 0

    for number in range(1, KILLS + 1):
        thepaper.add(*wave(number))
        hits += killer.kill_within(0.2 * seconds, seconds, "crawl", *FAST)
        before |= completed(archive_dir / "warc")
    zhengwen("crawl", *FAST)

    assert hits, "no kill came in time; the moments say nothing"
    after = completed(archive_dir / "warc")
    assert {name: after.get(name) for name in before} == before
    captures = [row["id"] for row in rows(archive_dir, "SELECT id FROM captures")]
    assert sorted(captures) == sorted(
        name for name, (kind, _) in after.items() if kind in ("response", "revisit")
    )
    assert_all_is_there(thepaper, archive_dir)
    validate(archive_dir)
    live = dump(archive_dir)
    zhengwen("rebuild")
    assert dump(archive_dir) == live


def assert_all_is_there(thepaper: ThePaper, archive_dir: Path) -> None:
    """Every story once, word for word, with its picture."""
    articles = rows(
        archive_dir, "SELECT id, title, text, version_count AS n FROM articles ORDER BY id"
    )
    assert [(row["id"], row["title"], row["text"], row["n"]) for row in articles] == [
        (f"thepaper-{story.cont_id}", story.title, "\n".join(story.text), 1)
        for story in thepaper.stories.values()
    ]
    assert rows(archive_dir, "SELECT count(*) AS n FROM media WHERE capture IS NULL") == [{"n": 0}]
    assert rows(archive_dir, "SELECT count(*) AS n FROM media") == [{"n": len(thepaper.stories)}]


def test_a_killed_rebuild_leaves_the_database_that_was(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*wave(0), *wave(1))
    zhengwen("crawl", ACCOUNT, *FAST)
    live = dump(archive_dir)
    killer = Killer(web, archive_dir)
    seconds = killer.timed("rebuild")

    for _ in range(KILLS):
        killer.kill_within(0.3 * seconds, seconds, "rebuild")
        assert dump(archive_dir) == live
    zhengwen("rebuild")
    assert dump(archive_dir) == live
    known = {
        "warc",
        "archive.db",
        "archive.db-wal",
        "archive.db-shm",
        ".lock",
        "chain.jsonl",
        "logs",
        "reports",
    }
    assert {path.name for path in archive_dir.iterdir()} <= known


def test_a_killed_index_begins_again_where_it_was(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    for number in range(3):
        thepaper.add(*wave(number))
        zhengwen("crawl", ACCOUNT, *FAST)
    live = dump(archive_dir)
    killer = Killer(web, archive_dir)
    seconds = killer.timed("index")

    for _ in range(KILLS):
        for path in archive_dir.glob("archive.db*"):
            path.unlink()
        killer.kill_within(0.5 * seconds, 1.6 * seconds, "index")
        zhengwen("index")
        assert dump(archive_dir) == live


def test_a_killed_crawl_needs_no_unlocking(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(Story(5_700_001, "标题", ["正文。"]))
    thepaper.interventions.append(lambda request: Reply(delay=90))
    running = Killer(web, archive_dir).start("crawl", ACCOUNT, *FAST)
    while not list((archive_dir / "warc").glob("*.open")) and running.poll() is None:
        time.sleep(0.02)

    second = zhengwen("crawl", ACCOUNT, check=4)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    thepaper.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)

    assert "holds" in second.stderr and second.stderr.count("\n") == 1
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 1}]
