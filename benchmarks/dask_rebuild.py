"""`rebuild --engine dask` of a collection, and of one archive, by one worker and by two: seconds,
and CPU seconds of this process and of the busiest worker.

    python -m benchmarks.dask_rebuild [ARTICLES [SHARDS]]     # default 1200 articles, 6 shards

Workers are started and have read an archive before the clock runs. On a machine whose cores others
use too the CPU seconds say what the clock cannot: the workers work side by side, and this process
by itself at the end of a collection.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from archive.archive import Archive
from archive.collection import description
from archive.collection.description import Description, Shard
from archive.engine.connecting import workers_here
from archive.engine.crew import Crew
from archive.engine.rebuilding import rebuild_archive, rebuild_collection
from archive.lock import Lock
from benchmarks.rebuild import make

FILES = 4  # of a shard
Work = Callable[[Path, Crew], object]


def collection(folder: Path, articles: int, shards: int) -> Path:
    """A collection whose articles are spread evenly over shards."""
    part = articles // shards // FILES
    listed = []
    for number in range(shards):
        given = f"shards/s{number}"
        for file in range(FILES):
            serial = (number * FILES + file) * part
            make(folder / given, part, serial, f"s{number}-{file}")
        listed.append(Shard(name=f"s{number}", path=folder / given, given=given))
    description.write(folder, Description(rule="{platform}-{year}", shards=tuple(listed)))
    return folder


def archive(folder: Path, articles: int) -> Path:
    """One archive of as many articles."""
    for file in range(2 * FILES):
        make(folder, articles // 2 // FILES, file * (articles // 2 // FILES), f"b{file}")
    return folder


def rebuilt(folder: Path, crew: Crew) -> None:
    """Rebuild one archive."""
    with Archive(folder) as opened, Lock(folder):
        rebuild_archive(opened, crew)


def _spent() -> dict[int, float]:
    """CPU seconds of this process, and of each that it has started, by its number."""
    me = psutil.Process()
    return {each.pid: sum(each.cpu_times()[:2]) for each in (me, *me.children(recursive=True))}


def measured(work: Work, folder: Path, warm: Path, count: int) -> tuple[float, ...]:
    """Seconds; CPU seconds here, of the busiest worker, and of all workers."""
    with workers_here(count) as crew:
        rebuilt(warm, crew)
        before, begun = _spent(), time.monotonic()
        work(folder, crew)
        seconds, after = time.monotonic() - begun, _spent()
    spent = {number: value - before[number] for number, value in after.items()}
    here = spent.pop(os.getpid())
    return seconds, here, max(spent.values()), sum(spent.values())


def main(articles: int = 1200, shards: int = 6) -> None:
    """Make both, and rebuild each by one worker and by two."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm = archive(folder / "warm", 64)
        cases: list[tuple[str, Work, Path]] = [
            ("collection", rebuild_collection, collection(folder / "c", articles, shards)),
            ("one archive", rebuilt, archive(folder / "a", articles)),
        ]
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {articles} articles")
        for name, work, where in cases:
            single, double = (measured(work, where, warm, count) for count in (1, 2))
            for count, (seconds, here, busiest, everyone) in ((1, single), (2, double)):
                print(
                    f"{name:12} {count} worker(s) {seconds:7.1f} s; CPU here {here:6.1f} s, "
                    f"busiest worker {busiest:6.1f} s, all workers {everyone:6.1f} s"
                )
            ratios = f"{single[0] / double[0]:.2f} times as quick"
            if work is not rebuilt:  # which writes while they read
                ratios += f", by CPU seconds {sum(single[1:3]) / sum(double[1:3]):.2f}"
            print(f"{name:12} {ratios}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
