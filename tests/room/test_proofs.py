"""Every record that a statement rests on can be had: captures, notes of walks, pages of listings; and what else of the archive is the same article."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from lxml import html
from warcio.archiveiterator import ArchiveIterator

from archive.archive import Archive
from archive.room.proofs import FILES, INDEXED, PAGES
from archive.room.reprints import text_digest
from tests.rigs.history import BEGUN, OTHER, OTHERS, STORY, History
from tests.rigs.room_world import Room, RoomWorld, article

pytestmark = pytest.mark.slow
UNLISTED = f"thepaper-{STORY.cont_id}"
TEXT = [
    "各乡镇要落实防汛责任，确保人民群众生命财产安全。",
    "水利部门做好水库调度，每日两次报告水位变化情况。",
    "应急部门储备物资，冲锋舟救生衣全部检修到位。",
]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article that two complete walks did not meet any more, and that is gone."""
    history = History(tmp_path_factory.mktemp("walked") / "archive")
    history.run(0, "ok", walk=[STORY, *OTHERS], more=OTHERS)
    history.run(24, "-", walk=OTHERS)
    history.run(48, "-", walk=OTHERS)
    history.run(72, "404", walk=OTHERS)
    history.index()
    return history.folder


def records_of(body: bytes) -> list[Any]:
    return [
        (
            record.rec_type,
            record.rec_headers.get_header("WARC-Record-ID").strip("<>"),
            record.content_stream().read(),
        )
        for record in ArchiveIterator(BytesIO(body))
    ]


def proofs_of(folder: Path) -> list[str]:
    with Archive(folder) as archive:
        return [proof for row in archive.withdrawals(UNLISTED) for proof in json.loads(row.proofs)]


def test_the_record_of_each_proof_is_a_warc_file_of_its_own(walked: Path) -> None:
    room, proofs = Room(walked), proofs_of(walked)

    kinds = set()
    for proof in proofs:
        answer = room.get(f"record/{proof}/record.warc.gz")
        assert (answer.status_code, answer.content[:2]) == (200, b"\x1f\x8b"), proof
        ((kind, record_id, body),) = records_of(answer.content)
        assert record_id == proof
        assert body
        kinds.add(kind)
    assert len(proofs) >= 2
    assert "metadata" in kinds


def test_the_page_of_a_note_says_what_it_notes_and_names_the_pages_of_the_list(
    walked: Path,
) -> None:
    room = Room(walked)
    page = html.fromstring(room.get(f"article/{UNLISTED}?lang=en").text)

    (links,) = [
        section.xpath(".//p[@class='of']/a/@href")
        for section in page.xpath("//section[@class='absence']")
    ]
    notes = [link for link in links if "/record/" in link]
    assert notes
    note = html.fromstring(room.get(notes[0].removeprefix("/room/")).text)
    assert "Note of a crawl" in note.xpath("string(//h1)")
    assert '"kind": "coverage"' in note.xpath("string(//pre)")
    lists = note.xpath("//ol//a[contains(@href, 'record.warc.gz')]/@href")
    assert lists
    ((kind, _, body),) = records_of(room.get(lists[0].removeprefix("/room/")).content)
    assert kind in ("response", "revisit")
    assert kind == "revisit" or b"HTTP/1.1 200" in body or b"data" in body


@pytest.mark.parametrize(
    "name", ["urn:uuid:0", "x", "..%2f..%2farchive.db", "%00", "urn:uuid:' OR 1"]
)
@pytest.mark.parametrize("path", ["record/{}", "record/{}/record.warc.gz"])
def test_what_is_no_record_is_not_there(path: str, name: str, walked: Path) -> None:
    answer = Room(walked).get(path.format(name), accept_language="en")

    assert answer.status_code == 404


