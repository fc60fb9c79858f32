"""The search compared with a plain scan of 20,000 articles: it finds exactly what is there, wherever it is asked from."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from archive import Archive, extract
from archive.cli.main import cli
from archive.database.rows import columns
from archive.errors import UsageError
from archive.model import Article
from archive.search import search
from archive.search.expression import Document
from archive.search.filters import Filters
from archive.search.parser import fts_query, parse
from archive.verification.structure import check_structure
from tests.cli.test_cli import _path
from tests.rigs.corpus import Asker, articles, folded, row, write

NUMBER = int(os.environ.get("ZHENGWEN_SEARCH_ARTICLES", 20_000))
pytestmark = [
    pytest.mark.xdist_group("search"),  # one database for all
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # ten thousand queries take as long as the machine is slow
]
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return list(articles(NUMBER))


@pytest.fixture(scope="module")
def folder(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    write(folder / "archive.db", rows)
    return folder


@pytest.fixture(scope="module")
def asker(rows: Rows) -> Asker:
    return Asker(rows)


def ids(archive: Archive, query: str, **how: Any) -> frozenset[str]:
    hits = archive.search(query, limit=None, **how)
    hit_ids = frozenset(hit.id for hit in hits)
    assert len(hit_ids) == len(hits)
    return hit_ids


def hit_ids(archive: Archive, query: str, number: int) -> frozenset[str]:
    """What a query finds as typed. Showing the hits costs most of a search and is done for every
    tenth one; other tests look at how they are shown."""
    listed = list(search.matching(archive.db, query, Filters(), widen=False))
    assert len(set(listed)) == len(listed)
    if number % 10 == 0:
        assert [hit.id for hit in archive.search(query, limit=None, widen=False)] == listed
    return frozenset(listed)


def in_index(archive: Archive, query: str) -> frozenset[str]:
    """What the stock programs ask with our package installed."""
    return matching(archive, fts_query(query))


def matching(archive: Archive, question: str | None) -> frozenset[str]:
    statement = "SELECT id FROM articles_fts JOIN articles ON pk = articles_fts.rowid WHERE articles_fts MATCH ?"
    return frozenset(row[0] for row in archive.db.execute(statement, [question]))


def test_ten_thousand_queries_equal_a_plain_scan(folder: Path, asker: Asker) -> None:
    kinds: dict[str, int] = {}
    with Archive(folder) as archive:
        for number, asked in enumerate(asker.queries(10_000)):
            assert hit_ids(archive, asked.query, number) == asked.meant, asked
            kinds[asked.kind] = kinds.get(asked.kind, 0) + bool(asked.meant)
    assert len(kinds) == 21
    assert all(kinds.values()), kinds


def test_ten_thousand_queries_on_real_pages(shared: Path, tmp_path: Path) -> None:
    """Texts as they are in the world: foreign letters, signs, odd forms."""
    extracted = [
        extract(page.read_bytes(), "http://www.example.org/1.html")
        for page in sorted((shared / "eval").rglob("*.html"))
    ]
    texts = [article for article in extracted if isinstance(article, Article)]
    real = [
        row(serial, article.title, article.text, "健康中国", "2020-02-02")
        for serial, article in enumerate(texts)
    ]
    write(tmp_path / "archive.db", real)
    asked_of_real = Asker(real)
    with Archive(tmp_path) as archive:
        for number, asked in enumerate(asked_of_real.queries(10_000)):
            assert hit_ids(archive, asked.query, number) == asked.meant, asked
            assert (
                asked.longest > 4
                or matching(archive, parse(asked.query, widen=False).fts()) == asked.meant
            ), asked
    assert len(real) > 100


def test_traditional_words_find_all_their_spellings(folder: Path, asker: Asker) -> None:
    with Archive(folder) as archive:
        for _ in range(100):
            asked = asker.traditional()
            assert ids(archive, asked.query) == asked.meant, asked


def test_the_index_alone_misses_nothing_and_is_exact_up_to_four_characters(
    folder: Path, asker: Asker
) -> None:
    with Archive(folder) as archive:
        for asked in asker.queries(600):
            matches = in_index(archive, asked.query)
            wide = ids(archive, asked.query)
            assert wide <= matches, asked
            assert asked.meant <= matches or asked.kind == "NOT", (
                asked
            )  # other spellings are taken away too
            assert asked.longest > 4 or matches == wide, asked


def test_the_command_prints_the_meant_articles(folder: Path, asker: Asker) -> None:
    for asked in asker.queries(150):
        words = [
            "--archive",
            str(folder),
            "search",
            "--json",
            "--limit",
            str(NUMBER),
            "--only-as-typed",
            "--",
            asked.query,
        ]
        done = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert (
            frozenset(json.loads(line)["id"] for line in done.stdout.splitlines()) == asked.meant
        ), asked


def test_stock_sqlite_utils_with_our_package(folder: Path, asker: Asker) -> None:
    program = [
        sys.executable,
        "-m",
        "sqlite_utils",
        "search",
        str(folder / "archive.db"),
        "articles",
    ]
    for asked in asker.queries(25):
        done = subprocess.run(
            [*program, asked.query, "-c", "id"],
            env=_path(),
            check=True,
            capture_output=True,
            text=True,
        )
        printed = frozenset(row["id"] for row in json.loads(done.stdout))
        with Archive(folder) as archive:
            assert ids(archive, asked.query) <= printed, asked
            assert asked.longest > 4 or printed == ids(archive, asked.query), asked


def test_stock_sqlite_utils_with_its_option_for_text(folder: Path, asker: Asker) -> None:
    program = [
        sys.executable,
        "-m",
        "sqlite_utils",
        "search",
        str(folder / "archive.db"),
        "articles",
    ]
    done = subprocess.run(
        [*program, 'COVID-19" NOT', "--quote", "-c", "id"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == []  # the word "not" is nowhere
    refused = subprocess.run([*program, "，。"], check=False, capture_output=True, text=True)
    assert refused.returncode == 1 and "no word to search for" in refused.stderr


def test_datasette_with_our_package(folder: Path, asker: Asker) -> None:
    async def ids_by_datasette(client: Any, query: str) -> frozenset[str]:
        answer = await client.get(
            "/archive/articles.json",
            params={"_search": query, "_shape": "array", "_size": "max", "_col": "id"},
        )
        return frozenset(row["id"] for row in answer.json())

    async def ask() -> None:
        datasette = Datasette(
            [str(folder / "archive.db")],
            settings={"max_returned_rows": NUMBER, "sql_time_limit_ms": 20_000},
        )
        await datasette.invoke_startup()
        with Archive(folder) as archive:
            for asked in asker.queries(60):
                there = await ids_by_datasette(datasette.client, asked.query)
                assert ids(archive, asked.query) <= there, asked
                assert asked.longest > 4 or there == ids(archive, asked.query), asked
            assert not await ids_by_datasette(datasette.client, "，。！")

    asyncio.run(ask())


STOCK = """
import contextlib, io, json, sys
sys.path[:0] = [sys.argv[1]]
from importlib.metadata import distributions
assert not any(one.metadata["Name"] == "zhengwen" for one in distributions())
from sqlite_utils.cli import cli
for query in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.main(["search", sys.argv[2], "articles", query, "-c", "id"], standalone_mode=False)
    print(json.dumps([row["id"] for row in json.loads(out.getvalue())]))
