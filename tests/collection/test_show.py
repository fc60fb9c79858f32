"""What `zhengwen show` and `zhengwen news` print of a collection is what they print of one archive."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli.main import cli
from archive.collection.collection import Collection
from archive.collection.places import place_of
from tests.collection.years import make_both

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("collection")]
PK = re.compile(r'"pk": \d+, ')  # in which order articles came into their archive
NAMES = [
    "5700001",
    "thepaper-5720000",
    " thepaper-5710003 ",
    "https://www.thepaper.cn/newsDetail_forward_5710000",
    "www.thepaper.cn/newsDetail_forward_5700090",
    "https://www.thepaper.cn/newsDetail_forward_5710007?from=x",
    "thepaper-1",
    "1",
    "https://www.example.org/nothing",
    "云溪",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_both(tmp_path_factory.mktemp("show"))


def run(*words: object) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, list(map(str, words)), catch_exceptions=False)


def both(folder: Path, *words: str, command: str = "show") -> list[tuple[int, str, str]]:
    """Exit code, output and messages, of the archive and of the collection."""
    return [
        (done.exit_code, PK.sub("", done.stdout), done.stderr)
        for kind in ("archive", "collection")
        for done in [run("--archive", folder / kind, command, *words)]
    ]


@pytest.mark.parametrize("how", [[], ["--json"], ["--versions"], ["--diff"], ["--markdown"]])
def test_every_article_is_shown_as_of_one_archive(folder: Path, how: list[str]) -> None:
    with Archive(folder / "archive") as archive:
        names = [article.id for article in archive.articles()]
    assert len(names) == 28
    for name in names:
        of_archive, of_collection = both(folder, name, *how)
        assert of_collection == of_archive
        assert of_archive[0] == 0


@pytest.mark.parametrize("name", NAMES)
def test_any_name_means_what_it_means_in_one_archive(folder: Path, name: str) -> None:
    of_archive, of_collection = both(folder, name)
    assert of_collection == of_archive


def test_each_article_is_in_the_archive_that_has_it_completely(folder: Path) -> None:
    with Collection(folder / "collection") as collection:
        places = [place_of(collection, f"571000{n}")[0].name for n in range(9)]
    assert len(set(places)) > 2
    assert "shared" in places


@pytest.mark.parametrize(
    "name", ["thepaper-5700001", "thepaper-5710002", "5710016", "gov-1", "x/y"]
)
def test_a_shard_that_cannot_be_reached_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    collection = Path(shutil.copytree(folder / "collection", tmp_path / "collection"))
    shutil.rmtree(collection / "shards" / "thepaper-2033")
    done = run("--archive", collection, "show", name)
    assert done.exit_code in (2, 3)
    assert (done.exit_code == 3) == bool(done.stdout)
    assert "The shard thepaper-2033 could not be reached" in done.stderr


NEWS = [
    [],
    ["--since", "1970-01-01"],
    ["--since", "2032-01-01", "--format", "json"],
    ["--since", "run-004"],
    ["--since", "1970-01-01", "--query", "防汛 OR 疫情"],
    ["--since", "1970-01-01", "--account", "济南高新区"],
    ["--since", "1970-01-01", "--platform", "gov", "--format", "json"],
    ["--format", "atom"],
    ["--format", "html", "--since", "1970-01-01"],
    ["--query", "没有的词语"],
    ["--since", "2040-01-01"],
    ["--since", "run-999"],
    ["--account", "没有的"],
]


@pytest.mark.parametrize("words", NEWS, ids=" ".join)
def test_news_are_those_of_one_archive(folder: Path, words: list[str]) -> None:
    of_archive, of_collection = both(folder, *words, command="news")
    assert of_collection == of_archive


def test_news_of_every_kind_were_compared(folder: Path) -> None:
    done = run("--archive", folder / "collection", "news", "--since", "1970-01-01")
    kinds = {line.split("  ")[0] for line in done.stdout.splitlines() if line[:1].strip()}
    assert {"new", "changed", "missing", "withdrawn", "back"} <= kinds


def test_news_name_a_shard_that_cannot_be_reached(folder: Path, tmp_path: Path) -> None:
    collection = Path(shutil.copytree(folder / "collection", tmp_path / "collection"))
    shutil.rmtree(collection / "shards" / "gov-2031")
    done = run("--archive", collection, "news", "--since", "1970-01-01")
    assert done.exit_code == 3
    assert done.stdout
    assert "The shard gov-2031 could not be reached" in done.stderr
