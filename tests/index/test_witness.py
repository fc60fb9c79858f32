"""trafilatura as the witness of a platform's rules: which pages it is asked about, what it says, and
what comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.general import witness
from archive.monitoring.alarms import of_runs
from archive.monitoring.drift import drift
from archive.page.page import Page
from tests.rigs.history import BEGUN, STORY, History, page
from tests.standin.pages import Story, detail, next_page
from tests.standin.web import Reply

LINES = [
    f"第{number}项，云溪县水务局组织检修供水管网，保障居民用水安全，请相互转告。"
    for number in range(8)
]
MEASURE = "agreement with trafilatura's reading of the page"


def stories(first: int) -> Iterator[Story]:
    for number in count(first):
        yield replace(STORY, cont_id=number, title=f"云溪县第{number}次停水通知", text=LINES)


def asked_about(first: int, other: list[str] | None = None) -> Iterator[tuple[int, Reply]]:
    """Pages that are in the sample. `other`: the words that the page's JSON has in place of those
    that it shows."""
    for story in stories(first):
        shown = next_page(story)
        if other is not None:
            words = replace(story, text=other)
            shown = shown.replace(_json(story), _json(words))
        if witness.is_in_sample(shown):
            yield story.cont_id, Reply(body=shown)


def _json(story: Story) -> bytes:
    return json.dumps(detail(story), ensure_ascii=False).encode()


def test_about_one_page_in_sixteen_is_asked_about() -> None:
    pages = [next_page(story) for story in islice(stories(5_800_000), 1600)]
    asked = sum(map(witness.is_in_sample, pages))

    assert 60 <= asked <= 140
    assert [witness.is_in_sample(page) for page in pages] == [*map(witness.is_in_sample, pages)]


def test_what_the_witness_says_is_stored_with_the_capture(tmp_path: Path) -> None:
    history = History(tmp_path)
    others = (story for story in stories(5_810_000) if not witness.is_in_sample(next_page(story)))
    history.articles(
        0.0,
        [
            *islice(asked_about(5_800_000), 3),
            *islice(asked_about(5_820_000, ["会议指出，" * 40]), 1),
            *((story.cont_id, page(story)) for story in islice(others, 3)),
        ],
    )
    history.index()

    with Archive(tmp_path) as archive:
        statement = "SELECT agreement FROM captures WHERE role = 'article' ORDER BY captured_at"
        values = [value for (value,) in archive.connection.execute(statement)]
    assert all(0.8 < value <= 1 for value in values[:3]) and 0 <= values[3] < 0.5, values
    assert values[4:] == [None, None, None]


def test_a_rebuild_asks_the_witness_about_the_same_pages(tmp_path: Path) -> None:
    history = History(tmp_path)
    for run in range(2):
        known = [*islice(asked_about(5_800_000 + 1000 * run), 2)]
        others = [(story.cont_id, page(story)) for story in islice(stories(5_900_000 + run), 2)]
        history.articles(24.0 * run, [*known, *others])
        history.index()
    statement = "SELECT id, agreement FROM captures ORDER BY id"

    with Archive(tmp_path) as archive:
        live = archive.connection.execute(statement).fetchall()
        archive.rebuild()
        rebuilt = archive.connection.execute(statement).fetchall()
    assert rebuilt == live
    assert sum(value is not None for _, value in live) >= 4


def test_texts_that_the_witness_does_not_know_are_an_alarm(tmp_path: Path) -> None:
    history = History(tmp_path)
    good = asked_about(5_800_000)
    for run in range(3):
        history.articles(24.0 * run, [*islice(good, 9)])
    healthy = history.articles(96.0, [*islice(good, 6)])
    other = ["会议指出，各单位要认真学习，抓好落实，不断提高服务水平。" * 10]
    run = history.articles(120.0, [*islice(asked_about(5_900_000, other), 6)])
    history.index()

    with Archive(tmp_path) as archive:
        fallen = [fall.measure for fall in drift(archive.connection, run)]
        before = [fall.measure for fall in drift(archive.connection, healthy)]
        alarms = of_runs(archive.connection, [run], BEGUN).all
    assert MEASURE in fallen and MEASURE not in before
    assert any(MEASURE in alarm for alarm in alarms)


@pytest.mark.parametrize(
    ("html", "size"),
    [
        ("<p>通知</p>" * 12_001, "elements"),
        ("<div>" * 300 + "通知" + "</div>" * 300, "depth"),
        ("<p>" + "通" * 1_000_001 + "</p>", "characters"),
    ],
)
def test_the_witness_is_not_asked_about_a_vast_page(html: str, size: str) -> None:
    vast = Page(url="https://www.thepaper.cn/", body=f"<html><body>{html}".encode())

    assert witness.agreement(vast, "通知") is None, size
