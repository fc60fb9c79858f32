"""A search of a collection compared with that of one archive with all articles."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli.main import cli
from archive.collection import parts, vocabulary
from archive.collection.collection import Collection
from archive.collection.description import read
from archive.collection.manifest import manifests
from archive.errors import UsageError
from archive.search.candidates import COUNTED
from archive.search.filters import Filters
from archive.search.hits import Hits
from archive.search.parser import parse
from tests.collection.corpus_shards import asked, filters, make, with_days
from tests.collection.years import make_both
from tests.rigs.corpus import articles

NUMBER = int(os.environ.get("ZHENGWEN_COLLECTION_ARTICLES", 3_000))
QUERIES = int(os.environ.get("ZHENGWEN_COLLECTION_QUERIES", 300))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("collection"),
    pytest.mark.timeout(3600),  # thousands of queries take as long as the machine is slow
]
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return with_days(list(articles(NUMBER)))


@pytest.fixture(scope="module")
def folder(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    make(folder, rows)
    return folder


def test_random_queries_are_answered_as_by_one_archive(folder: Path, rows: Rows) -> None:
    assert _equal_answers(folder, rows, QUERIES) > QUERIES / 4


def test_shards_that_are_asked_side_by_side_answer_the_same(
    folder: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LARGE", 1)
    assert _equal_answers(folder, rows, 60, seed=11) > 5


def _equal_answers(folder: Path, rows: Rows, number: int, seed: int = 5) -> int:
    """Compare hits and counts of random queries; how many queries have a hit."""
    some = 0
    rnd = random.Random(1)
    with Archive(folder / "archive") as archive, Collection(folder / "collection") as collection:
        assert len(collection.description.shards) > 8
        for query, how in asked(rows, number, seed):
            meant = archive.search(query, **how)
            assert collection.search(query, **how) == meant, (query, how)
            some += bool(meant)
            given = {name: how[name] for name in how.keys() - {"order", "limit", "offset"}}
            by = rnd.choice([*COUNTED])
            counted = archive.count(query, by, **given)
            assert [*collection.count(query, by, **given).items()] == [*counted.items()], query
    return some


def test_articles_of_several_shards_are_found_once(folder: Path) -> None:
    """Of what only an older state of an article says, nothing is found."""
    with Collection(folder / "collection") as collection:
        shared = collection.parts.shared.connection
        (number,) = shared.execute("SELECT count(*) FROM articles").fetchone()
        assert number > NUMBER / 100
        assert collection.search("旧旧旧", limit=None, order="relevance") == []
        assert collection.count("旧旧旧", "year") == {}
        part = collection.parts.parts[1]
        of_shard = "SELECT count(*) FROM main.articles WHERE title LIKE '旧旧旧%'"
        assert part.connection.execute(of_shard).fetchone() > (0,)
        hits = collection.search("的 OR 一", limit=None)
        assert len({hit.id for hit in hits}) == len(hits)


def _noted(collection: Collection) -> dict[str, list[str]]:
    """By database: the statements that it is asked from now on."""
    asked: dict[str, list[str]] = {part.name: [] for part in collection.parts.parts}
    for part in collection.parts.parts:
        part.connection.set_trace_callback(asked[part.name].append)
    return asked


def test_by_date_no_shard_is_asked_that_is_older_than_the_page(folder: Path) -> None:
    """Nor one whose newest articles are hidden, because another shard has them too."""
    with Collection(folder / "collection") as collection:
        asked = _noted(collection)
        hits = collection.search("的", limit=20)
        oldest = min(hit.published_at or "" for hit in hits)
        older = [part for part in collection.parts.parts if part.newest < oldest]
        assert len(older) > 5
        assert any(part.manifest and (part.manifest.last_day or "") > oldest for part in older)
        assert not [part.name for part in older if asked[part.name]]


def test_by_relevance_no_text_is_read_before_it_may_be_shown(folder: Path, rows: Rows) -> None:
    """Of a word that the index alone cannot decide, texts are read until the page is full."""
    words = Counter(
        word for row in rows for word in {*re.findall("[\u4e00-\u9fff]{6}", row["text"])}
    )
    word, number = words.most_common(1)[0]
    with Collection(folder / "collection") as collection:
        assert sum(collection.count(word).values()) >= number > 8
        asked = _noted(collection)
        assert collection.search(word, order="relevance", limit=1)
        statements = [each for some in asked.values() for each in some]
        assert sum("WHERE pk = " in each for each in statements) < number / 2


REASONS: list[tuple[str, dict[str, Any]]] = [
    ("没有这句话的文章", {}),
    ("的", {"since": "2040-01-01"}),
    ("的", {"until": "2001-01-01", "platform": "demo"}),
    ("一 and 二", {}),
    ("thepaper-1", {}),
    ("1", {"within": "attachments"}),
    ("上海发布没有的词语啊", {"account": "上海发布"}),
]


@pytest.mark.parametrize(("query", "how"), REASONS)
def test_why_there_is_none_is_said_as_of_one_archive(
    folder: Path, query: str, how: dict[str, Any]
) -> None:
    with Archive(folder / "archive") as archive, Collection(folder / "collection") as collection:
        assert collection.search(query, **how) == archive.search(query, **how) == []
        assert collection.why_none(query, **how) == archive.why_none(query, **how)


@pytest.mark.parametrize(
    "how",
    [
        {"account": "上海发不"},
        {"platform": "thepapr"},
        {"order": "best"},
        {"since": "2031"},
        {"within": "titles"},
        {"limit": -1},
        {"status": ""},
    ],
)
def test_wrong_usage_is_said_as_of_one_archive(folder: Path, how: dict[str, Any]) -> None:
    errors = []
    for kind, name in ((Archive, "archive"), (Collection, "collection")):
        with kind(folder / name) as opened, pytest.raises(UsageError) as raised:
            opened.search("的", **how)
        errors.append(str(raised.value))
    assert errors[0] == errors[1]


def test_a_manifest_leaves_out_only_what_has_no_hit(folder: Path, rows: Rows) -> None:
    rnd = random.Random(3)
    left_out = 0
    with Collection(folder / "collection") as collection:
        known = [*manifests(collection.parts.shared.connection)]
        databases = {part.name: part.connection for part in collection.parts.parts}
        for _ in range(300):
            wanted = Filters(**filters(rnd))
            where, values = wanted.conditions()
            for each in known:
                if each.may_have(wanted, []):
                    continue
                left_out += 1
                equal = [name for name in ("platform", "status") if getattr(wanted, name)]
                tests = "".join(f" AND a.{name} = :{name}" for name in equal)
                if wanted.account:
                    tests += " AND :account IN (a.account, a.account_id)"
                values |= {
                    name: getattr(wanted, name) for name in ("platform", "status", "account")
                }
                statement = f"SELECT count(*) FROM main.articles a WHERE 1 {where} {tests}"
                assert databases[each.name].execute(statement, values).fetchone() == (0,), wanted
    assert left_out > 30


def test_a_vocabulary_leaves_out_only_what_has_no_hit(folder: Path, rows: Rows) -> None:
    left_out = 0
    with Collection(folder / "collection") as collection:
        databases = collection.parts.parts
        for query, _ in asked(rows, 200, seed=9):
            expression = parse(query)
            lacking = vocabulary.lacking(collection.connection, expression, len(databases))
            for part in databases:
                if part.number in lacking:
                    left_out += 1
                    hits = Hits(part.connection, expression, Filters())
                    assert not hits.counted("all"), (query, part.name)
    assert left_out > 200


# ---- the program


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive and a collection of it, with attachments."""
    return make_both(tmp_path_factory.mktemp("years"))