"""


def test_stock_sqlite_utils_that_never_saw_our_package(
    folder: Path, asker: Asker, tmp_path: Path
) -> None:
    """One to four characters, and AND, OR, NOT of such words, are answered exactly by the file alone."""
    for name in (
        "sqlite_utils",
        "click",
        "click_default_group",
        "pluggy",
        "dateutil",
        "six",
        "tabulate",
        "sqlite_fts4",
    ):
        for place in Path(next(p for p in sys.path if p.endswith("site-packages"))).glob(
            f"{name}*"
        ):
            if not place.name.endswith("dist-info") and not (tmp_path / place.name).exists():
                (tmp_path / place.name).symlink_to(place)
    asked = [query for query in (asker.any_word() for _ in range(300)) if query.longest <= 4]
    asked += [query for query in (asker.joined(4) for _ in range(200)) if query.longest <= 4]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", STOCK, str(tmp_path), str(folder / "archive.db")],
        input=json.dumps([query.query for query in asked]),
        check=True,
        capture_output=True,
        text=True,
    )
    for query, line in zip(asked, done.stdout.splitlines(), strict=True):
        assert frozenset(json.loads(line)) == query.meant, query


def test_other_peoples_tables_are_left_alone(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "sqlite_utils"]
    path = str(tmp_path / "theirs.db")
    run = {"check": True, "capture_output": True, "text": True}
    subprocess.run(
        [*program, "insert", path, "articles", "-"], input='{"text": "中华人民 共和国 one"}', **run
    )  # type: ignore[call-overload]
    subprocess.run([*program, "enable-fts", path, "articles", "text"], **run)  # type: ignore[call-overload]
    for query, hits in (("中华人民 one", 1), ("中华人民共和国", 0), ("text:one", 1)):
        done = subprocess.run([*program, "search", path, "articles", query], **run)  # type: ignore[call-overload]
        assert len(json.loads(done.stdout)) == hits

    async def ask() -> int:
        datasette = Datasette([path])
        await datasette.invoke_startup()
        return len(
            (await datasette.client.get("/theirs/articles.json?_search=one&_shape=array")).json()
        )

    assert asyncio.run(ask()) == 1


def relevance(row: dict[str, Any], word: str) -> tuple[bool, int]:
    """The order of hits by relevance, decided by the text alone."""
    plain, text = folded(word), folded(row["text"])
    times = sum(text.startswith(plain, place) for place in range(len(text)))
    classes = [times * 1000 >= dense * max(len(row["text"]), 1000) for dense in (2, 4, 8)]
    return (plain not in folded(row["title"]), -sum(classes))


def test_relevance_is_title_then_density_then_date(folder: Path, rows: Rows, asker: Asker) -> None:
    by_id = {row["id"]: row for row in rows}
    words = (
        [asker.some(6) for _ in range(40)]
        + ["工作", "的"]
        + [asker.frequent_word().query for _ in range(8)]
    )
    classes = set()
    with Archive(folder) as archive:
        for word in words:
            hits = [
                hit.id for hit in archive.search(word, order="relevance", limit=None, widen=False)
            ]
            newest = sorted(
                asker.scan.word(word),
                key=lambda article_id: (by_id[article_id]["published_at"], article_id),
                reverse=True,
            )
            wanted = sorted(newest, key=lambda article_id: relevance(by_id[article_id], word))
            assert hits == wanted, word
            classes |= {relevance(by_id[article_id], word) for article_id in wanted}
    assert len(classes) >= 6


def test_relevance_of_several_words(folder: Path, asker: Asker) -> None:
    with Archive(folder) as archive:
        for asked in asker.queries(150):
            ranked = archive.search(asked.query, order="relevance", limit=None, widen=False)
            assert {hit.id for hit in ranked} == asked.meant
            assert [hit.rank for hit in ranked] == list(range(1, len(ranked) + 1))
            page = archive.search(asked.query, order="relevance", limit=7, offset=3, widen=False)
            assert page == ranked[3:10]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"platform": "thepaper"},
        {"kind": "article"},
        {"since": "2018-05-07"},
        {"within": "text"},
    ],
)
def test_a_page_far_down_is_that_of_all_hits(given: dict[str, Any], folder: Path, asker: Asker) -> None:  # fmt: skip
    joined: list[str] = []

    def note(statement: str) -> None:
        joined.extend([statement] if "SELECT a.published_at" in statement else [])

    with Archive(folder) as archive:
        asked = {"order": "relevance", "widen": False, **given}
        word = asker.frequent_word().query
        archive.connection.set_trace_callback(note)
        ranked = archive.search(word, limit=None, **asked)
        of_all, number = len(joined), len(ranked)
        assert number > 250
        for skip in (1, 7, 99, number // 2, number - 8, number - 1, number, number + 5):
            assert archive.search(word, limit=8, offset=skip, **asked) == ranked[skip : skip + 8]
        joined.clear()
        archive.search(word, limit=1, offset=number - 1, **asked)
    if not {"kind", "since"} & given.keys():  # what is passed over is not read
        assert len(joined) < of_all / 2


def nested(asker: Asker, depth: int) -> tuple[str, frozenset[str]]:
    """An expression, and what it means by a plain scan of its words."""
    if not depth:
        word = asker.some(asker.rnd.choice([2, 3, 6]))
        return word, asker.scan.word(word)
    (first, left), (second, right) = (
        nested(asker, asker.rnd.randint(0, depth - 1)) for _ in range(2)
    )
    operator = asker.rnd.choice(["AND", "OR", "NOT"])
    meant = {"AND": left & right, "OR": left | right, "NOT": left - right}[operator]
    return f"({first}) {operator} ({second})", meant


def test_nested_expressions_in_either_order(folder: Path, asker: Asker) -> None:
    with Archive(folder) as archive:
        for _ in range(60):
            query, meant = nested(asker, 3)
            assert ids(archive, query, widen=False) == meant, query
            assert ids(archive, query, widen=False, order="relevance") == meant, query


def test_a_hit_by_an_alternative_may_be_spoilt_in_the_other(tmp_path: Path) -> None:
    write(
        tmp_path / "archive.db",
        [row(1, "口罩通报", "人类命运共同体与疫情", "上海发布", "2020-02-02")],
    )
    with Archive(tmp_path) as archive:
        for order in ("date", "relevance"):
            assert ids(archive, "(口罩 NOT 疫情) OR 人类命运共同体", order=order) == {"thepaper-1"}


def test_by_date_the_newest_comes_first(folder: Path, rows: Rows, asker: Asker) -> None:
    with Archive(folder) as archive:
        for asked in (*asker.queries(100), asker.frequent_word()):
            hits = archive.search(asked.query, limit=None, widen=False)
            assert len(hits) == len(asked.meant)
            assert hits == sorted(
                hits, key=lambda hit: (str(hit.published_at), hit.id), reverse=True
            )
            assert archive.search(asked.query, limit=5, offset=2, widen=False) == hits[2:7]


def test_the_first_twenty_of_many_do_not_cost_reading_them_all(folder: Path) -> None:
    """Counted in steps of SQLite, because times move with the machine."""
    steps = 0

    def tick() -> int:
        nonlocal steps
        steps += 10
        return 0

    with Archive(folder) as archive:
        for word in ("的", "工作", "工作 经济", archive.article("thepaper-1").text[:5]):
            for order in ("date", "relevance"):
                steps = 0
                archive.db.conn.set_progress_handler(tick, 10)
                archive.search(word, order=order, widen=False)  # type: ignore[arg-type]
                # Reading all that have the most frequent word takes over 20 steps for each article.
                assert steps < NUMBER + 20_000, (word, order, steps)


@pytest.mark.parametrize(
    ("filters", "test"),
    [
        ({"account": "上海发布"}, lambda row: row["account"] == "上海发布"),
        ({"account": "101"}, lambda row: row["account_id"] == "101"),
        ({"platform": "demo"}, lambda row: row["platform"] == "demo"),
        ({"status": "withdrawn"}, lambda row: row["status"] == "withdrawn"),
        ({"since": "2020-02-29"}, lambda row: row["published_at"] >= "2020-02-29"),
        ({"until": "2016-12-31"}, lambda row: row["published_at"][:10] <= "2016-12-31"),
        (
            {"since": "2018-03-01", "until": "2018-03-31", "status": "live"},
            lambda row: row["published_at"][:7] == "2018-03" and row["status"] == "live",
        ),
        (
            {"platform": "thepaper", "account": "101", "status": "changed"},
            lambda row: (
                (row["platform"], row["account_id"], row["status"])
                == ("thepaper", "101", "changed")
            ),
        ),
        ({"platform": "netease"}, lambda row: False),
    ],
)
def test_filters_and_counts(
    folder: Path, rows: Rows, asker: Asker, filters: dict[str, str], test: Any
) -> None:
    by_id = {row["id"]: row for row in rows}
    with Archive(folder) as archive:
        for asked in (*asker.queries(60), asker.frequent_word()):
            wanted = [by_id[article_id] for article_id in asked.meant if test(by_id[article_id])]
            assert ids(archive, asked.query, widen=False, **filters) == {
                row["id"] for row in wanted
            }
            assert sum(archive.count(asked.query, widen=False, **filters).values()) == len(wanted)
            for by, length in (
                ("account", None),
                ("platform", None),
                ("status", None),
                ("month", 7),
                ("year", 4),
            ):
                tally: dict[str, int] = {}
                for row in wanted:
                    value = row["published_at"][:length] if length else row[by]
                    tally[value] = tally.get(value, 0) + 1
                assert archive.count(asked.query, by, widen=False, **filters) == tally


def test_fields(folder: Path, rows: Rows, asker: Asker) -> None:
    with Archive(folder) as archive:
        for _ in range(60):
            word, other = asker.some(6), asker.some(3)
            titled = {row["id"] for row in rows if folded(word) in folded(row["title"])}
            assert ids(archive, f"title:{word}", widen=False) == titled
            in_shanghai = {row["id"] for row in rows if "上海" in row["account"]}
            assert ids(
                archive, f"account:上海 {other}", widen=False
            ) == in_shanghai & asker.scan.word(other)
            assert (
                ids(archive, f"{other} NOT title:{word}", widen=False)
                == asker.scan.word(other) - titled
            )
            assert ids(archive, f"account:(上海 OR 北京) title:{word}", widen=False) == {
                row["id"]
                for row in rows
                if row["id"] in titled and row["account"] in ("上海发布", "平安北京")
            }
        assert ids(archive, "account:gdp", widen=False) == {
            row["id"] for row in rows if row["account"] == "ＧＤＰ观察"
        }


HOSTILE = [
    *"\"'()（）“”「」*＊:：-—·.,^+~{}[]\\/%_\0\x01\x1b\x7f\t\n\u3000\u200d\ufeff\ue000\ue003",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "title:",
    "account:",
    "疫",
    "情",
    "国务院办公厅",
    "a",
    "1",
    "é",
    "e\u0301",
    "ς",
    "İ",
    "ﬁ",
    "½",
    "😀",
    "👨‍👩‍👧",
    "\ud800",
    "𠮷",
    "ᄀ",
    "ᅡ",
    "ᦰ",
    " ",
    " ",
]


def test_hostile_strings_are_queries_or_usage_errors(folder: Path, rows: Rows) -> None:
    rnd = random.Random(3)
    documents = {row["id"]: Document(row) for row in rows[:2000]}
    asked = errors = 0
    with Archive(folder) as archive:
        for _ in range(10_000):
            query = "".join(rnd.choices(HOSTILE, k=rnd.randint(0, 25)))
            order = rnd.choice(["date", "relevance"])
            try:
                hits = archive.search(
                    query,
                    limit=4,
                    order=order,
                    account=rnd.choice([None, None, "上海发布", "\ud800'\""]),
                )  # type: ignore[arg-type]
                expression = parse(query)
            except UsageError:
                errors += 1
                continue
            asked += 1
            assert all(
                expression.matches(Document(columns(archive.article(hit.id)))) for hit in hits
            ), query
            if asked % 50 == 0:
                matches = {
                    article_id for article_id in ids(archive, query) if article_id in documents
                }
                assert matches == {
                    article_id
                    for article_id, document in documents.items()
                    if expression.matches(document)
                }, query
    assert asked > 3000 and errors > 500


def test_too_much_is_refused(folder: Path) -> None:
    with Archive(folder) as archive:
        for query in ("字" * 5001, "字 " * 300, "(" * 60 + "字 口"):
            with pytest.raises(UsageError):
                archive.search(query)
        assert archive.search("字" * 5000) == []
        assert archive.search(" ".join(f"字{number}" for number in range(150))) == []
        nested = "(字 OR " * 20 + "口" + ")" * 20
        assert (
            archive.search(nested, limit=3)
            and archive.search(nested.replace("OR", "NOT"), limit=1) is not None
        )
        assert archive.search(" NOT ".join(f"字{number}" for number in range(150))) == []
        assert (
            archive.search(" OR 天 NOT ".join(f"字{number}" for number in range(90)), limit=1)
            is not None
        )


@pytest.mark.parametrize(
    "given",
    [
        {"since": "yesterday"},
        {"since": "20200202"},
        {"until": "2020-02"},
        {"until": "2020-02-30"},
        {"order": "best"},
        {"limit": -1},
        {"limit": 10**30},
        {"offset": -1},
        {"offset": 10**30},
    ],
)
def test_wrong_filters_and_places_are_usage_errors(folder: Path, given: dict[str, Any]) -> None:
    with Archive(folder) as archive, pytest.raises(UsageError):
        archive.search("工作", **given)


def test_a_count_is_by_a_column_that_can_be_counted(folder: Path) -> None:
    with Archive(folder) as archive:
        for word in ("工作", "人类命运共同体"):
            with pytest.raises(UsageError, match="counted by 'title'"):
                archive.count(word, "title")


def test_an_index_out_of_step_is_reported(rows: Rows, tmp_path: Path) -> None:
    write(tmp_path / "archive.db", rows[:300])
    with Archive(tmp_path) as archive:
        assert list(check_structure(tmp_path / "archive.db")) == []
        assert archive.db
    harm = {
        "DELETE FROM articles WHERE id = 'thepaper-7'": "holds 1 article that is not in articles",
        "UPDATE articles SET text = '改了的文字，从来没有收进索引。'": "more articles than these",
        "UPDATE articles_fts_data SET block = zeroblob(length(block)) WHERE id > 1000": "own check of it fails",
    }
    for statement, complaint in harm.items():
        subprocess.run(
            [
                sys.executable,
                "-m",
                "sqlite_utils",
                "query",
                str(tmp_path / "archive.db"),
                statement,
            ],
            check=True,
        )
        findings = [str(finding) for finding in check_structure(tmp_path / "archive.db")]
        assert any(complaint in finding for finding in findings), findings
    done = CliRunner().invoke(cli, ["--archive", str(tmp_path), "verify"])
    assert done.exit_code == 3 and "articles_fts" in done.output


def test_the_file_explains_how_to_search_it(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "rows", str(folder / "archive.db"), "about"],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    about = {row["topic"]: row["text"] for row in json.loads(done.stdout)}
    assert {"search", "longer words", "spelling", "order"} <= set(about)
    tables = {
        row[0]
        for row in Archive(folder).db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts_%'"
        )
    }
    assert {f"table {name}" for name in tables} == {
        topic for topic in about if topic.startswith("table ")
    }
    assert Filters(account="a").conditions() == ("", {})
