"""Tables whose cells reach over several columns and rows, as Markdown."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from archive.page.markdown import markdown
from archive.page.page import Page
from archive.page.paragraphs import blocks

TABLES = {
    "over columns": (
        "<tr><th colspan=2>姓名</th><th>分数</th></tr><tr><td>赵</td><td>敏</td><td>90</td></tr>",
        ["| 姓名 |  | 分数 |", "| 赵 | 敏 | 90 |"],
    ),
    "over rows": (
        "<tr><td rowspan=2>城区</td><td>一中</td></tr><tr><td>二中</td></tr><tr><td>乡镇</td><td>三中</td></tr>",
        ["| 城区 | 一中 |", "|  | 二中 |", "| 乡镇 | 三中 |"],
    ),
    "both": (
        "<tr><td rowspan=2 colspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr><tr><td>1</td><td>2</td><td>3</td></tr>",
        ["| 甲 |  | 乙 |", "|  |  | 丙 |", "| 1 | 2 | 3 |"],
    ),
    "at the end": (
        "<tr><td>一</td><td rowspan=3>备注</td></tr><tr><td>二</td></tr><tr><td>三</td></tr>",
        ["| 一 | 备注 |", "| 二 |  |", "| 三 |  |"],
    ),
    "nonsense": (
        "<tr><td colspan=0 rowspan=-1>一</td><td colspan=x>二</td></tr><tr><td>三</td><td>四</td></tr>",
        ["| 一 | 二 |", "| 三 | 四 |"],
    ),
    "a row of nothing": (
        "<tr><td rowspan=3>甲</td><td>1</td></tr><tr></tr><tr><td>3</td></tr>",
        ["| 甲 | 1 |", "|  | 3 |"],
    ),
}


def written(rows: str) -> list[str]:
    body = fragment_fromstring(f"<div><table>{rows}</table></div>")
    page = Page(url="https://www.yunxi.example/1.html", body=b"<p>")
    lines = [text for _, text in blocks(body)]
    return [line for line in markdown(body, lines, page).split("\n") if "---" not in line]


@pytest.mark.parametrize("name", TABLES)
def test_a_cell_has_its_columns(name: str) -> None:
    rows, lines = TABLES[name]

    assert written(rows) == lines


def test_a_table_does_not_grow_without_bound() -> None:
    row = "<tr>" + "<td colspan=1000 rowspan=65534>一</td>" * 600 + "</tr>"

    lines = written(row + "<tr><td>二</td></tr>" * 20)

    assert max(line.count("|") for line in lines) < 1000
    assert sum("二" in line for line in lines) == 20
