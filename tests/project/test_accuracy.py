"""The benchmark of accuracy scores what it says: each measure, on answers whose worth is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.accuracy.__main__ import main
from benchmarks.accuracy.gold import GoldPage, pages
from benchmarks.accuracy.scores import Answer, means, score
from benchmarks.accuracy.unseen import Unseen

TEXT = "云溪县召开防汛工作会议，部署下一阶段各项工作。\n会议要求各镇各部门落实责任，确保安全度汛。"
GOLD = {
    "url": "http://www.yunxi.gov.cn/1.html",
    "kind": "gov",
    "title": ["云溪县召开防汛工作会议"],
    "date": "2031-03-05",
    "time": "2031-03-05 09:05",
    "author": None,
    "source": ["云溪县融媒体中心"],
    "text": TEXT,
    "optional": ["责任编辑：赵敏"],
}
RIGHT = Answer(
    text=TEXT,
    title="云溪县召开防汛工作会议",
    published="2031-03-05T09:05:00+08:00",
    names=("云溪县融媒体中心",),
)


@pytest.fixture
def page(tmp_path: Path) -> GoldPage:
    """One page with gold, read from a folder."""
    return next(pages(folder(tmp_path, GOLD)))


def folder(path: Path, *gold: dict[str, object]) -> Path:
    """A folder of pages with gold."""
    for number, right in enumerate(gold):
        body = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
        (path / f"{number}.html").write_text(
            f"<title>云溪县召开防汛工作会议</title><h1>云溪县召开防汛工作会议</h1>"
            f"<p>2031-03-05 09:05 来源：云溪县融媒体中心</p><div class='only-here'>{body}</div>",
            "utf-8",
        )
        (path / f"{number}.json").write_text(json.dumps(right), "utf-8")
    return path


def test_what_is_right_scores_one(page: GoldPage) -> None:
    assert set(score(page, RIGHT).values.values()) == {1.0}


@pytest.mark.parametrize(
    ("wrong", "measure", "value"),
    [
        (Answer(), "f1", 0.0),
        (Answer(text=TEXT.split("\n")[0]), "precision", 1.0),
        (Answer(text=f"{TEXT}责任编辑：赵敏"), "f1", 1.0),
        (Answer(title="云溪县召开防汛工作会议_云溪县"), "title", 0.0),
        (Answer(published="2031年3月5日"), "day", 1.0),
        (Answer(published="2031年3月5日"), "minute", 0.0),
        (Answer(published="2031-03-05 9:05"), "minute", 1.0),
        (Answer(published="2031-03-06T09:05:00"), "minute", 0.0),
        (Answer(names=("云",)), "names", 0.0),
        (Answer(names=("来源：云溪县融媒体中心",)), "names", 1.0),
    ],
)
def test_each_measure_is_of_its_own_field(
    page: GoldPage, wrong: Answer, measure: str, value: float
) -> None:
    assert score(page, wrong).values[measure] == value


def test_a_text_in_half_has_half_of_its_recall(page: GoldPage) -> None:
    half = score(page, Answer(text=TEXT[: len(TEXT) // 2])).values
    assert half["precision"] > 0.9 and 0.4 < half["recall"] < 0.6


def test_a_page_without_text_is_right_where_nothing_comes_out(tmp_path: Path) -> None:
    empty, dead = pages(folder(tmp_path, {**GOLD, "text": ""}, {"kind": "negative"}))
    assert score(empty, Answer(text="首页")).values["f1"] == 1.0
    assert score(empty, Answer(text=TEXT)).values["f1"] == 0.0
    assert score(dead, Answer(text=TEXT)).values == {"silent": 0.0}


def test_a_mean_is_over_the_pages_that_have_the_measure(page: GoldPage) -> None:
    scores = [score(page, RIGHT), score(page, Answer())]
    assert means(scores)["title"] == 0.5 and "silent" not in means(scores)


def test_a_mark_of_one_site_alone_is_not_known_there(tmp_path: Path) -> None:
    marked = folder(tmp_path, GOLD, {**GOLD, "url": "http://www.shanhe.gov.cn/1.html"})
    first, second = marked / "0.html", marked / "1.html"
    first.write_text(first.read_text("utf-8").replace("only-here", "TRS_Editor"), "utf-8")
    both = list(pages(marked))
    assert Unseen(both).marks_of("yunxi.gov.cn") != set()
    second.write_text(second.read_text("utf-8").replace("only-here", "TRS_Editor"), "utf-8")
    assert Unseen(list(pages(marked))).marks_of("yunxi.gov.cn") == set()


def test_it_prints_a_row_for_each_reader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder(tmp_path, GOLD)), "--peers", "trafilatura"]) == 0
    rows = {line[:18].strip(): line[18:].split() for line in capsys.readouterr().out.splitlines()}
    assert rows["zhengwen"][:7] == ["1.000"] * 7
    assert rows["zhengwen, unseen"][0] == "1.000" and "trafilatura" in rows


def test_a_folder_without_pages_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no page with gold" in capsys.readouterr().err
