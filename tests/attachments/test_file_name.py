"""How a file is called."""

from __future__ import annotations

import pytest

from archive.attachments.file_name import file_name

PAGE = "https://www.yunxi.example"


@pytest.mark.parametrize(
    ("url", "disposition", "name"),
    [
        ("/a/P020240305.pdf", None, "P020240305.pdf"),
        ("/a/%E9%99%84%E4%BB%B61.docx?x=1", None, "附件1.docx"),
        ("/a/%B8%BD%BC%FE1.docx", None, "附件1.docx"),
        ("/download.jsp?id=3&file=%CC%A8%D5%CB.xls", None, "台账.xls"),
        ("/download.jsp?id=3", None, "download.jsp"),
        ("/", None, "www.yunxi.example"),
        ("/d?id=3", 'attachment; filename="plan.pdf"', "plan.pdf"),
        ("/d?id=3", "attachment; filename*=UTF-8''%E6%96%B9%E6%A1%88.pdf; filename=x", "方案.pdf"),
        ("/d?id=3", "attachment; filename=x; filename*=gbk''%B7%BD%B0%B8.pdf", "方案.pdf"),
        ("/d", "attachment; filename=" + "方案.pdf".encode("gbk").decode("latin-1"), "方案.pdf"),
        ("/d", 'inline; filename="' + "方案.pdf".encode().decode("latin-1") + '"', "方案.pdf"),
        ("/d", "attachment; filename=%E6%96%B9%E6%A1%88.pdf", "方案.pdf"),
        ("/d", 'attachment; filename="C:\\\\x\\\\plan.pdf"', "plan.pdf"),
        ("/d", 'attachment; filename="../../plan\x01.pdf"', "plan.pdf"),
        ("/a/b.pdf", "attachment", "b.pdf"),
        ("/a/b.pdf", "attachment; filename=", "b.pdf"),
    ],
)
def test_the_name_is_that_of_the_server_else_of_the_address(
    url: str, disposition: str | None, name: str
) -> None:
    assert file_name(PAGE + url, disposition) == name


def test_a_name_is_no_longer_than_file_systems_take() -> None:
    assert len(file_name(PAGE + "/" + "a" * 9999, None)) == 255
