"""The pages of the reading room show what the archive has, and say so where it has nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import feedparser
import openpyxl
import pytest
from lxml import html

from archive.archive import Archive
from archive.search.search import Hit
from archive.warc.reader import records
from tests.rigs.corpus import row, write
from tests.rigs.room_world import GONE, SHOWN, Room, png

PAGES = [
    "",
    "search",
    "search?q=汛期",
    f"article/{SHOWN}",
    f"article/{SHOWN}?version=1",
    f"article/{GONE}",
    f"compare/{SHOWN}",
    "accounts",
    "account?platform=thepaper&id=44871",
    "runs",
    "run/run-001",
    "coverage",
]


def text_of(answer: object) -> str:
    return " ".join(html.fromstring(answer.text).text_content().split())  # type: ignore[attr-defined]


def links_of(answer: object) -> list[str]:
    return [
        str(href) for href in html.fromstring(answer.text).xpath("//@href | //@src | //@action")
    ]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_to_a_page(path: str, room: Room) -> None:
    answer = room.get(path)

    assert answer.status_code == 200
    own = [link for link in links_of(answer) if link.startswith("/")]
    assert len(own) > 5
    for link in dict.fromkeys(own):
        assert link.startswith("/room/")
        assert room.get(link.removeprefix("/room/")).status_code == 200, link


def test_the_first_page_says_what_the_archive_has(room: Room) -> None:
    answer = room.get("", accept_language="en")
    shown = text_of(answer)

    numbers = html.fromstring(answer.text).xpath("//dl[@class='numbers']/div/dd/text()")
    assert numbers == ["3", "1", "1", "1", "2031-03-01 – 2031-03-01"]
    assert "云溪县发布汛期通告（更正）" in shown
    assert "missing since 2031-03-03 12:00 UTC · proved" in shown
    assert "ended: finished" in shown
    assert "What needs a look 济南高新区 blocked http-403 the platform refused" in shown


QUERIES = [
    ("汛期", {}, "date"),
    ("云溪县", {}, "relevance"),
    ("会议 NOT 汛期", {}, "date"),
    ("云溪县", {"status": "withdrawn"}, "date"),
    ("云溪县", {"account": "济南高新区", "since": "2031-02-28"}, "date"),
    ("title:通告 OR title:会议", {"platform": "thepaper"}, "relevance"),
]


@pytest.mark.parametrize(("query", "filters", "order"), QUERIES)
def test_hits_are_those_of_the_command_line(
    query: str, filters: dict[str, str], order: str, room: Room, folder: Path
) -> None:
    with Archive(folder) as archive:
        hits = archive.search(query, order=order, **filters)  # type: ignore[arg-type]

    values = "&".join(f"{name}={value}" for name, value in {**filters, "order": order}.items())
    answer = room.get(f"search?q={query}&{values}", accept_language="en")
    page = html.fromstring(answer.text)

    assert hits
    assert [a.text_content() for a in page.xpath("//ol//h2/a")] == [hit.title for hit in hits]
    assert f" {len(hits)} hit" in text_of(answer)
    passages = ["".join(p.itertext()) for p in page.xpath("//p[@class='passage']")]
    assert passages == [hit.snippet.replace("【", "").replace("】", "") for hit in hits]
    assert page.xpath("count(//p[@class='passage']/mark)") >= 1
    rows = json.loads(room.get(f"hits.json?q={query}&{values}").text)["hits"]
    assert [each["snippet"] for each in rows] == [hit.snippet for hit in hits]


def test_brackets_of_a_text_are_no_marks(tmp_path: Path) -> None:
    write(tmp_path / "archive.db", [row(1, "题", "【云溪】今天【通报】疫情。", "号", "2020-02-02")])

    page = html.fromstring(Room(tmp_path).get("search?q=疫情").text)

    (passage,) = page.xpath("//p[@class='passage']")
    assert passage.text_content() == "【云溪】今天【通报】疫情。"
    assert [mark.text for mark in passage.xpath("mark")] == ["疫情"]


def test_a_hit_in_a_file_names_the_file_and_the_page(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit = Hit(
        id=SHOWN, title="题", account=None, published_at=None, snippet="表\ufdd0名单\ufdd1", rank=1, platform="thepaper", url="", status="live",
        attachment="附件<1>.pdf", attachment_page=3, attachment_unit="page", attachment_capture="urn:x",
    )  # fmt: skip
    monkeypatch.setattr(Archive, "find", lambda *_, **__: [hit])

    page = html.fromstring(room.get("search?q=汛期&lang=en").text)

    assert page.xpath("string(//p[@class='passage'])") == "表名单"
    (file,) = page.xpath("//p[@class='of file']")
    assert " ".join(file.text_content().split()) == "in the file 附件<1>.pdf, page 3"
    assert file.xpath(".//a/@href") == ["/room/file/urn%3Ax?lang=en"]


def test_pages_of_hits_are_counted_exactly(tmp_path: Path) -> None:
    rows = [
        row(n, f"疫情通报{n:02}", "正文。", "号", f"2020-02-{1 + n % 28:02}") for n in range(45)
    ]
    write(tmp_path / "archive.db", rows)
    room, titles = Room(tmp_path), []
    for number in (1, 2, 3):
        answer = room.get(f"search?q=疫情&page={number}&lang=en")
        assert f"45 hits · page {number} of 3" in text_of(answer)
        titles += [str(a.text) for a in html.fromstring(answer.text).xpath("//ol//h2/a")]

    assert sorted(titles) == [f"疫情通报{n:02}" for n in range(45)]
    assert not html.fromstring(answer.text).xpath("//a[@rel='next']")
    assert html.fromstring(answer.text).xpath("//a[@rel='prev']/@href") == [
        "/room/search?page=2&q=%E7%96%AB%E6%83%85&lang=en"
    ]


def test_hits_by_month_lead_to_those_of_the_month(tmp_path: Path) -> None:
    days = ["2020-02-01", "2020-02-29", "2020-04-30", "2021-01-05", "2021-01-06", "2021-01-07"]
    write(
        tmp_path / "archive.db",
        [row(number, "疫情通报", "正文。", "号", day) for number, day in enumerate(days)],
    )
    room = Room(tmp_path)
    bars = html.fromstring(room.get("search?q=疫情&lang=en").text).xpath(
        "//details[@class='chart']//a"
    )

    assert [bar.get("aria-label") for bar in bars] == ["2020-02: 2", "2020-04: 1", "2021-01: 3"]
    assert [bar.xpath("string(rect/@height)") for bar in bars] == ["80", "40", "120"]
    for bar, count in zip(bars, (2, 1, 3), strict=True):
        month = html.fromstring(room.get(bar.get("href").removeprefix("/room/")).text)
        assert len(month.xpath("//ol[@class='hits']/li")) == count


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("search?q=马铃薯", 200, "0 hits: no article holds 马铃薯"),
        ("search?q=疫情 and 防控", 200, "operators are written in capitals"),
        ("search?q=疫情&status=withdrawn&since=2040-01-01", 200, "(some without --since)"),
        ("search?q=AND", 400, "AND"),
        ("search?q=疫情&since=yesterday", 400, "YYYY-MM-DD"),
        ("search?q=疫情&account=济南", 400, "did you mean 济南高新区?"),
        ("search?q=疫情&status=lost", 400, "There is no status lost"),
        ("search?q=疫情&order=size", 400, "There is no order"),
        ("hits.csv", 400, "There is no word"),
        ("article/thepaper-404", 404, "There is no article"),
        ("capture/urn:uuid:0", 404, "There is no capture"),
        ("account?platform=thepaper&id=1", 404, "There is no such account"),
        ("run/nothing", 404, "There is no crawl"),
        ("elsewhere", 404, "There is no such page"),
        ("compare/thepaper-5700099", 404, "has one version"),
    ],
)
def test_what_cannot_be_shown_says_why(path: str, status: int, sentence: str, room: Room) -> None:
    answer = room.get(path, accept_language="en")

    assert answer.status_code == status
    assert sentence in text_of(answer), text_of(answer)


def test_hits_are_files_that_spreadsheets_open(room: Room) -> None:
    sheet = room.get("hits.csv?q=云溪县")
    book = room.get("hits.xlsx?q=云溪县")

    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert {row["id"] for row in rows} == {GONE, SHOWN, "thepaper-5700099"}
    cells = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert cells is not None and cells.max_row == 4
    for answer in (sheet, book):
        assert answer.headers["content-disposition"].startswith("attachment;")


def test_an_article_has_its_text_with_its_pictures(room: Room) -> None:
    page = html.fromstring(room.get(f"article/{SHOWN}?q=河岸&lang=en").text)

    (text,) = page.xpath("//div[@class='text']")
    assert [p.text_content().strip() for p in text.xpath("p")][1:3] == [
        "汛期将至。",
        "第1项安排照常进行。",
    ]
    (source,) = text.xpath(".//img/@src")
    picture = room.get(source.removeprefix("/room/"))
    assert (picture.content, picture.headers["content-type"]) == (png(), "image/png")
    assert text.xpath(".//span[@class='missing']/text()") == ["picture, not captured"]
    assert [mark.text for mark in text.xpath(".//mark")] == ["河岸"]


def test_the_text_that_was_read_in_files_is_shown(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "archive")
    with closing(sqlite3.connect(tmp_path / "archive" / "archive.db")) as db:
        db.execute("UPDATE media SET kind = 'attachment' WHERE capture IS NULL")
        db.execute("UPDATE media SET capture = 'urn:file' WHERE capture IS NULL")
        for number, text in enumerate(("第一页的表格。", "第二页。"), 1):
            db.execute(
                "INSERT INTO attachment_text (pk, capture, number, part, unit, file_name, state, reader, text) VALUES (?, 'urn:file', ?, 1, 'page', '附件.pdf', 'read', 'x', ?)",
                [number, number, text],
            )
        db.execute(
            "INSERT INTO media_text (pk, payload_digest, state, reader, text) SELECT 1, payload_digest, 'read', 'x', '图上的字' FROM media WHERE payload_digest IS NOT NULL"
        )
        db.commit()

    page = html.fromstring(Room(tmp_path / "archive").get(f"article/{SHOWN}?lang=en").text)

    shown = [
        (li.xpath("string(a)"), li.xpath("string(.//div[@class='read'])"))
        for li in page.xpath("//article//ul[@class='entries']/li")
    ]
    assert shown == [("notice.png", "图上的字"), ("附件.pdf", "page 1第一页的表格。page 2第二页。")]


def test_each_version_of_an_article_can_be_read(room: Room) -> None:
    shown = [text_of(room.get(f"article/{SHOWN}?version={n}&lang=en")) for n in (1, 2, 3)]

    assert ["请勿靠近河道" in text for text in shown] == [True, False, False]
    assert ["（更正）2" in text or "（更正） 济南" in text for text in shown][2]
    assert [f"version {n} of 3" in text for n, text in enumerate(shown, 1)] == [True] * 3


def test_a_withdrawal_is_shown_with_its_proofs(room: Room, folder: Path) -> None:
    page = html.fromstring(room.get(f"article/{GONE}?lang=en").text)

    banner = " ".join(page.xpath("string(//section[contains(@class, 'banner')])").split())
    assert banner.startswith("This article is withdrawn: its absence is proved.")
    (absence,) = page.xpath("//section[@class='absence']")
    shown = " ".join(absence.text_content().split())
    assert "between 2031-03-02 06:00 UTC and 2031-03-03 12:00 UTC" in shown
    assert "此文章已下线" in shown
    proofs = absence.xpath(".//a/@href")
    with Archive(folder) as archive:
        wanted = json.loads(archive.withdrawals(GONE)[0].proofs)
    assert [room.get(link.removeprefix("/room/")).status_code for link in proofs] == [200] * len(
        wanted
    )
    states = [li.get("class") for li in page.xpath("//ol[@class='timeline']/li")]
    assert states == ["first", "changed", "missing"]


def test_each_change_is_an_observation_of_its_own(room: Room) -> None:
    page = html.fromstring(room.get(f"article/{SHOWN}?lang=en").text)

    entries = [
        " ".join(li.text_content().split()) for li in page.xpath("//ol[@class='timeline']/li")
    ]
    assert entries == [
        "first version 1 2031-03-01 00:00 UTC",
        "changed version 2 2031-03-02 06:00 UTC",
        "changed version 3 2031-03-03 12:00 UTC",
        "unchanged version 3 2031-03-04 18:00 UTC",
    ]


@pytest.mark.parametrize(
    ("versions", "removed", "added", "folded"),
    [
        ("from=1&to=2", ["道"], ["岸"], 1),
        ("from=2&to=1", ["岸"], ["道"], 1),
        ("from=2&to=3", [], ["（更正）"], 0),
        ("from=1&to=3", ["道"], ["（更正）", "岸"], 1),
        ("", [], ["（更正）"], 0),
        ("from=2&to=2", [], [], 0),
    ],
)
def test_any_two_versions_are_compared_by_characters(
    versions: str, removed: list[str], added: list[str], folded: int, room: Room
) -> None:
    page = html.fromstring(room.get(f"compare/{SHOWN}?{versions}&lang=en").text)

    assert [each.text for each in page.xpath("//del")] == removed
    assert [each.text for each in page.xpath("//ins")] == added
    assert len(page.xpath("//details[@class='folded']")) == folded
    if folded:
        assert "unchanged paragraphs: 8" in page.xpath("string(//summary)")


def test_a_record_comes_as_it_is_in_its_file(room: Room, folder: Path, tmp_path: Path) -> None:
    with Archive(folder) as archive:
        version = archive.versions(SHOWN)[0]
        row = archive.capture(version.capture).row

    answer = room.get(f"capture/{version.capture}/record.warc.gz")

    assert (
        answer.content
        == (folder / "warc" / row.warc).read_bytes()[row.offset : row.offset + row.length]
    )
    (tmp_path / "one.warc.gz").write_bytes(answer.content)
    assert [record.id for record in records(tmp_path / "one.warc.gz")] == [version.capture]


def test_references_go_into_reference_managers(room: Room) -> None:
    ris = room.get(f"cite/{SHOWN}/ris").text
    fields = [line.partition("  - ")[::2] for line in ris.splitlines()]
    bibtex = room.get(f"cite/{SHOWN}/bib").text
    page = html.fromstring(room.get(f"article/{SHOWN}").text)

    assert dict(fields)["TI"] == "云溪县发布汛期通告（更正）"
    assert (dict(fields)["TY"], dict(fields)["AU"], dict(fields)["DA"]) == (
        "ELEC",
        "济南高新区",
        "2031/03/01",
    )
    assert fields[-1] == ("ER", "")
    assert bibtex.count("{") == bibtex.count("}")
    assert "  title = {{云溪县发布汛期通告（更正）}},\n" in bibtex
    reference = page.xpath("string(//section[@class='cite']/p[1])")
    assert reference.startswith(
        "济南高新区. 云溪县发布汛期通告（更正）[EB/OL]. (2031-03-01)[2031-03-03]. https://www.thepaper.cn/"
    )
    meta = {m.get("name"): m.get("content") for m in page.xpath("//meta[@name]")}
    assert meta["citation_title"] == "云溪县发布汛期通告（更正）"
    assert meta["citation_publication_date"] == "2031/03/01"


def test_the_feed_is_one_that_readers_take(room: Room) -> None:
    feed = feedparser.parse(room.get("changes.atom").content)

    assert not feed.bozo
    assert {entry.tags[0].term for entry in feed.entries} == {"new", "changed", "withdrawn"}


def test_the_grid_shows_each_outcome_with_a_sign(room: Room) -> None:
    page = html.fromstring(room.get("coverage?lang=en").text)

    (cell,) = page.xpath("//table//td/a")
    assert (cell.text, cell.getparent().get("class")) == ("B", "blocked")
    assert "http-403 the platform refused" in cell.get("title")
    address, _, place = cell.get("href").removeprefix("/room/").partition("#")
    (line,) = html.fromstring(room.get(address).text).xpath(f"//tr[@id='{place}']")
    assert "http-403 the platform refused" in line.text_content()


def test_a_list_of_accounts_that_cannot_be_read_costs_no_page(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "archive")
    (tmp_path / "archive" / "accounts.csv").write_text("platform,account_id\nnowhere,1\n")

    answer = Room(tmp_path / "archive").get("", accept_language="en")

    assert answer.status_code == 200
    assert "accounts.csv" in text_of(answer)


def test_an_archive_before_its_first_crawl_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path / "archive.db", [])
    room = Room(tmp_path)

    assert "No article has a date of publication yet." in text_of(
        room.get("", accept_language="en")
    )
    assert "0 hits: the archive has no article yet" in text_of(room.get("search?q=疫情&lang=en"))
