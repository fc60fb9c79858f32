"""Terms of the full-text index: every run of one to four Chinese characters, once per article, beside words and numbers.

So the stock `unicode61` tokenizer, which takes a run of Chinese for one word, finds what a reader types. NFKC folds
full-width and compatibility forms in the terms only; the stored text keeps the author's characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 4
CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3041-\u30ff\uac00-\ud7af\U00020000-\U000323af"
RUN = re.compile(r"[^\W_]+")
UNIT = re.compile(f"[{CJK}]|[^{CJK}]+")
HAS_CJK = re.compile(f"[{CJK}]")


def folded(text: str) -> str:
    """The form in which terms and queries are compared."""
    return unicodedata.normalize("NFKC", text)


def runs(text: str) -> Iterator[list[str]]:
    """The unbroken runs of a text as units: one Chinese character, or one word or number in another script."""
    for run in RUN.findall(folded(text)):
        yield UNIT.findall(run)


def terms(text: str) -> str:
    """What the index holds for a text: every run of one to four units, each once, separated by spaces."""
    found: dict[str, None] = {}
    for units in runs(text):
        for start in range(len(units)):
            term = ""
            for unit in units[start : start + LONGEST]:
                term += unit
                found[term] = None
    return " ".join(found)


def windows(word: str) -> list[str]:
    """The index terms that must all be there for a word of any length: overlapping runs of four units."""
    return ["".join(units[start : start + LONGEST]) for units in runs(word) for start in range(max(1, len(units) - LONGEST + 1))]
