"""Readers of the reading room while a crawl writes to the archive: errors, times, memory.

    python -m benchmarks.readers [SECONDS [READERS [ARCHIVE]]]    # default 60 seconds, 10 readers

The crawl is that of `zhengwen demo`, again and again: a real crawl with its WARC files, its index
and its edits, on this machine alone. With an archive, such as that of `python -m benchmarks.room
--make ARCHIVE`, it is a crawl into a copy of that, whose rows count as made by this version.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from archive.archive import Archive
from archive.database.producer import current
from archive.database.store import open_for_index, sign
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
OF_LARGE = ("article/thepaper-777", "search?q=工作&page=50", "account?platform=thepaper&id=100")


def main() -> None:
    """Print how many answers came with which status, their times, and the server's memory."""
    seconds, readers = [*map(int, sys.argv[1:3]), *(60, 10)[len(sys.argv) - 1 :]]
    paths = (*PATHS, *OF_LARGE) if sys.argv[3:] else PATHS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive"
        for archive in sys.argv[3:4]:
            take(Path(archive), folder)
        crawl(folder)
        reading = read_beside(
            folder, paths, lambda: crawl(folder), readers=readers, seconds=seconds
        )
    times = sorted(reading.seconds)
    print(f"{readers} readers, {seconds} s, {reading.writes} times two crawls: {reading.answers}")
    print(f"median {statistics.median(times):.3f} s, p95 {times[int(len(times) * 0.95)]:.3f} s")
    print(f"memory of the server, MiB: {', '.join(f'{each:.0f}' for each in reading.memory)}")


def take(archive: Path, folder: Path) -> None:
    """Copy an archive so that this version of the program crawls into the copy."""
    shutil.copytree(archive, folder)
    with Archive(folder) as copy:
        producer = current(copy.platforms)
    with closing(open_for_index(folder / "archive.db")) as db, db.atomic():
        db.execute("DELETE FROM producers")
        # The sites of the copied articles are not asked for them.
        db.execute("UPDATE articles SET watched_from = '9999'")
        sign(db, producer)
    (folder / "accounts.csv").write_text("platform,account_id,name,url\n")


def crawl(folder: Path) -> None:
    """Two crawls of the fictional platform, which edits an article between them."""
    command = [sys.executable, "-m", "crawler", "demo", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


if __name__ == "__main__":
    main()
