"""A crawl that is killed or asked to stop at any moment loses no completed capture, and the next one leaves the archive as if nothing had been."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import ACCOUNT, FAST, ROOT, Program, dump, rows, validate
from tests.rigs.killing import Killer, share
from tests.rigs.signals import kill_all
from tests.rigs.warm import WarmPrograms
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply

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


def test_a_crawl_that_is_ended_at_any_moment_loses_nothing(
    web: LoopbackWeb,
    thepaper: ThePaper,
    zhengwen: Program,
    warm_programs: WarmPrograms,
    archive_dir: Path,
) -> None:
    zhengwen("follow", ACCOUNT)
    thepaper.add(*wave(0))
    killer = Killer(warm_programs, web.environ(), archive_dir)
    seconds = killer.timed("crawl", *FAST)
    before = completed(archive_dir / "warc")

    for number in share(0.3):
        thepaper.add(*wave(number + 1))
        killer.strike(seconds, "crawl", *FAST)
        before |= completed(archive_dir / "warc")
        if number % 10 == 9:  # so that what is left does not grow
            killer.timed("crawl", *FAST)
    zhengwen("crawl", *FAST)

    assert killer.hits, "no kill came in time; the moments say nothing"
    after = completed(archive_dir / "warc")
    assert {name: after.get(name) for name in before} == before
    captures = [row["id"] for row in rows(archive_dir, "SELECT id FROM captures")]
    assert sorted(captures) == sorted(
        name for name, (kind, _) in after.items() if kind in ("response", "revisit")
    )
    assert_all_is_there(thepaper, archive_dir)
    validate(archive_dir)
    live = dump(archive_dir)
    command = [sys.executable, "-m", "crawler", "--archive", str(archive_dir), "rebuild"]
    subprocess.run(command, cwd=ROOT, check=True)  # an interpreter with a hash seed of its own
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


def test_a_killed_crawl_needs_no_unlocking(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(Story(5_700_001, "标题", ["正文。"]))
    thepaper.interventions.append(lambda request: Reply(delay=90))
    command = [sys.executable, "-m", "crawler", "--archive", str(archive_dir), "crawl", ACCOUNT]
    running = subprocess.Popen(
        [*command, *FAST], cwd=ROOT, env={**os.environ, **web.environ()}, start_new_session=True
    )
    while not list((archive_dir / "warc").glob("*.open")) and running.poll() is None:
        time.sleep(0.02)

    second = zhengwen("crawl", ACCOUNT, check=4)
    kill_all(running)
    thepaper.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)

    assert "holds" in second.stderr and second.stderr.count("\n") == 1
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 1}]
