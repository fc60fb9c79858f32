"""Terms of the full-text index: every run of one to four Chinese characters, once per article,
and words and numbers.

So the stock `unicode61` tokenizer, which takes a run of Chinese for one word, finds what a reader
types. Full-width and compatibility forms and capitals are folded in the terms only; the stored
text keeps the author's characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from operator import add

LONGEST = 4
CJK = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
# New Tai Lue and Vedic signs are letters to Python and none to SQLite 3.40, so no index term can
# hold them.
NO_LETTERS = "\u19b0-\u19c0\u19c8\u1cf2\u1cf3"
# The last Chinese blocks are younger than the Unicode tables of Python 3.11, and SQLite takes them
# for letters.
# The first part is the second's most frequent one, which is tested in a third of the time.
RUN = re.compile(f"(?:[\u4e00-\u9fff]++|[^\\W_{NO_LETTERS}]++|[\U00020000-\U000323af]++)++")
UNIT = re.compile(f"[{CJK}]|[^{CJK}]+")
# Soft hyphens, joiners, directions, variation selectors, fillers, byte order marks: what Unicode
# calls default ignorable (DerivedCoreProperties.txt, Default_Ignorable_Code_Point).
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# Of what NFKC changes, what nearly every text has: a text without the rest is not taken apart.
FREQUENT_FORMS = {
    "，": ",",
    "：": ":",
    "；": ";",
    "！": "!",
    "？": "?",
    "（": "(",
    "）": ")",
    "％": "%",
    "～": "~",
    "…": "...",
    "\u3000": " ",
    "\xa0": " ",
}
HAS_CJK = re.compile(f"[{CJK}]")
ALL_CJK = re.compile(f"[{CJK}]+")


def comparable(text: str) -> str:
    """The form in which terms, queries and texts are compared: without what nobody sees, NFKC,
    small letters, one sigma (SQLite knows one only).

    Example:
        >>> comparable("ＧＤＰ")
        'gdp'
        >>> comparable("疫\\u200b情")
        '疫情'
    """
    visible = INVISIBLE.sub("", text)
    for form, plain in FREQUENT_FORMS.items():
        visible = visible.replace(form, plain)
    return unicodedata.normalize("NFKC", visible).lower().replace("ς", "σ")


def runs(text: str) -> Iterator[list[str]]:
    """The unbroken runs of a comparable text as units: one Chinese character, or one word or
    number in another script.

    Example:
        >>> list(runs("疫情2020年, gdp"))
        [['疫', '情', '2020', '年'], ['gdp']]
    """
    for run in RUN.findall(text):
        yield list(run) if ALL_CJK.fullmatch(run) else UNIT.findall(run)


def terms(text: str) -> list[str]:
    """Every run of one to four units of a text, as often as it occurs.

    Example:
        >>> terms("防控")
        ['防', '控', '防控']
    """
    units: list[str] = []
    ends = [0]
    for run in RUN.findall(comparable(text)):
        units += run if ALL_CJK.fullmatch(run) else UNIT.findall(run)
        ends.append(len(units))
    all_terms, longer = units.copy(), units
    for size in range(1, LONGEST):
        # of all runs in one, and of these those that are within a run: there are many short runs
        longer = list(map(add, longer, units[size:]))
        for begun, end in pairwise(ends):
            if end - begun > size:
                all_terms += longer[begun : end - size]
    return all_terms


def windows(units: list[str]) -> list[str]:
    """The index terms that must all be there for a run of any length: overlapping runs of four
    units.

    Example:
        >>> windows(list("人类命运共同体"))
        ['人类命运', '类命运共', '命运共同', '运共同体']
    """
    return [
        "".join(units[start : start + LONGEST]) for start in range(max(1, len(units) - LONGEST + 1))
    ]
