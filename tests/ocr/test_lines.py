"""Lines of long pictures: each once, in order, and words found across line ends with their boxes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from archive.ocr.lines import BAND, SHARED, Box, TextLine, bands, boxes_of, joined, running_text


def line(text: str, left: int, top: int, height: int = 30, confidence: float = 0.99) -> TextLine:
    """A line of square characters."""
    lefts = tuple(left + height * number for number in range(len(text)))
    return TextLine(text, (left, top, height * len(text), height), confidence, lefts)


@pytest.mark.parametrize("height", [1, 29, SHARED, BAND - 1, BAND, BAND + 1, 3000, 7777, 20_000])
def test_bands_cover_a_picture_and_share_enough(height: int) -> None:
    cut = bands(height)
    assert cut[0][0] == 0 and cut[-1][1] == height
    assert all(0 < bottom - top <= BAND for top, bottom in cut)
    for (_, bottom), (top, _) in pairwise(cut):
        assert bottom - top == SHARED


CUTS: dict[str, tuple[list[TextLine], list[TextLine], list[str]]] = {
    "both bands see it": ([line("防汛通知", 60, 1500)], [line("防汛通知", 60, 1500)], ["防汛通知"]),
    "two pixels apart": ([line("防汛通知", 60, 1500)], [line("防汛通知", 58, 1502)], ["防汛通知"]),
    "the upper one cut it": (
        [line("防汛逼知", 60, 1585, 15)],
        [line("防汛通知", 60, 1580)],
        ["防汛通知"],
    ),
    "the lower one cut it": (
        [line("防汛通知", 60, 1345)],
        [line("防汛逼知之一", 60, 1360)],
        ["防汛通知"],
    ),
    "only the upper one sees it": ([line("防汛通知", 60, 1500)], [], ["防汛通知"]),
    "only the lower one sees it": ([], [line("防汛通知", 60, 1500)], ["防汛通知"]),
    "the same words twice, one under the other": (
        [line("防汛", 60, 1400), line("防汛", 60, 1450)],
        [line("防汛", 60, 1400), line("防汛", 60, 1450)],
        ["防汛", "防汛"],
    ),
    "side by side": (
        [line("右栏", 400, 1401), line("左栏", 60, 1405), line("下行", 60, 1450)],
        [line("左栏", 60, 1405)],
        ["左栏", "右栏", "下行"],
    ),
}


@pytest.mark.parametrize("case", CUTS)
def test_a_line_is_there_once_whatever_band_saw_it(case: str) -> None:
    upper, lower, texts = CUTS[case]
    first, second = bands(3000 - SHARED)
    assert [each.text for each in joined([(first, upper), (second, lower)], 2760)] == texts


RUNNING = {
    "a full line goes on": ([("今日起全市进入汛", 60, 100), ("期", 60, 145)], "今日起全市进入汛期"),
    "an indent of two characters": (
        [("各县区各部门", 120, 100), ("要值班", 60, 145)],
        "各县区各部门要值班",
    ),
    "a full stop ends it": (
        [("各县区要值班。", 60, 100), ("下一段", 60, 145)],
        "各县区要值班。\n下一段",
    ),
    "a short line ends it": (
        [("通知", 60, 100), ("各县区各部门要值班", 60, 145)],
        "通知\n各县区各部门要值班",
    ),
    "a gap ends it": ([("各县区各部门", 60, 100), ("附件一", 60, 300)], "各县区各部门\n附件一"),
    "nothing": ([], ""),
}


@pytest.mark.parametrize("case", RUNNING)
def test_a_paragraph_is_one_line_of_text(case: str) -> None:
    lines, text = RUNNING[case]
    assert running_text([line(*each) for each in lines]) == text


def test_a_heading_in_larger_letters_is_a_line_of_its_own() -> None:
    assert (
        running_text([line("汛期通知", 60, 100, 60), line("各县区", 60, 170)]) == "汛期通知\n各县区"
    )


@pytest.mark.parametrize(
    ("word", "boxes"),
    [
        ("全市", [(150, 100, 60, 30)]),
        ("今日", [(60, 100, 60, 30)]),
        ("汛期", [(240, 100, 30, 30), (60, 145, 30, 30)]),
        ("期来临", [(60, 145, 90, 30)]),
        ("通知", [(60, 190, 60, 30)]),
    ],
)
def test_a_word_is_shown_in_its_box(word: str, boxes: list[Box]) -> None:
    lines = [line("今日起全市进汛", 60, 100), line("期来临。", 60, 145), line("通知", 60, 190)]
    text = running_text(lines)
    start = text.index(word)
    assert boxes_of(lines, text, start, start + len(word)) == boxes
