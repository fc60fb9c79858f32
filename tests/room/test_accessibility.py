"""axe-core has no serious fault to find in any page, in Chinese and English, light and dark, narrow and wide; nothing runs out of a narrow window."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archive.archive import Archive
from archive.collection.split import split
from tests.collection.years import make as make_years
from tests.rigs import replay
from tests.rigs.browsing import chromium, served
from tests.rigs.replay import npm_package
from tests.rigs.room_world import GONE, SHOWN

pytestmark = pytest.mark.browser
RELEASE = "axe-core@4.14.1"
PATHS = ["", "search", "search?q=云溪县", "search?q=马铃薯", "search?q=((", "search?q=汛期&in=pictures", "search?q=汛期&in=attachments",
         f"article/{SHOWN}?q=汛期", f"article/{SHOWN}?version=1", f"article/{GONE}", f"compare/{SHOWN}?from=1&to=3", f"compare/{SHOWN}?from=2&to=2", "accounts",
         "account?platform=thepaper&id=44871", "account?platform=thepaper&id=44871&year=2031", "search?platform=thepaper&since=2031-01-01", "coverage", "runs",
         "run/run-001", "run/run-005", "nowhere"]  # fmt: skip
OFTEN = [("zh-CN", "light", 360), ("en", "dark", 1280)]
WAYS = [
    pytest.param(language, scheme, width, marks=() if (language, scheme, width) in OFTEN else pytest.mark.slow)
    for language in ("zh-CN", "en") for scheme in ("light", "dark") for width in (360, 1280)
]  # fmt: skip


@pytest.fixture(scope="module")
def axe(pytestconfig: pytest.Config) -> str:
    """The source of axe-core, fetched once into pytest's cache."""
    assert pytestconfig.cache
    package = npm_package(pytestconfig.cache.mkdir("axe-core"), RELEASE, "axe.min.js")
    if package is None:
        pytest.skip("axe-core is not here and npm cannot fetch it")
    return (package / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def room_address(folder: Path, pytestconfig: pytest.Config) -> Any:
    """The room, whose pages as captured can be shown with their scripts too."""
    assert pytestconfig.cache
    program = replay.program(pytestconfig.cache.mkdir("replaywebpage"))
    if program is None:
        pytest.skip("ReplayWeb.page is not here and npm cannot fetch it")
    with served(folder, "--replayweb", str(program)) as address:
        yield address


def faults(page: Any, axe: str) -> list[str]:
    """What axe-core finds serious or critical."""
    page.evaluate(axe)
    results = page.evaluate("axe.run(document, {iframes: false})")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}"
        for fault in results["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("language", "scheme", "width"), WAYS)
def test_axe_finds_nothing_serious(
    language: str, scheme: Any, width: int, room_address: str, folder: Path, axe: str
) -> None:
    with Archive(folder) as archive:
        capture = archive.versions(SHOWN)[0].capture
        note = archive.connection.execute("SELECT record FROM coverage").fetchone()[0]
    how: dict[str, Any] = {"locale": language, "color_scheme": scheme, "bypass_csp": True}
    with chromium(viewport={"width": width, "height": 800}, **how) as context:
        page = context.new_page()
        for path in [*PATHS, f"record/{note}", f"capture/{capture}"]:
            page.goto(room_address + path)
            assert faults(page, axe) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        replayed = page.locator("a.button").first.get_attribute("href")
        assert urlsplit(replayed).port != urlsplit(room_address).port
        page.goto(replayed)
        assert faults(page, axe) == []
        page.click("a[href*='/scripts/view/']")
        replay._frame(page, SHOWN.rpartition("-")[2]).wait_for_selector("h1")
        assert faults(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_axe_finds_nothing_serious_in_a_collection_without_a_shard(
    language: str, tmp_path: Path, axe: str
) -> None:
    make_years(tmp_path / "archive")
    split(tmp_path / "archive", tmp_path / "collection")
    shutil.rmtree(tmp_path / "collection" / "shards" / "thepaper-2033")
    how: dict[str, Any] = {"locale": language, "bypass_csp": True}
    with served(tmp_path / "collection") as address, chromium(**how) as context:
        page = context.new_page()
        for path in ["", "search?q=云溪", "account?platform=thepaper&id=44871", "run/run-001", "article/thepaper-5700001"]:  # fmt: skip
            page.goto(address + path)
            assert "thepaper-2033" in page.locator("p.lacking").first.inner_text()
            assert faults(page, axe) == [], path


def test_axe_finds_what_is_wrong(axe: str) -> None:
    with chromium() as context:
        page = context.new_page()
        page.set_content(
            '<html><body><img src="x"><input><p style="color:#ccc">pale</p></body></html>'
        )

        assert {fault.partition(":")[0] for fault in faults(page, axe)} >= {
            "image-alt",
            "label",
            "html-has-lang",
        }


def test_the_keyboard_reaches_everything(room_address: str) -> None:
    with chromium(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(room_address)
        reached = []
        for _ in range(9):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "document.activeElement.textContent.trim() || document.activeElement.name"
                )
            )
        page.keyboard.type("汛期")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")

    assert reached[0] in ("Skip to the content", "跳到正文")
    assert reached[-1] == "q"
