"""The page that compares two versions: each paragraph with its own edit, moved ones with where to, for eyes, ears and print."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from tests.history.test_paragraphs import LINES as SIX
from tests.rigs.history import STORY
from tests.rigs.room_world import Room, RoomWorld, article

pytestmark = pytest.mark.slow
LINES = [*SIX, "媒体及时发布预警信息，不信谣不传谣共同维护稳定。"]
CASES = {
    "edited throughout": [line.replace("部", "厅").replace("要", "应").replace("媒体", "媒介") for line in LINES],
    "moved": [LINES[5], *LINES[:5], LINES[6]],
    "moved and edited": [LINES[5].replace("值班", "驻点"), *LINES[:5], LINES[6]],
    "punctuation": [*LINES[:3], LINES[3].replace("，", "；"), *LINES[4:]],
    "cut in two": [*LINES[:3], *LINES[3].split("，"), *LINES[4:]],
    "added and removed": [*LINES[:2], "另设咨询电话和投诉信箱供群众使用。", *LINES[2:6]],
    "markup": [*LINES[:3], '<img src=x onerror="alert(1)">', *LINES[3:]],
}  # fmt: skip
IDS = {name: 5_700_200 + number for number, name in enumerate(CASES)}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Room:
    world = RoomWorld(tmp_path_factory.mktemp("compared") / "archive")
    stories = {name: replace(STORY, cont_id=number, text=LINES) for name, number in IDS.items()}
    world.crawl(0, *(article(story) for story in stories.values()))
    world.crawl(30, *(article(replace(story, text=CASES[name])) for name, story in stories.items()))
    world.index()
    return Room(world.folder)


def page_of(room: Room, name: str, language: str = "en") -> Any:
    return html.fromstring(room.get(f"compare/thepaper-{IDS[name]}?lang={language}").text)


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_each_of_the_edited_paragraphs_shows_its_own_characters(compared: Room) -> None:
    page = page_of(compared, "edited throughout")

    edited = page.xpath("//div[@class='diff']/p[@class='edited']")
    changes = [("".join(p.xpath("del/text()")), "".join(p.xpath("ins/text()"))) for p in edited]
    assert [changes[0], changes[1], changes[6]] == [("要", "应"), ("部", "厅"), ("体", "介")]
    assert len(edited) == len(LINES)
    assert all(len(before + after) <= 4 for before, after in changes), changes


@pytest.mark.parametrize(
    ("language", "away", "here"),
    [
        ("en", "moved, now paragraph 1", "moved here, was paragraph 6"),
        ("zh", "移走，现为第 1 段", "移来，原为第 6 段"),
    ],
)
@pytest.mark.parametrize(
    ("name", "changed"), [("moved", []), ("moved and edited", ["值班", "驻点"])]
)
def test_a_moved_paragraph_says_where_it_went_and_leads_there(
    name: str, changed: list[str], language: str, away: str, here: str, compared: Room
) -> None:
    page = page_of(compared, name, language)

    (gone,) = page.xpath("//p[@class='moved away']")
    (come,) = page.xpath("//p[@class='moved here']")
    assert (away in words(gone), here in words(come)) == (True, True)
    assert gone.xpath("a/@href") == [f"#{come.get('id')}"]
    assert come.xpath("a/@href") == [f"#{gone.get('id')}"]
    assert gone.xpath("string(span[@class='was'])") == LINES[5]
    assert come.xpath("del/text() | ins/text()") == changed
    assert page.xpath("//p[@class='added' or @class='removed']") == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("language", "removed", "added"),
    [("en", "removed:", "added:"), ("zh", "删：", "增：")],
)
def test_what_was_added_and_removed_is_said_and_not_shown_by_colour_alone(
    language: str, removed: str, added: str, name: str, compared: Room
) -> None:
    page = page_of(compared, name, language)

    for tag, word in (("del", removed), ("ins", added)):
        for element in page.xpath(f"//{tag}"):
            before, after = element.getprevious(), element.getnext()
            assert words(before) == word
            assert "hidden" in before.get("class") and "hidden" in after.get("class")
            assert before.get("lang") == language
    assert page.xpath("//del | //ins | //p[contains(@class, 'moved')]")
    assert not page.xpath("//div[@class='diff']//img")


def test_a_change_of_punctuation_alone_says_so(compared: Room) -> None:
    notes = {name: page_of(compared, name).xpath("//span[@class='note']/text()") for name in CASES}

    assert notes["punctuation"] == ["punctuation only"]
    assert notes["edited throughout"] == notes["markup"] == []


def test_a_paragraph_that_was_cut_in_two_shows_where(compared: Room) -> None:
    page = page_of(compared, "cut in two")

    (edited,) = page.xpath("//p[@class='edited']")
    assert (edited.xpath("string(del)"), edited.xpath("string(ins)")) == ("，", "¶\n")


def test_unchanged_paragraphs_are_folded_with_how_many(compared: Room) -> None:
    page = page_of(compared, "moved")

    (folded,) = page.xpath("//details[@class='folded']")
    assert words(folded.find("summary")) == "unchanged paragraphs: 3"
    assert [p.text for p in folded.xpath("p")] == LINES[1:4]
    assert "paragraphs moved: 1" in words(page)
