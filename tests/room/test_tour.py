"""The pictures of the tour are there, small, and of pages that still answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests import screenshots
from tests.conftest import ROOT
from tests.rigs.room_world import Room

TOUR = ROOT / "docs" / "tour.md"
NAMED = re.findall(r"!\[([^\]]+)\]\((tour/[a-z]+\.png)\)", TOUR.read_text("utf-8"))


def test_every_picture_is_there_and_no_other() -> None:
    names = sorted(name for _, name in NAMED)
    pictures = [f"tour/{name}.png" for name in [*screenshots.PAGES, "replay"]]
    stored = [f"tour/{path.name}" for path in screenshots.FOLDER.iterdir()]
    assert names == sorted(pictures) == sorted(stored)


@pytest.mark.parametrize("name", [name for _, name in NAMED])
def test_a_picture_is_one_and_small(name: str) -> None:
    path = TOUR.parent / name
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
