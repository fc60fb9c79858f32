"""Documents of Word 97 to 2003 and of WPS, and RTF served as .doc."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.attachments.document import read
from tests.attachments.compound import ENCRYPTED, compound, word

WRITTEN = Path(__file__).with_name("libreoffice.doc")
LINE = "云溪县新增公共充电桩一百二十个"


def text(data: bytes, name: str = "1.doc") -> str:
    """The text of a document, which is one page."""
    answer = read(data, name)
    assert (answer.state, answer.unit, len(answer.pages)) == ("read", "text", 1), answer
    return answer.pages[0].text


def test_a_document_of_an_office_program_is_read() -> None:
    assert text(WRITTEN.read_bytes()).split("\n") == [
        "云溪县充电桩建设方案",
        "全县新增公共充电桩一百二十个，详见县政府网站。",
        "姓名\t职务",
        "赵敏",
        "钱进\t科员 Office",
        "Plain ASCII paragraph – with “quotes”.",
    ]


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([f"{LINE}\r第二段\r"], [LINE, "第二段"]),
        ([f"{LINE}\r", b"in one byte \x93quoted\x94\r", "末段\r"], [LINE, "in one byte “quoted”", "末段"]),
        (["详见\x13 HYPERLINK \"http://a.example\" \x14县政府\x15网站\r"], ["详见县政府网站"]),
        (["一\x13 IF \x13 PAGE \x142\x15 = 1 \x14二\x15三\r"], ["一二三"]),
        (["姓名\x07职务\x07\x07赵敏\x07科员\x07\x07"], ["姓名\t职务", "赵敏\t科员"]),
        (["图\x01后\x08文\x02\r行\x0b换\x0c页\r"], ["图后文", "行", "换", "页"]),
        (["两\x1e个\x1f字\r"], ["两-个字"]),
    ],
    ids=["paragraphs", "two encodings", "a field", "fields in fields", "a table", "marks", "hyphens"],
)  # fmt: skip
def test_what_word_writes_besides_is_no_text(pieces: list[str | bytes], lines: list[str]) -> None:
    assert text(word(pieces)).split("\n") == lines


def test_notes_and_boxes_are_read_and_headers_are_not() -> None:
    document = word(["正文\r", "脚注\r", "页眉\r", "文本框\r"], extra=[3, 3, 0, 0, 0, 4])

    assert text(document, "方案.wps").split("\n") == ["正文", "脚注", "文本框"]


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (word([LINE], flags=ENCRYPTED), "encrypted"),
        (word([LINE], version=0x65), "unsupported"),
        (compound({"WordDocument": bytes(2048), "1Table": b""}), "unsupported"),
        (compound({"WordDocument": word([LINE])[512:2048]}), "broken"),
        (compound({"PowerPoint Document": b"slides"}), "unsupported"),
        (compound({"EncryptedPackage": b"locked"}), "encrypted"),
        (word([LINE])[:1500], "broken"),
        (word([""]), "no-text"),
    ],
    ids=["password", "Word 6", "zeros", "no table", "slides", "locked docx", "cut", "nothing"],
)
def test_what_cannot_be_read_is_named(data: bytes, state: str) -> None:
    answer = read(data, "1.doc")

    assert (answer.state, answer.pages) == (state, ()), answer


@pytest.mark.parametrize(
    "escaped",
    [
        "".join(f"\\'{byte:02x}" for byte in LINE.encode("gbk")),
        "".join(f"\\u{ord(sign) - (65536 if ord(sign) > 32767 else 0)}?" for sign in LINE),
    ],
    ids=["GBK", "Unicode"],
)
def test_rich_text_is_read(escaped: str) -> None:
    data = rf"{{\rtf1\ansi\ansicpg936\deff0{{\fonttbl{{\f0 SimSun;}}}}\f0 {escaped}\par }}".encode()

    assert text(data) == LINE
