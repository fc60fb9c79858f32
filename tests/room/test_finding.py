"""The search of the reading room in pictures and by kind, and its hits as files and as a feed."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import feedparser
import openpyxl
import pytest
from lxml import html

from tests.rigs.corpus import row, write
from tests.rigs.hostile_markup import HOSTILE
from tests.rigs.room_world import Room
from tests.room.test_hostile import _insert as insert
from tests.room.test_hostile import faults, stored
from tests.room.test_pages import text_of

pytestmark = pytest.mark.slow  # makes archives

KINDS = ["article", "pictures", "attachment", "table", "video"]
DAYS = ["2020-02-01", "2020-02-29", "2020-04-30", "2021-01-05", "2021-01-06"]


def picture(db: sqlite3.Connection, number: int, *lines: str, height: int = 300) -> None:
    """A picture of article `number` with these lines read in it."""
    insert(db, "media", article_id=f"thepaper-{number}", position=0, url=f"http://a.example/{number}.png", kind="picture",
           capture=f"urn:{number}", payload_digest=f"sha1:{number}")  # fmt: skip
    read = [
        {"text": line, "box": [10, 20 + 200 * place, 20 * len(line), 20], "confidence": 0.5, "lefts": [10 + 20 * n for n in range(len(line))]}
        for place, line in enumerate(lines)
    ]  # fmt: skip
    text = "\n".join(lines)
    insert(db, "media_text", pk=number + 1, payload_digest=f"sha1:{number}", state="read", reader="x", width=400, height=height,
           text=text, lines=json.dumps(read))  # fmt: skip
    from archive.database.fulltext import add_text

    add_text(db, "media_text", number + 1, text)


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Five articles of different kinds, each with a picture that says when to be careful."""
    folder = tmp_path_factory.mktemp("pictured")
    rows = [
        {**row(n, f"通告{n}", "防汛正文。", "号", day), "kind": kind}
        for n, (kind, day) in enumerate(zip(KINDS, DAYS, strict=True))
    ]
    write(folder / "archive.db", rows)
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for number in range(5):
            picture(db, number, "汛期注意安全", *(["进入汛期"] * number), height=300 + 200 * number)
        db.commit()
    return Room(folder)


def hits_of(room: Room, query: str) -> list[str]:
    page = html.fromstring(room.get(f"search?{query}&lang=en").text)
    return [str(a.text) for a in page.xpath("//ol[@class='hits']//h2/a")]


@pytest.mark.parametrize("kind", KINDS)
def test_hits_of_one_kind(kind: str, pictured: Room) -> None:
    assert hits_of(pictured, f"q=防汛&kind={kind}") == [f"通告{KINDS.index(kind)}"]
    assert "1 hit" in text_of(pictured.get(f"search?q=防汛&kind={kind}&lang=en"))


def test_pictures_are_searched_only_when_asked(pictured: Room) -> None:
    shown = text_of(pictured.get("search?q=汛期&lang=en"))
    assert "0 hits" in shown and "Look in the text that was read in pictures" in shown

    assert hits_of(pictured, "q=汛期&in=pictures") == [f"通告{n}" for n in (4, 3, 2, 1, 0)]
    assert hits_of(pictured, "q=汛期&in=pictures&order=relevance") == hits_of(pictured, "q=汛期&in=pictures")  # fmt: skip
    assert hits_of(pictured, "q=注意&in=pictures&kind=table") == ["通告3"]
    assert hits_of(pictured, "q=进入&in=pictures&since=2021-01-01") == ["通告4", "通告3"]
    assert "0 hits: no picture that was read holds it (5 of 5 were tried)" in text_of(
        pictured.get("search?q=马铃薯&in=pictures&lang=en")
    )


def test_a_hit_in_a_picture_shows_where_it_is(pictured: Room) -> None:
    page = html.fromstring(pictured.get("search?q=注意&in=pictures&lang=en").text)

    drawings = page.xpath("//*[local-name()='svg' and @class='clip']")
    assert len(drawings) == 5
    (frame,) = drawings[4].xpath("*[local-name()='rect']")
    assert [frame.get(name) for name in ("x", "y", "width", "height")] == ["46", "16", "48", "28"]
    assert drawings[4].xpath("*[local-name()='image']/@href") == ["/room/file/urn%3A0?lang=en"]
    assert drawings[0].get("viewbox") == "0 0 400 300"  # a part of 1,100 pixels
    assert "sure of it to 50 %" in text_of(pictured.get("search?q=注意&in=pictures&lang=en"))


def test_pictures_are_counted_by_month(pictured: Room) -> None:
    page = html.fromstring(pictured.get("search?q=汛期&in=pictures&lang=en").text)
    bars = page.xpath("//details[@class='chart']//a")

    assert [bar.get("aria-label") for bar in bars] == ["2020-02: 2", "2020-04: 1", "2021-01: 2"]
    month = pictured.get(bars[0].get("href").removeprefix("/room/"))
    assert len(html.fromstring(month.text).xpath("//ol[@class='hits']/li")) == 2


