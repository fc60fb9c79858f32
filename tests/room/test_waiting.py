"""The first page after a machine was started: little is read for it, and a disk that is slow costs nobody the page."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from archive.room import limits, remembered, routes, serving, working
from archive.room.answer import Answer
from archive.room.asked import Asked
from archive.room.plugin import Settings

PERSON = {"accept": "text/html,*/*;q=0.8", "host": "127.0.0.1"}
PROGRAM = {"accept": "*/*", "host": "127.0.0.1"}
LARGE = ("articles", "versions", "captures", "media", "links")
"""Tables that grow with the articles, and whose rows are wide."""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What SQLite is asked, with nothing remembered of before."""
    asked: list[str] = []
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(asked.append)
        return connection

    monkeypatch.setattr(remembered, "_values", type(remembered._values)())
    monkeypatch.setattr(sqlite3, "connect", traced)
    yield asked
    monkeypatch.undo()


def read_row_by_row(folder: Path, statements: list[str]) -> list[str]:
    """The statements that read a large table from end to end, row by row: not an index that has all that is asked, nor one of few rows."""
    scan = re.compile(rf"SCAN (?:{'|'.join(LARGE)})(?!\w)(?! USING (?:COVERING )?INDEX)")
    scanning = []
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for statement in statements:
            if statement.startswith(("SELECT", "WITH")):
                plan = db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
                steps = [row[3] for row in plan]
                wide = [step for step in steps if "USING INDEX captures_warc" in step]
                if wide or any(scan.match(step) for step in steps):
                    scanning.append(f"{statement}: {steps}")
    return scanning


@pytest.mark.parametrize("path", ["", "search", "accounts", "coverage", "runs"])
@pytest.mark.parametrize("followed", [True, False])
def test_no_first_page_reads_a_large_table_row_by_row(
    path: str, followed: bool, folder: Path, tmp_path: Path, statements: list[str]
) -> None:
    archive = shutil.copytree(folder, tmp_path / "archive")
    if followed:
        (archive / "accounts.csv").write_text(
            "platform,account_id,name,url\nthepaper,44871,云溪发布,https://www.thepaper.cn/gov_44871\n"
        )

    assert routes.answer(archive, Asked(root="/room", path=path)).status == 200
    assert len(statements) > 1
    assert read_row_by_row(archive, statements) == []


def test_articles_are_not_counted_account_by_account_for_the_first_page(
    folder: Path, tmp_path: Path, statements: list[str]
) -> None:
    archive = shutil.copytree(folder, tmp_path / "archive")
    (archive / "accounts.csv").write_text(
        "platform,account_id,name,url\nthepaper,44871,云溪发布,https://www.thepaper.cn/gov_44871\n"
    )

    routes.answer(archive, Asked(root="/room", path=""))

    assert any("FROM coverage c JOIN runs" in statement for statement in statements)
    assert not [each for each in statements if "last_captured_at" in each and "FROM articles" in each]  # fmt: skip


class Slow:
    """A page that is made when it is said to."""

    def __init__(self) -> None:
        self.goes_on, self.number = Event(), 0

    def __call__(self, *_: object) -> Answer:
        self.number += 1
        assert self.goes_on.wait(300)
        return Answer(body=b"<p>here it is</p>")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    page = Slow()
    monkeypatch.setattr(routes, "PATTERNS", ((re.compile(""), page),))
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    return page


def test_a_person_sees_that_a_page_is_being_made_and_then_has_it(folder: Path, slow: Slow) -> None:
    async def ask() -> list[httpx.Response]:
        application = serving.application(folder, Settings())
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            early = [await client.get("/room/", headers=PERSON) for _ in range(3)]
            waiting = asyncio.create_task(client.get("/room/", headers=PROGRAM))
            await asyncio.sleep(0)
            slow.goes_on.set()
            return [*early, await waiting]

    *early, late = asyncio.run(ask())

    for answer in early:
        assert answer.status_code == 202
        assert answer.headers["refresh"] == str(routes.AGAIN)
        assert "is being made" in answer.text and 'href="/room/"' in answer.text
    assert (late.status_code, late.text) == (200, "<p>here it is</p>")


def test_a_page_is_made_once_for_all_who_ask_for_it_meanwhile(folder: Path, slow: Slow) -> None:
    futures = [working.begin("the same", slow) for _ in range(5)]
    other = working.begin("another", slow)
    slow.goes_on.set()

    assert {future.result(300).body for future in (*futures, other)} == {b"<p>here it is</p>"}
    assert slow.number == 2
    assert working.begin("the same", slow).result(300).status == 200
    assert slow.number == 3


def test_only_computing_counts_and_not_waiting_for_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(0, 0.001)
    monkeypatch.setattr(limits, "STEPS", 1)
    monkeypatch.setattr(limits, "thread_time", lambda: 0.0)
    monkeypatch.setattr(limits, "monotonic", lambda: next(clock))
    asked = Asked(root="/room", path="search", values={"q": "云溪"}, query="q=云溪")
    assert routes.answer(folder, asked).status == 200

    clock = count(0, 20.0)  # 20 s at each look
    answer = routes.answer(folder, asked)
    assert answer.status == 503


def test_the_end_of_the_program_ends_its_pages(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "STEPS", 1)
    monkeypatch.setattr(limits, "stopping", Event())
    asked = Asked(root="/room", path="search", values={"q": "云溪"}, query="q=云溪")
    assert routes.answer(folder, asked).status == 200

    limits.stopping.set()
    assert routes.answer(folder, asked).status == 503
