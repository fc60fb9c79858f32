"""The text of documents of each kind, and why others have none."""

from __future__ import annotations

import pytest

from archive.attachments import document, text
from archive.attachments.text import DocumentText
from tests.attachments import made
from tests.attachments.compound import compound

pytestmark = pytest.mark.slow  # tries many inputs

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ROWS = [["姓名", "街道"], ["周远航", "临江街道"]]


def texts(answer: DocumentText) -> tuple[str, ...]:
    return tuple(page.text for page in answer.pages)


@pytest.mark.parametrize(
    ("data", "file_name", "pages"),
    [
        (
            made.pdf(["第一批补助名单", "第二批补助名单"]),
            "1.pdf",
            ("第一批补助名单", "第二批补助名单"),
        ),
        (b"\n\n" + made.pdf(["前面有空行"]), "/download.jsp?id=3", ("前面有空行",)),
        (made.words("防汛预案", ["甲", "乙"]), "1.docx", ("防汛预案\n甲\t乙",)),
        (made.words("名字说是旧格式"), "1.DOC", ("名字说是旧格式",)),
        (
            made.sheets({"名单": [["张三", 12.0, 0.5]], "空": []}),
            "1.xlsx",
            ("名单\n张三\t12\t0.5", "空"),
        ),
        (made.old_sheets({"名单": [["张三", 12.0]]}), "1.xls", ("名单\n张三\t12",)),
        (made.slides(["年度工作", "下一步安排"]), "1.pptx", ("年度工作", "下一步安排")),
        (
            made.ofd(["关于做好防火工作的通知", "附则"]),
            "1.ofd",
            ("关于做好防火工作的通知", "附则"),
        ),
        (made.table(ROWS, "gbk"), "1.csv", ("姓名,街道\n周远航,临江街道",)),
        (made.table(ROWS, "utf-8-sig"), "1.CSV", ("姓名,街道\n周远航,临江街道",)),
        (made.table(ROWS, "utf-16"), "1.txt", ("姓名,街道\n周远航,临江街道",)),
        (
            made.named_in_gbk(["申报表.doc", "附件/说明.pdf"]),
            "1.zip",
            ("申报表.doc\n附件/说明.pdf",),
        ),
        (made.packed({"申报表.doc": b"1"}), "1.zip", ("申报表.doc",)),
    ],
)
def test_the_text_of_a_document_is_read_by_its_bytes(
    data: bytes, file_name: str, pages: tuple[str, ...]
) -> None:
    answer = document.read(data, file_name)
    assert (answer.state, answer.detail) == ("read", None)
    assert texts(answer) == tuple(page.strip() for page in pages)


@pytest.mark.parametrize(
    ("data", "file_name", "state"),
    [
        (made.pdf(["", ""]), "1.pdf", "no-text"),
        (made.packed({}), "1.zip", "no-text"),
        (made.pdf(["看不见"], password="1949"), "1.pdf", "encrypted"),
        (compound({"EncryptedPackage": b"locked"}), "1.docx", "encrypted"),
        (b"%PDF-1.7\nnothing", "1.pdf", "broken"),
        (made.words("文字")[:-40], "1.docx", "broken"),
        (made.packed({"word/document.xml": b"<w"}), "1.docx", "broken"),
        (made.packed({"OFD.xml": b"<a><DocRoot>D.xml</DocRoot></a>"}), "1.ofd", "broken"),
        (COMPOUND + "Workbook".encode("utf-16-le"), "1.xls", "broken"),
        (b"", "1.pdf", "broken"),
        (b"\xff\xff\x80", "1.csv", "broken"),
        (COMPOUND + "WordDocument".encode("utf-16-le"), "1.doc", "broken"),
        (b"<!DOCTYPE html><p>404", "1.pdf", "unsupported"),
        (b"Rar!\x1a\x07", "1.rar", "unsupported"),
    ],
)
def test_a_document_without_text_says_why(data: bytes, file_name: str, state: str) -> None:
    answer = document.read(data, file_name)
    assert answer.state == state
    assert not answer.pages
    assert bool(answer.detail) == (state != "no-text")


def test_a_bomb_is_refused_by_its_own_table_and_its_names_are_read() -> None:
    size = text.MOST_UNPACKED + 2**20
    assert document.read(made.bomb("word/document.xml", size), "1.docx").state == "too-large"
    assert document.read(made.bomb("大.bin", size), "1.zip").pages == (("大.bin", None),)


def test_pages_and_characters_beyond_the_limits_are_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = made.pdf(["一二三四", "五六七八", "九十"])
    monkeypatch.setattr(text, "MOST_PAGES", 2)
    answer = document.read(data, "1.pdf")
    assert (answer.state, texts(answer)) == ("partly-read", ("一二三四", "五六七八"))
    monkeypatch.setattr(text, "MOST_CHARACTERS", 6)
    answer = document.read(data, "1.pdf")
    assert (answer.state, texts(answer)) == ("partly-read", ("一二三四", "五六"))
    assert "6 characters" in (answer.detail or "")


def test_a_word_on_the_last_of_500_pages_has_its_number() -> None:
    answer = document.read(made.pdf([f"第{n}页" for n in range(1, 501)]), "1.pdf")
    assert len(answer.pages) == 500
    assert texts(answer).index("第500页") == 499


def test_an_entity_of_an_ofd_is_not_read() -> None:
    page = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a><DocRoot>&e;</DocRoot></a>'
    assert document.read(made.packed({"OFD.xml": page}), "1.ofd").state != "read"
