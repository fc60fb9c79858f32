"""Lines of print as running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
# So long is a line that goes on in the next: of the longest of the page, and in letters, since an
# entry of a list, such as a name, is shorter.
FULL, SHORTEST = 0.75, 20
# Between Chinese characters, or one and a letter or a number, as in 2020年.
DIVIDED = re.compile(rf"[{CJK}]\n[{CJK}\w]|\w\n[{CJK}]")


def running(lines: Sequence[str]) -> str:
    """The text of a page of print, in which a full line goes on in the next one, so that a word is
    found that a line end divides.

    Args:
        lines: from the top to the bottom of the page.

    Example:
        >>> running(["各县（市、区）要加强堤防巡", "查，及时报告。"])
        '各县（市、区）要加强堤防巡查，及时报告。'
    """
    lines = [line.strip() for line in lines]
    full = max(SHORTEST, FULL * max(map(_width, lines), default=0))
    text = "".join(lines[:1])
    for line, after in pairwise(lines):
        goes_on = _width(line) >= full and DIVIDED.fullmatch(f"{line[-1:]}\n{after[:1]}")
        text += after if goes_on else f"\n{after}"
    return text


def _width(line: str) -> int:
    """As wide as it is printed: a Chinese character takes twice the room of a letter."""
    return sum(1 if character.isascii() else 2 for character in line)
