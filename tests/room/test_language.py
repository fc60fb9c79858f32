"""The reading room in Chinese and English, by the browser's wish and by a switch that each link keeps."""

from __future__ import annotations

import calendar
import re
from string import Formatter

import pytest
from lxml import html

from archive.charts.days_drawing import LEGEND, MEANINGS
from archive.room import rendering
from archive.room.asked import language_of
from archive.room.days import BOUND
from archive.room.language import WORDS, Speaker, translations
from archive.room.looking import PLACES
from tests.rigs.room_world import SHOWN, Room
from tests.room.test_pages import PAGES

pytestmark = pytest.mark.slow  # tries many inputs

PHRASE = re.compile(r"""_\('([^']+)'""")
HAS_WORDS = re.compile("[a-z]")
OTHERS = {
    "first",
    "changed",
    "unchanged",
    "missing",
    "unlisted",
    "back",
    "unknown",
    "picture, not captured",
    "picture",
    *PLACES.values(),
    *(words for *_, words in LEGEND if HAS_WORDS.search(words)),
    *MEANINGS.values(),
    BOUND,
    *calendar.month_abbr[1:],
    *(calendar.day_abbr[day] for day in (0, 2, 4)),
}
HAN = re.compile("[\u4e00-\u9fff]")


def phrases() -> set[str]:
    return OTHERS.union(
        *(PHRASE.findall(path.read_text("utf-8")) for path in rendering.FOLDER.glob("*.html"))
    )


def test_every_phrase_has_its_chinese_and_no_other() -> None:
    assert translations().keys() == phrases()
    for english, chinese in translations().items():
        assert HAN.search(chinese), english
        names = [
            {name for _, name, _, _ in Formatter().parse(text) if name}
            for text in (english, chinese)
        ]
        assert names[0] == names[1], english


@pytest.mark.parametrize("kind", WORDS)
def test_every_fixed_word_has_its_chinese(kind: str) -> None:
    for word in WORDS[kind]:
        assert Speaker("zh").word(kind, word) == WORDS[kind][word].chinese


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB", "en"), ("de, zh;q=0.5", "zh"), ("zh;q=0.1, en;q=0.2", "en"), ("", "en"), ("*", "en"),
     ("zh-Hant-TW", "zh"), ("zh;q=0", "en"), ("x" * 9999, "en"), (",,;q=,zh", "zh")],
)  # fmt: skip
def test_the_browser_says_which_language(accepted: str, language: str, room: Room) -> None:
    answer = room.get("", accept_language=accepted)

    assert language_of(accepted) == language
    assert answer.headers["content-language"] == language
    assert html.fromstring(answer.text).get("lang") == {"zh": "zh-CN", "en": "en"}[language]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_chinese_has_no_english_of_the_room(path: str, room: Room) -> None:
    mark = "&" if "?" in path else "?"
    page = html.fromstring(room.get(f"{path}{mark}lang=zh", accept_language="en").text)

    shown = {text.strip() for text in page.xpath("//text()[not(ancestor::*[@lang='en'])]")}
    english = {phrase for phrase in phrases() if not HAN.search(phrase)}
    # columns of files, and values of the archive
    assert shown & english <= {"thepaper", "article"}


@pytest.mark.parametrize(
    "path", ["", "search?q=汛期", f"article/{SHOWN}", "account?platform=thepaper&id=44871"]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_link_keeps_the_language_that_was_chosen(
    path: str, language: str, room: Room
) -> None:
    mark = "&" if "?" in path else "?"
    page = html.fromstring(room.get(f"{path}{mark}lang={language}").text)

    links = [
        a
        for a in page.xpath("//a[@href]")
        if a.get("href").startswith("/room/") and not a.xpath("ancestor::nav[@class='languages']")
    ]
    assert links and all(f"lang={language}" in link.get("href") for link in links)
    assert all(
        form.xpath(f"input[@name='lang'][@value='{language}']") for form in page.xpath("//form")
    )
    other = page.xpath("//nav[@class='languages']/a/@href")
    assert [f"lang={name}" in link for name, link in zip(("en", "zh"), other, strict=True)] == [
        True,
        True,
    ]
