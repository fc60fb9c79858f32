"""Three workers on a real Redis, of which one after the other is killed, and the same crawl by
one process and by four side by side: `python -m benchmarks.cluster [ARTICLES [KILLS [GAP]]]`.

The made platform has six hosts; each fourth article has a picture. Gaps are those that the server
saw. It needs `redis-server`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

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

ACCOUNTS, WORKERS, SHARDS, SEED = 24, 3, 4, 20261129


def main(articles: int, kills: int, gap: float) -> None:
    """Print what came of both.

    Args:
        articles: how many are published; one in a hundred is gone.
        kills: how often a worker is killed and started again.
        gap: seconds between two requests to a host.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "redis").mkdir()
        web = LoopbackWeb(folder)
        site = ThePaper().join(web)
        fill(site, ACCOUNTS, articles, missing=articles // 100, illustrated=4)
        redis = RedisServer(folder / "redis")
        options = ("-s", f"DOWNLOAD_DELAY={gap}")
        workers = Workers(folder, web, redis, addresses(site), options)
        try:
            compare(workers, kills)
        finally:
            workers.end()
            redis.stop()
            web.close()


def compare(workers: Workers, kills: int) -> None:
    """Crawl by one process, by several and by workers, and print how they differ."""
    begun = time.monotonic()
    single = alone(workers.folder, workers.web, workers.follow, *workers.options)
    requests = len(workers.web.log)
    _print("one process", begun, workers.web)
    workers.web.forget()

    begun = time.monotonic()
    parts = side_by_side(workers.folder, workers.web, workers.follow, SHARDS, *workers.options)
    _print(f"{SHARDS} processes, each with a share of the accounts", begun, workers.web)
    _compared(single, together(workers.folder / "parts", parts))
    workers.web.forget()

    begun = time.monotonic()
    for number in range(WORKERS):
        workers.start(number)
    workers.kill_along(requests, kills, random.Random(SEED))
    codes = workers.wait(3600)
    _print(f"{WORKERS} workers, {workers.kills} kills, exit codes {codes}", begun, workers.web)
    _compared(single, workers.merged())


def _compared(single: Path, merged: Path) -> None:
    """Print what an archive has that the one of a single process has not, and the reverse."""
    tables = logical(merged)
    print("rows: " + ", ".join(f"{name} {len(rows)}" for name, rows in tables.items()))
    lost = {row[0] for row in logical(single)["articles"]} - {row[0] for row in tables["articles"]}
    doubled = [row for row in tables["once"] if row[2] != 1]
    print(f"lost {len(lost)}, doubled {len(doubled)} {doubled[:5]}")
    unequal = differences(single, merged)
    print(f"rows that only one of both has: {sum(map(len, unequal.values()))}", flush=True)
    for name, rows in unequal.items():
        print(f"  {name}: {rows[:4]}")


def _print(title: str, begun: float, web: LoopbackWeb) -> None:
    print(f"{title}: {time.monotonic() - begun:.0f} s, {len(web.log)} requests", flush=True)
    for host, gap in sorted(smallest_gaps(web).items()):
        print(f"  smallest gap at {host}: {gap * 1000:.1f} ms", flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 5000,
        int(given[1]) if len(given) > 1 else 20,
        float(given[2]) if len(given) > 2 else 0.02,
    )
