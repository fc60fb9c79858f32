"""The grid of accounts and crawls: each outcome has a colour and a sign of its own, and each cell leads to the reason."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from archive.model.words import COVERAGE_OUTCOMES
from archive.room.rendering import STYLE
from archive.room.runs import SIGNS
from tests.rigs.corpus import write
from tests.rigs.hostile_markup import HOSTILE
from tests.rigs.room_world import Room
from tests.room.test_hostile import _insert as insert
from tests.room.test_hostile import stored

pytestmark = pytest.mark.slow  # makes archives


def archive_of(folder: Path, cells: list[tuple[str, str]]) -> Room:
    """One crawl that found these outcomes of these accounts."""
    write(folder / "archive.db", [])
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        insert(db, "runs", id="run-1", platform="thepaper", started_at="2031-01-01T00:00:00Z")
        for account_id, outcome in cells:
            insert(db, "coverage", run="run-1", platform="thepaper", account_id=account_id, outcome=outcome,
                   reason=f"because {account_id}", at="2031-01-01T00:00:00Z", record="r")  # fmt: skip
        db.commit()
    return Room(folder)


def test_outcomes_have_colours_and_signs_of_their_own(tmp_path: Path) -> None:
    room = archive_of(tmp_path, [(f"account-{name}", name) for name in COVERAGE_OUTCOMES])

    page = html.fromstring(room.get("coverage?lang=en").text)

    cells = {cell.get("class"): cell.text_content() for cell in page.xpath("//table//td")}
    legend = {sample.get("class"): sample.text for sample in page.xpath("//ul//b")}
    assert cells == legend == dict(SIGNS)
    assert set(SIGNS) == set(COVERAGE_OUTCOMES) and len(set(SIGNS.values())) == len(SIGNS)
    colours = re.findall(r"\.grid \.(\w+) \{ background: (#\w{6})", STYLE.read_text("utf-8"))
    light, dark = dict(colours[: len(SIGNS)]), dict(colours[len(SIGNS) :])
    assert set(light) == set(dark) == set(SIGNS)
    assert len(set(light.values())) == len(set(dark.values())) == len(SIGNS)


def test_only_outcomes_of_the_grid_are_in_its_legend(tmp_path: Path) -> None:
    room = archive_of(tmp_path, [("1", "none"), ("2", "gone"), ("3", "none")])

    page = html.fromstring(room.get("coverage?lang=zh").text)

    assert [item.text_content() for item in page.xpath("//main/ul/li")] == [
        "·无新文章",
        "G账号不存在",
    ]


ODD = ["4 4", "a/b?c#d", '"><b>', "%41", "云溪", "'", "\u202e", "x" * 300, *map(stored, HOSTILE)]


def test_a_cell_leads_to_the_line_of_its_account(tmp_path: Path) -> None:
    accounts = list(dict.fromkeys(ODD))
    room = archive_of(tmp_path, [(account, "blocked") for account in accounts])

    cells = html.fromstring(room.get("coverage").text).xpath("//table//td/a")
    page = html.fromstring(room.get("run/run-1").text)
    lines = {line.get("id"): line for line in page.xpath("//tbody/tr[@id]")}

    assert len(cells) == len(lines) == len(accounts)
    for cell in cells:
        place = cell.get("href").partition("#")[2]
        account = unquote(place).partition(":")[2]
        assert account in accounts
        shown = " ".join(f"because {account}".split())
        assert shown in " ".join(lines[place].text_content().split()) or "\x01" in account or "\x0b" in account  # fmt: skip
