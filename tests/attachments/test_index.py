"""What attachments say is in a table: read once, the same after a rebuild, whatever was read before."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.attachments import installed
from archive.attachments.process import DocumentReader
from archive.attachments.text import DocumentText
from archive.cli.main import cli
from archive.index import attachment_text
from tests.attachments import made
from tests.conftest import dump, rows
from tests.rigs.attached import Attached, Notice, crawl

pytestmark = pytest.mark.e2e  # documents are read in a process of their own

GBK = b"Content-Disposition: attachment; filename=" + "预案.docx".encode("gbk") + b"\r\n"
LIST = Attached(
    href="/f/P0203.pdf", label="附件1：名单.pdf", data=made.pdf(["第一批名单", "", "第二批"])
)
PLAN = Attached(href="/download.jsp?id=3", label="附件2", data=made.words("防汛预案"), head=GBK)
BOOK = Attached(
    href="x.xlsx",
    label="附件3.xlsx",
    data=made.sheets({"名单": [["张三", 12.0]], "街道": [["临江"]]}),
)
LOCKED = Attached(href="l.pdf", label="附件4.pdf", data=made.pdf(["看不见"], password="1949"))
STATES = (
    "SELECT file_name, number, unit, label, state, pages, text FROM attachment_text ORDER BY pk"
)
READER = "SELECT DISTINCT reader FROM attachment_text"


def run(folder: Path, *words: str) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def index(folder: Path) -> None:
    with Archive(folder) as archive:
        archive.index()


def test_each_page_is_a_row_and_what_has_no_text_says_so(tmp_path: Path) -> None:
    crawl(tmp_path, [Notice(number=1, files=[LIST, PLAN, BOOK, LOCKED])])
    index(tmp_path)
    assert {tuple(row.values()) for row in rows(tmp_path, STATES)} == {
        ("P0203.pdf", 1, "page", None, "read", 3, "第一批名单"),
        ("P0203.pdf", 3, "page", None, "read", 3, "第二批"),
        ("预案.docx", 1, "text", None, "read", 1, "防汛预案"),
        ("x.xlsx", 1, "sheet", "名单", "read", 2, "名单\n张三\t12"),
        ("x.xlsx", 2, "sheet", "街道", "read", 2, "街道\n临江"),
        ("l.pdf", None, None, None, "encrypted", None, ""),
    }
    (reader,) = rows(tmp_path, READER)
    assert reader["reader"] == installed.required_reader()
    (producer,) = rows(tmp_path, "SELECT attachments FROM producers")
    assert producer["attachments"] == reader["reader"]
    assert "4 attachments: 3 read, 1 encrypted" in run(tmp_path, "status").output


def test_a_rebuild_and_a_second_run_change_nothing(tmp_path: Path) -> None:
    crawl(tmp_path, [Notice(number=1, files=[LIST, LOCKED])])
    index(tmp_path)
    crawl(tmp_path, [Notice(number=2, files=[LIST, PLAN])], run=2)
    index(tmp_path)
    live = dump(tmp_path)
    assert len(live["attachment_text"]) == 4
    index(tmp_path)
    assert dump(tmp_path) == live
    with Archive(tmp_path) as archive:
        assert not archive.verify()
        archive.rebuild()
    assert dump(tmp_path) == live


def test_an_earlier_capture_that_comes_later_takes_the_place(tmp_path: Path) -> None:
    changed = Attached(href=LIST.href, label=LIST.label, data=made.pdf(["先前的名单"]))
    crawl(tmp_path, [Notice(number=1, files=[LIST])], run=2)
    index(tmp_path)
    crawl(tmp_path, [Notice(number=1, files=[changed])], run=1)
    index(tmp_path)
    assert [row["text"] for row in rows(tmp_path, STATES)] == ["先前的名单"]
    with Archive(tmp_path) as archive:
        assert not archive.verify()


def test_a_long_page_is_cut_at_the_end_of_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachment_text, "LONGEST_PART", 10)
    data = made.table([["第一行"], ["第二行"], ["第三行"], ["很长很长很长很长很长的行"]], "utf-8")
    crawl(tmp_path, [Notice(number=1, files=[Attached(href="a.csv", label="a.csv", data=data)])])
    index(tmp_path)
    parts = rows(tmp_path, "SELECT number, part, text FROM attachment_text ORDER BY part")
    assert [tuple(row.values()) for row in parts] == [
        (1, 1, "第一行\n第二行"),
        (1, 2, "第三行"),
        (1, 3, "很长很长很长很长很长"),
        (1, 4, "的行"),
    ]


def test_without_the_libraries_attachments_are_counted_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "PACKAGES", ("no-such-package",))
    monkeypatch.setattr("archive.database.producer._ATTACHMENTS", None)
    crawl(tmp_path, [Notice(number=1, files=[LIST, PLAN])])
    done = run(tmp_path, "index")
    assert done.exit_code == 0
    for output in (done.output, run(tmp_path, "status").output):
        assert "The text of 2 attachments was not read (download.jsp, P0203.pdf)" in output
        assert "pip install 'zhengwen[attachments]'" in output
    monkeypatch.undo()
    done = run(tmp_path, "index")  # the rows were made by another producer
    assert done.exit_code == 1 and "`zhengwen rebuild`" in done.output
    assert run(tmp_path, "rebuild").exit_code == 0
    assert "not read" not in run(tmp_path, "status").output


def test_a_run_that_was_killed_goes_on_with_the_next_attachment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(tmp_path, [Notice(number=1, files=[LIST, PLAN, BOOK])])
    read: list[str] = []
    answer = DocumentReader.read

    def killed(self: DocumentReader, data: bytes, file_name: str) -> DocumentText:
        if len(read) == 1:
            raise KeyboardInterrupt
        read.append(file_name)
        return answer(self, data, file_name)

    monkeypatch.setattr(DocumentReader, "read", killed)
    with pytest.raises(KeyboardInterrupt):
        index(tmp_path)
    assert len(rows(tmp_path, "SELECT DISTINCT capture FROM attachment_text")) == 1
    monkeypatch.undo()
    index(tmp_path)
    with Archive(tmp_path) as archive:
        assert not archive.verify()


def test_a_record_that_is_lost_leaves_its_attachment_unread(tmp_path: Path) -> None:
    crawl(tmp_path, [Notice(number=1, files=[LIST])])
    index(tmp_path)
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute("DELETE FROM attachment_text")
        db.execute("DELETE FROM attachment_text_fts_data WHERE id > 10")
    db.close()
    (file,) = (tmp_path / "warc").iterdir()
    file.rename(tmp_path / "away")
    file.write_bytes(b"")
    index(tmp_path)
    assert "was not read (P0203.pdf): their records" in run(tmp_path, "status").output


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE attachment_text SET text = '别的' WHERE number = 1",
        "DELETE FROM attachment_text WHERE number = 3",
        "UPDATE attachment_text SET state = 'broken'",
        "UPDATE attachment_text SET file_name = 'x.pdf'",
        "INSERT INTO attachment_text_fts (attachment_text_fts) VALUES ('delete-all')",
    ],
)
def test_verify_finds_what_is_not_of_the_documents(tmp_path: Path, damage: str) -> None:
    crawl(tmp_path, [Notice(number=1, files=[LIST])])
    index(tmp_path)
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute(damage)
    db.close()
    with Archive(tmp_path) as archive:
        assert any("attachment_text" in str(finding) for finding in archive.verify())


@pytest.mark.parametrize("state", ["too-slow", "ended-process"])
def test_what_time_or_memory_decided_is_a_finding_of_its_own(tmp_path: Path, state: str) -> None:
    crawl(tmp_path, [Notice(number=1, files=[PLAN])])
    index(tmp_path)
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute("INSERT INTO attachment_text_fts (attachment_text_fts) VALUES ('delete-all')")
        db.execute("UPDATE attachment_text SET state = ?, number = NULL, text = ''", [state])
    db.close()
    with Archive(tmp_path) as archive:
        (finding,) = archive.verify()
    assert f"its reading ended as {state}, and as read now" in str(finding)


def test_show_lists_attachments_with_state_and_first_words(tmp_path: Path) -> None:
    crawl(tmp_path, [Notice(number=1, files=[LIST, LOCKED])])
    crawl(tmp_path, [Notice(number=2, files=[PLAN])], run=2)
    index(tmp_path)
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute("DELETE FROM attachment_text WHERE file_name = '预案.docx'")
    db.close()
    first, second = (row["id"] for row in rows(tmp_path, "SELECT id FROM articles ORDER BY id"))
    shown = run(tmp_path, "show", str(first)).output
    assert (
        "attachment 附件1：名单.pdf (read, 3 pages): http://www.yunxi.gov.cn/f/P0203.pdf\n  第一批名单\n"
        in shown
    )
    assert "attachment 附件4.pdf (encrypted: it asks for a password): http" in shown
    assert "(not read): http" in run(tmp_path, "show", str(second)).output
    files = json.loads(run(tmp_path, "show", str(first), "--json").output)["attachments"]
    assert {file["file_name"]: file["state"] for file in files} == {
        "P0203.pdf": "read",
        "l.pdf": "encrypted",
    }


@pytest.mark.slow
def test_packages_carry_the_table_and_are_verified(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    crawl(folder, [Notice(number=1, files=[LIST, BOOK, LOCKED]), Notice(number=2, files=[PLAN])])
    index(folder)
    others = "SELECT count(*) AS n FROM attachment_text WHERE file_name = '预案.docx'"
    for tier, has_text in (("full", True), ("text", True), ("metadata", False)):
        package = tmp_path / tier
        with Archive(folder) as archive:
            archive.export(package, tier=tier, query="名单")  # type: ignore[arg-type]
        lines = (package / "data" / "attachment_text.jsonl").read_text("utf-8").splitlines()
        values = list(map(json.loads, lines))
        assert {row["file_name"] for row in values} == {"P0203.pdf", "x.xlsx", "l.pdf"}
        assert any(row["text"] for row in values) == has_text
        assert any(row["label"] for row in values) == has_text
        assert rows(package / "data", others) == [{"n": 0}]
        done = CliRunner().invoke(cli, ["verify", "--package", str(package)])
        assert done.exit_code == 0, done.output
        with Archive(package / "data") as archive:
            assert bool(archive.search("街道 临江")) == has_text
    described = (tmp_path / "full" / "datapackage.json").read_text("utf-8")
    assert "text of the page; a full line of print goes on in the next" in described
