"""Coverage: whatever a listing answers, each its own outcome, exit code and message; nothing is ever `none` by mistake."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ACCOUNT, FAST, Program, rows
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper, as_json
from tests.standin.web import LoopbackWeb, Reply, Request

LIST = "/contentapi/cont/pph"
FIREWALL = "<html><head><title>WAF拦截页面</title></head><body></body></html>".encode()
CAPTCHA = (
    "<html><title>安全验证</title><body><p>访问过于频繁，请完成安全验证</p></body></html>".encode()
)
LOGIN = "<html><title>登录</title><body><p>请先登录后查看全部内容</p></body></html>".encode()
PAGE = "<html><head><title>澎湃新闻</title></head><body><div id='__next'><p>澎湃新闻，专注时政与思想。</p></div></body></html>".encode()
GOOD = {"code": 200, "data": {"hasNext": False, "list": []}, "desc": "成功"}


def listing_answer(**data: object) -> Reply:
    return as_json({**GOOD, "data": data})


# What the listing answers in the second run: the ledger's word, part of its reason, exit code.
ANSWERS: dict[str, tuple[Reply, str, str, int]] = {
    "an empty list where there were entries": (listing_answer(hasNext=False, list=[]), "suspicious_empty", "3 entries were listed before", 3),
    "an empty list without a word on its end": (listing_answer(list=[]), "suspicious_empty", "3 entries were listed before", 3),
    "the key of the list renamed": (listing_answer(hasNext=False, items=[]), "format_changed", "list", 3),
    "the key of the data renamed": (as_json({"code": 200, "result": {}}), "format_changed", "data", 3),
    "entries of another shape": (listing_answer(hasNext=False, list=[{"no": 1}]), "format_changed", "", 3),
    "null in place of the list": (listing_answer(hasNext=False, list=None), "format_changed", "", 3),
    "truncated JSON": (Reply(headers={"Content-Type": "application/json"}, body=json.dumps(GOOD).encode()[:25]), "format_changed", "json", 3),
    "an empty body": (Reply(headers={"Content-Type": "application/json"}), "format_changed", "", 3),
    "a page in place of JSON": (Reply(body=PAGE), "format_changed", "json", 3),
    "a captcha with 200": (Reply(body=CAPTCHA), "blocked", "", 3),
    "a log-in with 200": (Reply(body=LOGIN), "blocked", "", 3),
    "a firewall's script with 200": (Reply(body=b"<script>var arg1='ABC'</script>"), "blocked", "challenge", 3),
    "a firewall's page with 200": (Reply(body=FIREWALL), "blocked", "firewall WAF拦截页面", 3),
    "a head without an end": (Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 20_000), "unreachable", "head-too-large", 3),
    "a redirect to itself": (Reply(307, {"Location": f"https://api.thepaper.cn{LIST}"}), "unreachable", "redirect-loop", 3),
    "a bomb": (Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(bytes(70 * 2**20))), "format_changed", "too-large", 3),
    "what is not compressed as it says": (Reply(headers={"Content-Encoding": "deflate"}, body=b"\xff" * 99), "format_changed", "content-coding", 3),
    "403": (Reply(403), "blocked", "http-403", 3),
    "412": (Reply(412), "blocked", "http-412", 3),
    "sent to a log-in": (Reply(302, {"Location": "https://www.thepaper.cn/login"}), "blocked", "log-in", 3),
    "sent to a log-in elsewhere": (Reply(302, {"Location": "https://passport.example/"}), "blocked", "log-in", 3),
    "429": (Reply(429), "throttled", "http-429", 3),
    "a long Retry-After": (Reply(503, {"Retry-After": "9000"}), "throttled", "retry-after", 3),
    "system busy, as JSON": (as_json({"code": 99998, "desc": "系统繁忙"}), "throttled", "busy", 3),
    "500": (Reply(500), "unreachable", "http-500", 3),
    "an answer cut short": (Reply(body=b"x" * 500, cut=100), "unreachable", "", 3),
    "404": (Reply(404), "gone", "http-404", 3),
    "410": (Reply(410), "gone", "http-410", 3),
    "sent to another account": (Reply(301, {"Location": "https://www.thepaper.cn/gov_999"}), "moved", "gov_999", 3),
    "sent to another site": (Reply(301, {"Location": "https://news.example/"}), "moved", "news.example", 3),
}  # fmt: skip


def stories(number: int) -> list[Story]:
    return [Story(5_700_000 + n, f"第{n}次通报", [f"疫情防控第{n}天。"]) for n in range(number)]


def answering(reply: Reply) -> Callable[[Request], Reply | None]:
    return lambda request: reply if request.path.startswith(LIST) else None


@pytest.mark.parametrize("name", ANSWERS)
def test_each_answer_of_a_listing_is_its_own_outcome(
    name: str, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    reply, outcome, reason, code = ANSWERS[name]
    thepaper.add(*stories(3))
    zhengwen("follow", ACCOUNT)
    zhengwen("crawl", *FAST)
    thepaper.interventions.append(answering(reply))

    done = zhengwen("crawl", *FAST, "-s", "RETRY_TIMES=1", check=code)

    first, second = rows(archive_dir, "SELECT outcome, reason, run FROM coverage ORDER BY at")
    assert first["outcome"] == "new"
    assert second["outcome"] == outcome and reason.lower() in str(second["reason"]).lower(), second
    label = "outage" if reason == "http-500" else outcome
    assert f"thepaper 44871: {label}" in done.stderr and "Traceback" not in done.stderr
    state = zhengwen("status", "--json", check=3).stdout
    assert json.loads(state)["accounts"][0]["outcome"] == outcome
    thepaper.interventions.clear()
    fresh = f"HOST_STATE_DIR={archive_dir}/fresh"
    is_back = 3 if outcome == "moved" else 0  # an account that is back is an event
    zhengwen("crawl", *FAST, "-s", "RETRY_TIMES=1", "-s", fresh, check=is_back)
    assert [
        row["outcome"] for row in rows(archive_dir, "SELECT outcome FROM coverage ORDER BY at")
    ][-1] == "none"
    assert {row["status"] for row in rows(archive_dir, "SELECT status FROM articles")} == {"live"}


def test_none_is_the_platforms_own_word(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(*stories(3))
    zhengwen("crawl", ACCOUNT, *FAST)
    zhengwen("crawl", ACCOUNT, *FAST)

    coverage = rows(
        archive_dir,
        "SELECT outcome, reason, listed, new, known, pages, complete FROM coverage ORDER BY at",
    )
    assert [row["outcome"] for row in coverage] == ["none", "new", "none"]
    assert coverage[0]["reason"] == "the platform says that the list is empty"
    assert [(row["listed"], row["new"], row["known"], row["complete"]) for row in coverage] == [
        (0, 0, 0, 1),
        (3, 3, 0, 1),
        (3, 0, 3, 1),
    ]


def test_a_walk_that_ends_at_its_limit_is_no_alarm_and_hides_nothing(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    days = [datetime(2020, 2, 1, 9, tzinfo=CHINA) + timedelta(days=n) for n in range(48)]
    dated = [
        Story(5_700_000 + n, f"第{n}次通报", ["正文。"], published=day)
        for n, day in enumerate(days)
    ]
    thepaper.page_size = 5
    thepaper.add(*dated[:28])
    for _ in range(2):
        zhengwen("crawl", ACCOUNT, *FAST, "--since", "2020-02-25")
    coverage = rows(archive_dir, "SELECT outcome, complete, pages FROM coverage ORDER BY at")
    assert [(row["outcome"], row["complete"], row["pages"]) for row in coverage] == [
        ("new", 0, 2),
        ("none", 0, 2),
    ]
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 28

    thepaper.add(*dated)  # more than the two pages that these look at
    for _ in range(2):
        zhengwen("crawl", ACCOUNT, *FAST, "--since", f"{days[-1]:%Y-%m-%d}")
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 48


def test_robots_and_no_answer_are_reported(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    thepaper.robots = "User-agent: *\nDisallow: /contentapi\n"
    assert "thepaper 44871: robots" in zhengwen("crawl", ACCOUNT, *FAST, check=3).stderr
    thepaper.robots = ""
    thepaper.interventions.append(answering(Reply(raw=b"", close=True)))
    assert (
        "thepaper 44871: unreachable"
        in zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=1", check=3).stderr
    )
    assert [
        row["outcome"] for row in rows(archive_dir, "SELECT outcome FROM coverage ORDER BY at")
    ] == ["robots", "unreachable"]


def test_new_articles_that_are_all_refused_are_no_success(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(4))
    thepaper.interventions.append(
        lambda request: Reply(403) if request.path.startswith("/newsDetail") else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, check=3)

    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == "blocked" and "4 of 4 new articles were refused" in str(row["reason"])


def test_a_refusal_that_comes_again_in_the_same_words_is_reported_again(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    url = "https://www.thepaper.cn/newsDetail_forward_5700000"
    page = CAPTCHA + b"<!-- %s -->" % (b"x" * 1000)
    thepaper.interventions.append(
        lambda request: Reply(body=page) if request.path.startswith("/newsDetail") else None
    )

    messages = [zhengwen("crawl", url, *FAST, check=3).stderr for _ in range(2)]

    assert f"{url}: blocked" in messages[0] and not messages[1]  # and 3 as before
    assert len(rows(archive_dir, "SELECT id FROM captures WHERE outcome = 'unchanged'")) == 1
    thepaper.interventions.clear()
    zhengwen("crawl", url, *FAST)


def test_a_late_entry_with_an_earlier_date_is_not_missed(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    from datetime import datetime, timedelta

    from tests.standin.pages import CHINA

    today = datetime.now(CHINA)
    thepaper.page_size = 5
    thepaper.add(
        *(
            Story(5_700_000 + n, f"第{n}次", ["正文。"], published=today - timedelta(hours=n))
            for n in range(30)
        )
    )
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(
        Story(
            5_800_000, "补发", ["补发的正文。"], published=today - timedelta(hours=22, minutes=30)
        )
    )

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(rows(archive_dir, "SELECT id FROM articles WHERE id = 'thepaper-5800000'")) == 1


def test_a_listing_that_names_a_known_article_otherwise_is_followed(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(3))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.stories[5_700_001].title = "第1次通报（更正）"
    web.forget()

    zhengwen("crawl", ACCOUNT, *FAST)

    assert [request.path for request in web.requests(path="/newsDetail")] == [
        "/newsDetail_forward_5700001"
    ]
    assert rows(
        archive_dir,
        "SELECT title, status, version_count FROM articles WHERE id = 'thepaper-5700001'",
    ) == [{"title": "第1次通报（更正）", "status": "changed", "version_count": 2}]
