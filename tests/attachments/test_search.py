"""Words in attachments are found, in what file and on which page; counts and pages of hits are exact."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli.main import cli
from archive.errors import UsageError
from archive.search.attached import Within
from archive.search.expression import Document
from archive.search.parser import parse
from archive.search.search import Order
from tests.attachments import made
from tests.rigs.attached import Attached, Notice, crawl

pytestmark = pytest.mark.e2e  # documents are read in a process of their own

QUERIES = [
    "补助", "疫情", "灌溉", "名单 补助", "疫情 补助", "防汛 补助", "补助 NOT 防汛", "疫情 NOT 补助",
    "疫情 NOT (补助 OR 灌溉)", "防汛 OR 补助", "(防汛 OR 灌溉) 名单", "大型灌溉设施改造补助", '"改造补助 名单"',
    "title:疫情 补助", "title:补助", "gdp", "ann*", "annual NOT report", "张三 李四", "没有的词", "补助 没有的词",
    "account:云溪 补助",
]  # fmt: skip


def files(number: int) -> list[Attached]:
    """The attachments of an article by its number; every third has none."""
    kinds = [
        [],
        [Attached(href=f"/f/{number}.pdf", label="附件1.pdf", data=made.pdf(["第一页没有", f"大型灌溉设施改造补助名单{number}", f"名单{number}又一页"]))],
        [
            Attached(href=f"/f/{number}.docx", label="附件1.docx", data=made.words(f"防汛预案{number}", ["GDP", "annual report"])),
            Attached(href=f"/f/{number}.xlsx", label="附件2.xlsx", data=made.sheets({"名单": [["张三", number]], "补助": [["李四", 3]]})),
        ],
    ]  # fmt: skip
    return kinds[number % 3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive")
    notices = [
        Notice(
            number=number,
            day=13 - number,
            title="云溪县召开疫情防控工作会议" if number % 2 else "云溪县部署防汛工作",
            text="会议还部署了农田补助发放。" if number % 4 == 0 else "",
            files=files(number),
        )
        for number in range(1, 13)
    ]
    crawl(path, notices)
    with Archive(path) as archive:
        archive.index()
    return path


def run(folder: Path, *words: str) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def text_of_attachments(archive: Archive, article_id: str) -> str:
    """All that the attachments of an article say."""
    statement = """SELECT t.text FROM media m JOIN attachment_text t USING (capture)
        WHERE m.article_id = ? ORDER BY t.capture, t.number"""
    return "\n\n".join(row[0] for row in archive.connection.execute(statement, [article_id]))


@pytest.mark.parametrize("query", ["title:补助", "title:疫情", "account:云溪", "title:疫情 OR account:云溪", "title:疫情 NOT title:补助"])  # fmt: skip
def test_what_only_a_title_satisfies_is_no_hit_in_attachments(folder: Path, query: str) -> None:
    with Archive(folder) as archive:
        assert archive.search(query, within="attachments") == []
        assert sum(archive.count(query, within="attachments").values()) == 0


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_those_of_articles_that_have_their_attachments_in_their_text(
    folder: Path, query: str
) -> None:
    with Archive(folder) as archive:
        hits = [hit.id for hit in archive.search(query, limit=None)]
        expected = []
        expression = parse(query)
        rows = archive.connection.execute(
            "SELECT id, title, text, account FROM articles ORDER BY published_at DESC, id DESC"
        ).fetchall()
        for article_id, title, text, account in rows:
            together = f"{text}\n\n{text_of_attachments(archive, article_id)}"
            if expression.matches(Document({"title": title, "text": together, "account": account})):
                expected.append(article_id)
        assert hits == expected
        assert sum(archive.count(query).values()) == len(hits)
        by_relevance = archive.search(query, order="relevance", limit=None)
        assert sorted(hit.id for hit in by_relevance) == sorted(hits)


@pytest.mark.parametrize(
    ("query", "within", "order"),
    [*product(QUERIES[:12], ("everywhere", "text", "attachments"), ("date", "relevance"))],
)
def test_pages_of_hits_and_counts_are_exact(
    folder: Path, query: str, within: Within, order: Order
) -> None:
    with Archive(folder) as archive:
        every = archive.search(query, limit=None, order=order, within=within)
        pages = [
            hit
            for offset in range(0, len(every) + 2, 2)
            for hit in archive.search(query, limit=2, offset=offset, order=order, within=within)
        ]
        assert pages == every and [hit.rank for hit in every] == list(range(1, len(every) + 1))
        for by in ("all", "platform", "status", "month", "account"):
            assert sum(archive.count(query, by, within=within).values()) == len(every)


def test_a_hit_names_the_file_and_its_page(folder: Path) -> None:
    with Archive(folder) as archive:
        (hit,) = archive.search("灌溉设施 名单4")
        (first,) = archive.search("名单4")
    assert first.attachment_page == 2
    capture = hit.attachment_capture or ""
    assert (hit.attachment, hit.attachment_page, hit.attachment_unit) == ("4.pdf", 2, "page")
    assert hit.attachment_url == "http://www.yunxi.gov.cn/f/4.pdf" and capture.startswith("urn:")
    assert hit.snippet == "大型【灌溉设施】改造补助【名单4】"
    shown = run(folder, "search", "灌溉设施", "名单4").output
    assert "in 4.pdf, page 2: 大型【灌溉设施】改造补助【名单4】" in shown
    assert "in 5.xlsx, sheet 1 (名单): " in run(folder, "search", "张三 5").output
    assert "in 5.docx: " in run(folder, "search", "防汛预案5").output


def test_a_hit_by_its_own_text_shows_that(folder: Path) -> None:
    with Archive(folder) as archive:
        assert {hit.attachment for hit in archive.search("疫情 要求")} == {None}
        (first, *_) = archive.search("农田补助", within="text")
        assert first.attachment is None and "【农田补助】" in first.snippet


def test_files_of_hits_have_the_fields(folder: Path, tmp_path: Path) -> None:
    with Archive(folder) as archive:
        hits = [asdict(hit) for hit in archive.search("李四", limit=None)]
    assert {hit["attachment_label"] for hit in hits} == {"补助"} and len(hits) == 4
    lines = run(folder, "search", "李四", "--json").output.splitlines()
    assert [json.loads(line) for line in lines] == hits
    for ending in ("csv", "xlsx", "jsonl"):
        path = tmp_path / f"hits.{ending}"
        assert run(folder, "search", "李四", "-o", str(path)).exit_code == 0
    with (tmp_path / "hits.csv").open(encoding="utf-8-sig") as file:
        assert [row["attachment_page"] for row in csv.DictReader(file)] == ["2"] * 4
    sheet = openpyxl.load_workbook(tmp_path / "hits.xlsx").active
    assert sheet is not None
    heads, first = (list(row) for row in sheet.iter_rows(max_row=2, values_only=True))
    assert dict(zip(heads, first, strict=True)) == hits[0]


@pytest.mark.parametrize(
    ("words", "filters", "number"),
    [
        ("灌溉", {"platform": "thepaper"}, 0),
        ("灌溉", {"since": "2020-02-03", "until": "2020-02-06"}, 2),
        ("灌溉", {"until": "2020-02-01"}, 0),
        ("灌溉", {"status": "live"}, 4),
        ("灌溉", {"status": "withdrawn"}, 0),
    ],
)
def test_filters_hold_for_attachments(
    folder: Path, words: str, filters: dict[str, str], number: int
) -> None:
    with Archive(folder) as archive:
        assert len(archive.search(words, limit=None, **filters)) == number  # type: ignore[arg-type]
        assert sum(archive.count(words, **filters).values()) == number  # type: ignore[arg-type]


def test_what_is_elsewhere_is_said(folder: Path) -> None:
    assert "none with --in text" in run(folder, "search", "灌溉", "--in", "text").output
    assert "no article holds 没有的词" in run(folder, "search", "没有的词").output
    assert run(folder, "search", "灌溉", "--in", "attachments", "--count-by", "all").output == "4\n"
    done = run(folder, "search", "灌溉", "--pictures", "--in", "text")
    assert done.exit_code == 2
    with Archive(folder) as archive, pytest.raises(UsageError):
        archive.search("灌溉", within="title")  # type: ignore[arg-type]


def test_a_selection_by_a_query_has_the_hits_by_attachments(folder: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    with Archive(folder) as archive:
        archive.export(package, tier="text", query="灌溉")
    with Archive(package / "data") as archive:
        assert len(archive.search("灌溉", limit=None)) == 4
        assert {hit.attachment_page for hit in archive.search("灌溉")} == {2}
        assert not archive.search("张三")
