"""The reading room of a collection shows what that of one archive with all articles shows."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from click.testing import CliRunner, Result
from lxml import html

from archive import Archive
from archive.cli.main import cli
from archive.room import plugin, replay, routes, serving
from archive.room.asked import Asked
from tests.collection.years import make_both
from tests.rigs.browsing import process_of
from tests.rigs.history import BEGUN, STORY, History
from tests.rigs.room_world import Room

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("collection"),
    pytest.mark.timeout(1800),  # hundreds of pages take as long as the machine is slow
]
SHARD = "thepaper-2032"
FIXED = [
    "", "style.css", "search", "search?q=云溪", "search?q=防汛&order=relevance", "search?q=云溪&page=2", "search?q=水泵",
    "search?q=水泵&in=attachments", "search?q=云&in=pictures", "search?q=没有的词", "search?q=云溪&account=没有的", "search?q=云溪&since=2032-01-01&status=live",
    "search?platform=thepaper", "search?platform=thepaper&page=2", "search?account=44871", "search?platform=gov&until=2031-12-31",
    "hits.json?q=云溪", "hits.csv?q=云溪&order=relevance", "hits.json?platform=thepaper", "hits.atom?q=云溪", "accounts", "runs", "coverage",
    "changes.atom", "article/nothing", "capture/nothing", "record/nothing", "file/nothing", "run/nothing", "timemap/http://x.example/",
    "nowhere",
]  # fmt: skip
CALENDAR = "calendar.svg?platform=thepaper&id=44871"
PAGES = ("account", "calendar.svg")  # of an account
ACCOUNTS = "SELECT DISTINCT platform, account_id, CASE WHEN account_id IS NULL THEN account END FROM articles"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of several years, and a collection of it."""
    return make_both(tmp_path_factory.mktemp("rooms"))


@pytest.fixture(scope="module")
def rooms(folder: Path) -> tuple[Room, Room]:
    return Room(folder / "archive", replay="http://x"), Room(
        folder / "collection", replay="http://x"
    )


def run(*words: object) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, list(map(str, words)), catch_exceptions=False)


def column(folder: Path, statement: str) -> list[str]:
    with Archive(folder / "archive") as archive:
        return [str(row[0]) for row in archive.connection.execute(statement)]


def of_articles(folder: Path) -> Iterator[str]:
    with Archive(folder / "archive") as archive:
        for article in archive.articles():
            for name in ("article", "linkset", "compare"):
                yield f"{name}/{article.id}"
            yield f"article/{article.id}?version=1&q=云溪"
            yield from (f"cite/{article.id}/ris", f"cite/{article.id}/bib")
            yield from (f"timemap/{article.url}", f"timegate/{article.url}")


def of_records(folder: Path) -> Iterator[str]:
    for capture in column(folder, "SELECT id FROM captures"):
        yield from (f"capture/{capture}", f"file/{capture}", f"capture/{capture}/record.warc.gz")
    for record in column(folder, "SELECT record FROM coverage"):
        yield from (f"record/{record}", f"record/{record}/record.warc.gz")


def of_accounts(folder: Path) -> list[str]:
    with Archive(folder / "archive") as archive:
        rows = archive.connection.execute(ACCOUNTS).fetchall()
    named = [f"platform={p}&{f'id={i}' if i else f'name={name}'}" for p, i, name in rows]
    years = ("", "&year=2031", "&year=2032")
    return [f"{page}?{of}{year}" for page in PAGES for of in named for year in years]


def of_runs(folder: Path) -> list[str]:
    return [f"run/{run_id}" for run_id in column(folder, "SELECT id FROM runs")]


def shown(room: Room, path: str, language: str = "en") -> tuple[Any, ...]:
    """What a reader gets: of a page its text, its drawings and its addresses, of a file its bytes."""
    answer = room.get(path, accept_language=language)
    headers = [answer.headers.get(name) for name in ("content-type", "link", "location")]
    if "html" not in answer.headers["content-type"] or not answer.text:
        return answer.status_code, answer.content, headers
    page = html.fromstring(answer.text)
    text = " ".join(page.text_content().split())
    drawn = [html.tostring(part) for part in page.xpath("//svg")]
    return answer.status_code, text, drawn, page.xpath("//@href | //@src | //@action"), headers


