"""Every change of an entry of a listing is a row with its proofs, whatever order the files come in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.database.catalogue import Catalogue
from archive.history.link_changes import differences
from archive.model import Link
from tests.conftest import rows
from tests.rigs.accounts import Past, Seen, in_every_order, story
from tests.standin.pages import Story

pytestmark = pytest.mark.slow  # tries many inputs

NAME = "云溪发布"
A, B, C = (story(number, NAME, hours=-24 * number) for number in (1, 2, 3))
LATE = replace(B, published=B.published - timedelta(days=60))
SOON = replace(B, published=B.published + timedelta(hours=3))
TITLED, OTHER = replace(B, title="改过的标题是这个"), replace(B, title="又一个别的标题")
FAILED = {"outcome": "partial", "complete": 0}

Listed = tuple[list[Story], dict[str, object]]
ALL: Listed = ([A, B, C], {})

# What the list had in each run, a day after another, and the changes: which, and by which run.
CASES: dict[str, tuple[list[Listed], list[tuple[str, int]]]] = {
    "nothing changes": ([ALL, ALL, ALL], []),
    "an entry is new": ([([B, C], {}), ALL], []),
    "another title": ([ALL, ([A, TITLED, C], {}), ([A, TITLED, C], {})], [("title", 1)]),
    "a title that goes and comes back": (
        [ALL, ([A, TITLED, C], {}), ALL, ([A, TITLED, C], {})],
        [("title", 1), ("title", 2), ("title", 3)],
    ),
    "three titles": ([ALL, ([A, TITLED, C], {}), ([A, OTHER, C], {})], [("title", 1), ("title", 2)]),
    "dated back": ([ALL, ([A, LATE, C], {"covered_from": LATE.published.isoformat()})], [("date", 1)]),
    "dated later": ([ALL, ([A, SOON, C], {})], [("date", 1)]),
    "title and date at once": (
        [ALL, ([A, replace(TITLED, published=SOON.published), C], {})],
        [("date", 1), ("title", 1)],
    ),
    "gone": ([ALL, ([A, C], {}), ([A, C], {})], [("gone", 1)]),
    "gone and back": ([ALL, ([A, C], {}), ALL], [("gone", 1), ("back", 2)]),
    "gone, and back with another title": (
        [ALL, ([A, C], {}), ([A, TITLED, C], {})],
        [("gone", 1), ("back", 2), ("title", 2)],
    ),
    "gone twice": (
        [ALL, ([A, C], {}), ALL, ([A, C], {})],
        [("gone", 1), ("back", 2), ("gone", 3)],
    ),
    "not met by a walk that failed": ([ALL, ([A], FAILED), ALL], []),
    "further down than the walk came": ([ALL, ([A], {"covered_from": A.published.isoformat()})], []),
}  # fmt: skip


def played(folder: Path, runs: list[Listed]) -> tuple[Past, list[str]]:
    past = Past(folder / "past")
    ids = [
        past.crawl(24 * number, Seen(listed=listed, coverage=dict(coverage)))
        for number, (listed, coverage) in enumerate(runs)
    ]
    return past, ids


@pytest.mark.parametrize("name", CASES)
def test_each_change_is_a_row_with_its_proofs(name: str, tmp_path: Path) -> None:
    runs, expected = CASES[name]
    past, ids = played(tmp_path, runs)
    past.index()

    changes = rows(past.folder, "SELECT * FROM link_changes ORDER BY changed_at, change")
    records = rows(past.folder, "SELECT id, run, captured_at AS at FROM captures UNION SELECT record, run, at FROM coverage")  # fmt: skip
    of_run = {record["id"]: ids.index(record["run"]) for record in records}
    at = {record["id"]: record["at"] for record in records}
    assert sorted((row["change"], of_run[json.loads(row["proofs"])[1]]) for row in changes) == sorted(expected)  # fmt: skip
    for row in changes:
        before, after = json.loads(row["proofs"])
        assert (row["seen_at"], row["changed_at"]) == (at[before], at[after])
        assert of_run[before] < of_run[after]
        assert row["article_id"] == f"thepaper-{B.cont_id}"
        assert (row["old"] == row["new"]) == (row["change"] in ("gone", "back"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a title that goes and comes back", "gone twice", "dated back"])
def test_the_order_of_the_files_says_nothing(name: str, tmp_path: Path) -> None:
    past, _ = played(tmp_path, CASES[name][0])

    in_every_order(past, most=5)


@pytest.mark.parametrize(
    "entry", [TITLED, LATE, SOON, replace(TITLED, published=SOON.published), None]
)
def test_a_change_asks_for_a_recheck(entry: Story | None, tmp_path: Path) -> None:
    past = Past(tmp_path / "past")
    past.crawl(0, Seen(listed=[A, B, C], pages=[(each, None) for each in (A, B, C)]))
    past.index()
    since = {"covered_from": LATE.published.isoformat()}
    past.crawl(24, Seen(listed=[A, entry, C] if entry else [A, C], coverage=since))
    past.index()

    catalogue = Catalogue(past.folder / "archive.db")
    changed = [article.id for article in catalogue.changed_in_list("thepaper")]
    catalogue.close()
    assert changed == [f"thepaper-{B.cont_id}"]

    past.crawl(25, Seen(coverage=None, pages=[(B, None)]))
    past.index()
    catalogue = Catalogue(past.folder / "archive.db")
    assert catalogue.changed_in_list("thepaper") == []
    catalogue.close()


BEFORE = Link(id="7", url="https://a.example/7", title="公告", published_at="2026-03-01")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (replace(BEFORE, title=None), []),
        (replace(BEFORE, published_at=None), []),
        (replace(BEFORE, published_at="2026-03-01T08:00:00+08:00"), []),
        (replace(BEFORE, published_at="2026-03-02T08:00:00+08:00"), ["date"]),
        (replace(BEFORE, url="https://a.example/8"), ["address"]),
        (replace(BEFORE, kind="video", title="视频"), ["title", "kind"]),
    ],
)
def test_what_is_not_given_is_no_change(now: Link, expected: list[str]) -> None:
    assert [change for change, _, _ in differences(BEFORE, now)] == expected
