"""Two texts, whoever wrote them, are compared in a bounded number of steps, and nothing is lost."""

from __future__ import annotations

import random
from time import process_time

import pytest

from archive.history.diff import compare

RANDOM = random.Random(7)


def of_two_signs(number: int, end: str = "") -> str:
    return "".join(RANDOM.choice("甲乙") + end for _ in range(number))


TEXTS = {
    "one sign, another between": ("甲" * 1990, "乙甲" * 1000),
    "the same line": ("甲\n" * 30_000, "甲\n" * 30_001),
    "the same line, another between": ("甲\n" * 9000, "乙\n甲\n" * 5000),
    "lines of two kinds": (of_two_signs(9000, "\n"), of_two_signs(9000, "\n")),
    "signs of two kinds": (of_two_signs(1990), of_two_signs(1990)),
    "many paragraphs of signs": (
        "\n".join(f"{of_two_signs(900)}{n}\n{n}一" for n in range(60)),
        "\n".join(f"{of_two_signs(900)}{n}乙\n{n}一" for n in range(60)),
    ),
    "lines in reverse": (
        "".join(f"{n}\n" for n in range(9000)),
        "".join(f"{n}\n" for n in range(9000, 0, -1)),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_a_comparison_ends_and_loses_nothing(name: str) -> None:
    before, after = TEXTS[name]
    start = process_time()

    pieces = compare(before, after)

    assert process_time() - start < 10
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_the_beginning_and_the_end_in_common_are_found_in_any_case() -> None:
    before, after = TEXTS["the same line"]

    pieces = compare("第一行\n" + before + "最后", "第一行\n" + after + "最后")

    assert pieces[0].text.startswith("第一行\n甲\n甲")
    assert (pieces[0].kind, pieces[-1].kind) == ("same", "same")
    assert sum(len(piece.text) for piece in pieces if piece.kind != "same") == 2
