"""Paragraphs are paired before their characters are compared: edited, moved, cut and put together."""

from __future__ import annotations

import random
from time import process_time

import pytest

from archive.history.paragraphs import Comparison, compare_paragraphs

RANDOM = random.Random(11)
SIGNS = [chr(0x4E00 + number) for number in range(2500)]
LINES = [
    "各乡镇要落实防汛责任，确保人民群众生命财产安全。",
    "水利部门做好水库调度，每日两次报告水位变化情况。",
    "应急部门储备物资，冲锋舟救生衣全部检修到位。",
    "教育部门开展安全教育，上下学沿途安排人员值守。",
    "交通部门巡查桥梁，发现隐患立即封闭并上报指挥部。",
    "卫健部门做好救治准备，各医院预留床位并安排值班医生。",
]


def paragraph(length: int = 100, chance: random.Random = RANDOM) -> str:
    return "".join(chance.choices(SIGNS, k=length))


def kinds(compared: Comparison) -> list[str]:
    return [each.kind for each in compared.paragraphs]


def sides(compared: Comparison) -> tuple[list[str], list[str]]:
    """The two texts as the comparison has them, paragraph by paragraph."""
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for each in compared.paragraphs:
        old = "".join(piece.text for piece in each.pieces if piece.kind != "added")
        new = "".join(piece.text for piece in each.pieces if piece.kind != "removed")
        if each.before is not None:
            before[each.before] = old
        if each.after is not None and each.kind != "moved away":
            after[each.after] = new
    return [before[n] for n in sorted(before)], [after[n] for n in sorted(after)]


def marked(compared: Comparison) -> list[str]:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return [
        "".join(marks[piece.kind].format(piece.text) for piece in each.pieces)
        for each in compared.paragraphs
        if each.kind not in ("same", "moved away")
    ]


