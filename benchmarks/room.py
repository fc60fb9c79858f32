"""How long each page of the reading room takes, next to the table page and the search of plain
Datasette on the same file, in one run.

    python -m benchmarks.room [ARTICLES | FOLDER]    # default 100000; or of an archive

`zhengwen serve` is started on the archive and asked by one reader, forty times a page, warm.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tests.rigs.browsing import process_of
from tests.rigs.corpus import articles, write

TIMES = 40
PAGES = {
    "home": "/room/",
    "search, a rare word": "/room/search?q=口罩",
    "search, a common word": "/room/search?q=工作",
    "search, best first": "/room/search?q=工作&order=relevance",
    "search, two words": "/room/search?q=经济 发展",
    "search, with filters": "/room/search?q=工作&status=withdrawn&since=2018-01-01",
    "search, page 50": "/room/search?q=工作&page=50",
    "search, no hit": "/room/search?q=马铃薯炖牛肉",
    "article": "/room/article/thepaper-777",
    "account": "/room/account?platform=thepaper&id=100",
    "accounts": "/room/accounts",
    "coverage": "/room/coverage",
    "Datasette, table": "/archive/articles",
    "Datasette, search": "/archive/articles?_search=工作",
}


def main() -> None:
    """Print a table of the median, the 95th percentile and the first time, in milliseconds."""
    given = sys.argv[1] if len(sys.argv) > 1 else "100000"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) if given.isdecimal() else Path(given)
        if given.isdecimal():
            write(folder / "archive.db", articles(int(given), length=400))
        print("| page | median | p95 | first |\n|---|--:|--:|--:|")
        with process_of(folder) as (_, address):
            site = httpx.URL(address).join("/")
            with httpx.Client(base_url=site, trust_env=False, timeout=60) as reader:
                for name, path in PAGES.items():
                    print(f"| {name} | {measured(reader, path)} |", flush=True)


def measured(reader: httpx.Client, path: str) -> str:
    """Three times as cells of a table."""
    times = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        reader.get(path).raise_for_status()
        times.append((time.perf_counter() - start) * 1000)
    first, warm = times[0], sorted(times[1:])
    return f"{statistics.median(warm):.0f} | {warm[int(TIMES * 0.95) - 1]:.0f} | {first:.0f}"


if __name__ == "__main__":
    main()