@pytest.mark.parametrize("paths", [lambda _: FIXED, of_articles, of_records, of_accounts, of_runs])
def test_each_page_is_that_of_one_archive(
    paths: Any, folder: Path, rooms: tuple[Room, Room]
) -> None:
    number = 0
    for path in paths(folder):
        of_archive, of_collection = (shown(room, path) for room in rooms)
        assert of_collection == of_archive, path
        number += of_archive[0] == 200
    assert number > 1


def test_all_kinds_of_pages_are_compared(folder: Path) -> None:
    every = [*FIXED, *of_articles(folder), *of_records(folder), *of_accounts(folder)]
    paths = {re.split(r"\?(?!.*://)", path)[0] for path in [*every, *of_runs(folder)]}
    lacking = [
        pattern
        for pattern, _ in routes.ROUTES
        if not any(map(re.compile(pattern).fullmatch, paths))
    ]
    assert not lacking


def test_a_calendar_and_a_sum_are_of_all_shards(folder: Path, rooms: tuple[Room, Room]) -> None:
    """Of what they are made, no shard alone knows all."""
    shards = [
        Room(shard, replay="http://x") for shard in sorted((folder / "collection/shards").iterdir())
    ]
    of_all, of_shards = shown(rooms[1], CALENDAR), [shown(shard, CALENDAR) for shard in shards]
    assert of_all not in of_shards
    runs = {path: shown_sum(rooms[1], path) for path in of_runs(folder)}
    assert any(runs[path] not in [shown_sum(shard, path) for shard in shards] for path in runs)


def shown_sum(room: Room, path: str) -> Any:
    return html.fromstring(room.get(path).text).xpath("//p[@class='sentence']/text()")


def test_an_account_is_silent_by_the_lists_of_all_shards(tmp_path: Path) -> None:
    """Two years of few entries each; only together do they say how often it publishes."""
    begin = datetime(2020, 12, 27, 8, tzinfo=UTC)
    stories = [
        replace(STORY, cont_id=5_810_000 + n, published=begin + timedelta(days=n))
        for n in range(10)
    ]
    history = History(tmp_path / "archive")
    for walk in (stories[:5], stories[5:]):
        hours = (walk[-1].published + timedelta(hours=1) - BEGUN) / timedelta(hours=1)
        history.run(hours, "-", walk=walk, more=walk)
    history.index()
    (tmp_path / "archive" / "accounts.csv").write_text(
        "platform,account_id,name,url\n"
        "thepaper,44871,云溪发布,https://www.thepaper.cn/user_44871\n",
        "utf-8",
    )
    assert run("split", tmp_path / "archive", tmp_path / "collection").exit_code == 0

    of_archive, of_collection = (
        shown(Room(tmp_path / kind), "") for kind in ("archive", "collection")
    )
    assert of_collection == of_archive
    assert "nothing since 2021-01-05, where nine of ten gaps were under 1.0 days" in of_archive[1]
    shards = sorted((tmp_path / "collection" / "shards").iterdir())
    assert len(shards) == 2
    for shard in shards:
        shutil.copy(tmp_path / "archive" / "accounts.csv", shard)
        assert "nothing since" not in shown(Room(shard), "")[1]


def forget_files(joined: Path) -> None:
    with closing(sqlite3.connect(joined / "archive.db")) as db, db:
        db.execute("DELETE FROM warcs WHERE name = (SELECT max(name) FROM warcs)")


@pytest.mark.parametrize(
    "path", [CALENDAR, CALENDAR.replace("calendar.svg", "account"), "run/run-001"]
)
@pytest.mark.parametrize("harm", [shutil.rmtree, forget_files])
def test_what_is_of_all_shards_is_not_shown_without_their_rows(
    path: str, harm: Callable[[Path], None], folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder / "collection", tmp_path / "collection", symlinks=True))
    harm(copy / "joined")
    room = Room(copy)

    answer = room.get(path)
    home = room.get("")

    assert (answer.status_code, home.status_code) == (500, 200)
    for page in (answer, home):
        assert f"zhengwen --archive {copy} index" in html.fromstring(page.text).text_content()
    assert run("--archive", copy, "index").exit_code == 0
    assert shown(Room(copy), path)[0] == 200