CHANGES = {
    "an edit": (LINES, [LINES[0], LINES[1].replace("两次", "三次"), *LINES[2:]], ["edited"]),
    "every one edited": (LINES, [line.replace("部", "厅") + "。" for line in LINES], ["edited"]),
    "one moved up": (LINES, [LINES[4], *LINES[:4], LINES[5]], ["moved away", "moved here"]),
    "one moved down": (LINES, [*LINES[1:], LINES[0]], ["moved away", "moved here"]),
    "moved and edited": (
        LINES,
        [LINES[4].replace("立即", "马上"), *LINES[:4], LINES[5]],
        ["moved away", "moved here"],
    ),
    "two that changed places": (
        LINES,
        [LINES[5], *LINES[1:5], LINES[0]],
        ["moved away", "moved here"],
    ),
    "one added": (LINES, [*LINES[:3], "咨询电话见附件。", *LINES[3:]], ["added"]),
    "one removed": (LINES, [*LINES[:3], *LINES[4:]], ["removed"]),
    "one rewritten": (LINES, [*LINES[:3], "甲乙丙丁戊己庚辛。", *LINES[4:]], ["removed", "added"]),
    "one cut in two": (
        LINES,
        [*LINES[:2], *LINES[2].replace("，", "，\n").split("\n"), *LINES[3:]],
        ["edited"],
    ),
    "two put together": (LINES, [*LINES[:2], LINES[2] + LINES[3], *LINES[4:]], ["edited"]),
    "nothing before": ([], LINES, ["added", "removed"]),
    "nothing after": (LINES, [], ["added", "removed"]),
    "short ones that are alike by chance": (
        ["特此通告。", *LINES, "图"],
        ["图", *LINES, "特此通知。"],
        ["removed", "added"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_became_of_each_paragraph(name: str) -> None:
    before, after, wanted = CHANGES[name]

    compared = compare_paragraphs("\n".join(before), "\n".join(after))

    assert set(kinds(compared)) - {"same"} == set(wanted), kinds(compared)
    assert not compared.is_cut
    old, new = sides(compared)
    assert ("\n".join(old), "\n".join(new)) == ("\n".join(before), "\n".join(after))


def test_a_moved_paragraph_says_from_where_and_where_to_and_what_was_edited_in_it() -> None:
    after = [LINES[4].replace("立即", "马上"), *LINES[:4], LINES[5]]

    compared = compare_paragraphs("\n".join(LINES), "\n".join(after))

    moved = [each for each in compared.paragraphs if each.kind.startswith("moved")]
    assert [(each.kind, each.before, each.after) for each in moved] == [
        ("moved here", 5, 1),
        ("moved away", 5, 1),
    ]
    assert marked(compared) == ["交通部门巡查桥梁，发现隐患[-立即-][+马上+]封闭并上报指挥部。"]


@pytest.mark.parametrize("count", [2, 30, 120, 500])
def test_of_a_text_edited_in_every_paragraph_each_shows_its_own_edit(count: int) -> None:
    before = [f"第{number}条{paragraph()}" for number in range(count)]
    after = [line[:50] + "改" + line[51:] for line in before]

    compared = compare_paragraphs("\n".join(before), "\n".join(after))

    assert kinds(compared) == ["edited"] * count
    changed = [len(p.text) for each in compared.paragraphs for p in each.pieces if p.kind != "same"]
    assert changed == [1, 1] * count


def of_few(signs: str, length: int, between: str = "") -> str:
    return between.join(RANDOM.choices(signs, k=length))


LARGE = {
    "two signs": lambda: (of_few("甲乙", 2000), of_few("甲乙", 2000)),
    "three signs": lambda: (of_few("的一是", 1990), of_few("的一是", 1990)),
    "three signs, longer": lambda: (of_few("的一是", 6000), of_few("的一是", 6000)),
    "numbers": lambda: (of_few("0123456789", 4000), of_few("0123456789", 4000)),
    "one sign, another between": lambda: ("甲" * 1990, "乙甲" * 1000),
    "lines of two signs": lambda: (of_few("甲乙", 3000, "\n"), of_few("甲乙", 3000, "\n")),
    "lines of three signs": lambda: (
        "\n".join(of_few("的一是", 100) for _ in range(40)),
        "\n".join(of_few("的一是", 100) for _ in range(40)),
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_text_of_few_different_characters_is_compared_at_once(name: str) -> None:
    before, after = LARGE[name]()
    compare_paragraphs("甲" * 3000, "乙甲" * 1500)  # loads what it is compared with
    start = process_time()

    compared = compare_paragraphs(before, after)

    assert process_time() - start < 0.2
    assert ["\n".join(side) for side in sides(compared)] == [before, after]


HUGE = {
    "unlike": lambda old: [paragraph() for _ in old],
    "in another order": sorted,
    "edited in each": lambda old: [line[:50] + "改" + line[51:] for line in old],
    "in one": lambda old: ["".join(old)],
    "in one, backwards": lambda old: ["".join(old)[::-1]],
    "doubled": lambda old: [line for line in old for _ in (0, 1)],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_a_megabyte_is_compared_within_the_time_of_a_page(name: str) -> None:
    before = [paragraph() for _ in range(3500)]
    after = HUGE[name](before)
    start = process_time()

    compared = compare_paragraphs("\n".join(before), "\n".join(after))

    assert process_time() - start < 10
    old, new = sides(compared)
    assert ("\n".join(old), "\n".join(new)) == ("\n".join(before), "\n".join(after))


def test_what_is_too_large_is_removed_and_added_and_said_to_be() -> None:
    chance = random.Random(3)  # of its own: which tests ran before decides nothing
    before, after = (f"始{paragraph(17_000, chance)}终" for _ in range(2))

    compared = compare_paragraphs(before, after)

    assert compared.is_cut
    assert [piece.text[0] for piece in compared.paragraphs[0].pieces if piece.kind == "same"] == [
        "始",
        "终",
    ]
