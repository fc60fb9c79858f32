"""Several workers of a cluster in the loopback web, some of them killed again and again; and the same crawl by one process, or by several side by side."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from click.testing import CliRunner
from redis import Redis

from archive.archive import Archive
from crawler.cli import cli
from crawler.wire.preparation import prepare
from tests.conftest import ROOT
from tests.rigs.redis_server import RedisServer
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import PICTURES, ThePaper
from tests.standin.web import LoopbackWeb, Request

EPOCH = datetime(2020, 1, 1, tzinfo=CHINA)
FIRST = 44_871
# Tables and columns that are the same whoever crawled: no times, no ids of records and runs.
LOGICAL = {
    "articles": "SELECT id, platform, url, title, text, author, source, published_at, account, account_id, version_count, "
    "pages, complete, missing_since FROM articles",
    "media": "SELECT m.article_id, m.position, m.url, m.kind, c.payload_digest FROM media m LEFT JOIN captures c ON c.id = m.capture",
    "links": "SELECT platform, native_id, account_id, article_id, url, kind, title, published_at FROM links",
    "accounts": "SELECT platform, account_id, name FROM accounts",
    "coverage": "SELECT platform, account_id, account, outcome, reason, pages, listed, had, failed, failed_reasons, left_out, "
    "new, known, complete, ended FROM coverage",
    "once": "SELECT role, url, count(*) FROM captures WHERE role NOT IN ('listing', 'profile', 'robots') GROUP BY 1, 2",
}


def fill(
    site: ThePaper, accounts: int, articles: int, missing: int = 0, illustrated: int = 1
) -> None:
    """Publish articles of several accounts, each of so many with a picture on one of four hosts; the first are gone."""
    site.names = {FIRST + n: f"云溪县发布{n}" for n in range(accounts)}
    for n in range(articles):
        account = FIRST + n % accounts
        key = 5_700_000 + n
        story = Story(
            key,
            f"云溪县第{n}号通报",
            [f"第{n}号消息：县里召开第{n % 97}次会议。", f"会议要求落实各项措施，编号{n}。"],
            account=site.names[account],
            account_id=account,
            published=EPOCH + timedelta(minutes=n),
            pictures=[_picture(n)] if n % illustrated == 0 else [],
        )
        story.state = "missing" if n < missing else "live"
        site.add(story)


def _picture(number: int) -> str:
    return f"https://{PICTURES[number % 7 % len(PICTURES)]}/newpai/{number}.png"


def addresses(site: ThePaper) -> list[str]:
    return [f"https://www.thepaper.cn/gov_{account}" for account in site.names]


def logical(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is in an archive, whoever crawled."""
    with sqlite3.connect(archive / "archive.db") as db:
        return {name: sorted(db.execute(text), key=repr) for name, text in LOGICAL.items()}


def smallest_gaps(web: LoopbackWeb) -> dict[str, float]:
    """The smallest time between two requests to each host, as the server saw them come."""
    times: dict[str, list[float]] = {}
    for request in list(web.log):
        times.setdefault(request.host, []).append(request.at)
    return {
        host: min((b - a for a, b in pairwise(sorted(come))), default=float("inf"))
        for host, come in times.items()
    }


