"""How long each page of the reading room takes, next to the table page and the search of plain
Datasette on the same file, in one run.

    python -m benchmarks.room [ARTICLES | FOLDER]    # default 100000; or of an archive

`zhengwen serve` is started on the archive and asked by one reader, forty times a page, warm. CPU is
what the server computes for an answer: the other times grow with whatever else the machine does.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
import psutil

from tests.rigs.browsing import process_of
from tests.rigs.corpus import articles, write
from tests.rigs.room_rows import fill

TIMES = 40
PAGES = {
    "home": "/room/",
    "search, a rare word": "/room/search?q=口罩",
    "search, a common word": "/room/search?q=工作",
    "search, best first": "/room/search?q=工作&order=relevance",
    "search, two words": "/room/search?q=经济 发展",
    "search, with filters": "/room/search?q=工作&status=withdrawn&since=2018-01-01",
    "search, page 50": "/room/search?q=工作&page=50",
    "search, page 500": "/room/search?q=工作&page=500",
    "search, any character": "/room/search?q=的",
    "search, one or the other": "/room/search?q=经济 OR 工作&order=relevance",
    "search, an account": "/room/search?q=工作&account=发布150",
    "search, no hit": "/room/search?q=马铃薯炖牛肉",
    "article": "/room/article/thepaper-777",
    "two versions": "/room/compare/CHANGED",
    "capture": "/room/capture/urn:uuid:1-thepaper-777",
    "time map": "/room/timemap/https://www.thepaper.cn/newsDetail_forward_777",
    "account": "/room/account?platform=thepaper&id=100",
    "accounts": "/room/accounts",
    "coverage": "/room/coverage",
    "runs": "/room/runs",
    "run": "/room/run/run-100",
    "changes.atom": "/room/changes.atom",
    "Datasette, table": "/archive/articles",
    "Datasette, facets": "/archive/articles?_facet=status&_facet=account_id",
    "Datasette, search": "/archive/articles?_search=工作",
}


def main() -> None:
    """Print a table: the median, the 95th percentile, the first time and the CPU time, in ms."""
    given = sys.argv[1] if len(sys.argv) > 1 else "100000"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) if given.isdecimal() else Path(given)
        if given.isdecimal():
            write(folder / "archive.db", articles(int(given), length=400))
            fill(folder / "archive.db")
        edited = changed(folder / "archive.db")
        print("| page | median | p95 | first | CPU |\n|---|--:|--:|--:|--:|")
        with process_of(folder) as (process, address):
            server, site = psutil.Process(process.pid), httpx.URL(address).join("/")
            with httpx.Client(base_url=site, trust_env=False, timeout=60) as reader:
                for name, path in PAGES.items():
                    path = path.replace("CHANGED", edited)
                    print(f"| {name} | {measured(reader, server, path)} |", flush=True)


def changed(database: Path) -> str:
    """The id of an article with two versions."""
    with closing(sqlite3.connect(database)) as db:
        statement = "SELECT id FROM articles WHERE version_count > 1 LIMIT 1"
        return str(db.execute(statement).fetchone()[0])


def measured(reader: httpx.Client, server: psutil.Process, path: str) -> str:
    """Four times as cells of a table."""
    times, used = [], []
    for _ in range(TIMES + 1):
        start, before = time.perf_counter(), sum(server.cpu_times()[:2])
        reader.get(path).raise_for_status()
        times.append((time.perf_counter() - start) * 1000)
        used.append((sum(server.cpu_times()[:2]) - before) * 1000)
    first, warm = times[0], sorted(times[1:])
    cpu = statistics.mean(used[1:])
    p95 = warm[int(TIMES * 0.95) - 1]
    return f"{statistics.median(warm):.0f} | {p95:.0f} | {first:.0f} | {cpu:.0f}"


if __name__ == "__main__":
    main()
