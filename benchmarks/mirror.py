"""A mirror in Groonga compared with the archive that it mirrors, in one run: what writing costs,
its size, and the time to the first twenty hits, which are the same.

    python -m benchmarks.mirror [ARTICLES]           # default 20000; needs the program groonga

The articles and queries are those of `benchmarks.search`. Times are of one client on loopback.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive import Archive
from archive.mirror.keeping import keep
from archive.mirror.searching import Mirror
from benchmarks.search import articles, ours, queries
from tests.rigs.groonga_server import groonga

MEGABYTE = 1_000_000


def measured(search: Callable[[str], Any], asked: list[str]) -> tuple[float, float]:
    """Milliseconds of the queries: median and 95th percentile."""
    times = []
    for query in asked:
        start = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def size(folder: Path) -> float:
    """Megabytes on the disk."""
    blocks = sum(path.stat().st_blocks for path in folder.rglob("*") if path.is_file())
    return blocks * 512 / MEGABYTE


def main() -> None:
    """Measure, and print."""
    number = int(sys.argv[1]) if sys.argv[1:] else 20_000
    corpus = list(articles(number))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "archive"
        folder.mkdir()
        ours(folder, corpus)
        with groonga(Path(temporary) / "groonga") as server, Archive(folder) as archive:
            for times in ("written", "compared"):
                start = time.perf_counter()
                keep(archive, server.url)
                print(f"{number} articles {times}: {time.perf_counter() - start:.1f} s")
            mirror = Mirror(server.url)
            print(f"MB: archive {size(folder):.0f}, mirror {size(server.folder):.0f}")
            print(f"{'ms, median and 95 %':20} {'archive':>16} {'mirror':>16}")
            for kind, asked in queries(corpus).items():
                for query in asked:
                    assert mirror.search(query) == archive.search(query), query
                pairs = [measured(each.search, asked) for each in (archive, mirror)]
                print(f"{kind:20}", *(f"{middle:8.1f} {most:7.1f}" for middle, most in pairs))


if __name__ == "__main__":
    main()
