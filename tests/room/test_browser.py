"""The reading room in Chromium: from a word to the page as captured without a script, and nothing of a hostile page runs or leaves."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.archive import Archive
from tests.rigs.browsing import Requests, chromium, drawn_width, served
from tests.rigs.history import STORY
from tests.rigs.hostile_markup import HOSTILE
from tests.rigs.replayed import PAGES
from tests.rigs.room_world import SHOWN, RoomWorld, article
from tests.standin.web import Reply

pytestmark = pytest.mark.browser


def screenshots(scratch: Path) -> Path:
    """Where pictures of the walk are stored: the folder that `ROOM_SCREENSHOTS` names, else the test's own."""
    folder = Path(os.environ.get("ROOM_SCREENSHOTS") or scratch)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_a_word_leads_to_the_page_as_captured_in_four_clicks(folder: Path, tmp_path: Path) -> None:
    pictures = screenshots(tmp_path)
    with served(folder) as room, chromium(java_script_enabled=False, locale="en-US") as context:
        asked = Requests(context)
        page = context.new_page()
        page.goto(room)
        page.fill("input[name=q]", "汛期")
        page.click("button")  # 1
        page.screenshot(path=pictures / "1-hits.png", full_page=True)
        page.click("text=云溪县发布汛期通告（更正）")  # 2
        assert drawn_width(page.locator(".text img").first) == 40
        page.screenshot(path=pictures / "2-article.png", full_page=True)
        page.click("button >> text=Compare")  # 3
        page.screenshot(path=pictures / "3-versions.png", full_page=True)
        assert page.locator("ins").all_inner_texts() == ["（更正）"]
        page.go_back()
        with context.expect_page() as opened:
            page.click("ol.versions li:first-child >> text=as captured")  # 4
        replayed = opened.value
        replayed.wait_for_load_state()
        frame = replayed.frames[1]
        assert frame.inner_text("h1") == "云溪县发布汛期通告"
        assert drawn_width(frame.locator("img").first) == 40
        replayed.screenshot(path=pictures / "4-as-captured.png")
        assert len(list(pictures.glob("[1-4]-*.png"))) == 4
        assert urlsplit(replayed.url).port != urlsplit(room).port
        assert replayed.evaluate("[document.referrer, String(window.opener)]") == ["", "null"]
        assert asked.outside == []


def hostile_archive(folder: Path, room: str) -> list[str]:
    """An article for each hostile page, under a hostile title; gives the id of the capture of each."""
    world = RoomWorld(folder)
    exchanges = []
    for number, markup in enumerate(PAGES.values()):
        title = HOSTILE[number % len(HOSTILE)].encode("utf-8", "replace").decode()
        body = f"<html><head><title>题</title></head><body><h1>{title}</h1>{markup.replace('ROOM', room)}<p>{STORY.text[0]}</p></body></html>"
        story = type(STORY)(5_710_000 + number, title, STORY.text)
        exchanges.append(article(story, Reply(body=body.encode())))
    world.crawl(0, *exchanges)
    world.index()
    with Archive(folder) as archive:
        rows = archive.connection.execute("SELECT id FROM captures ORDER BY url")
        return [str(row[0]) for row in rows]


def test_nothing_of_a_hostile_page_runs_or_leaves(folder: Path, tmp_path: Path) -> None:
    with served(folder) as other:  # a reading room that a page may try to reach
        captures = hostile_archive(tmp_path, other)
        with served(tmp_path) as room, chromium() as context:
            asked = Requests(context)
            room_port, other_port = urlsplit(room).port, urlsplit(other).port
            page = context.new_page()
            dialogs: list[str] = []
            page.on("dialog", lambda dialog: dialogs.append(dialog.message))
            page.goto(f"{room}capture/{captures[0]}")
            first = page.locator("text=Show the page as captured").first.get_attribute("href")
            for name, capture in zip(PAGES, captures, strict=True):
                address = f"{first.rpartition('/')[0]}/{capture}"
                before = len(asked.urls)
                page.goto(address)
                page.wait_for_load_state("load")
                content = page.frames[1]
                assert "PWNED" not in page.title(), name
                assert "PWNED" not in content.title(), name
                assert content.evaluate("self.origin") == "null", name
                ports = {
                    urlsplit(url).port for url in asked.urls[before:] if url.startswith("http")
                }
                assert not {room_port, other_port} & ports, name
            assert (dialogs, asked.outside) == ([], [])


def test_a_replayed_page_in_a_frame_of_another_site_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    with served(folder) as room, chromium() as context:
        page = context.new_page()
        page.goto(f"{room}article/{SHOWN}")
        address = page.locator("text=Show the page as captured").first.get_attribute("href")
        (tmp_path / "evil.html").write_text(
            f'<iframe src="{address}"></iframe><iframe src="{room}"></iframe>'
        )
        page.goto((tmp_path / "evil.html").as_uri())
        page.wait_for_timeout(500)
        shown = [frame.url for frame in page.frames[1:]]

    assert shown and all(url.startswith("chrome-error:") for url in shown)


def test_a_package_is_opened_by_its_folder(folder: Path, tmp_path: Path) -> None:
    with Archive(folder) as archive:
        archive.export(tmp_path / "handed", tier="full")
    with served(tmp_path / "handed") as room, chromium(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{room}article/{SHOWN}")
        assert drawn_width(page.locator(".text img").first) == 40
