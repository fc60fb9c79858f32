"""Traditional and Simplified spellings of a word, by OpenCC where it is installed (`pip install
zhengwen[variants]`).

They widen a query. The index keeps what was printed: folding it would lose the original spelling
for good, because the mapping is not one to one.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

# Of characters; the conversions for words of a region are too free.
CONVERSIONS = ("t2s", "s2t", "tw2s", "s2tw", "hk2s", "s2hk")


def variants(word: str) -> list[str]:
    """Other spellings of a word, without itself. Empty where OpenCC is not installed."""
    if not installed():
        return []
    spellings = dict.fromkeys(_converter(name).convert(word) for name in CONVERSIONS)
    return [text for text in spellings if text != word]


@cache
def installed() -> bool:
    """Whether queries can be widened here."""
    return find_spec("opencc") is not None


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)
