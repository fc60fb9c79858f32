"""Counters in a body: how often a page was read is no part of its text, and makes no version."""

from __future__ import annotations

import pytest

from archive import extract
from archive.general.counters import without_counters
from archive.model import Article

COUNTERS = [
    "阅读 {}", "阅读{}", "浏览次数：{}", "【浏览次数：{}次】", "点击数: {}", "已有{}人阅读", "{}人阅读",
    "本文已被阅读{}次", "阅读 {}万+", "阅读 1.{}万", "点赞 35 转发 {} 评论 7", "（阅读 {}）", "Views: {}",
    "{} 阅读", "人气：{}℃", "访问人数：[{}]", "閱讀 {}", "浏览次数：", "浏览次数：次",
]  # fmt: skip
PROSE = [
    "全年访问量 35万人次，同比增长", "阅读", "2022年点击榜", "推荐 3 名候选人", "共有1022人参与", "分享 3 个经验",
    "下载：附件1.pdf", "阅读时间 5分钟", "访问 2024年的我们", "网站浏览量 1022 万次，创历史新高", "门户网站访问量\t1022",
    "全市公共图书馆接待读者阅读1022次。",
]  # fmt: skip
BODY = "<p>云溪县今年新增公共充电桩一百二十个，覆盖全部乡镇，今后还将继续增加。</p>" * 3


def read(line: str, place: str) -> Article:
    """An article of an invented site with a line before, after or within its body."""
    first, last = (f"<p>{line}</p>", "") if place == "before" else ("", f"<p>{line}</p>")
    page = f"""<html><head><title>充电桩建设进展</title></head><body><h1>充电桩建设进展</h1>
        <div>发布时间：2031-03-05 10:23 来源：云溪发布</div>
        <div class="content">{first}{BODY}{last}</div></body></html>"""
    article = extract(page.encode(), "https://www.yunxi.example/art/2031/3/5/art_1_2.html")
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("counter", COUNTERS)
def test_a_counter_makes_no_version(counter: str, place: str) -> None:
    first, later = (read(counter.format(number), place) for number in ("1022", "1057"))

    assert first.text == later.text == read("", place).text


@pytest.mark.parametrize("line", PROSE)
def test_what_an_author_counts_stays(line: str) -> None:
    assert without_counters([("p", line)]) == [("p", line)]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("来源：本网 作者：李某 阅读量：1022", "来源：本网 作者：李某"),
        ("2031-03-05 10:00 | 来源：云溪发布 | 浏览：1022 次", "2031-03-05 10:00 | 来源：云溪发布"),
        ("字体：大 中 小 浏览：1022", "字体：大 中 小"),
        ("文/李某 1022人浏览", "文/李某"),
        ("撰稿：李某 点赞 12", "撰稿：李某"),
    ],
)
def test_the_rest_of_the_line_stays(line: str, left: str) -> None:
    assert without_counters([("p", line)]) == [("p", left)]


def test_in_the_middle_of_a_long_text_a_number_is_the_authors() -> None:
    lines = [("p", "各馆情况如下"), *[("p", f"第{n}分馆") for n in range(9)]]
    lines.insert(5, ("p", "阅读 1022"))

    assert without_counters(lines) == lines