def run(*words: object) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, list(map(str, words)), catch_exceptions=False)


TYPED = [
    ["云溪"],
    ["云溪", "--json", "--limit", "3"],
    ["云溪", "--order", "relevance", "--limit", "5", "--offset", "4", "--json"],
    ["水泵", "--json"],
    ["水泵", "--in", "attachments"],
    ["水泵", "--in", "text"],
    ["公告 AND 水泵", "--json"],
    ["公告 NOT 水泵", "--count-by", "platform"],
    ["防汛", "--count-by", "month", "--json"],
    ["疫情", "--status", "withdrawn"],
    ["防汛", "--status", "changed", "--json"],
    ["云溪", "--account", "44871", "--json", "--limit", "40"],
    ["云溪", "--account", "济南高新区", "--count-by", "year"],
    ["云溪", "--account", "没有的"],
    ["云溪", "--offset", "100"],
    ["标题:云溪"],
    ["thepaper-5700001"],
]


@pytest.mark.parametrize("typed", TYPED, ids=" ".join)
def test_the_program_prints_what_it_prints_of_one_archive(years: Path, typed: list[str]) -> None:
    of_archive = run("--archive", years / "archive", "search", *typed)
    of_collection = run("--archive", years / "collection", "search", *typed)
    assert of_collection.stdout == of_archive.stdout
    assert of_collection.stderr == of_archive.stderr
    assert of_collection.exit_code == of_archive.exit_code


