"""The pictures of the tour are there, small, and of pages that still answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests import screenshots
from tests.conftest import ROOT
from tests.rigs.room_world import Room

TOURS = {"en": ROOT / "docs" / "tour.md", "zh-CN": ROOT / "docs" / "tour.zh.md"}
PICTURE = re.compile(r"!\[([^\]]+)\]\((tour/(?:zh/)?[a-z]+\.png)\)")
NAMED = {language: PICTURE.findall(tour.read_text("utf-8")) for language, tour in TOURS.items()}


@pytest.mark.parametrize("language", TOURS)
def test_every_picture_is_there_and_no_other(language: str) -> None:
    folder = screenshots.FOLDERS[language]
    expected = [folder / f"{name}.png" for name in [*screenshots.PAGES, "replay"]]
    named = [ROOT / "docs" / name for _, name in NAMED[language]]

    assert sorted(named) == sorted(expected) == sorted(folder.glob("*.png"))


def test_both_tours_show_the_same_in_the_same_order() -> None:
    english, chinese = ([Path(name).name for _, name in NAMED[language]] for language in TOURS)
    assert english == chinese
    headings = [tour.read_text("utf-8").count("\n**") for tour in TOURS.values()]
    assert headings[0] == headings[1] == len(english)
    assert all(re.search("[\u4e00-\u9fff]", words) for words, _ in NAMED["zh-CN"])


@pytest.mark.parametrize("name", [name for named in NAMED.values() for _, name in named])
def test_a_picture_is_one_and_small(name: str) -> None:
    path = ROOT / "docs" / name
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("PNG", (960, 600))
    assert path.stat().st_size < 60_000


@pytest.mark.slow
def test_the_pages_of_the_tour_answer(tmp_path: Path) -> None:
    room = Room(screenshots.demo(tmp_path / "demo"))
    for path in screenshots.PAGES.values():
        assert room.get(path).status_code == 200, path
    assert "疫情</mark>" in room.get(screenshots.PAGES["search"]).text
    assert "<ins>" in room.get(screenshots.PAGES["compare"]).text
