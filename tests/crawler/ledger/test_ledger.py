"""The ledger of complete crawls: none of a list had, lists that turn round and lists that shrink."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ACCOUNT, FAST, Program, rows
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper, as_json
from tests.standin.web import Reply, Request

LIST = "/contentapi/cont/pph"
LAST = "SELECT * FROM coverage ORDER BY at DESC LIMIT 1"


def stories(*numbers: int) -> list[Story]:
    day = datetime(2026, 2, 1, 9, tzinfo=CHINA)
    return [
        Story(5_700_000 + n, f"第{n}次通报", ["正文。"], published=day + timedelta(days=n))
        for n in numbers
    ]


def turned_round(thepaper: ThePaper) -> None:
    """Let the list show its oldest entries first."""

    def answer(request: Request) -> Reply | None:
        if not request.path.startswith(LIST):
            return None
        asked = json.loads(request.body)
        number, size = asked["pageNum"], thepaper.page_size
        body = json.dumps({**asked, "pageNum": 1, "pageSize": 1000}).encode()
        thepaper.page_size = 1000
        everything = json.loads(thepaper._listing(json.loads(body)).body)["data"]["list"][::-1]
        thepaper.page_size = size
        shown = everything[(number - 1) * size : number * size]
        data = {"list": shown, "hasNext": number * size < len(everything)}
        return as_json({"code": 200, "data": data, "desc": "成功"})

    thepaper.interventions.append(answer)


@pytest.mark.parametrize("status", [404, 410])
def test_a_list_of_which_none_can_be_had_is_reported_by_every_run(
    status: int, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1, 2, 3))
    thepaper.interventions.append(
        lambda request: Reply(status) if request.path.startswith("/newsDetail") else None
    )
    zhengwen("follow", ACCOUNT)
    expected = f"3 listed, none could be had (3 × http-{status})"

    first = zhengwen("crawl", *FAST, check=3)
    zhengwen("crawl", *FAST, check=3)

    assert f"thepaper 44871: unreachable ({expected})" in first.stderr
    coverage = rows(archive_dir, "SELECT outcome, listed, had, failed, reason FROM coverage")
    row = {"outcome": "unreachable", "listed": 3, "had": 0, "failed": 3, "reason": expected}
    assert coverage == [row, row]
    assert expected in zhengwen("status", check=3).stdout
    (account,) = json.loads(zhengwen("status", "--json", check=3).stdout)["accounts"]
    counts = ("listed", "had", "known", "failed", "left_out", "pages", "list_end")
    assert [account["last_walk"][name] for name in counts] == [3, 0, 0, 3, 0, 1, "platform_said"]

    thepaper.interventions.clear()
    zhengwen("crawl", *FAST)
    assert (
        rows(archive_dir, LAST)[0] | {"had": 3, "failed": 0, "outcome": "new"}
        == rows(archive_dir, LAST)[0]
    )


def test_a_list_that_turns_round_hides_nothing(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.page_size = 5
    thepaper.add(*stories(*range(1, 14)))
    zhengwen("crawl", ACCOUNT, *FAST)
    assert rows(archive_dir, LAST)[0]["list_order"] == "newest_first"
    turned_round(thepaper)

    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(*stories(14))
    zhengwen("crawl", ACCOUNT, *FAST)

    coverage = rows(
        archive_dir, "SELECT outcome, pages, new, list_order, reason FROM coverage ORDER BY at"
    )[1:]
    assert [(row["outcome"], row["pages"], row["new"], row["list_order"]) for row in coverage] == [
        ("none", 3, 0, "oldest_first"),
        ("new", 3, 1, "oldest_first"),
    ]
    assert coverage[0]["reason"] == "the list is oldest first now, it was newest first"
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 14


def test_a_list_that_shrinks_is_reported_once_and_takes_nothing_for_withdrawn(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(*range(20)))
    zhengwen("crawl", ACCOUNT, *FAST)
    for number in range(15):
        del thepaper.stories[5_700_000 + number]

    done = zhengwen("crawl", ACCOUNT, *FAST, check=3)

    assert "the list has 5 entries where it had 20" in done.stderr
    assert not rows(archive_dir, "SELECT id FROM articles WHERE unlisted_at IS NOT NULL")


def test_a_walk_down_to_what_is_known_reads_two_pages(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.page_size = 5
    thepaper.add(*stories(*range(1, 24)))
    zhengwen("crawl", ACCOUNT, *FAST)
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(*stories(24))

    zhengwen("crawl", ACCOUNT, *FAST)

    (row,) = rows(archive_dir, LAST)
    names = ("outcome", "pages", "listed", "had", "known", "complete", "ended", "list_end")
    assert [row[name] for name in names] == ["new", 2, 10, 1, 9, 1, 0, None]