@pytest.mark.parametrize("name", ["hits.csv", "hits.jsonl", "hits.xlsx"])
def test_a_file_of_hits_has_the_same_bytes(years: Path, tmp_path: Path, name: str) -> None:
    files = []
    for kind in ("archive", "collection"):
        (tmp_path / kind).mkdir()
        files.append(tmp_path / kind / name)
        assert run("--archive", years / kind, "search", "云溪", "-o", files[-1]).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def _remove(shard: Path) -> None:
    shutil.rmtree(shard)


def _no_database(shard: Path) -> None:
    for path in shard.glob("archive.db*"):
        path.unlink()


def _empty(shard: Path) -> None:
    _no_database(shard)
    (shard / "archive.db").touch()


def _damage(shard: Path) -> None:
    _no_database(shard)
    (shard / "archive.db").write_bytes(b"no database" * 1000)


def _folder(shard: Path) -> None:
    _no_database(shard)
    (shard / "archive.db").mkdir()


def _older(shard: Path) -> None:
    with sqlite3.connect(shard / "archive.db") as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def _a_file(shard: Path) -> None:
    shutil.rmtree(shard)
    shard.write_text("no folder", "utf-8")


AWAY = [
    (_remove, []),
    (_no_database, ["--json"]),
    (_empty, ["--count-by", "all"]),
    (_damage, ["--platform", "gov"]),
    (_folder, []),
    (_older, []),
    (_a_file, ["--order", "relevance"]),
]


@pytest.mark.parametrize(("away", "words"), AWAY)
def test_a_shard_that_cannot_be_reached_is_named(
    years: Path, tmp_path: Path, away: Any, words: list[str]
) -> None:
    folder = Path(shutil.copytree(years / "collection", tmp_path / "collection"))
    away(folder / "shards" / "thepaper-2033")
    done = run("--archive", folder, "search", "云溪", *words)
    assert done.exit_code == 3
    assert "The shard thepaper-2033 could not be reached" in done.stderr.splitlines()[-1]
    full = run("--archive", folder.parent / "collection", "search", "云溪", "--json", "--limit", 99)
    rest = {json.loads(line)["id"] for line in full.stdout.splitlines()}
    complete = run("--archive", years / "collection", "search", "云溪", "--json", "--limit", 99)
    hits = {json.loads(line)["id"] for line in complete.stdout.splitlines()}
    assert rest < hits  # what the others have is there
    assert "thepaper-5700001" in rest  # and an article that it shares with others
    state = run("--archive", folder, "status")
    assert state.exit_code == 3
    assert "thepaper-2033  unreachable" in state.stdout


def test_that_nothing_is_there_is_said_with_the_shard_that_may_have_it(
    years: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(years / "collection", tmp_path / "collection"))
    for shard in read(folder).shards:
        shutil.rmtree(shard.path)
    done = run("--archive", folder, "search", "公告3")
    assert done.exit_code == 3
    assert done.stderr.count("could not be reached") == 5
