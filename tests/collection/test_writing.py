"""What is crawled and imported into a collection lies in the shards that its rule names afterwards, and is answered as one archive
answers that was crawled and imported into."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from archive.collection.description import read
from archive.collection.joined import path_of
from tests.conftest import ACCOUNT, FAST, Program, rows
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OTHER = "https://www.thepaper.cn/gov_55555"
KNOWN = [f"https://www.thepaper.cn/newsDetail_forward_570000{n}" for n in (1, 2)]
ARTICLES = "SELECT id, title, text, status, account_id FROM articles ORDER BY id"
VERSIONS = "SELECT article_id, count(*) AS number FROM versions GROUP BY 1 ORDER BY 1"


def stories(first: int, number: int, account: int) -> list[Story]:
    begin = Story(0, "", []).published
    return [
        Story(
            first + n,
            f"第{n}次防汛通报",
            [f"这是第{n}条消息，说的是防汛。", "各乡镇要落实责任。"],
            account_id=account,
            account=f"账号{account}",
            published=begin + timedelta(days=n),
        )
        for n in range(number)
    ]


@pytest.fixture
def archive(thepaper: ThePaper, zhengwen: Program, archive_dir: Path) -> Path:
    """An archive of one crawl."""
    thepaper.add(*stories(5_700_000, 5, 44871))
    zhengwen("follow", ACCOUNT)
    zhengwen("crawl", *FAST)
    return archive_dir


@pytest.fixture
def many(archive: Path, zhengwen: Program, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The same as a collection, by the rule that the test names."""
    rule = getattr(request, "param", "{platform}")
    zhengwen("split", "--rule", rule, str(archive), str(tmp_path / "many"))
    return tmp_path / "many"


def shards(folder: Path) -> dict[str, int]:
    """How many WARC files each shard has."""
    return {
        shard.name: len([*(shard.path / "warc").glob("*.warc.gz")]) for shard in read(folder).shards
    }


def answers(zhengwen: Program, folder: Path) -> dict[str, object]:
    """What readers get, without what differs between two crawls of one day."""
    hits = zhengwen("search", "防汛", "--json", "--limit", "100", archive=folder).stdout
    news = zhengwen("news", "--format", "json", archive=folder).stdout
    shown = zhengwen("show", "--versions", "thepaper-5700001", archive=folder).stdout
    return {
        "hits": [(hit["id"], hit["title"]) for hit in map(json.loads, hits.splitlines())],
        "news": sorted((each["kind"], each["id"]) for each in map(json.loads, news.splitlines())),
        "versions": len(shown.splitlines()),
    }


@pytest.mark.parametrize(
    "many, seal, expected",
    [
        ("{platform}", None, {"thepaper"}),
        ("{platform}", "thepaper", {"thepaper", "thepaper-2"}),
        ("{account}", None, {"44871", "55555", "other"}),
    ],
    indirect=["many"],
)
def test_what_is_crawled_lies_in_the_shards_of_the_rule(
    thepaper: ThePaper,
    zhengwen: Program,
    archive: Path,
    many: Path,
    seal: str | None,
    expected: set[str],
) -> None:
    if seal:
        zhengwen("seal", seal, archive=many)
    thepaper.add(*stories(5_800_000, 3, 55555), *stories(5_710_000, 2, 44871))
    thepaper.stories[5_700_001].text[1] = "改过的一句。"
    thepaper.stories[5_700_002].state = "tombstone"
    for folder in (archive, many):
        zhengwen("follow", OTHER, archive=folder)
        zhengwen("crawl", *FAST, archive=folder)
        zhengwen("crawl", *KNOWN, *FAST, archive=folder)

    joined = path_of(many)
    for statement in (ARTICLES, VERSIONS):
        assert rows(joined, statement) == rows(archive, statement)
    assert answers(zhengwen, many) == answers(zhengwen, archive)
    assert shards(many).keys() == expected
    assert not [path for path in (joined / "warc").iterdir() if not path.is_symlink()]
    assert len([*(joined / "warc").iterdir()]) == sum(shards(many).values())
    assert (joined / "accounts.csv").is_symlink()
    assert "55555" in (many / "accounts.csv").read_text("utf-8-sig")
    zhengwen("verify", archive=many)
    zhengwen("rebuild", archive=many)
    assert answers(zhengwen, many) == answers(zhengwen, archive)


def test_what_is_known_is_not_captured_again(
    thepaper: ThePaper, zhengwen: Program, many: Path
) -> None:
    before = rows(path_of(many), "SELECT count(*) AS number FROM captures WHERE role = 'article'")
    zhengwen("crawl", *FAST, archive=many)
    assert before == rows(
        path_of(many), "SELECT count(*) AS number FROM captures WHERE role = 'article'"
    )


def test_what_a_killed_crawl_left_is_laid_into_shards_by_the_next_index(
    thepaper: ThePaper, zhengwen: Program, archive: Path, many: Path
) -> None:
    thepaper.add(*stories(5_710_000, 2, 44871))
    zhengwen("crawl", *FAST, archive=archive)
    # as it is before its files are laid into shards
    zhengwen("crawl", *FAST, archive=path_of(many))
    assert shards(many) == {"thepaper": 1}
    zhengwen("index", archive=many)
    assert shards(many) == {"thepaper": 2}
    assert answers(zhengwen, many) == answers(zhengwen, archive)
    zhengwen("verify", archive=many)


def test_what_is_imported_lies_in_the_shards_too(
    thepaper: ThePaper, zhengwen: Program, archive: Path, many: Path, tmp_path: Path
) -> None:
    thepaper.add(*stories(5_800_000, 3, 55555))
    (tmp_path / "other").mkdir()
    zhengwen("crawl", OTHER, *FAST, archive=tmp_path / "other")
    for folder in (archive, many):
        zhengwen("import", str(tmp_path / "other" / "warc"), archive=folder)
    assert rows(path_of(many), ARTICLES) == rows(archive, ARTICLES)
    assert answers(zhengwen, many) == answers(zhengwen, archive)
    assert shards(many)["thepaper"] == 2
    before = shards(many)
    zhengwen("import", str(tmp_path / "other" / "warc"), archive=many)
    assert shards(many) == before
    zhengwen("verify", archive=many)


def test_nothing_is_begun_where_a_shard_is_not_there(
    thepaper: ThePaper, zhengwen: Program, many: Path
) -> None:
    (many / "shards").rename(many / "away")
    for words in (("crawl", *FAST), ("follow", OTHER)):
        message = zhengwen(*words, archive=many, check=1).stderr
        assert "thepaper" in message and len(message.splitlines()) == 1


def test_the_archive_that_is_merged_has_all_of_it(
    thepaper: ThePaper, zhengwen: Program, many: Path, tmp_path: Path
) -> None:
    thepaper.add(*stories(5_800_000, 3, 55555))
    zhengwen("follow", OTHER, archive=many)
    zhengwen("crawl", *FAST, archive=many)
    zhengwen("merge", str(many), str(tmp_path / "merged"))
    assert rows(tmp_path / "merged", ARTICLES) == rows(path_of(many), ARTICLES)
    assert "55555" in (tmp_path / "merged" / "accounts.csv").read_text("utf-8-sig")
    zhengwen("verify", archive=tmp_path / "merged")
    assert zhengwen("crawl", *FAST, archive=tmp_path / "merged").returncode == 0