@pytest.mark.parametrize("place", ["everywhere", "text", "attachments", "pictures"])
def test_hits_are_files_wherever_they_are(place: str, pictured: Room) -> None:
    values = f"q={'汛期' if place == 'pictures' else '防汛'}&in={place}"
    number = 0 if place == "attachments" else 5

    rows = list(csv.DictReader(io.StringIO(pictured.get(f"hits.csv?{values}").content.decode("utf-8-sig"))))  # fmt: skip
    cells = openpyxl.load_workbook(io.BytesIO(pictured.get(f"hits.xlsx?{values}").content)).active
    feed = feedparser.parse(pictured.get(f"hits.atom?{values}").content)
    assert cells is not None
    listed = json.loads(pictured.get(f"hits.json?{values}").text)["hits"]
    assert [len(rows), cells.max_row - 1, len(feed.entries), len(listed)] == [number] * 4
    assert not feed.bozo
    assert all(("picture" in row) == (place == "pictures") for row in rows)


def test_the_feed_of_a_search_leads_to_the_room(pictured: Room) -> None:
    feed = feedparser.parse(pictured.get("hits.atom?q=防汛").content)

    assert feed.entries[0].link == "http://localhost/room/article/thepaper-4?q=%E9%98%B2%E6%B1%9B"
    assert feed.entries[0].published.startswith("2021-01-06T")
    assert len({entry.id for entry in feed.entries}) == 5
    assert feed.feed.id != feedparser.parse(pictured.get("hits.atom?q=通告").content).feed.id


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("q=汛期&in=attic", "attic"), ("q=汛期&kind=poem", "There is no kind poem"), ("q=title:汛期&in=pictures", "pictures have neither"),
     ("q=汛期&in=pictures&order=size", "There is no order"), ("q=汛期&in=pictures&since=x", "YYYY-MM-DD"), ("q=汛期&in=pictures&account=无", "no account")],
)  # fmt: skip
def test_what_cannot_be_looked_for_says_why(query: str, sentence: str, pictured: Room) -> None:
    for form in ("search", "hits.csv", "hits.atom"):
        answer = pictured.get(f"{form}?{query}&lang=en")
        assert answer.status_code == 400
        assert sentence in text_of(answer)


def test_nothing_that_was_read_in_a_picture_becomes_markup(tmp_path: Path) -> None:
    texts = list(map(stored, HOSTILE))
    write(tmp_path / "archive.db", [row(n, text, "x", text, "2020-02-02") for n, text in enumerate(texts)])  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        for number, text in enumerate(texts):
            picture(db, number, f"汛期{' '.join(text.split())}")
        db.commit()
    room = Room(tmp_path)
    for page in range(1, 1 + -(-len(texts) // 20)):
        answer = room.get(f"search?q=汛期&in=pictures&page={page}")
        assert answer.status_code == 200
        assert list(faults(answer.text.replace("<svg", "<span").replace("</svg", "</span"))) == []
    for text in texts[:40]:
        answer = room.get(f"hits.atom?q=汛期&in=pictures&order=relevance&x={quote(text)}")
        assert not feedparser.parse(answer.content).bozo


ALLOWED = {
    "kind=article": ["通告0"],
    "since=2020-02-29&until=2020-04-30": ["通告2", "通告1"],
    "account=号&until=2020-02-01": ["通告0"],
    "account=1&platform=thepaper": ["通告4", "通告2", "通告1"],
    "status=live": ["通告4", "通告3", "通告2", "通告1", "通告0"],
    "platform=demo&in=everywhere": ["通告3", "通告0"],
    "platform=none": [],
    "account=1' OR 1=1 --": [],
    "order=relevance": [],
}


@pytest.mark.parametrize("query", ALLOWED)
def test_filters_without_a_word_list_what_they_allow(query: str, pictured: Room) -> None:
    assert hits_of(pictured, query) == ALLOWED[query]
    if ALLOWED[query]:
        rows = csv.DictReader(io.StringIO(pictured.get(f"hits.csv?{query}").content.decode("utf-8-sig")))  # fmt: skip
        assert [row["title"] for row in rows] == ALLOWED[query]


def test_a_listing_has_pages_a_chart_and_says_when_it_is_empty(tmp_path: Path) -> None:
    rows = [row(n, f"通告{n}", "防汛正文。", "号", f"2020-{1 + n % 3:02}-01") for n in range(45)]
    write(tmp_path / "archive.db", rows)
    room = Room(tmp_path)
    first, last = (room.get(f"search?account=号&page={number}&lang=en") for number in (1, 3))
    listed, bars = "//ol[@class='hits']/li", "//svg[@class='months']//rect"

    assert "45 hits" in text_of(first) and len(html.fromstring(last.text).xpath(listed)) == 5
    assert len(html.fromstring(first.text).xpath(bars)) == 3
    assert "0 hits" in text_of(room.get("search?since=2030-01-01&lang=en"))
    assert room.get("search?since=yesterday").status_code == 400
