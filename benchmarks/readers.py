"""Readers of the reading room while a crawl writes to the archive: errors, times, memory.

    python -m benchmarks.readers [SECONDS [READERS]]    # default 60 seconds, 10 readers

The crawl is that of `zhengwen demo`, again and again: a real crawl with its WARC files, its index
and its edits, on this machine alone.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.rigs.readers import read_beside

PATHS = (
    "",
    "search?q=疫情",
    "search?q=工作&order=relevance",
    "article/demo-1011",
    "compare/demo-1011",
    "linkset/demo-1011",
    "search?platform=demo&status=live",
    "calendar.svg?platform=demo&id=yunxi",
    "timemap/http://xinwen.example/article/1011",
    "accounts",
    "account?platform=demo&id=yunxi",
    "coverage",
    "runs",
    "changes.atom",
    "hits.csv?q=疫情",
)


def main() -> None:
    """Print how many answers came with which status, their times, and the server's memory."""
    seconds, readers = [*map(int, sys.argv[1:]), *(60, 10)[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive"
        crawl(folder)
        reading = read_beside(
            folder, PATHS, lambda: crawl(folder), readers=readers, seconds=seconds
        )
    times = sorted(reading.seconds)
    print(f"{readers} readers, {seconds} s, {reading.writes} times two crawls: {reading.answers}")
    print(f"median {statistics.median(times):.3f} s, p95 {times[int(len(times) * 0.95)]:.3f} s")
    print(f"memory of the server, MiB: {', '.join(f'{each:.0f}' for each in reading.memory)}")


def crawl(folder: Path) -> None:
    """Two crawls of the fictional platform, which edits an article between them."""
    command = [sys.executable, "-m", "crawler", "demo", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


if __name__ == "__main__":
    main()
