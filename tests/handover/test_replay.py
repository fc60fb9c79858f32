"""Packages as a person opens them: ReplayWeb.page in a headless browser, and pywb. What is not installed is skipped and said."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from archive import Archive
from archive.warc import http
from archive.warc.reader import read_record
from tests.conftest import apart, rows
from tests.rigs import replay
from tests.rigs.handover_world import COLOUR, PAGE, PICTURE, STYLE, STYLED, Handed
from tests.standin.thepaper import picture

pytestmark = [pytest.mark.xdist_group("handover"), pytest.mark.e2e]


@pytest.fixture(scope="module")
def rwp(pytestconfig: pytest.Config) -> Path:
    """ReplayWeb.page, fetched once into pytest's cache."""
    if not (shutil.which("chromium") and find_spec("playwright")):
        pytest.skip(
            "a headless browser is not here (apt-get install chromium, pip install playwright)"
        )
    assert pytestconfig.cache
    page = replay.program(pytestconfig.cache.mkdir("replaywebpage"))
    if page is None:
        pytest.skip("ReplayWeb.page is not here and npm cannot fetch it")
    return page


@dataclass(frozen=True)
class Shown:
    """A package, and the newest capture of an article in it: moment and stamp."""

    package: Path
    moment: datetime
    stamp: str


URL = PAGE.format(STYLED)


@pytest.fixture(scope="module", params=["everything", "the second, unchanged crawl"])
def shown(
    request: pytest.FixtureRequest, handed: Handed, tmp_path_factory: pytest.TempPathFactory
) -> Shown:
    """A package to open."""
    package = tmp_path_factory.mktemp("shown") / "package"
    with Archive(handed.folder) as archive:
        archive.export(package, run=None if request.param == "everything" else handed.second_run)
    newest = rows(
        package / "data",
        "SELECT captured_at, refers_to FROM captures WHERE url = ? ORDER BY 1 DESC",
        URL,
    )[0]
    assert newest[
        "refers_to"
    ]  # a revisit: to show it, the replay needs the capture of the first crawl
    moment = datetime.fromisoformat(str(newest["captured_at"])).replace(microsecond=0)
    return Shown(package, moment, f"{moment:%Y%m%d%H%M%S}")


@pytest.mark.browser
def test_an_article_is_shown_with_its_picture_offline(
    shown: Shown, rwp: Path, tmp_path: Path
) -> None:
    seen = replay.shown(rwp, shown.package / "data" / "archive.wacz", URL, shown.stamp, tmp_path)

    assert (
        "济南高新区第5次疫情防控通报" in seen["text"]
        and "各街道办事处要把工作做细做实" in seen["text"]
    )
    assert [width for source, width in seen["pictures"] if PICTURE in source] == [16]
    assert seen["colour"] == COLOUR
    assert seen["outside"] == []


def test_pywb_shows_an_article_with_its_picture_offline(shown: Shown, tmp_path: Path) -> None:
    programs = Path(apart("wayback", "pywb")).parent
    warcs = sorted((shown.package / "data" / "warc").iterdir())

    with replay.pywb(programs, warcs, tmp_path) as collection:
        page, moment = replay.got(f"{collection}/{shown.stamp}mp_/{URL}")
        as_it_came, _ = replay.got(f"{collection}/{shown.stamp}id_/{URL}")
        beside = [
            replay.got(f"{collection}/{shown.stamp}{kind}/{url}")[0]
            for kind, url in (("im_", PICTURE), ("cs_", STYLE))
        ]

    assert parsedate_to_datetime(moment) == shown.moment
    text = page.decode("utf-8")
    assert "济南高新区第5次疫情防控通报" in text and "各街道办事处要把工作做细做实" in text
    assert f"im_/{PICTURE}" in text and f"cs_/{STYLE}" in text
    assert beside[0] == picture("/newpai/image/1790043761206.png") and COLOUR.encode() in beside[1]
    assert as_it_came == payload(shown.package, URL)


def payload(package: Path, url: str) -> bytes:
    """The page as the server sent it, out of the record that the database names."""
    row = rows(
        package / "data",
        "SELECT warc, offset FROM captures WHERE url = ? AND refers_to IS NULL",
        url,
    )[0]
    record = read_record(package / "data" / "warc" / str(row["warc"]), int(str(row["offset"])))
    return http.split(record.read())[1]
