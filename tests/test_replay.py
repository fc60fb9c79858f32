"""Packages as a person opens them: ReplayWeb.page in a headless browser, and pywb. What is not installed is skipped and said."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from archive import Archive
from tests import replay
from tests.conftest import rows
from tests.handover_world import PAGE, PICTURE, Handed, make

pytestmark = pytest.mark.xdist_group("handover")


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    """The archive."""
    folder = tmp_path_factory.mktemp("replay")
    return make(folder / "archive", folder / "web")


@pytest.fixture(scope="module")
def rwp(pytestconfig: pytest.Config) -> Path:
    """ReplayWeb.page, fetched once into pytest's cache."""
    if not (shutil.which("chromium") and find_spec("playwright")):
        pytest.skip("a headless browser is not here (apt-get install chromium, pip install playwright)")
    assert pytestconfig.cache
    found = replay.program(pytestconfig.cache.mkdir("replaywebpage"))
    if found is None:
        pytest.skip("ReplayWeb.page is not here and npm cannot fetch it")
    return found


@pytest.mark.parametrize("which", ["everything", "the second, unchanged crawl"])
def test_an_article_is_shown_with_its_picture_offline(which: str, rwp: Path, handed: Handed, tmp_path: Path) -> None:
    run = handed.second_run if which != "everything" else None
    with Archive(handed.folder) as archive:
        archive.export(tmp_path / "package", run=run)
    url = PAGE.format(5_700_005)
    when = rows(tmp_path / "package" / "data", "SELECT captured_at FROM captures WHERE url = ? ORDER BY captured_at DESC", url)[0]
    stamp = "".join(letter for letter in str(when["captured_at"])[:19] if letter.isdigit())

    seen = replay.shown(rwp, tmp_path / "package" / "data" / "archive.wacz", url, stamp, tmp_path)

    assert "济南高新区第5次疫情防控通报" in seen["text"] and "各街道办事处要把工作做细做实" in seen["text"]
    assert [width for source, width in seen["pictures"] if PICTURE in source] == [16]
    assert seen["outside"] == []
