"""An account that the platform does not show any more: its articles are asked for in the same run, and in the next ones where that was cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ACCOUNT, FAST, Program, rows
from tests.rigs.accounts import story, unknown
from tests.standin.thepaper import Intervention, ThePaper, as_json
from tests.standin.web import LoopbackWeb, Reply, Request

STORIES = [story(number, "济南高新区", hours=-number) for number in range(6)]
OTHER = story(90, "别处发布", account_id=50000)
NOWHERE = Reply(404, body=b"<html><body>404</body></html>")
EMPTY = as_json({"code": 200, "data": {"list": [], "hasNext": False}, "desc": "成功"})

# What the account's profile and its list answer, the coverage's outcome, and what the account is.
HIDDEN: dict[str, tuple[Reply | None, Reply | None, str, str]] = {
    "unknown, and an empty list": (unknown(), EMPTY, "gone", "suspended"),
    "banned, and an empty list": (unknown("该账号已被封禁"), EMPTY, "gone", "suspended"),
    "a profile that is a plain 404, and an empty list": (NOWHERE, EMPTY, "suspicious_empty", "suspended"),
    "the list says it": (unknown("用户不存在"), unknown("用户不存在"), "gone", "removed"),
    "neither profile nor list": (NOWHERE, NOWHERE, "gone", "removed"),
    "closed by its owner": (unknown("该用户已注销"), EMPTY, "gone", "removed"),
}  # fmt: skip


def hiding(profile: Reply | None, listing: Reply | None) -> Intervention:
    """An intervention by which account 44871 is answered so, and its articles are not there."""

    def answer(request: Request) -> Reply | None:
        if request.path == "/userservice/user/homePage/44871":
            return profile
        if request.path.startswith("/contentapi/cont/pph/") and b'"pphId":44871' in request.body:
            return listing
        return NOWHERE if any(str(each.cont_id) in request.path for each in STORIES) else None

    return answer


def crawled_twice(zhengwen: Program, thepaper: ThePaper, then: Intervention, *words: str) -> None:
    thepaper.add(*STORIES, OTHER)
    zhengwen("follow", ACCOUNT, "https://www.thepaper.cn/gov_50000")
    zhengwen("crawl", *FAST)
    thepaper.interventions = [then]
    zhengwen("crawl", *FAST, *words, check=3)


def missing(folder: Path) -> int:
    statement = "SELECT id FROM articles WHERE account_id = '44871' AND missing_since IS NOT NULL"
    return len(rows(folder, statement))


@pytest.mark.parametrize("name", HIDDEN)
def test_its_articles_are_asked_for_at_once(
    name: str, zhengwen: Program, thepaper: ThePaper, archive_dir: Path
) -> None:
    profile, listing, outcome, status = HIDDEN[name]
    crawled_twice(zhengwen, thepaper, hiding(profile, listing))

    assert missing(archive_dir) == len(STORIES)
    last = "SELECT outcome FROM coverage WHERE account_id = '44871' ORDER BY at DESC LIMIT 1"
    assert rows(archive_dir, last) == [{"outcome": outcome}]
    now = """SELECT account_id, status FROM account_status WHERE over_at IS NULL
        ORDER BY account_id"""
    assert [tuple(row.values()) for row in rows(archive_dir, now)] == [
        ("44871", status),
        ("50000", "live"),
    ]


def test_what_a_run_does_not_come_to_is_asked_for_by_the_next(
    zhengwen: Program, thepaper: ThePaper, archive_dir: Path, web: LoopbackWeb
) -> None:
    hidden = hiding(unknown(), EMPTY)
    crawled_twice(
        zhengwen, thepaper, hidden, "-s", "RECHECK_MAX=2"
    )  # and two more that show whether the platform is online
    assert missing(archive_dir) == 4

    web.forget()
    zhengwen("crawl", *FAST, check=3)
    assert missing(archive_dir) == len(STORIES)
    asked = [request.path for request in web.requests(path="/newsDetail_forward_570000")]
    assert len(asked) == len(set(asked)) == 2


def test_articles_that_are_there_stay_online(
    zhengwen: Program, thepaper: ThePaper, archive_dir: Path, web: LoopbackWeb
) -> None:
    def only_the_list(request: Request) -> Reply | None:
        return None if "newsDetail" in request.path else hiding(unknown(), EMPTY)(request)

    crawled_twice(zhengwen, thepaper, only_the_list)
    assert missing(archive_dir) == 0

    web.forget()
    zhengwen("crawl", *FAST, check=3)
    assert not web.requests(path="/newsDetail_forward_570000")  # once is enough


@pytest.mark.parametrize(
    ("words", "code", "expected"), [("系统繁忙", 99998, 0), ("用户不存在", 200, 6)]
)
def test_alone_on_its_platform_it_is_missing_by_the_platform_s_own_word(
    words: str,
    code: int,
    expected: int,
    zhengwen: Program,
    thepaper: ThePaper,
    archive_dir: Path,
) -> None:
    thepaper.add(*STORIES)
    zhengwen("follow", ACCOUNT)
    zhengwen("crawl", *FAST)
    thepaper.interventions = [hiding(unknown(words, code), EMPTY)]
    zhengwen("crawl", *FAST, check=3)

    assert missing(archive_dir) == expected
