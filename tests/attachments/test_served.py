"""What came behind the link of an attachment: by bytes, header and name; and what the rows say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.attachments.served import is_web_page
from tests.attachments import made
from tests.conftest import dump, rows
from tests.rigs.attached import Attached, Notice, crawl

HTML = b"<!DOCTYPE html><html><body>\xe6\x96\x87</body></html>"
WORD = b"<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><p>1</p></body></html>"
NAMED = b"attachment; filename=" + "附件1.doc".encode("gbk")
MEDIA = (
    "SELECT url, capture IS NOT NULL AS here FROM media WHERE kind = 'attachment' ORDER BY position"
)


@pytest.mark.parametrize(
    ("content_type", "disposition", "beginning"),
    [
        ("text/html", None, HTML),
        (None, None, b"\xef\xbb\xbf\r\n <!-- x --><HTML lang=zh>"),
        ("application/octet-stream", None, b"<script>alert('no such file')</script>"),
        ("text/html; charset=GBK", None, "文件不存在".encode("gbk")),
        ("application/json", None, b'{"code":404}'),
        ("application/octet-stream", "attachment; filename=1.html", HTML),
        ("text/html", None, "<html>".encode("utf-16")),
        (None, None, b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>"),
    ],
)
def test_a_page(content_type: str | None, disposition: str | None, beginning: bytes) -> None:
    assert is_web_page(content_type, disposition, beginning)


@pytest.mark.parametrize(
    ("content_type", "disposition", "beginning"),
    [
        ("application/pdf", None, b"%PDF-1.4"),
        ("text/html", None, b"\n%PDF-1.4"),
        ("text/html;charset=utf-8", None, b"PK\x03\x04"),
        (None, None, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("application/octet-stream", NAMED.decode("latin-1"), HTML),
        ("application/msword", None, HTML),
        ("text/html", None, WORD),
        ("text/html", "attachment; filename*=UTF-8''%E5%90%8D.xls", b"<table><tr>"),
        ("text/plain", None, "姓名,街道".encode("gbk")),
        (None, None, b"MIME-Version: 1.0\r\n"),
        ("image/jpeg", None, b"\xff\xd8\xff\xe0"),
        ("application/octet-stream", None, b"\x00\x01\x02"),
    ],
)
def test_a_file(content_type: str | None, disposition: str | None, beginning: bytes) -> None:
    assert not is_web_page(content_type, disposition, beginning)


def linked(href: str, label: str, data: bytes, head: bytes = b"") -> Attached:
    return Attached(href=href, label=label, data=data, head=head)


@pytest.mark.e2e  # documents are read in a process of their own
def test_what_the_server_sent_decides_on_a_link_that_names_no_file(tmp_path: Path) -> None:
    crawl(
        tmp_path,
        [
            Notice(
                number=1,
                files=[
                    linked("/d?id=1", "附件1", made.pdf(["第一批名单"]), b"Content-Disposition: " + NAMED.replace(b"doc", b"pdf") + b"\r\n"),
                    linked("/d?id=2", "附件2", HTML),
                    linked("/d?id=3", "附件3：办法.pdf", HTML + b" "),
                    linked("/d?id=4", "附件4", HTML),  # of which a revisit is recorded
                    linked("/d?id=5", "附件5", made.words("防汛预案")),
                    linked("/f/6.pdf", "附件6", HTML),
                    linked("/d?id=7", "打印本页", made.pdf(["不是附件"])),
                ],
            )
        ],
    )  # fmt: skip
    with Archive(tmp_path) as archive:
        archive.index()
    at = "http://www.yunxi.gov.cn"
    assert [row["url"] for row in rows(tmp_path, MEDIA)] == [
        f"{at}/d?id=1", f"{at}/d?id=5", f"{at}/f/6.pdf",
    ]  # fmt: skip
    texts = rows(tmp_path, "SELECT file_name, state, text FROM attachment_text ORDER BY pk")
    assert sorted(tuple(row.values()) for row in texts) == [
        ("6.pdf", "unsupported", ""),
        ("d", "read", "防汛预案"),
        ("附件1.pdf", "read", "第一批名单"),
    ]
    live = dump(tmp_path)
    with Archive(tmp_path) as archive:
        assert not archive.verify()
        archive.rebuild()
    assert dump(tmp_path) == live


@pytest.mark.e2e  # as before
@pytest.mark.parametrize("runs", [(1, 2), (2, 1)])
def test_a_file_that_came_another_time_takes_the_place_of_a_page(
    tmp_path: Path, runs: tuple[int, int]
) -> None:
    page = linked("/d?id=1", "附件1", HTML)
    of_run = {1: page, 2: dataclasses.replace(page, data=b"%PDF-1.7\nnothing")}
    for run in runs:
        crawl(tmp_path, [Notice(number=1, files=[of_run[run]])], run=run)
        with Archive(tmp_path) as archive:
            archive.index()
    assert [tuple(row.values()) for row in rows(tmp_path, MEDIA)] == [
        ("http://www.yunxi.gov.cn/d?id=1", 1)
    ]
    (file,) = rows(
        tmp_path, "SELECT c.payload_kind FROM media m JOIN captures c ON c.id = m.capture"
    )
    assert file["payload_kind"] == "file"