def test_a_note_whose_file_is_gone_is_said_to_be(walked: Path, tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes((walked / "archive.db").read_bytes())
    room = Room(tmp_path)
    with Archive(walked) as archive:
        record = archive.connection.execute("SELECT record FROM coverage").fetchone()[0]

    assert "Its WARC file is not here." in room.get(f"record/{record}?lang=en").text
    assert room.get(f"record/{record}/record.warc.gz").status_code == 404


REPRINTS = {
    "the same": TEXT,
    "with other signs": [line.replace("，", ",").replace("。", "") for line in TEXT],
    "in one paragraph": ["".join(TEXT)],
    "with its source": ["来源：云溪发布", *TEXT, "责任编辑：王某"],
    "with blanks": [line.replace("部门", " 部门 ") for line in TEXT],
}
OTHER_TEXTS = {
    "another number": [TEXT[0], TEXT[1].replace("两次", "三次"), TEXT[2]],
    "one more sentence": [*TEXT, "特此通知，请遵照执行。"],
    "the half of it": TEXT[:2],
}


@pytest.fixture(scope="module")
def reprinted(tmp_path_factory: pytest.TempPathFactory) -> Room:
    world = RoomWorld(tmp_path_factory.mktemp("reprinted") / "archive")
    texts = {"original": TEXT, **REPRINTS, **OTHER_TEXTS}
    stories = [
        replace(STORY, cont_id=5_700_300 + n, title=f"防汛通告·{name}", text=text)
        for n, (name, text) in enumerate(texts.items())
    ]
    world.crawl(0, *map(article, stories), article(OTHER))
    world.index()
    return Room(world.folder)


@pytest.mark.parametrize("number", [300, 301, 304])
def test_the_same_text_elsewhere_is_listed_and_another_is_not(number: int, reprinted: Room) -> None:
    page = html.fromstring(reprinted.get(f"article/thepaper-5700{number}?lang=en").text)

    listed = page.xpath("//ul[contains(@class, 'reprints')]//a/text()")
    own = page.xpath("string(//h1)")
    wanted = {f"防汛通告·{name}" for name in ("original", *REPRINTS)} - {own}
    assert set(listed) == wanted
    assert "same text" in page.xpath("string(//ul[contains(@class, 'reprints')])")


def test_an_article_without_reprints_has_no_list_of_them(reprinted: Room) -> None:
    page = reprinted.get(f"article/thepaper-{OTHER.cont_id}?lang=en").text

    assert "Also published by" not in page


def test_a_formula_is_no_reprint() -> None:
    assert text_digest("本文已被发布者删除。") is None
    assert text_digest("".join(TEXT)) == text_digest("\n".join(TEXT).replace("，", ","))


FIELDS = {
    # of Zotero: the names that its translator "Embedded Metadata" maps to it
    "title": ("citation_title",),
    "creators": ("citation_author", "citation_authors"),
    "date": ("citation_publication_date", "citation_date"),
    "url": ("citation_public_url",),
    "language": ("citation_language",),
    "publisher": ("citation_publisher",),
    "itemType": ("DC.type",),
    "publicationTitle": ("DC.source",),
}


def test_zotero_reads_the_entry_from_the_head_and_from_the_span(reprinted: Room) -> None:
    page = html.fromstring(reprinted.get("article/thepaper-5700300").text)
    metas = {meta.get("name"): meta.get("content") for meta in page.xpath("/html/head/meta[@name]")}
    (span,) = page.xpath("//span[@class='Z3988']/@title")
    pairs = parse_qsl(span, strict_parsing=True)

    entry = {
        field: next(metas[name] for name in names if name in metas)
        for field, names in FIELDS.items()
    }
    day = (STORY.published or BEGUN).strftime("%Y-%m-%d")
    wanted = {
        "title": "防汛通告·original",
        "creators": "济南高新区",
        "date": day.replace("-", "/"),
        "url": "https://www.thepaper.cn/newsDetail_forward_5700300",
        "language": "zh",
        "publisher": "thepaper",
        "itemType": "webpage",
        "publicationTitle": "thepaper",
    }
    assert entry == wanted
    assert len(pairs) == len(dict(pairs))
    keys = dict(pairs)
    assert (keys["ctx_ver"], keys["rft_val_fmt"]) == ("Z39.88-2004", "info:ofi/fmt:kev:mtx:dc")
    assert [keys[f"rft.{name}"] for name in ("title", "creator", "date", "identifier", "language", "type")] == [
        wanted["title"], wanted["creators"], day, wanted["url"], "zh", "webpage",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "question", [FILES.format(captures=INDEXED), f"SELECT * FROM captures {PAGES}"]
)
def test_a_note_is_found_without_reading_every_capture(question: str, walked: Path) -> None:
    asked = {"run": "r", "platform": "thepaper", "account_id": "1", "at": ""}
    with Archive(walked) as archive:
        plan = [row[3] for row in archive.connection.execute(f"EXPLAIN QUERY PLAN {question}", asked)]  # fmt: skip

    assert any("USING INDEX captures_" in step for step in plan)
    assert not any(step.startswith("SCAN captures") for step in plan)


def page_with(column: str, stored: object, walked: Path, folder: Path) -> html.HtmlElement:
    """The page of an article whose versions have a value in a column, in a copy of the archive."""
    (folder / "archive.db").write_bytes((walked / "archive.db").read_bytes())
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute(f"UPDATE versions SET {column} = ?", [json.dumps(stored)])
        db.commit()
    return html.fromstring(Room(folder).get(f"article/{UNLISTED}?lang=en").text)


def folded(page: html.HtmlElement, summary: str) -> list[str]:
    """The rows of the list that is folded under a summary, each on one line."""
    rows = page.xpath("//details[starts-with(summary, $summary)]//li", summary=summary)
    return [" ".join(row.text_content().split()) for row in rows]


CANDIDATES = {
    "one": ({"source": [{"value": "青禾日报", "where": "meta"}]}, ["青禾日报 meta"]),
    "of two fields": (
        {"title": [{"value": "另一题", "where": "headline"}], "author": [{"value": "王某", "where": "json-ld"}]},
        ["另一题 headline", "王某 json-ld"],
    ),
    "markup": ({"title": [{"value": "<script>x()</script>", "where": "<b>"}]}, ["<script>x()</script> <b>"]),
    "of another form": ({"title": "x", "source": ["y", {"value": "乙"}]}, ["乙"]),
    "none": ([], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CANDIDATES)
def test_what_else_the_page_says_is_folded_next_to_what_was_taken(
    name: str, walked: Path, tmp_path: Path
) -> None:
    stored, wanted = CANDIDATES[name]

    page = page_with("field_candidates", stored, walked, tmp_path)

    assert folded(page, "what else the page says for") == wanted
    assert not page.xpath("//details//script")


DATES = {
    "printed": ([{"value": "2024-03-05", "printed": "2024年3月5日", "label": "written", "where": "head"}], ["2024年3月5日 written head"]),
    "seconds since 1970": (
        [{"value": "2024-03-05T10:23:00+08:00", "printed": "1709605380", "label": "updated", "where": "json updateTime"}],
        ["2024-03-05T10:23:00+08:00 updated json updateTime"],
    ),
    "of another form": (["x", {"value": "2024-03-05", "printed": None}, {"printed": 7}], ["2024-03-05", "7"]),
}  # fmt: skip


@pytest.mark.parametrize("name", DATES)
def test_other_dates_are_shown_so_that_people_can_read_them(
    name: str, walked: Path, tmp_path: Path
) -> None:
    stored, wanted = DATES[name]

    page = page_with("published_candidates", stored, walked, tmp_path)

    assert folded(page, "other dates of the page") == wanted
