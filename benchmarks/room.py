"""How long each page of the reading room takes, next to the table page and the search of plain
Datasette on the same file, in one run.

    python -m benchmarks.room [ARTICLES | FOLDER]    # default 100000; or of an archive
    python -m benchmarks.room --make FOLDER [ARTICLES]    # makes it, of 1001 or more, for many

`zhengwen serve` is started on the archive and asked by one reader, forty times a page, warm, every
page once before any twice: what else the machine does meets all pages alike. CPU is what the server
computes for an answer: the other times grow with whatever else the machine does. The archive has
an account with a quarter of all articles, an article with 200 versions, one text published fifty
times, and one small real archive within it, so that records and pages as captured are there.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil

from tests.rigs.browsing import process_of
from tests.rigs.corpus import articles, write
from tests.rigs.room_rows import EDITED, GREAT, REPRINTS, fill
from tests.rigs.room_world import SHOWN, make

TIMES = 40
ARTICLES = 100_000
ALL = "platform=thepaper&account=100&status=live&kind=article&since=2016-01-01&until=2025-01-01"
PAGES = {
    "home": "/room/",
    "home, Chinese": "/room/?lang=zh",
    "search, the form": "/room/search",
    "search, a rare word": "/room/search?q=口罩",
    "search, a common word": "/room/search?q=工作",
    "search, a common word, Chinese": "/room/search?q=工作&lang=zh",
    "search, best first": "/room/search?q=工作&order=relevance",
    "search, two words": "/room/search?q=经济 发展",
    "search, with filters": "/room/search?q=工作&status=withdrawn&since=2018-01-01",
    "search, all filters": f"/room/search?q=工作&{ALL}",
    "search, all filters, no word": f"/room/search?{ALL}",
    "search, one filter, no word": "/room/search?status=live",
    "search, the same, page 500": "/room/search?status=live&page=500",
    "search, page 50": "/room/search?q=工作&page=50",
    "search, page 500": "/room/search?q=工作&page=500",
    "search, best first, page 500": "/room/search?q=工作&order=relevance&page=500",
    "search, any character": "/room/search?q=的",
    "search, any character, page 500": "/room/search?q=的&page=500",
    "search, one or the other": "/room/search?q=经济 OR 工作&order=relevance",
    "search, an account": "/room/search?q=工作&account=发布150",
    "search, the greatest account": "/room/search?q=工作&account=发布100",
    "search, in documents": "/room/search?q=工作&in=attachments",
    "search, in pictures": "/room/search?q=工作&in=pictures",
    "search, no hit": "/room/search?q=马铃薯炖牛肉",
    "hits.csv, a rare word": "/room/hits.csv?q=口罩",
    "hits.atom": "/room/hits.atom?q=工作",
    "article": "/room/article/thepaper-777",
    "article, Chinese, words marked": "/room/article/thepaper-777?lang=zh&q=工作",
    "article of many versions": f"/room/article/{EDITED}",
    "article of many reprints": "/room/article/REPRINTED",
    "article, with a picture": f"/room/article/{SHOWN}",
    "links of an article": "/room/linkset/thepaper-777",
    "reference": "/room/cite/thepaper-777/bib",
    "two versions": "/room/compare/CHANGED",
    "two versions far apart": f"/room/compare/{EDITED}?from=1&to=150",
    "capture": "/room/capture/urn:uuid:1-thepaper-777",
    "record": "/room/record/NOTE",
    "record to save": "/room/capture/CAPTURE/record.warc.gz",
    "file": "/room/file/PICTURE",
    "as captured": "REPLAY/CAPTURE",
    "as captured, the content": "REPLAY/content/CAPTURE",
    "time map": "/room/timemap/https://www.thepaper.cn/newsDetail_forward_777",
    "time map, many captures": "/room/timemap/https://www.thepaper.cn/newsDetail_forward_1000",
    "time gate": "/room/timegate/https://www.thepaper.cn/newsDetail_forward_777",
    "account": "/room/account?platform=thepaper&id=150",
    "account, the greatest": f"/room/account?platform=thepaper&id={GREAT}",
    "account, without an id": "/room/account?platform=thepaper&name=平安北京",
    "calendar.svg": f"/room/calendar.svg?platform=thepaper&id={GREAT}",
    "accounts": "/room/accounts",
    "coverage": "/room/coverage",
    "coverage, Chinese": "/room/coverage?lang=zh",
    "runs": "/room/runs",
    "run": "/room/run/run-100",
    "changes.atom": "/room/changes.atom",
    "Datasette, table": "/archive/articles",
    "Datasette, facets": "/archive/articles?_facet=status&_facet=account_id",
    "Datasette, search": "/archive/articles?_search=工作",
}
IDS = {
    "REPRINTED": f"SELECT id FROM articles GROUP BY title HAVING count(*) > {REPRINTS} LIMIT 1",
    "CHANGED": "SELECT id FROM articles WHERE version_count > 1 LIMIT 1",
    "NOTE": "SELECT record FROM coverage WHERE record <> 'r' LIMIT 1",
    "CAPTURE": "SELECT capture FROM versions WHERE article_id = 'SHOWN' LIMIT 1",
    "PICTURE": "SELECT capture FROM media WHERE article_id = 'SHOWN' AND capture <> '' LIMIT 1",
}
"""Names of ids in the addresses above, and how each id is read from the archive."""


def main() -> None:
    """Print a table: the median, the 95th percentile, the first time and the CPU time, in ms."""
    given = sys.argv[1] if len(sys.argv) > 1 else str(ARTICLES)
    if given == "--make":
        build(Path(sys.argv[2]), *map(int, sys.argv[3:4] or [ARTICLES]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) if given.isdecimal() else Path(given)
        if given.isdecimal():
            build(folder, int(given))
        with asked(folder) as (reader, server, paths):
            print_table(reader, server, paths)


def build(folder: Path, number: int) -> None:
    """An archive with so many articles and all else that an archive has."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "archive.db"
    write(database, articles(number, length=400))
    first = next(articles(1, length=400))
    write(database, (reprint(first, number + each) for each in range(REPRINTS)))
    fill(database)
    make(folder)


