"""The main job, end to end: follow, crawl, index, search, with the real program against a stand-in at the real addresses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from archive.database.chain_state import known_state
from archive.warc.chain import links, state_of
from archive.warc.chain_state import state_at_begin
from archive.warc.directory import warc_files
from tests.conftest import ACCOUNT, FAST, ROOT, Program, captured, dump, rows, validate
from tests.standin.pages import CHINA, WRAPPING, Story, seed_story
from tests.standin.thepaper import ThePaper, as_json
from tests.standin.web import LoopbackWeb, Reply, Request

PICTURE = "https://imgpai.thepaper.cn/newpai/image/1790043761206.png"


def stories(count: int, **more: object) -> list[Story]:
    """So many articles about the epidemic, a day apart, in both layouts."""
    return [
        Story(
            5_700_000 + number,
            f"济南高新区第{number}次疫情防控通报",
            [f"这是第{number}次通报。", "疫情就是命令，防控就是责任。", "编辑丨王某"],
            published=datetime(2020, 2, 1 + number % 28, 9, number % 60, tzinfo=CHINA),
            layout="jsp" if number % 2 else "next",
            **more,  # type: ignore[arg-type]  # fields of Story
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("layout", ["next", "dom", "jsp"])
def test_the_seed_article_comes_out_exact(
    layout: str, shared: Path, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    story = seed_story(shared / "seed" / "article.txt", layout)
    thepaper.add(story)

    zhengwen("crawl", "https://m.thepaper.cn/newsDetail_forward_5701234?from=share", *FAST)

    (row,) = rows(archive_dir, "SELECT * FROM articles")
    assert row["id"] == "thepaper-5701234"
    assert row["title"] == "干群协力同心,全力拒疫于外 济南高新区构筑起疫情防控坚强堡垒"
    assert (row["account"], row["published_at"]) == ("济南高新区", "2020-02-02T20:52:00+08:00")
    assert (row["source"], row["reprinted_from"]) == ("澎湃新闻·澎湃号·政务", "济南发布")
    assert row["original_title"] == "干群协力同心,全力拒疫于外 济南高新区构筑起疫情防控坚强堡垒"
    assert str(row["text"]).split("\n") == story.text
    assert not WRAPPING & {*str(row["text"]).split("\n")}
    assert row["url"] == "https://www.thepaper.cn/newsDetail_forward_5701234"


@pytest.mark.parametrize(
    ("name", "native"), [("1", 4506347), ("2", 4150096), ("5", 7732983), ("v1", 4150096)]
)
def test_saved_pages_of_the_paper_give_their_gold(
    name: str, native: int, shared: Path, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    saved = shared / "eval" / "gne_tests" / f"thepaper_{name}"
    thepaper.saved[native] = saved.with_suffix(".html").read_bytes()
    gold = json.loads(saved.with_suffix(".json").read_text("utf-8"))

    zhengwen("crawl", f"https://www.thepaper.cn/newsDetail_forward_{native}", *FAST)

    (row,) = rows(archive_dir, "SELECT * FROM articles")
    assert row["title"] in gold["title"] and not str(row["title"]).endswith("免...")
    assert str(row["published_at"]).startswith(gold["date"])
    assert row["source"] in gold["source"]
    assert [
        line for line in gold["text"].split("\n") if line not in str(row["text"]).split("\n")
    ] == []
    assert not WRAPPING & {*str(row["text"]).split("\n")}
    if gold["kind"] == "gov-account":
        assert (row["account"], row["account_id"]) == ("中国广州发布", "44871")


def test_follow_and_crawl_archive_every_article_of_every_page(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(45))

    zhengwen("follow", ACCOUNT)
    zhengwen("crawl", *FAST)

    assert len(web.requests("POST", "api.thepaper.cn")) == 3
    assert rows(
        archive_dir, "SELECT count(*) AS n, count(DISTINCT account) AS a FROM articles"
    ) == [{"n": 45, "a": 1}]
    (cover,) = rows(archive_dir, "SELECT * FROM coverage")
    assert (cover["outcome"], cover["listed"], cover["new"], cover["pages"], cover["complete"]) == (
        "new",
        45,
        45,
        3,
        1,
    )
    assert rows(archive_dir, "SELECT name FROM accounts") == [{"name": "济南高新区"}]
    assert {row["role"] for row in captured(archive_dir)} == {
        "robots",
        "profile",
        "listing",
        "article",
    }
    validate(archive_dir)


def test_a_second_crawl_fetches_listings_and_nothing_it_has(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(25))
    zhengwen("follow", ACCOUNT)
    zhengwen("crawl", *FAST)
    web.forget()

    zhengwen("crawl", *FAST)

    assert {request.path for request in web.requests()} == {
        "/robots.txt",
        "/userservice/user/homePage/44871",
        "/contentapi/cont/pph/gov",
    }
    assert [
        row["outcome"]
        for row in rows(
            archive_dir,
            "SELECT c.outcome FROM coverage c JOIN runs r ON r.id = c.run ORDER BY started_at",
        )
    ] == ["new", "none"]
    thepaper.add(
        Story(
            5_800_000,
            "新的一篇",
            ["疫情防控新进展。"],
            published=datetime(2021, 1, 1, tzinfo=CHINA),
        )
    )
    zhengwen("crawl", *FAST)
    assert [
        row["title"]
        for row in rows(
            archive_dir, "SELECT title FROM articles ORDER BY published_at DESC LIMIT 1"
        )
    ] == ["新的一篇"]
    chain = list(links(archive_dir))
    states = [state_at_begin(path) for path in warc_files(archive_dir / "warc")]
    assert [link.entry["kind"] for link in chain] == ["warc", "run"] * 3
    assert states == [state_of(chain[:lines]) for lines in (0, 2, 4)]
    assert known_state(archive_dir / "archive.db") == state_of(chain)


def test_an_account_that_is_no_government_body_has_its_own_listing(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(3, account_id=4221423, account="某媒体"))

    zhengwen("crawl", "https://www.thepaper.cn/user_4221423", *FAST)

    (asked,) = web.requests("POST", "api.thepaper.cn", "/contentapi/cont/pph/user")
    assert json.loads(asked.body)["contType"] == 0
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 3}]


def test_every_alias_is_the_same_article(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    tails = [
        "www.thepaper.cn/newsDetail_forward_5700000?commTag=true",
        "m.thepaper.cn/detail/5700000",
        "thepaper.cn/newsDetail_forward_5700000",
    ]

    zhengwen("crawl", *(f"https://{tail}" for tail in tails), *FAST)

    assert rows(archive_dir, "SELECT id, url FROM articles") == [
        {"id": "thepaper-5700000", "url": "https://www.thepaper.cn/newsDetail_forward_5700000"}
    ]


def test_pictures_are_fetched_once_from_the_original_address(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2, pictures=[PICTURE]))

    zhengwen("crawl", ACCOUNT, *FAST)

    (asked,) = web.requests("GET", "imgpai.thepaper.cn", "/newpai")
    assert asked.url == PICTURE
    assert asked.headers["referer"].startswith("https://www.thepaper.cn/newsDetail_forward_")
    pictures = rows(
        archive_dir,
        "SELECT m.url, m.status, c.outcome FROM media m JOIN captures c ON c.id = m.capture",
    )
    assert pictures == [{"url": PICTURE, "status": 200, "outcome": "media"}] * 2


def test_too_many_and_too_large_pictures_are_left(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.picture_size = 3_000_000
    thepaper.add(
        *stories(
            1,
            pictures=[
                f"https://imgpai.thepaper.cn/newpai/image/{number}.png" for number in range(5)
            ],
        )
    )

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "MEDIA_PER_ARTICLE=2", "-s", "MEDIA_MAX_SIZE=1000")

    assert len(web.requests("GET", "imgpai.thepaper.cn", "/newpai")) == 2
    assert rows(archive_dir, "SELECT count(*) AS n FROM media WHERE capture IS NOT NULL") == [
        {"n": 0}
    ]


def test_other_kinds_are_recorded_as_such(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    kinds = ["text", "video", "live", "special"]
    thepaper.add(
        *(
            Story(5_700_000 + place, f"标题{kind}", ["正文。"], kind=kind)
            for place, kind in enumerate(kinds)
        )
    )
    thepaper.add(Story(5_700_009, "外链", [], kind="outside", link="https://example.org/news/1"))

    zhengwen("crawl", ACCOUNT, *FAST)

    by_title = {
        row["title"]: (row["kind"], row["text"])
        for row in rows(archive_dir, "SELECT title, kind, text FROM articles")
    }
    assert by_title == {
        "标题text": ("article", "正文。"),
        "标题video": ("video", ""),
        "标题live": ("live", ""),
        "标题special": ("special", ""),
    }
    assert rows(archive_dir, "SELECT url FROM links WHERE kind = 'outside'") == [
        {"url": "https://example.org/news/1"}
    ]


def test_dead_empty_and_refused_pages_are_distinguished(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    states = ["tombstone", "missing", "no-detail", "empty"]
    thepaper.add(
        *(
            Story(5_700_000 + place, state, ["正文。"], state=state)
            for place, state in enumerate(states)
        )
    )
    thepaper.add(*(Story(5_700_000 + place, "?", ["正文。"]) for place in (5, 6, 7)))
    answers = {"/newsDetail_forward_5700005": Reply(403), "/newsDetail_forward_5700006": Reply(503)}
    answers["/newsDetail_forward_5700007"] = Reply(
        body=b"<html><script>var arg1='37D6';</script></html>"
    )
    thepaper.interventions.append(lambda request: answers.get(request.path))

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=1", check=3)

    failures = rows(
        archive_dir,
        "SELECT DISTINCT article_id, outcome, reason FROM failures WHERE role = 'article' ORDER BY article_id",
    )
    assert [(row["outcome"], row["reason"]) for row in failures] == [
        ("withdrawn", "tombstone"),
        ("not-found", "http-404"),
        ("empty", "no-detail"),
        ("empty", "empty-content"),
        ("blocked", "http-403"),
        ("throttled", "http-503"),
        ("blocked", "challenge"),
    ]
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 0}]


def test_a_stored_article_that_is_missing_says_so(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.stories[5_700_000].state = "tombstone"
    thepaper.interventions.append(
        lambda request: Reply(403) if request.path.endswith("5700001") else None
    )

    zhengwen(
        "crawl",
        *(f"https://www.thepaper.cn/newsDetail_forward_570000{n}" for n in range(2)),
        *FAST,
        check=3,
    )

    articles = rows(
        archive_dir, "SELECT id, status, version_count, missing_since FROM articles ORDER BY id"
    )
    # An observation alone is no proof: another must follow hours later.
    assert [(row["status"], row["version_count"]) for row in articles] == [
        ("unreachable", 1),
        ("live", 1),
    ]
    assert articles[0]["missing_since"] and not articles[1]["missing_since"]
    (absence,) = rows(archive_dir, "SELECT * FROM withdrawals")
    assert absence["article_id"] == "thepaper-5700000" and absence["confirmed_at"] is None


def test_an_edited_article_has_two_versions(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.stories[5_700_000].text[1] = "改过的一句。"

    zhengwen("crawl", "https://www.thepaper.cn/newsDetail_forward_5700000", *FAST)

    (row,) = rows(archive_dir, "SELECT * FROM articles")
    assert (row["status"], row["version_count"]) == ("changed", 2)
    assert "改过的一句。" in str(row["text"])
    assert "疫情就是命令" not in zhengwen("search", "疫情就是命令").stdout
    shown = [
        json.loads(line)
        for line in zhengwen("show", "thepaper-5700000", "--versions", "--json").stdout.splitlines()
    ]
    assert ["改过的一句。" in version["text"] for version in shown] == [False, True]


def test_an_unchanged_article_is_a_revisit_that_names_its_original(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    zhengwen("crawl", ACCOUNT, *FAST)

    zhengwen("crawl", "https://www.thepaper.cn/newsDetail_forward_5700000", *FAST)

    first, again = rows(
        archive_dir, "SELECT * FROM captures WHERE role = 'article' ORDER BY captured_at"
    )
    assert (again["outcome"], again["refers_to"]) == ("unchanged", first["id"])
    (row,) = rows(archive_dir, "SELECT * FROM articles")
    assert (row["version_count"], row["first_captured_at"], row["last_captured_at"]) == (
        1,
        first["captured_at"],
        again["captured_at"],
    )
    validate(archive_dir)


def test_a_first_403_with_a_cookie_is_followed_once(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    cookie = Reply(403, {"Set-Cookie": "acw_tc=abc; Path=/; HttpOnly"})
    thepaper.interventions.append(
        lambda request: (
            cookie
            if request.host == "www.thepaper.cn" and "cookie" not in request.headers
            else None
        )
    )

    zhengwen("crawl", ACCOUNT, *FAST)

    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 2}]
    assert {request.headers.get("cookie") for request in web.requests(path="/newsDetail")} <= {
        None,
        "acw_tc=abc",
    }


def test_retry_after_is_obeyed_and_the_article_comes(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    refused: list[float] = []

    def busy_once(request: Request) -> Reply | None:
        if request.path.startswith("/newsDetail") and not refused:
            refused.append(request.at)
            return Reply(429, {"Retry-After": "2"})
        return None

    thepaper.interventions.append(busy_once)

    zhengwen("crawl", ACCOUNT, *FAST)

    first, second = web.requests(path="/newsDetail")
    assert second.at - first.at >= 2
    assert [row["outcome"] for row in captured(archive_dir) if row["role"] == "article"] == [
        "throttled",
        "article",
    ]


def test_a_crawl_delay_is_obeyed(web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program) -> None:
    thepaper.add(*stories(3))
    thepaper.robots = "User-agent: *\nCrawl-delay: 1\n"

    zhengwen("crawl", ACCOUNT, *FAST)

    times = [request.at for request in web.requests(path="/newsDetail")]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.98


def test_robots_txt_is_obeyed_and_reported(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    thepaper.robots = "User-agent: *\nDisallow: /newsDetail_forward_5700001\n"

    zhengwen("crawl", ACCOUNT, *FAST, check=3)

    assert not web.requests(path="/newsDetail_forward_5700001")
    failures = rows(archive_dir, "SELECT url, reason FROM failures")
    assert failures == [
        {"url": "https://www.thepaper.cn/newsDetail_forward_5700001", "reason": "robots-txt"}
    ]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Reply(403), "blocked"),
        (as_json({"code": 99998, "desc": "系统繁忙"}), "throttled"),
        (as_json({"code": 200, "data": {"hasNext": True, "items": []}}), "format_changed"),
        (Reply(body="<html>请稍候</html>".encode()), "format_changed"),
        (
            Reply(headers={"Content-Type": "application/json"}, body=b'{"code":200,"data":{"li'),
            "format_changed",
        ),
        (Reply(500), "unreachable"),
        (as_json({"code": 200, "data": {"list": []}}), "suspicious_empty"),
    ],
)
def test_no_bad_answer_passes_for_no_news(
    answer: Reply, outcome: str, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.interventions.append(lambda request: answer if request.method == "POST" else None)
    zhengwen("follow", ACCOUNT)

    done = zhengwen("crawl", *FAST, "-s", "RETRY_TIMES=0", check=3)

    assert [row["outcome"] for row in rows(archive_dir, "SELECT outcome FROM coverage")] == [
        outcome
    ]
    label = "outage" if answer.status == 500 else outcome
    assert f"thepaper 44871: {label}" in done.stderr
    assert zhengwen("status", check=3).stdout.count(outcome) == 1


def test_a_limit_leaves_the_rest_for_the_next_crawl(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(30))

    zhengwen("crawl", ACCOUNT, *FAST, "--max-articles", "5")
    assert rows(
        archive_dir, "SELECT (SELECT count(*) FROM articles) AS n, outcome FROM coverage"
    ) == [{"n": 5, "outcome": "budget"}]

    zhengwen("crawl", ACCOUNT, *FAST)
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 30}]


def test_a_limit_counts_new_articles_alone(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    known = stories(3)
    thepaper.add(*known)
    zhengwen("crawl", ACCOUNT, *FAST)
    for story in known:  # a new title at the head of the list: they are looked at again
        story.title, story.published = f"{story.title}（更新）", datetime(2021, 1, 1, tzinfo=CHINA)
    thepaper.add(*stories(8)[3:])

    zhengwen("crawl", ACCOUNT, *FAST, "--max-articles", "4")

    assert rows(archive_dir, "SELECT count(*) AS n FROM articles WHERE status = 'changed'") == [
        {"n": 3}
    ]
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 7}]


def test_since_and_until_choose_by_day(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(25))

    zhengwen("crawl", ACCOUNT, *FAST, "--since", "2020-02-10", "--until", "2020-02-12")

    days = [
        str(row["published_at"])[:10]
        for row in rows(archive_dir, "SELECT published_at FROM articles ORDER BY published_at")
    ]
    assert days == ["2020-02-10", "2020-02-11", "2020-02-12"]


def test_rebuild_equals_live(thepaper: ThePaper, zhengwen: Program, archive_dir: Path) -> None:
    thepaper.add(*stories(12, pictures=[PICTURE]))
    for _ in range(2):
        zhengwen("crawl", ACCOUNT, *FAST)
        thepaper.stories[5_700_003].text.append("后来加上的一段。")
    zhengwen("crawl", "https://www.thepaper.cn/newsDetail_forward_5700003", *FAST)
    live = dump(archive_dir)

    zhengwen("rebuild")

    assert dump(archive_dir) == live
    assert len(live["articles"]) == 12 and len(live["versions"]) == 13


def test_scrapy_itself_leaves_the_same_archive(
    web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path
) -> None:
    thepaper.add(*stories(3))
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "thepaper",
        "-a",
        f"account={ACCOUNT}",
        *FAST,
        "-s",
        f"ARCHIVE={archive_dir}",
    ]

    subprocess.run(command, cwd=ROOT, env={**os.environ, **web.environ()}, check=True, timeout=120)

    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 3}]
    assert rows(archive_dir, "SELECT outcome FROM coverage") == [{"outcome": "new"}]
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "thepaper" in listed.stdout.split()


def test_stock_programs_read_the_archive(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(3))
    zhengwen("crawl", ACCOUNT, *FAST)
    stock = [str(Path(sys.executable).with_name("sqlite-utils"))]
    path = str(archive_dir / "archive.db")

    newest_first = [
        "search",
        path,
        "articles",
        "疫情",
        "-c",
        "id",
        "-c",
        "published_at",
        "-o",
        "published_at desc",
    ]
    before = subprocess.run([*stock, *newest_first], check=True, capture_output=True, text=True)
    subprocess.run([*stock, "vacuum", path], check=True)
    again = subprocess.run([*stock, *newest_first], check=True, capture_output=True, text=True)
    page = [
        str(Path(sys.executable).with_name("datasette")),
        path,
        "--get",
        "/archive/articles.json?_search=防控&_shape=array",
    ]
    served = subprocess.run(page, check=True, capture_output=True, text=True)

    assert [row["id"] for row in json.loads(before.stdout)] == [
        "thepaper-5700002",
        "thepaper-5700001",
        "thepaper-5700000",
    ]
    assert again.stdout == before.stdout
    assert len(json.loads(served.stdout)) == 3


def test_search_and_show_print_their_matches(thepaper: ThePaper, zhengwen: Program) -> None:
    thepaper.add(*stories(3))
    zhengwen("crawl", ACCOUNT, *FAST)

    hit = json.loads(
        zhengwen(
            "search", "疫情就是命令 防控", "--json", "--limit", "1", "--account", "济南高新区"
        ).stdout
    )

    assert hit["id"] == "thepaper-5700002"
    assert "【疫情就是命令】" in hit["snippet"]
    assert "疫情就是命令，防控就是责任。" in zhengwen("show", hit["id"]).stdout
    assert zhengwen("search", "不存在的词").stdout == ""
    assert json.loads(zhengwen("status", "--json").stdout)["articles"] == 3


def article_rows(archive: Path) -> list[tuple[object, object]]:
    return [
        (row["id"], row["title"])
        for row in rows(archive, "SELECT id, title FROM articles ORDER BY id")
    ]


def test_every_listed_entry_is_in_links(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(22))
    thepaper.add(Story(5_700_099, "外链", [], kind="outside", link="https://example.org/news/1"))

    zhengwen("crawl", ACCOUNT, *FAST)

    links = rows(
        archive_dir,
        "SELECT native_id, title, published_at, account_id FROM links ORDER BY native_id",
    )
    assert [row["native_id"] for row in links] == [
        str(number) for number in sorted(thepaper.stories)
    ]
    assert links[0] == {
        "native_id": "5700000",
        "title": "济南高新区第0次疫情防控通报",
        "published_at": "2020-02-01T09:00:00+08:00",
        "account_id": "44871",
    }


def test_a_listing_without_a_mark_of_its_end_is_read_to_an_empty_page(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.marks_end = False
    thepaper.add(*stories(25))

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(web.requests("POST")) == 3
    assert rows(archive_dir, "SELECT outcome, listed FROM coverage") == [
        {"outcome": "new", "listed": 25}
    ]


def test_a_listing_that_repeats_itself_is_not_read_for_ever(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(25))
    first = thepaper(
        Request(
            0,
            "POST",
            "https://api.thepaper.cn/contentapi/cont/pph/gov",
            {},
            b'{"pageNum":1,"pageSize":20,"pphId":44871}',
            b"",
        )
    )
    thepaper.interventions.append(lambda request: first if request.method == "POST" else None)

    zhengwen("crawl", ACCOUNT, *FAST, check=3)

    assert len(web.requests("POST")) == 2
    assert rows(archive_dir, "SELECT outcome, listed FROM coverage") == [
        {"outcome": "partial", "listed": 20}
    ]


def test_a_listing_blocked_half_way_is_finished_by_the_next_crawl(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(45))
    thepaper.interventions.append(
        lambda request: Reply(403) if b'"pageNum":2' in request.body else None
    )
    zhengwen("crawl", ACCOUNT, *FAST, check=3)
    assert rows(archive_dir, "SELECT outcome, pages, complete FROM coverage") == [
        {"outcome": "blocked", "pages": 1, "complete": 0}
    ]
    assert len(article_rows(archive_dir)) == 20
    thepaper.interventions.clear()

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(article_rows(archive_dir)) == 45


def test_stories_that_appear_while_the_listing_is_read_shift_nothing_out(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(40))
    fresh = Story(5_800_000, "刚刚发布", ["正文。"], published=datetime(2021, 1, 1, tzinfo=CHINA))
    thepaper.interventions.append(
        lambda request: thepaper.add(fresh) if b'"pageNum":2' in request.body else None
    )

    zhengwen("crawl", ACCOUNT, *FAST)
    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(article_rows(archive_dir)) == 41


def test_an_answer_cut_short_is_no_article_and_is_fetched_again(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    complete = thepaper(
        Request(0, "GET", "https://www.thepaper.cn/newsDetail_forward_5700000", {}, b"", b"")
    )
    cut = Reply(body=complete.body, cut=len(complete.wire()) - 40)
    thepaper.interventions.append(lambda request: cut if request.path.endswith("5700000") else None)

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=0", check=3)

    (row,) = rows(archive_dir, "SELECT * FROM failures WHERE article_id = 'thepaper-5700000'")
    assert (row["outcome"], row["reason"]) == ("error", "truncated-disconnect")
    assert rows(
        archive_dir, "SELECT truncated FROM captures WHERE article_id = 'thepaper-5700000'"
    ) == [{"truncated": "disconnect"}]
    thepaper.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(article_rows(archive_dir)) == 2


def test_an_answer_that_never_comes_is_reported(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    thepaper.interventions.append(
        lambda request: Reply(delay=4) if request.path.endswith("5700000") else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=0", check=3)

    (row,) = rows(archive_dir, "SELECT article_id, outcome, reason FROM failures")
    assert row == {"article_id": "thepaper-5700000", "outcome": "error", "reason": "no-answer"}


def test_a_redirect_to_the_mobile_page_is_the_same_article(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    moved = Reply(302, {"Location": "https://m.thepaper.cn/detail/5700000"})
    thepaper.interventions.append(
        lambda request: (
            moved if request.host == "www.thepaper.cn" and "newsDetail" in request.path else None
        )
    )

    zhengwen("crawl", ACCOUNT, *FAST)

    assert article_rows(archive_dir) == [("thepaper-5700000", "济南高新区第0次疫情防控通报")]
    assert [row["outcome"] for row in captured(archive_dir) if row["role"] == "article"] == [
        "redirect",
        "article",
    ]


def test_a_redirect_to_a_mirror_is_recorded_and_not_followed(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    web.sites["www.dbgt.com.cn"] = thepaper
    moved = Reply(302, {"Location": "https://www.dbgt.com.cn/newsDetail_forward_5700000"})
    thepaper.interventions.append(
        lambda request: (
            moved if request.host == "www.thepaper.cn" and "newsDetail" in request.path else None
        )
    )

    zhengwen("crawl", ACCOUNT, *FAST, check=None)

    assert not web.requests(host="www.dbgt.com.cn")
    assert article_rows(archive_dir) == []
    assert rows(archive_dir, "SELECT count(*) AS n FROM captures WHERE outcome = 'redirect'") == [
        {"n": 1}
    ]


def test_a_page_of_another_article_is_not_taken_for_the_requested_article(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    other = thepaper(
        Request(0, "GET", "https://www.thepaper.cn/newsDetail_forward_5700000", {}, b"", b"")
    )
    thepaper.interventions.append(
        lambda request: other if request.path.endswith("5700001") else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, check=None)

    assert article_rows(archive_dir) == [("thepaper-5700000", "济南高新区第0次疫情防控通报")]
    assert rows(archive_dir, "SELECT article_id FROM failures WHERE role = 'article'") == [
        {"article_id": "thepaper-5700001"}
    ]


def test_an_article_about_captchas_is_an_article(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(Story(5_700_000, "警惕captcha验证码诈骗", ["骗子伪造captcha页面，请注意。"]))

    zhengwen("crawl", ACCOUNT, *FAST)

    assert article_rows(archive_dir) == [("thepaper-5700000", "警惕captcha验证码诈骗")]


def test_a_blocked_account_does_not_spoil_another(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    thepaper.add(Story(5_800_000, "广州通报", ["正文。"], account="中国广州发布", account_id=63850))
    zhengwen("follow", ACCOUNT, "https://www.thepaper.cn/gov_63850")
    thepaper.interventions.append(lambda request: Reply(403) if b"63850" in request.body else None)

    done = zhengwen("crawl", *FAST, check=3)

    coverage = rows(archive_dir, "SELECT account_id, outcome FROM coverage ORDER BY account_id")
    assert [(row["account_id"], row["outcome"]) for row in coverage] == [
        ("44871", "new"),
        ("63850", "blocked"),
    ]
    assert "63850" in done.stderr and "44871" not in done.stderr
    assert len(article_rows(archive_dir)) == 2


def test_followed_accounts_can_be_named(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.names[63850] = "中国广州发布"
    thepaper.add(*stories(1))
    thepaper.add(Story(5_800_000, "广州通报", ["正文。"], account="中国广州发布", account_id=63850))
    zhengwen("follow", ACCOUNT, "https://www.thepaper.cn/gov_63850")

    zhengwen("crawl", "63850", *FAST)
    assert [row[0] for row in article_rows(archive_dir)] == ["thepaper-5800000"]
    zhengwen("crawl", "thepaper", *FAST)
    assert len(article_rows(archive_dir)) == 2


def test_an_article_that_two_accounts_list_is_fetched_once(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1))
    same = thepaper(
        Request(
            0,
            "POST",
            "https://api.thepaper.cn/contentapi/cont/pph/gov",
            {},
            b'{"pageNum":1,"pageSize":20,"pphId":44871}',
            b"",
        )
    )
    thepaper.interventions.append(lambda request: same if request.method == "POST" else None)

    zhengwen("crawl", ACCOUNT, "https://www.thepaper.cn/gov_63850", *FAST)

    assert len(web.requests(path="/newsDetail")) == 1
    assert rows(archive_dir, "SELECT count(*) AS n FROM links") == [{"n": 2}]


def test_a_refused_picture_leaves_its_article_complete(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(1, pictures=[PICTURE]))
    thepaper.interventions.append(
        lambda request: (
            Reply(403)
            if request.host == "imgpai.thepaper.cn" and "robots" not in request.path
            else None
        )
    )

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(article_rows(archive_dir)) == 1
    assert rows(archive_dir, "SELECT url, capture FROM media") == [
        {"url": PICTURE, "capture": None}
    ]
    assert rows(archive_dir, "SELECT role, reason FROM failures") == [
        {"role": "media", "reason": "http-403"}
    ]


def test_a_gap_behind_a_walk_that_broke_off_is_closed_by_the_next(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    """A complete walk, then one that saw the first page of many new entries: the pages behind it are still to be read."""
    thepaper.add(*stories(20))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(
        *(
            Story(
                5_800_000 + n,
                f"新{n}",
                ["正文，和别的一样长的一段话。"],
                published=datetime(2021, 1, 1, n, tzinfo=CHINA),
            )
            for n in range(24)
        )
    )
    thepaper.add(
        *(
            Story(
                5_800_100 + n,
                f"更新{n}",
                ["正文，和别的一样长的一段话。"],
                published=datetime(2021, 1, 2, n, tzinfo=CHINA),
            )
            for n in range(21)
        )
    )
    thepaper.interventions.append(
        lambda request: Reply(403) if b'"pageNum":2' in request.body else None
    )
    zhengwen("crawl", ACCOUNT, *FAST, check=3)
    thepaper.interventions.clear()

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(article_rows(archive_dir)) == 65


def test_a_limit_never_hides_articles_that_it_left(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    """After a complete walk, a crawl with a limit takes the first page of the new entries; the next one takes the rest."""
    thepaper.add(*stories(5))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(
        *(
            Story(
                5_800_000 + n,
                f"新{n}",
                ["正文。"],
                published=datetime(2021, 1, 1 + n, tzinfo=CHINA),
            )
            for n in range(30)
        )
    )
    zhengwen("crawl", ACCOUNT, *FAST, "--max-articles", "20")

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(article_rows(archive_dir)) == 35


def test_an_article_that_failed_far_down_the_list_is_asked_for_again(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(
        *(
            Story(
                5_700_000 + n,
                f"第{n}次",
                ["正文。"],
                published=datetime(2020, 1, 1, n % 24, n, tzinfo=CHINA),
            )
            for n in range(23)
        )
    )
    thepaper.add(
        *(
            Story(
                5_700_100 + n,
                f"再{n}次",
                ["正文。"],
                published=datetime(2020, 1, 2, n % 24, tzinfo=CHINA),
            )
            for n in range(22)
        )
    )
    thepaper.interventions.append(
        lambda request: Reply(503) if request.path.endswith("5700000") else None
    )
    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=0", check=3)
    thepaper.interventions.clear()

    zhengwen("crawl", ACCOUNT, *FAST)

    assert len(article_rows(archive_dir)) == 45
