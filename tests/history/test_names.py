"""The names of an account over time: where and when each was seen, and that any of them finds all of its articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.errors import UsageError
from archive.monitoring.news import news
from crawler.targets import resolve
from tests.conftest import rows
from tests.rigs.accounts import Past, Seen, in_every_order, story, unknown

pytestmark = pytest.mark.slow  # tries many inputs

OLD, NEW = "云溪发布", "云溪融媒"


def crawled(folder: Path, *seen: tuple[float, Seen]) -> Past:
    past = Past(folder)
    for hours, each in seen:
        past.crawl(hours, each)
    past.index()
    return past


def named(name: str, number: int, **given: object) -> Seen:
    """A run in which everything prints one name, and in which one article was had."""
    page = story(number, name)
    return Seen(name=name, listed=[page], pages=[(page, None)], **given)  # type: ignore[arg-type]


def seen_names(folder: Path, account_id: str = "44871") -> set[tuple[str, str, str, str]]:
    statement = """SELECT name, seen_in, substr(first_seen_at, 9, 2) AS first,
        substr(last_seen_at, 9, 2) AS last FROM account_names WHERE account_id = ?"""
    return {tuple(map(str, row.values())) for row in rows(folder, statement, account_id)}  # type: ignore[misc]


HISTORIES = {
    "everything at once": [(0, named(OLD, 1)), (24, named(OLD, 2)), (72, named(NEW, 3))],
    "there and back": [(0, named(OLD, 1)), (24, named(NEW, 2)), (72, named(OLD, 3))],
    "three names": [(0, named(OLD, 1)), (24, named("云溪", 2)), (72, named(NEW, 3))],
    "articles alone say it": [
        (0, named(OLD, 1, asks_profile=False, coverage=None)),
        (24, named(NEW, 2, asks_profile=False, coverage=None)),
        (72, named(NEW, 3, asks_profile=False, coverage=None)),
    ],
    "the profile is of no use": [
        (0, named(OLD, 1, profile=unknown())),
        (24, named(OLD, 2, profile=unknown())),
        (72, named(NEW, 3, profile=unknown())),
    ],
    "old pages keep the old name": [
        (0, named(OLD, 1)),
        (24, named(NEW, 2)),
        (72, Seen(name=NEW, listed=[story(3, NEW)], pages=[(story(1, OLD), None), (story(3, NEW), None)])),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", HISTORIES)
def test_any_name_and_the_id_find_all_articles(name: str, tmp_path: Path) -> None:
    past = crawled(tmp_path, *HISTORIES[name])
    ids = {f"thepaper-570000{number}" for number in (1, 2, 3)}
    names = {row["name"] for row in rows(tmp_path, "SELECT name FROM account_names")}

    assert len(names) >= 2
    with Archive(past.folder) as archive:
        for asked in [*names, "44871"]:
            assert {hit.id for hit in archive.search("道路施工", account=str(asked))} == ids
            assert archive.count("道路施工", account=str(asked)) == {None: 3}
            assert {
                item.id for item in news(archive, since="2031-01-01", account=str(asked))
            } == ids


@pytest.mark.slow
@pytest.mark.parametrize("name", HISTORIES)
def test_the_names_are_the_same_in_every_order(name: str, tmp_path: Path) -> None:
    in_every_order(crawled(tmp_path / "past", *HISTORIES[name]))


def test_each_place_has_the_dates_of_its_names(tmp_path: Path) -> None:
    crawled(tmp_path, *HISTORIES["old pages keep the old name"])

    assert seen_names(tmp_path) == {
        (OLD, "profile", "01", "01"),
        (OLD, "listing", "01", "01"),
        (OLD, "article", "01", "04"),  # the page of the first article came again unchanged
        (NEW, "profile", "02", "04"),
        (NEW, "listing", "02", "04"),
        (NEW, "article", "02", "04"),
    }


def test_each_sighting_is_proved_by_a_capture(tmp_path: Path) -> None:
    crawled(tmp_path, *HISTORIES["there and back"])
    for row in rows(tmp_path, "SELECT * FROM account_names"):
        for end in ("first", "last"):
            (capture,) = rows(
                tmp_path, "SELECT * FROM captures WHERE id = ?", row[f"{end}_capture"]
            )
            assert capture["captured_at"] == row[f"{end}_seen_at"]
            assert capture["role"] == row["seen_in"]


def test_a_name_that_another_account_takes_over_finds_both_and_an_id_only_its_own(
    tmp_path: Path,
) -> None:
    other = story(9, OLD, account_id=50000)
    past = crawled(
        tmp_path,
        (0, named(OLD, 1)),
        (24, named(NEW, 2)),
        (48, Seen(account_id=50000, name=OLD, listed=[other], pages=[(other, None)])),
    )
    with Archive(past.folder) as archive:
        of_name = {
            asked: {hit.id[-1] for hit in archive.search("道路施工", account=asked)}
            for asked in (OLD, NEW, "44871", "50000")
        }
    assert of_name == {OLD: {"1", "2", "9"}, NEW: {"1", "2"}, "44871": {"1", "2"}, "50000": {"9"}}


def test_a_name_that_no_account_ever_had_is_wrong_usage(tmp_path: Path) -> None:
    past = crawled(tmp_path, (0, named(OLD, 1)), (24, named(NEW, 2)))
    with Archive(past.folder) as archive, pytest.raises(UsageError, match="did you mean 云溪发布"):
        archive.search("道路", account="云溪发")


def test_a_crawl_and_an_export_take_a_past_name(tmp_path: Path) -> None:
    past = crawled(tmp_path / "past", *HISTORIES["there and back"])
    with Archive(past.folder) as archive:
        archive.follow(["https://www.thepaper.cn/gov_44871"])
        for name in (OLD, NEW, "44871"):
            wanted = resolve(archive, (name,))
            assert wanted["thepaper"]["account"] == ["https://www.thepaper.cn/gov_44871"]
            package = tmp_path / name
            archive.export(package, tier="text", account=name)
            with (package / "data" / "articles.jsonl").open(encoding="utf-8") as lines:
                assert len(list(lines)) == 3
