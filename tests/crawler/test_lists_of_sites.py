"""Lists in the forms of several content systems, crawled by the program: all entries are had, or the coverage says that the list is partial."""

from __future__ import annotations

import json
from pathlib import Path

from archive.platform import Ask
from tests.conftest import FAST, Program, rows
from tests.platforms.lists import LISTS, ROWS, SITE, MadeList
from tests.platforms.lists import html as page_of_list
from tests.platforms.lists import rows as list_rows
from tests.standin.web import LoopbackWeb, Reply, Request
from tests.standin.worlds import BODY, TITLE, html

HOST = "www.yunxi.gov.cn"
MORE = "<div class='more'>查看更多</div>"  # a sign of more, and no way to it


class Site:
    """Several lists on one host, each in a folder of its own, and their articles."""

    def __init__(self, lists: dict[str, MadeList]) -> None:
        self.lists = lists

    def __call__(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(404)
        for case in self.lists.values():
            text = case.answer(Ask(url=request.url, method=request.method, body=request.body))
            if text is not None:
                gbk = "gb" in case.charset
                text = text.replace("<head>", f"<head><meta charset='{case.charset}'>", 1)
                return Reply(
                    headers={"Content-Type": "text/html"},
                    body=text.encode("gb18030" if gbk else "utf-8"),
                )
        if "/t2031" in request.path or "/art_" in request.path or "ID=" in request.url:
            return html(f"<h1>{TITLE}</h1><div class='TRS_Editor'>{BODY}</div>")
        return Reply(404)


def crawled(
    names: list[str], web: LoopbackWeb, zhengwen: Program, archive_dir: Path
) -> list[dict[str, object]]:
    """The coverage of each list."""
    lists = {name: (LISTS | ROWS)[name] for name in names}
    web.sites[HOST] = Site(lists)
    zhengwen("follow", *(case.start for case in lists.values()))
    zhengwen("crawl", *FAST, check=0 if all(case.complete for case in lists.values()) else 3)
    return rows(archive_dir, "SELECT * FROM coverage")


def test_lists_are_crawled_to_their_ends(
    web: LoopbackWeb, zhengwen: Program, archive_dir: Path
) -> None:
    coverage = crawled(["hanweb", "trs-gbk-shtml", "aspx-postback"], web, zhengwen, archive_dir)

    assert sorted(
        (row["listed"], row["had"], row["complete"], row["left_out"]) for row in coverage
    ) == [(12, 12, 1, 0), (16, 16, 1, 0), (23, 23, 1, 0)]
    links = rows(archive_dir, "SELECT account_id, count(*) AS n FROM links GROUP BY account_id")
    assert sorted(row["n"] for row in links) == [12, 16, 23]


def test_a_list_whose_next_page_cannot_be_asked_for_is_partial(
    web: LoopbackWeb, zhengwen: Program, archive_dir: Path
) -> None:
    (row,) = crawled(["load-more-button"], web, zhengwen, archive_dir)

    assert (row["listed"], row["complete"], row["list_end"]) == (4, 0, "unknown")


def test_rows_that_are_not_followed_are_counted_and_named(
    web: LoopbackWeb, zhengwen: Program, archive_dir: Path
) -> None:
    (row,) = crawled(["rows-that-lead-elsewhere"], web, zhengwen, archive_dir)

    assert row["left_out"] == 3
    reasons = json.loads(str(row["left_out_reasons"]))
    assert {"attachment", "no-address", "other-host"} == set(reasons)
    assert f"{SITE}/u/files/7.pdf" in str(reasons)


def test_a_home_page_in_the_place_of_a_page_that_was_guessed_gives_no_entries(
    web: LoopbackWeb, zhengwen: Program, archive_dir: Path
) -> None:
    """A site that answers any address with 200; the index reads its answer as the crawl did."""
    start = f"{SITE}/xwzx/list.html"
    pages = {start: listed("通知公告_云溪县", range(1, 5), MORE), f"{SITE}/robots.txt": ""}
    home = listed("云溪县", range(50, 54)).replace("<ul class='list'>", "<div><div>")

    def site(request: Request) -> Reply:
        if "/t2031" in request.path:
            return html(f"<h1>{TITLE}</h1><div class='TRS_Editor'>{BODY}</div>")
        text = pages.get(request.url, home)
        return Reply(headers={"Content-Type": "text/html; charset=utf-8"}, body=text.encode())

    web.sites[HOST] = site
    zhengwen("follow", start)
    zhengwen("crawl", *FAST, check=3)

    (row,) = rows(archive_dir, "SELECT * FROM coverage")
    assert (row["listed"], row["complete"], row["list_end"]) == (4, 0, "unknown")
    assert rows(archive_dir, "SELECT count(*) AS n FROM links") == [{"n": 4}]
    (page,) = rows(archive_dir, "SELECT outcome FROM captures WHERE url LIKE '%list_2.html'")
    assert page == {"outcome": "not-found"}


def listed(title: str, numbers: range, more: str = "") -> str:
    return page_of_list(list_rows(numbers) + more).replace("<title>通知公告", f"<title>{title}")
