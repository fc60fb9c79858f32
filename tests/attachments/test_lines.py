"""Lines of print become running text where a line goes on in the next."""

from __future__ import annotations

import pytest

from archive.attachments.lines import running


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            ["各县（市、区）要加强堤防巡", "查，及时报告。"],
            "各县（市、区）要加强堤防巡查，及时报告。",
        ),
        (
            ["本次补助的对象为截至2020", "年底登记在册的农户，标准"],
            "本次补助的对象为截至2020年底登记在册的农户，标准",
        ),
        (
            ["关于防汛的通知", "各县（市、区）人民政府，市直各单位："],
            "关于防汛的通知\n各县（市、区）人民政府，市直各单位：",
        ),
        (
            ["一、加强巡查，落实责任到人。", "二、及时报告险情"],
            "一、加强巡查，落实责任到人。\n二、及时报告险情",
        ),
        (["张三丰", "李四光", "王五"], "张三丰\n李四光\n王五"),
        (
            ["the annual report of", "the bureau is long"],
            "the annual report of\nthe bureau is long",
        ),
        (["  前后的空格  ", ""], "前后的空格\n"),
        ([], ""),
    ],
)
def test_a_full_line_goes_on_in_the_next(lines: list[str], text: str) -> None:
    assert running(lines) == text