def test_pages_as_captured_are_those_of_one_archive(folder: Path) -> None:
    shown = 0
    for capture in column(folder, "SELECT id FROM captures"):
        for place in ("", "content/", "file/"):
            path = f"/{place}{quote(capture, safe='')}"
            answers = [
                replay.answer(folder / kind, Asked(root="", path=path, site="http://127.0.0.1"))
                for kind in ("archive", "collection")
            ]
            assert answers[0] == answers[1], path
            shown += answers[0].status == 200
    assert shown > 100


def test_a_shard_that_cannot_be_reached_is_named_by_every_page(
    folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder / "collection", tmp_path / "collection"))
    room = Room(copy)
    before = shown(room, "")
    full = room.get("hits.json?q=云溪").json()["hits"]
    shutil.rmtree(copy / "shards" / SHARD)

    for path in ("", "search?q=云溪", "accounts", "coverage", "runs", "article/thepaper-5700001"):
        answer = room.get(path)
        assert answer.status_code == 200
        (sentence,) = html.fromstring(answer.text).xpath("//p[@class='lacking']/text()")
        assert f"The shard {SHARD} could not be reached" in sentence
    assert shown(room, "")[1] != before[1]  # its articles are counted no more
    assert full
    for path in ("hits.json?q=云溪", "hits.csv?q=云溪", "hits.atom?q=云溪", "changes.atom"):
        answer = room.get(path)
        assert (answer.status_code, SHARD in answer.text) == (500, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The calendar alone counts"), ("zh", "只计入此日历")],
)
def test_a_calendar_says_that_it_counts_a_missing_shard(
    language: str, words: str, folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder / "collection", tmp_path / "collection"))
    room, path = Room(copy), "account?platform=thepaper&id=44871"
    of_all = html.fromstring(room.get(path, accept_language=language).text)
    shutil.rmtree(copy / "shards" / SHARD)

    of_rest = html.fromstring(room.get(path, accept_language=language).text)

    counts = "//nav[@class='years']/a/span/text()"
    assert of_rest.xpath(counts) == of_all.xpath(counts) != []
    assert of_rest.xpath("//h1/following::p[1]/text()") != of_all.xpath(
        "//h1/following::p[1]/text()"
    )
    section = "//section[@id='calendar']/p[@class='lacking']/text()"
    assert words in of_rest.xpath(section)[0] and not of_all.xpath(section)


def test_a_collection_that_has_grown_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder / "collection", tmp_path / "collection"))
    description = copy / "collection.toml"
    description.write_text(description.read_text("utf-8").replace(SHARD, "another"), "utf-8")

    answer = Room(copy).get("")

    assert answer.status_code == 500
    assert f"zhengwen --archive {copy} index" in html.fromstring(answer.text).text_content()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
@pytest.mark.parametrize("path", ["/", "/room/", "/room/hits.json?q=云溪", "/-/versions.json"])
def test_another_name_is_refused(host: str, path: str, folder: Path) -> None:
    application = serving.application(folder / "collection", plugin.Settings())

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers={"host": host})

    answer = asyncio.run(ask())
    assert answer.status_code == 421
    assert "云溪" not in answer.text


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", "'; DROP TABLE articles; --", '"', "%00", "(" * 300]
)
def test_hostile_queries_are_answered_as_of_one_archive(
    query: str, rooms: tuple[Room, Room]
) -> None:
    for path in ("search?q={}", "article/{}", "search?account={}", "timemap/{}", "hits.json?q={}"):
        of_archive, of_collection = (
            shown(room, path.format(quote(query, safe=""))) for room in rooms
        )
        assert of_collection == of_archive
        assert of_archive[0] in (200, 400, 404)


def test_scripts_of_pages_are_for_one_archive(folder: Path) -> None:
    done = run("--archive", folder / "collection", "serve", "--replayweb", folder)
    assert done.exit_code == 2
    assert "serve one of its shards" in done.stderr


@pytest.mark.e2e
def test_the_program_serves_a_collection(folder: Path) -> None:
    with process_of(folder / "collection") as (_, address):
        page = httpx.get(address, timeout=60, trust_env=False)
        assert page.status_code == 200
        assert "云溪" in page.text
        hits = json.loads(
            httpx.get(f"{address}hits.json?q=云溪", timeout=60, trust_env=False).text
        )["hits"]
        assert len(hits) > 5
