"""One archive of all articles, the largest shard of a collection of them, and the collection: the
time that random queries take, each asked of all three in turn.

    python -m benchmarks.shards [ARTICLES [QUERIES]]   # default 12000 2000
    python -m benchmarks.shards FOLDER [QUERIES]       # of what `benchmarks.million` made there

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
from benchmarks.million import some_of
from tests.collection.corpus_shards import asked, make, with_days
from tests.rigs.corpus import articles

Search = Callable[..., list[Any]]
Times = list[tuple[float, float]]


def measure(number: int, queries: int) -> None:
    """Make articles, and print a line for each that is asked, for pages and for all queries."""
    rows = with_days(list(articles(number)))
    with TemporaryDirectory() as folder:
        make(Path(folder), rows)
        ask(Path(folder), "archive", [*asked(rows, queries)])


def measure_folder(folder: Path, queries: int) -> None:
    """The same of articles that are there; each query asks for a page."""
    stored = some_of(folder / "one" / "archive.db")
    some = [{"id": str(n), "title": title, "text": text} for n, (title, text) in enumerate(stored)]
    wanted = []
    for query, how in asked(some, queries):
        if how["limit"] is None:  # all of 100,000 articles with their snippets take minutes
            how["limit"] = 20
        how.pop("account", None)  # another shard has its articles
        wanted.append((query, how))
    ask(folder, "one", wanted)


def ask(folder: Path, name: str, wanted: list[tuple[str, dict[str, Any]]]) -> None:
    """Ask one archive, its largest shard and the collection the same in turn."""
    largest = max(
        (folder / "collection" / "shards").iterdir(), key=lambda path: _size(path / "archive.db")
    )
    with (
        Archive(folder / name) as archive,
        Archive(largest) as shard,
        Collection(folder / "collection") as collection,
    ):
        searches = {
            "one archive": archive.search,
            "one shard": shard.search,
            "collection": collection.search,
        }
        print(f"{len(collection.description.shards)} shards, {len(wanted)} queries")
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
    first, queries = (*sys.argv[1:], *("12000", "2000")[len(sys.argv) - 1 :])
    if first.isdecimal():
        measure(int(first), int(queries))
    else:
        measure_folder(Path(first), int(queries))
