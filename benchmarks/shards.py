"""One archive of all articles, the largest shard of a collection of them, and the collection: the
time that random queries take, each asked of all three in turn.

    python -m benchmarks.shards [ARTICLES [QUERIES]]   # default 12000 2000

"pages" are the queries that ask for some hits, as a reader does; the others ask for all hits, of
which one shard has a part only. Answers of collection and archive are compared. CPU milliseconds
of the thread that asks come next to those of the clock, because they hold on a busy machine too.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive import Archive
from archive.collection.collection import Collection
from tests.collection.corpus_shards import asked, make, with_days
from tests.rigs.corpus import articles

Search = Callable[..., list[Any]]
Times = list[tuple[float, float]]


def measure(folder: Path, number: int, queries: int) -> None:
    """Print a line for each that is asked, for pages and for all queries."""
    rows = with_days(list(articles(number)))
    make(folder, rows)
    wanted = [*asked(rows, queries)]
    largest = max(
        (folder / "collection" / "shards").iterdir(), key=lambda path: _size(path / "archive.db")
    )
    with (
        Archive(folder / "archive") as archive,
        Archive(largest) as shard,
        Collection(folder / "collection") as collection,
    ):
        searches = {
            "one archive": archive.search,
            "one shard": shard.search,
            "collection": collection.search,
        }
        print(f"{number} articles, {len(collection.description.shards)} shards, {queries} queries")
        _report(wanted, _times(wanted, searches))


def _size(path: Path) -> int:
    return path.stat().st_size


def _times(
    wanted: list[tuple[str, dict[str, Any]]], searches: dict[str, Search]
) -> dict[str, Times]:
    times: dict[str, Times] = {name: [] for name in searches}
    for query, how in wanted:
        answers = {}
        for name, search in searches.items():
            begun, worked = time.perf_counter(), time.thread_time()
            answers[name] = search(query, **how)
            times[name].append((time.perf_counter() - begun, time.thread_time() - worked))
        if answers["collection"] != answers["one archive"]:
            raise SystemExit(f"The collection answers otherwise: {query} {how}")
    return times


def _report(wanted: list[tuple[str, dict[str, Any]]], times: dict[str, Times]) -> None:
    for kind in ("pages", "all"):
        for name, each in times.items():
            shown = [
                both
                for (_, how), both in zip(wanted, each, strict=True)
                if kind == "all" or how["limit"] is not None
            ]
            clock, cpu = ([pair[place] for pair in shown] for place in (0, 1))
            print(f"{kind:6} {name:12} clock {_numbers(clock)}   CPU {_numbers(cpu)}", flush=True)


def _numbers(seconds: list[float]) -> str:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return f"p50 {1000 * statistics.median(seconds):5.1f}  p95 {1000 * p95:5.1f} ms"


if __name__ == "__main__":
    number, queries = (*map(int, sys.argv[1:]), *(12_000, 2_000)[len(sys.argv) - 1 :])
    with TemporaryDirectory() as folder:
        measure(Path(folder), number, queries)
