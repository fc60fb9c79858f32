"""Who may ask the reading room, and with what: this machine, by GET and HEAD, under any base path; nothing is written."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import socket
import sqlite3
import sys
import time
import types
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from lxml import html

import zhengwen_plugins
from archive.cli.main import cli
from archive.errors import UsageError
from archive.room import limits, plugin, routes, serving
from tests.rigs.browsing import process_of
from tests.rigs.corpus import row, write
from tests.rigs.history import OTHER, STORY
from tests.rigs.readers import read_beside
from tests.rigs.room_world import SHOWN, Room, RoomWorld, article

pytestmark = pytest.mark.slow  # tries many inputs

OWN = [
    "localhost",
    "localhost:8001",
    "127.0.0.1",
    "127.0.0.1:8001",
    "[::1]:8001",
    "LOCALHOST.",
    "192.168.1.7:80",
]
OTHERS = [
    "evil.example",
    "evil.example:8001",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example#localhost",
    "",
    "localhost@evil.example",
    "0x7f.1",
    "[::1].evil.example",
]


@pytest.mark.parametrize("host", OWN)
def test_this_machine_is_answered(host: str, room: Room) -> None:
    assert room.get("", host=host).status_code == 200


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("path", ["", f"article/{SHOWN}", "hits.json?q=云溪", "changes.atom"])
def test_another_name_is_refused(host: str, path: str, room: Room) -> None:
    answer = room.get(path, host=host)

    assert answer.status_code == 421
    assert "云溪" not in answer.text


def test_a_name_of_the_operator_is_answered(folder: Path) -> None:
    room = Room(folder, hosts=("archive.example.org",))

    assert room.get("", host="archive.example.org").status_code == 200
    assert room.get("", host="evil.example").status_code == 421


def asked(
    application: Any, path: str, host: str = "127.0.0.1", method: str = "GET"
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers={"host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "path", ["/", "/archive", "/archive/articles.json", "/room/", "/-/versions.json"]
)
def test_served_by_the_program_all_of_datasette_is_for_this_machine(
    path: str, folder: Path
) -> None:
    application = serving.application(folder, plugin.Settings())

    assert asked(application, path, host="evil.example").status_code == 421
    assert asked(application, path).status_code in (200, 302)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_room_only_reads(method: str, folder: Path) -> None:
    application = serving.application(folder, plugin.Settings())

    assert asked(application, "/room/", method=method).status_code in (403, 405)


PATHS = [
    "",
    "search?q=云溪",
    f"article/{SHOWN}",
    f"compare/{SHOWN}",
    "accounts",
    "account?platform=thepaper&id=44871",
    "coverage",
    "runs",
    "nowhere",
]


@pytest.mark.parametrize("base", ["/", "/reading/", "/a/b/"])
def test_every_address_is_below_the_base_path(base: str, folder: Path) -> None:
    application = serving.application(folder, plugin.Settings(), base)

    for path in PATHS:
        page = html.fromstring(asked(application, f"{base}room/{path}").text)
        addresses = [str(each) for each in page.xpath("//@href | //@src | //@action")]
        site = "http://127.0.0.1"
        own = [
            each.removeprefix(site)
            for each in addresses
            if each.startswith(site) or not each.startswith(("http", "#", "urn:pwid:"))
        ]
        assert own and all(each.startswith(f"{base}room/") for each in own)
    assert asked(application, base).headers["location"] == f"{base}room/"


@pytest.mark.parametrize("address", ["archive", "?x=1", "/a#b", "archive.example.org/x"])
def test_a_base_that_is_no_address_is_refused(address: str, folder: Path) -> None:
    with pytest.raises(UsageError, match="neither a path"):
        serving.serve(folder, port=0, base_url=address)


def test_every_page_forbids_all_but_its_own(room: Room) -> None:
    for path in [*PATHS, "style.css", "changes.atom", "hits.csv?q=云溪"]:
        headers = room.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src ")
        assert "script-src" not in policy and "unsafe-eval" not in policy
        assert "set-cookie" not in headers
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == (
            "nosniff",
            "no-referrer",
        )


def test_head_has_no_body(folder: Path) -> None:
    answer = asked(serving.application(folder, plugin.Settings()), "/room/", method="HEAD")

    assert (answer.status_code, answer.content) == (200, b"")


def test_nothing_is_written(room: Room, folder: Path) -> None:
    def state() -> dict[str, str]:
        files = (
            path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")
        )
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = state()
    for path in PATHS:
        room.get(path)

    assert {name: value for name, value in state().items() if not name.endswith("-wal")} == {
        name: value for name, value in before.items() if not name.endswith("-wal")
    }


def test_what_takes_too_long_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_SECONDS", -1.0)
    monkeypatch.setattr(limits, "STEPS", 1)

    answer = Room(folder).get("search?q=云溪县 OR 会议")

    assert answer.status_code == 503
    assert "takes longer than a page may" in answer.text


def test_a_page_that_fails_costs_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(routes, "PATTERNS", ((routes.PATTERNS[0][0], fail), *routes.PATTERNS[1:]))

    answer = Room(folder).get("")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text
    assert Room(folder).get("accounts").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"a{n}=1" for n in range(60)),
        "q=" + "疫" * 3000,
        "q=%ff%fe",
        "page=99999999999",
        "version=-1",
        "lang=xx",
        "q=%00",
    ],
)
def test_odd_queries_are_answered(query: str, room: Room) -> None:
    for path in ("search", f"article/{SHOWN}", ""):
        assert room.get(f"{path}?{query}").status_code in (200, 400)


def test_datasette_is_as_it_comes_for_other_databases(tmp_path: Path) -> None:
    from datasette.app import Datasette

    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute("CREATE TABLE articles (title TEXT)")
        db.commit()
    datasette = Datasette([str(tmp_path / "archive.db")])

    assert asyncio.run(datasette.client.get("/room/", follow_redirects=True)).status_code == 404
    assert "Reading room" not in asyncio.run(datasette.client.get("/")).text


def test_stock_pages_of_datasette_stay_and_lead_to_the_room(tmp_path: Path) -> None:
    from datasette.app import Datasette

    write(tmp_path / "archive.db", [row(1, "疫情通报", "正文。", "号", "2020-02-02")])
    datasette = Datasette([str(tmp_path / "archive.db")])
    table = asyncio.run(datasette.client.get("/archive/articles.json?_search=疫情&_shape=array"))

    assert [each["title"] for each in json.loads(table.text)] == ["疫情通报"]
    assert 'href="/room/"' in asyncio.run(datasette.client.get("/")).text


def test_a_change_of_the_archive_is_shown_at_once(tmp_path: Path) -> None:
    write(tmp_path / "archive.db", [row(1, "疫情通报", "正文。", "号", "2020-02-02")])
    room = Room(tmp_path)
    assert "1 hit<" in room.get("search?q=疫情&lang=en").text
    (tmp_path / "archive.db").unlink()
    write(
        tmp_path / "archive.db", [row(n, "疫情通报", "正文。", "号", "2020-02-02") for n in (1, 2)]
    )

    assert "2 hits" in room.get("search?q=疫情&lang=en").text


@pytest.mark.parametrize("missing", ["uvicorn", "jinja2", "markdown_it", "markupsafe"])
def test_without_the_extra_the_command_says_what_to_install(
    missing: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("archive.room")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)

    done = CliRunner().invoke(cli, ["--archive", str(folder), "serve"])

    assert done.exit_code == 2
    assert (
        done.stderr
        == f"zhengwen: The reading room needs {missing}; run `pip install 'zhengwen[room]'`.\n"
    )


@pytest.mark.parametrize("missing", ["jinja2", "markdown_it"])
def test_without_the_extra_datasette_is_as_it_comes(
    missing: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("archive.room")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    datasette = types.SimpleNamespace(
        databases={"archive": types.SimpleNamespace(path=str(folder / "archive.db"))}
    )

    assert (
        zhengwen_plugins.register_routes(datasette) == zhengwen_plugins.menu_links(datasette) == []
    )
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [(["/nowhere"], 2, "There is no folder /nowhere"), (["--port", "99999"], 2, "--port is 99999; give a number from 0 to 65535."), (["--base-url", "x"], 2, "neither a path"), (["EMPTY"], 2, "holds no archive.db yet")],
)  # fmt: skip
def test_what_cannot_be_served_says_why(
    words: list[str], code: int, sentence: str, folder: Path, tmp_path: Path
) -> None:
    words = [str(tmp_path) if word == "EMPTY" else word for word in words]

    done = CliRunner().invoke(cli, ["--archive", str(folder), "serve", *words])

    assert (done.exit_code, done.stdout) == (code, "")
    assert sentence in done.stderr


def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(cli, ["--archive", str(folder), "serve", "--port", str(port)])

    assert (done.exit_code, done.stderr) == (
        1,
        f"zhengwen: Port {port} cannot be opened (Address already in use); give another with --port.\n",
    )


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_to_be_stopped_is_how_it_ends(number: int, folder: Path) -> None:
    with process_of(folder) as (process, address):
        assert httpx.get(address, trust_env=False).status_code == 200
        process.send_signal(number)
        assert process.wait(180) == 0
        assert "Traceback" not in str(process.stderr and process.stderr.read())


@pytest.mark.slow
def test_ten_readers_are_answered_while_an_archive_is_written(tmp_path: Path) -> None:
    world, hours = RoomWorld(tmp_path), count(30, 30)
    world.crawl(0, article(STORY), article(OTHER))
    world.index()
    paths = ["", "search?q=云溪县", f"article/thepaper-{STORY.cont_id}", "accounts", "coverage", "runs", "changes.atom"]  # fmt: skip

    def write() -> None:
        world.crawl(next(hours), article(STORY), article(OTHER))
        world.index()
        time.sleep(0.1)

    reading = read_beside(tmp_path, paths, write, readers=10, answers=300, writes=8)

    assert set(reading.answers) == {"200"}, reading.answers
    assert reading.memory[-1] < 2 * reading.memory[0] + 50


@pytest.mark.e2e
def test_behind_a_proxy_one_port_is_named(folder: Path) -> None:
    with process_of(folder, "--base-url", "https://archive.example.org/reading/") as (_, address):
        headers = {"host": "archive.example.org"}
        answer = httpx.get(f"{address}article/{SHOWN}", trust_env=False, headers=headers)
        refused = httpx.get(address, trust_env=False, headers={"host": "other.example.org"})

    assert address.endswith("/reading/room/")
    assert answer.status_code == 200 and "127.0.0.1" not in answer.text
    assert "as captured" not in answer.text
    assert (refused.status_code, "--base-url" in refused.text) == (421, True)
