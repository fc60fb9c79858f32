"""A collection of an archive: split by complete WARC files, read, verified and merged again."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli.main import cli
from archive.collection.collection import Collection
from archive.collection.description import read
from archive.index.files import FilesHere, RowsOfFile
from archive.warc.chain import links
from crawler.cli import cli as crawler_cli
from tests.collection.years import NEWS, STORY, YEAR, make
from tests.conftest import dump
from tests.platforms.test_described import SELECTORS, TOML
from tests.rigs.history import History, page
from tests.rigs.signals import kill_all

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("collection")]


def run(*words: object) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, list(map(str, words)), catch_exceptions=False)


def digests(folder: Path) -> dict[str, str]:
    """Every file, without those that SQLite keeps for readers."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("years") / "archive")


@pytest.fixture(scope="module")
def split(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split") / "collection"
    before = digests(original)
    assert run("split", original, folder).exit_code == 0
    assert digests(original) == before
    return folder


@pytest.fixture
def collection(split: Path, tmp_path: Path) -> Path:
    """One that a test may change."""
    return Path(shutil.copytree(split, tmp_path / "collection", symlinks=True))


def test_each_file_is_in_one_shard_by_platform_and_year(original: Path, split: Path) -> None:
    shards = read(split).shards
    assert [shard.name for shard in shards] == [
        *("gov-2031", "gov-2032", "thepaper-2031", "thepaper-2032", "thepaper-2033")
    ]
    files = [path.name for shard in shards for path in (shard.path / "warc").iterdir()]
    assert sorted(files) == sorted(path.name for path in (original / "warc").iterdir())


@pytest.mark.parametrize(
    ("rule", "names"),
    {
        "{year}": {"2031", "2032", "2033"},
        "{platform}": {"gov", "thepaper"},
        "all-{platform}_{month}": {
            *("all-thepaper_2031-03", "all-thepaper_2032-02", "all-thepaper_2032-03"),
            *("all-thepaper_2033-02", "all-gov_2031-03", "all-gov_2032-07"),
        },
        "{account}": {"44871", "yunxi"},
        "{platform}.{account}.{year}": {
            *("gov.yunxi.2031", "gov.yunxi.2032"),
            *(f"thepaper.44871.{year}" for year in (2031, 2032, 2033)),
        },
    }.items(),
)  # fmt: skip
def test_any_rule_gives_an_archive_back(
    original: Path, tmp_path: Path, rule: str, names: set[str]
) -> None:
    assert run("split", original, tmp_path / "c", "--rule", rule, "--link").exit_code == 0
    assert {shard.name for shard in read(tmp_path / "c").shards} == names
    assert run("--archive", tmp_path / "c", "verify").exit_code == 0
    assert run("merge", tmp_path / "c", tmp_path / "a", "--link").exit_code == 0
    assert dump(tmp_path / "a") == dump(original)


def test_what_is_merged_is_what_was_split(original: Path, split: Path, tmp_path: Path) -> None:
    done = run("merge", split, tmp_path / "archive")
    assert (done.exit_code, done.output) == (0, "")
    assert dump(tmp_path / "archive") == dump(original)
    same = {
        name: digest
        for name, digest in digests(original).items()
        if not name.startswith("archive.db")
    }
    merged = digests(tmp_path / "archive")
    del merged["archive.db"]
    assert merged == {name: digest for name, digest in same.items() if name != ".lock"}
    assert run("--archive", tmp_path / "archive", "verify").exit_code == 0


def test_every_article_is_the_same_in_its_one_place(original: Path, split: Path) -> None:
    """Rows and words of an article whose past is in several shards are those of one archive."""
    with Archive(original) as archive:
        meant = {row.id: row for row in archive.articles()}
    rows: dict[str, object] = {}
    names = [column for column in Archive(original).db["articles"].columns_dict if column != "pk"]
    with Collection(split) as parts:
        for part in parts.parts.parts:
            for values in part.connection.execute(f"SELECT {', '.join(names)} FROM articles"):
                row = dict(zip(names, values, strict=True))
                assert row["id"] not in rows
                rows[row["id"]] = row
    assert rows == {
        article_id: {name: getattr(row, name) for name in names}
        for article_id, row in meant.items()
    }
    assert meant[f"thepaper-{STORY.cont_id}"].status == "withdrawn"
    assert meant[f"thepaper-{NEWS[3].cont_id}"].status == "changed"
    assert meant[f"thepaper-{NEWS[6].cont_id}"].moved_to == "thepaper-5720000"


def test_a_shard_has_a_chain_that_begins_with_the_end_of_the_other(
    original: Path, split: Path
) -> None:
    last = list(links(original))[-1].digest
    for shard in read(split).shards:
        begin, *lines = links(shard.path)
        assert begin.entry["head"] == last
        assert {line.file_name for line in lines} == {
            path.name for path in (shard.path / "warc").iterdir()
        }


def test_status_counts_each_article_once(original: Path, split: Path) -> None:
    with Archive(original) as archive:
        (articles,), (captures,) = (
            archive.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("articles", "captures")
        )
    done = run("--archive", split, "status")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{articles} articles, {captures} captures in 5 shards; ")
    assert "thepaper-2033  open" in done.stdout


# What is done to a collection, and what `verify` and `status` must say of it.
DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a shard is gone": (lambda folder: shutil.rmtree(folder / "shards/thepaper-2032"), "shards/thepaper-2032: "),
    "a file is gone": (lambda folder: next((folder / "shards/gov-2031/warc").iterdir()).unlink(), "shards/gov-2031/"),
    "a byte of a file": (lambda folder: flip(next((folder / "shards/gov-2032/warc").iterdir())), "shards/gov-2032/"),
    "no shared articles": (lambda folder: (folder / "shared/archive.db").unlink(), "shared/archive.db: it is missing"),
    "another text": (
        lambda folder: change(folder / "shared/archive.db", "UPDATE versions SET text = text || '。'"),
        "shared/archive.db (versions): the rows",
    ),
    "an article comes twice": (
        lambda folder: change(folder / "shared/archive.db", "DELETE FROM elsewhere WHERE shard = 'thepaper-2031'"),
        "shared/archive.db (elsewhere): the rows",
    ),
    "another row of all together": (
        lambda folder: change(folder / "joined/archive.db", "UPDATE versions SET text = text || '。'"),
        "joined/archive.db (versions): the rows",
    ),
    "a line of the chain of all": (
        lambda folder: truncate(folder / "joined/chain.jsonl"),
        "joined/chain.jsonl (line ",
    ),
    "no database": (lambda folder: (folder / "shards/gov-2031/archive.db").unlink(), "shards/gov-2031/archive.db: it is missing"),
}  # fmt: skip


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def change(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


@pytest.mark.parametrize("kind", DAMAGES)
def test_verify_names_the_shard_of_what_is_wrong(collection: Path, kind: str) -> None:
    damage, meant = DAMAGES[kind]
    damage(collection)
    done = run("--archive", collection, "verify")
    assert done.exit_code == 3
    assert any(line.startswith(meant) for line in done.stdout.splitlines()), done.stdout


def test_a_sound_collection_is_verified(split: Path) -> None:
    done = run("--archive", split, "verify")
    assert (done.exit_code, done.output) == (0, "")


def test_a_shard_that_grew_is_refused_until_the_collection_is_indexed(
    collection: Path, original: Path, tmp_path: Path
) -> None:
    """Its file goes away from the shard, and comes back: the answers follow."""
    shard = collection / "shards" / "thepaper-2033"
    name = "008-20330228200000000-00000-vm.warc.gz"
    (path,) = (shard / "warc").glob("008-*")
    with Archive(original) as archive:
        meant = archive.search("云溪", limit=None)
    path.rename(tmp_path / name)
    (shard / "chain.jsonl").unlink()
    (shard / "archive.db").unlink()
    assert run("--archive", shard, "index", "--new-chain").exit_code in (0, 2)
    assert run("--archive", shard, "index").exit_code == 0
    for words in (["search", "云溪"], ["status"]):
        done = run("--archive", collection, *words)
        assert done.exit_code == 1
        assert "the shard thepaper-2033 was indexed since" in done.stderr
        assert "index`" in done.stderr
    assert run("--archive", collection, "index").exit_code == 0
    with Collection(collection) as fewer:
        assert fewer.search("云溪", limit=None) != meant
    (tmp_path / name).rename(path)
    assert run("--archive", collection, "index").exit_code == 0
    with Collection(collection) as again:
        assert again.search("云溪", limit=None) == meant


def noted_reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the WARC files whose rows are read from now on."""
    names: list[str] = []
    rows_of = FilesHere.rows_of

    def noted(self: FilesHere, path: Path) -> RowsOfFile:
        names.append(path.name)
        return rows_of(self, path)

    monkeypatch.setattr(FilesHere, "rows_of", noted)
    return names


def test_verify_reads_each_file_once_for_all_databases(
    split: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = noted_reading(monkeypatch)
    assert run("--archive", split, "verify").exit_code == 0
    assert sorted(names) == sorted(path.name for path in split.glob("shards/*/warc/*.warc.gz"))
    names.clear()
    assert run("--archive", split, "verify", "--quick").exit_code == 0
    assert not names


def test_a_shard_with_rules_of_its_own_is_compared_by_them(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = collection / "shards" / "thepaper-2033"
    (shard / "platforms").mkdir()
    (shard / "platforms" / "yunxi.toml").write_text(TOML + SELECTORS, "utf-8")
    assert run("--archive", collection, "rebuild").exit_code == 0
    names = noted_reading(monkeypatch)
    assert run("--archive", collection, "verify").exit_code == 0
    twice = {name for name, count in Counter(names).items() if count == 2}
    assert twice == {path.name for path in shard.glob("warc/*.warc.gz")}


def test_only_new_files_are_read_for_all_shards_together(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that comes is read by its shard and for the collection; the others stay unread."""
    shard = collection / "shards" / "thepaper-2033"
    with Archive(collection / "joined") as archive:
        before = archive.connection.execute("SELECT name FROM warcs ORDER BY 1").fetchall()
    history = History(shard, runs=900)
    history.articles(3 * YEAR, [(NEWS[3].cont_id, page(NEWS[3]))])
    read_files = noted_reading(monkeypatch)
    assert run("--archive", collection, "index").exit_code == 0
    assert len(read_files) == 2
    assert len({*read_files}) == 1
    monkeypatch.undo()
    with Archive(collection / "joined") as archive:
        after = archive.connection.execute("SELECT name FROM warcs ORDER BY 1").fetchall()
    assert len(after) == len(before) + 1
    assert run("--archive", collection, "verify").exit_code == 0


def test_rebuild_makes_every_database_again(collection: Path, original: Path) -> None:
    for shard in read(collection).shards:
        change(shard.path / "archive.db", "UPDATE producers SET id = 'older'")
    assert run("--archive", collection, "rebuild").exit_code == 0
    assert run("--archive", collection, "verify").exit_code == 0


REFUSED = {
    "split": ["split", "{}", "{}.again"],
    "index --new-chain": ["index", "--new-chain"],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_command_that_works_on_one_archive_refuses_a_collection(split: Path, kind: str) -> None:
    before = digests(split)
    words = [word.format(split) for word in REFUSED[kind]]
    done = CliRunner().invoke(crawler_cli, ["--archive", str(split), *words])
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "is a collection, and this works on one archive" in done.stderr
    assert done.stderr.count("\n") == 1
    assert digests(split) == before


@pytest.mark.parametrize("moment", [0.4, 0.8, 1.2, 1.6])
def test_a_killed_split_leaves_nothing_that_counts(
    original: Path, tmp_path: Path, moment: float
) -> None:
    words = [sys.executable, "-m", "archive", "split", str(original), str(tmp_path / "c")]
    before = digests(original)
    with subprocess.Popen(words, stderr=subprocess.DEVNULL, start_new_session=True) as program:
        time.sleep(moment)
        kill_all(program)
    if not (tmp_path / "c").exists():
        done = run("--archive", tmp_path / "c", "status")
        assert done.exit_code == 2
        assert run("split", original, tmp_path / "c").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"c"}
    assert run("--archive", tmp_path / "c", "verify").exit_code == 0
    assert digests(original) == before


def test_a_place_that_is_taken_is_left_as_it_is(
    original: Path, split: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    for words in (["split", original, tmp_path], ["merge", split, tmp_path]):
        done = run(*words)
        assert done.exit_code == 2
        assert "exists already and is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    done = run("merge", original, tmp_path / "x")
    assert done.exit_code == 2
    assert "is no collection" in done.stderr
