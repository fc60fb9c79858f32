"""The text of the documents in a ZIP file: bounded, one level deep, each with its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.attachments import document, members
from tests.attachments import made
from tests.conftest import dump, rows
from tests.rigs.attached import Attached, Notice, crawl

pytestmark = pytest.mark.slow  # tries many inputs


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("名单.pdf", made.pdf(["第一批", "第二批"]), "第一批\n第二批"),
        ("表/预案.docx", made.words("防汛预案"), "防汛预案"),
        ("表/预案.doc", made.words("防汛预案"), "防汛预案"),
        ("名单.xls", made.old_sheets({"一": [["张三"]], "二": [["李四"]]}), "一\n张三\n二\n李四"),
        ("街道.csv", "姓名,街道".encode("gbk"), "姓名,街道"),
        ("说明.txt", b"1", "1"),
        ("通知.doc", "云溪县防汛抗旱指挥部通知".encode("gbk"), "云溪县防汛抗旱指挥部通知"),
        ("1.ofd", made.ofd(["附则"]), "附则"),
        ("1.pptx", made.slides(["首页", "演练"]), "首页\n演练"),
    ],
)
def test_a_document_in_it_is_a_page_with_its_name(name: str, data: bytes, expected: str) -> None:
    answer = document.read(made.packed({name: data, "照片.jpg": b"\xff\xd8"}), "1.zip")
    assert (answer.state, answer.detail, answer.unit) == ("read", None, "names")
    assert answer.pages == ((f"{name}\n照片.jpg", None), (expected, name))
    assert [page.own_unit for page in answer.pages] == [None, "file"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("里面.zip", made.packed({"名单.txt": "看不见".encode()})),
        ("里面.docx", made.packed({"名单.txt": "看不见".encode()})),
        ("照片.jpg", "看不见看不见看不见看不见".encode()),
        ("空.doc", b"1"),
        ("网页.doc", b"<!DOCTYPE html><script>1</script><p>404"),
        ("空.txt", b""),
    ],
)
def test_what_is_no_document_is_only_named(name: str, data: bytes) -> None:
    answer = document.read(made.packed({name: data}), "1.zip")
    assert [page.text for page in answer.pages] == [name]


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("1.pdf", made.pdf(["看不见"], password="1949"), "encrypted"),
        ("1.pdf", b"%PDF-1.7\nnothing", "broken"),
        ("1.docx", made.words("文字")[:-40], "broken"),
        ("1.docx", partial(made.bomb, "word/document.xml", 2**28 + 2**20), "too-large"),
        ("1.docx", made.packed({"word/document.xml": b"<w"}), "broken"),
    ],
)
def test_a_document_that_is_not_read_is_named(
    name: str, data: bytes | Callable[[], bytes], state: str
) -> None:
    data = data if isinstance(data, bytes) else data()
    answer = document.read(made.packed({name: data, "2.txt": b"two"}), "1.zip")
    assert (answer.state, answer.detail) == (
        "partly-read",
        f"not read of the files in it: {name} ({state})",
    )
    assert answer.pages[1] == ("two", "2.txt")


def test_a_member_is_read_up_to_its_limit_whatever_its_table_says() -> None:
    bomb = made.bomb("1.txt", 2**26)
    answer = document.read(bomb, "1.zip")
    assert (answer.state, len(answer.pages)) == ("partly-read", 1)
    lying = bomb.replace((2**26).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert lying != bomb
    assert len(document.read(lying, "1.zip").pages) == 1


def test_documents_beyond_the_limits_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made.packed({f"{n}.txt": b"text" for n in range(6)})
    monkeypatch.setattr(members, "MOST_MEMBERS", 2)
    answer = document.read(data, "1.zip")
    assert (answer.state, len(answer.pages)) == ("partly-read", 3)
    assert answer.detail == (
        "not read of the files in it: 2.txt (too-large), 3.txt (too-large), 4.txt (too-large), …"
    )
    monkeypatch.setattr(members, "MOST_MEMBERS", 9)
    monkeypatch.setattr(members, "MOST_TOGETHER", 10)
    assert len(document.read(data, "1.zip").pages) == 3


def test_names_in_gbk_are_those_of_the_pages() -> None:
    data = made.named_in_gbk(["名册.txt", "附件/说明.txt"])
    assert document.read(data, "1.zip").pages == (
        ("名册.txt\n附件/说明.txt", None), ("1", "名册.txt"), ("1", "附件/说明.txt"),
    )  # fmt: skip


@pytest.mark.e2e  # documents are read in a process of their own
def test_a_word_in_a_member_is_found_by_search(tmp_path: Path) -> None:
    data = made.packed({"表/名单.docx": made.words("沙袋清单"), "说明.txt": "编织袋说明".encode()})
    file = Attached(href="/f/1.zip", label="附件1.zip", data=data)
    crawl(tmp_path, [Notice(number=1, files=[file])])
    with Archive(tmp_path) as archive:
        archive.index()
        (hit,) = archive.search("沙袋")
        assert (hit.attachment, hit.attachment_unit, hit.attachment_label) == (
            "1.zip",
            "file",
            "表/名单.docx",
        )
        (hit,) = archive.search("沙袋 编织袋")
        live = dump(tmp_path)
        assert not archive.verify()
        archive.rebuild()
    assert dump(tmp_path) == live
    units = rows(tmp_path, "SELECT number, unit, label FROM attachment_text ORDER BY number")
    assert [tuple(row.values()) for row in units] == [
        (1, "names", None), (2, "file", "表/名单.docx"), (3, "file", "说明.txt"),
    ]  # fmt: skip
