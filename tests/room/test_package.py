"""A package that was handed over is shown the same way, whatever its tier, and stays as it is."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from lxml import html

from archive.archive import Archive
from archive.handover.request import Tier
from tests.rigs.room_world import GONE, SHOWN, Room
from tests.room.test_pages import PAGES, text_of

TIERS: tuple[Tier, ...] = ("full", "text", "metadata")


@pytest.fixture(scope="module", params=TIERS)
def package(
    request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    base = tmp_path_factory.mktemp("package")
    shutil.copytree(folder, base / "archive")
    (base / "archive" / "datasheet.toml").write_text('[package]\ntitle = "云溪档案"\n', "utf-8")
    with Archive(base / "archive") as archive:
        archive.export(base / "handed", tier=request.param)
    return base / "handed"


def sums(package: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in package.rglob("*")
        if path.is_file()
    }


@pytest.mark.e2e
def test_a_package_is_shown_and_stays_as_it_is(package: Path) -> None:
    before, room = sums(package), Room(package / "data")

    shown = text_of(room.get("", accept_language="en"))
    assert "云溪档案" in shown
    assert "This is the package handed, as it was handed over." in shown
    for path in PAGES:
        assert room.get(path).status_code == 200, path
    assert sums(package) == before


@pytest.mark.e2e
def test_what_a_package_lacks_is_said(package: Path, request: pytest.FixtureRequest) -> None:
    tier, room = request.node.callspec.params["package"], Room(package / "data")
    page = html.fromstring(room.get(f"article/{SHOWN}?lang=en").text)

    text = " ".join(page.xpath("string(//div[@class='text'])").split())
    assert ("汛期将至。" in text) == (tier != "metadata")
    assert ("withheld" in text) == (tier == "metadata")
    pictures = [
        room.get(source.removeprefix("/room/")).status_code
        for source in page.xpath("//div[@class='text']//img/@src")
    ]
    assert pictures == {"full": [200], "text": [404], "metadata": []}[tier]
    assert "This article is withdrawn" in room.get(f"article/{GONE}?lang=en").text