def reprint(row: dict[str, object], serial: int) -> dict[str, object]:
    """A row of `articles` with the text of another."""
    url = f"https://www.thepaper.cn/newsDetail_forward_{serial}"
    return row | {
        "pk": serial + 1,
        "id": f"thepaper-{serial}",
        "url": url,
        "digest": str(serial),
    }


@contextmanager
def asked(folder: Path) -> Iterator[tuple[httpx.Client, psutil.Process, dict[str, str]]]:
    """A reader, the process that answers, and the address of each page of this archive."""
    with process_of(folder) as (process, address):
        site = httpx.URL(address).join("/")
        with httpx.Client(base_url=site, trust_env=False, timeout=60) as reader:
            names = ids_of(folder)
            shown = reader.get(f"/room/capture/{names['CAPTURE']}").text
            names["REPLAY"] = re.findall(r'href="(http://127[^/]+)/', shown)[0]
            paths = {}
            for page, path in PAGES.items():
                for name, value in names.items():
                    path = path.replace(name, value)
                paths[page] = path
            yield reader, psutil.Process(process.pid), paths


def ids_of(folder: Path) -> dict[str, str]:
    """The ids of `IDS`, as a path has them."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        rows = {
            name: db.execute(statement.replace("SHOWN", SHOWN)).fetchone()
            for name, statement in IDS.items()
        }
    return {name: quote(row[0], safe="") for name, row in rows.items() if row}


def print_table(reader: httpx.Client, server: psutil.Process, paths: dict[str, str]) -> None:
    """Ask for every page in turn, again and again, and print what each took."""
    times: dict[str, list[tuple[float, float]]] = {page: [] for page in paths}
    for _ in range(TIMES + 1):
        for page, path in paths.items():
            times[page].append(measured(reader, server, path))
    print("| page | median | p95 | first | CPU |\n|---|--:|--:|--:|--:|")
    for page, ((first, _), *warm) in times.items():
        spent = sorted(seconds for seconds, _ in warm)
        cells = (
            statistics.median(spent),
            spent[int(TIMES * 0.95) - 1],
            first,
            statistics.mean(used for _, used in warm),
        )
        print(f"| {page} | {' | '.join(f'{cell * 1000:.0f}' for cell in cells)} |")


def measured(reader: httpx.Client, server: psutil.Process, path: str) -> tuple[float, float]:
    """How long an answer took, and how long the server computed for it; seconds."""
    start, before = time.perf_counter(), sum(server.cpu_times()[:2])
    answer = reader.get(path)
    assert answer.status_code < 400, f"{path}: {answer.status_code}"
    return time.perf_counter() - start, sum(server.cpu_times()[:2]) - before


if __name__ == "__main__":
    main()