@dataclass
class Workers:
    """Workers with an archive each, on one Redis."""

    folder: Path
    web: LoopbackWeb
    redis: RedisServer
    follow: list[str]
    options: tuple[str, ...] = ()
    running: dict[int, subprocess.Popen[str]] = field(default_factory=dict)
    kills: int = 0

    def archive(self, number: int) -> Path:
        return self.folder / f"worker{number}"

    def zhengwen(self, number: int, *words: str) -> subprocess.Popen[str]:
        archive = self.archive(number)
        with (self.folder / f"worker{number}.out").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "crawler", "--archive", str(archive), *words],
                cwd=ROOT,
                env={**os.environ, **self.web.environ()},
                stdout=log,
                stderr=log,
                text=True,
            )

    def wait_for(self, number: int, site: ThePaper) -> None:
        """Let no article be answered before so many workers take part."""
        server = Redis.from_url(self.redis.url)

        def hold(request: Request) -> None:
            while (
                "newsDetail" in request.path and server.zcard("zhengwen:thepaper:members") < number
            ):
                time.sleep(0.02)
            if "newsDetail" in request.path:
                site.interventions.remove(hold)

        site.interventions.append(hold)

    def start(self, number: int) -> None:
        """Start a worker, the first time or again."""
        if not self.archive(number).exists():
            self.archive(number).mkdir(parents=True)
            _follow(self.archive(number), self.follow)
        self.running[number] = self.zhengwen(
            number, "crawl", "--cluster", self.redis.url, *self.options
        )

    def kill_along(self, requests: int, kills: int, chance: random.Random) -> None:
        """Kill a worker, and start it again, so many times on the way to so many requests: by what the server has seen, not by time."""
        for number in range(1, kills + 1):
            while len(self.web.log) < number * 0.85 * requests / (kills + 1):
                assert any(worker.poll() is None for worker in self.running.values()), (
                    self.printed()
                )
                time.sleep(0.02)
            victim = chance.choice(sorted(self.running))
            if self.kill(victim):
                self.start(victim)

    def printed(self) -> str:
        """What all workers have printed."""
        return "\n".join(path.read_text("utf-8") for path in sorted(self.folder.glob("*.out")))

    def kill(self, number: int) -> bool:
        """Kill a worker. Returns whether it was running."""
        worker = self.running[number]
        was_running = worker.poll() is None
        if was_running:
            worker.send_signal(signal.SIGKILL)
        worker.wait(180)
        self.kills += was_running
        return was_running

    def wait(self, timeout: float) -> list[int]:
        """The exit codes of those that are left."""
        ends = time.monotonic() + timeout
        return [worker.wait(max(1.0, ends - time.monotonic())) for worker in self.running.values()]

    def end(self) -> None:
        """Kill what still runs."""
        for worker in self.running.values():
            if worker.poll() is None:
                worker.kill()
            worker.wait(180)

    def merged(self) -> Path:
        """An archive of all WARC files of all workers."""
        return together(self.folder / "merged", [self.archive(n) for n in self.running])


def together(folder: Path, archives: Sequence[Path]) -> Path:
    """An archive, in a new folder, of all WARC files of these."""
    (folder / "warc").mkdir(parents=True)
    for each in archives:
        prepare(each).release()  # finishes the file of a killed worker
        for path in (each / "warc").glob("*.warc.gz"):
            shutil.copy(path, folder / "warc")
    with Archive(folder) as archive:
        archive.index()
    return folder


def alone(folder: Path, web: LoopbackWeb, follow: list[str], *options: str) -> Path:
    """The same crawl by one process."""
    (crawl,) = _crawls([folder / "alone"], web, [follow], options)
    assert crawl.wait(3600) in (0, 3), crawl.args
    return folder / "alone"


def side_by_side(
    folder: Path, web: LoopbackWeb, follow: list[str], number: int, *options: str
) -> list[Path]:
    """The same crawl by so many processes of one machine at once, each of a share of the accounts
    and into an archive of its own."""
    archives = [folder / f"shard{place}" for place in range(number)]
    parts = [follow[place::number] for place in range(number)]
    for crawl in _crawls(archives, web, parts, options):
        assert crawl.wait(3600) in (0, 3), crawl.args
    return archives


def _crawls(
    archives: Sequence[Path], web: LoopbackWeb, parts: Sequence[list[str]], options: Sequence[str]
) -> list[subprocess.Popen[str]]:
    """Running crawls, each of its accounts into its new archive."""
    running = []
    environ = {**os.environ, **web.environ()}
    for archive, follow in zip(archives, parts, strict=True):
        archive.mkdir()
        _follow(archive, follow)
        with archive.with_suffix(".out").open("w") as log:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "crawler", "--archive", str(archive), "crawl", *options],
                    cwd=ROOT,
                    env=environ,
                    stdout=log,
                    stderr=log,
                    text=True,
                )
            )
    return running


def _follow(archive: Path, accounts: Sequence[str]) -> None:
    """Follow accounts, for which no process of its own is needed."""
    done = CliRunner().invoke(cli, ["--archive", str(archive), "follow", *accounts])
    assert done.exit_code == 0, done.output


def differences(first: Path, second: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows that only one of two archives has."""
    tables, others = logical(first), logical(second)
    return {
        name: sorted(set(tables[name]) ^ set(others[name]), key=repr)
        for name in tables
        if tables[name] != others[name]
    }
