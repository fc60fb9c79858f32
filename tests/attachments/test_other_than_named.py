"""Files that are something else than their name: read by their bytes."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from archive.attachments import document
from tests.attachments import made
from tests.attachments.test_document import texts

pytestmark = pytest.mark.slow  # tries many inputs

OFFICE = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office' xmlns:x='urn:schemas-microsoft-com:office:excel'>"
    "<head><meta charset={charset}><meta name=ProgId content=Word.Document><title>x</title>"
    "<!--[if gte mso 9]><xml><w:View>Print</w:View></xml><![endif]--><style>p {{margin:0}}</style></head>"
    "<body><xml><o:Author>admin</o:Author></xml>{body}</body></html>"
)
TABLE = (
    "<table><tr><td>姓名</td><td>街道</td></tr><tr><td>周远航</td><td>临江街道</td></tr></table>"
)
ROWS = "姓名\t街道\n周远航\t临江街道"
BODY = "<p class=MsoNormal>一、防汛<span lang=EN-US>2031</span>年预案<o:p></o:p></p><p>二、附则</p>"
WORDS = "一、防汛2031年预案\n二、附则"


def html(body: str, charset: str) -> bytes:
    return OFFICE.format(body=body, charset=charset).encode(charset)


def mht(charset: str, coding: str) -> bytes:
    message = EmailMessage()
    message.set_content("x", subtype="html", charset=charset)
    message.set_content(
        OFFICE.format(body=BODY, charset=charset), subtype="html", charset=charset, cte=coding
    )
    message.add_related(b"\x89PNG", "image", "png")
    return b"From: <Saved by WPS>\r\nSubject:\r\n" + message.as_bytes()


SHEET_XML = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="名单"><Table><Row><Cell><Data ss:Type="String">姓名</Data></Cell><Cell ss:Index="3">'
    '<Data ss:Type="String">街道</Data></Cell></Row></Table></Worksheet></Workbook>'
)  # fmt: skip
WORD_XML = (
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>防汛</w:t>'
    "</w:r><w:r><w:t>预案</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r>"
    "<w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:wordDocument>"
)  # fmt: skip
OPEN_TEXT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    "<text:h>防汛</text:h><text:p>第<text:span>一</text:span>条</text:p></office:text></office:body>"
    "</office:document-content>"
)
RTF = rb"{\rtf1\ansi\ansicpg936 \'b7\'c0\'d1\'b4}"


@pytest.mark.parametrize(
    ("data", "file_name", "expected"),
    [
        (html(BODY, "gb2312"), "1.doc", WORDS),
        (html(BODY, "utf-8"), "预案.docx", WORDS),
        (html(TABLE, "gb2312"), "1.xls", ROWS),
        (html(TABLE, "utf-8"), "d", ROWS),
        (html(BODY, "gb2312"), "1.pdf", WORDS),
        (TABLE.encode("gbk"), "1.xls", ROWS),
        (b"\xef\xbb\xbf" + TABLE.encode(), "1.xlsx", ROWS),
        (f"<html><body>{TABLE}</body></html>".encode(), "1.et", ROWS),
        (mht("gb2312", "quoted-printable"), "1.doc", WORDS),
        (mht("utf-8", "base64"), "1.xls", WORDS),
        (mht("utf-8", "8bit"), "1.mht", WORDS),
        (SHEET_XML.encode(), "1.xls", "名单\n姓名\t\t街道"),
        (WORD_XML.encode(), "1.doc", "防汛预案\n甲\t乙"),
        ("防汛预案\r\n第一条".encode("gbk"), "1.doc", "防汛预案\n第一条"),
        ("防汛预案\n第一条".encode(), "1.pdf", "防汛预案\n第一条"),
        ("姓名,街道\n周远航,临江街道\n".encode("gbk"), "1.xls", "姓名,街道\n周远航,临江街道"),
        ("姓名\t街道\n".encode("utf-16"), "1.xls", "姓名\t街道"),
        ("\ufeff姓名;街道".encode(), "1.xlsx", "姓名;街道"),
        (RTF, "1.doc", "防汛"),
        (b"\r\n" + RTF, "1.docx", "防汛"),
        (made.words("防汛预案"), "1.wps", "防汛预案"),
        (made.sheets({"名单": [["张三"]]}), "1.xls", "名单\n张三"),
        (made.old_sheets({"名单": [["张三"]]}), "1.xlsx", "名单\n张三"),
        (made.sheets({"名单": [["张三"]]}), "1.doc", "名单\n张三"),
        (made.pdf(["防汛预案"]), "1.doc", "防汛预案"),
        (made.words("防汛预案"), "1.pdf", "防汛预案"),
        (made.packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": OPEN_TEXT.encode()}), "1.doc", "防汛\n第一条"),
    ],
)  # fmt: skip
def test_it_is_read_by_its_bytes(data: bytes, file_name: str, expected: str) -> None:
    answer = document.read(data, file_name)
    assert (answer.state, answer.detail, texts(answer)) == ("read", None, (expected,))


def test_a_document_with_macros_is_read() -> None:
    data = made.words("防汛预案", ["甲", "乙"])
    plain = b"wordprocessingml.document.main+xml"
    macros = made.repacked(
        data, "[Content_Types].xml", lambda xml: xml.replace(plain, b"x-docm+xml")
    )

    assert texts(document.read(macros, "1.docm")) == ("防汛预案\n甲\t乙",)


@pytest.mark.parametrize(
    ("data", "file_name"),
    [
        ("<html><head><script src='/a.js'></script></head><body><table><tr><td>1</td><td>2</td></tr>"
         "<tr><td>3</td><td>4</td></tr></table></body></html>", "1.xls"),
        ("<html><body><h1>404 Not Found</h1><p>" + "您访问的文件不在这里。" * 20 + "</p></body></html>", "1.doc"),
        ("<html><body><p>您访问的页面不存在</p></body></html>", "1.docx"),
        ("<html><body><p>" + "会议要求落实责任。" * 20 + "</p></body></html>", "1.pdf"),
        ("<html><body><form action='/login'>" + "请输入验证码后下载附件。" * 10 + "</form></body></html>", "1.doc"),
        ('{"code": 404, "msg": "文件不存在"}', "1.doc"),
    ],
)  # fmt: skip
def test_an_answer_of_the_site_in_its_place_is_no_document(data: str, file_name: str) -> None:
    assert document.read(data.encode(), file_name).state == "unsupported"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03",
        b"GIF89a\x01\x00",
        b"\x7fELF",
        "文".encode("gbk") + b"\xff\xff",
        b"Rar!\x1a\x07\x01",
        b"\xff\xfe\x00\xd8\x00\xd8",
    ],
)
def test_what_is_no_text_is_none(data: bytes) -> None:
    assert document.read(data, "1.doc").state == "unsupported"


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\n--x--",
    ],
)
def test_a_damaged_one_says_so(data: bytes) -> None:
    assert document.read(data, "1.doc").state == "broken"


def test_an_entity_of_a_word_xml_is_not_read() -> None:
    bomb = WORD_XML.replace(
        "<w:wordDocument", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:wordDocument'
    )
    answer = document.read(bomb.replace(">防汛<", ">&e;<").encode(), "1.doc")
    assert "root" not in "".join(texts(answer))
