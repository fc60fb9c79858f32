"""Compares what was read with the gold.

Texts are compared as bags of four letters each, letters and figures alone in their compatible
form (NFKC), so that neither white space nor punctuation counts. `optional` texts are taken out of
what was read: they are neither rewarded nor punished.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from benchmarks.accuracy.gold import NEGATIVE, GoldPage

NO_LETTER = re.compile(r"[\W_]+")
DAY = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
MINUTE = re.compile(r"(?<![\d:])(\d{1,2})[:：](\d\d)")
LITTLE = 20  # letters; less is no text
NAMED = 2  # letters that a name has at least


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a reader read from a page; '' and () where it found nothing."""

    text: str = ""
    title: str = ""
    published: str = ""
    names: tuple[str, ...] = ()


@dataclass
class Score:
    """The values of one page from 0 to 1, by measure; those that its gold does not state are
    absent."""

    page: GoldPage
    values: dict[str, float] = field(default_factory=dict)


def score(page: GoldPage, answer: Answer) -> Score:
    """Scores what was read from one page.

    Returns:
        Of `precision`, `recall`, `f1`, `title`, `day`, `minute`, `names` (any of the authors or
        sources) and `silent` (no text on a page that has none) those that the gold decides.
    """
    values: dict[str, float] = {}
    if page.kind == NEGATIVE:
        return Score(page, {"silent": float(len(letters(answer.text)) < LITTLE)})
    if page.text is not None:
        values.update(zip(("precision", "recall", "f1"), _text(page, answer.text), strict=True))
    if page.titles:
        title = letters(answer.title)
        values["title"] = float(bool(title) and title in set(map(letters, page.titles)))
    if page.days:
        values["day"] = float(_day(answer.published) in page.days)
    if page.minute and MINUTE.search(page.minute):
        values["minute"] = float(_minute(answer.published) == _minute(page.minute))
    if page.names:
        values["names"] = float(_named(answer.names, page.names))
    return Score(page, values)


def means(scores: Iterable[Score]) -> Mapping[str, float]:
    """The mean of each measure over the pages that have it."""
    by_measure: dict[str, list[float]] = {}
    for measure, value in chain.from_iterable(scored.values.items() for scored in scores):
        by_measure.setdefault(measure, []).append(value)
    return {measure: sum(values) / len(values) for measure, values in by_measure.items()}


def letters(text: str | None) -> str:
    """Letters and figures alone.

    Example:
        >>> letters("《云溪县》 ２０３１ 年 Ａ")
        '云溪县2031年a'
    """
    return NO_LETTER.sub("", unicodedata.normalize("NFKC", text or "")).lower()


def _text(page: GoldPage, read: str) -> tuple[float, float, float]:
    right, got = letters(page.text), letters(read)
    for extra in sorted({*map(letters, (*page.optional, *page.titles))}, key=len, reverse=True):
        if len(extra) >= 4 and extra not in right:
            got = got.replace(extra, "", 1)
    if not right:
        silent = float(len(got) < LITTLE)
        return silent, silent, silent
    if not got:
        return 0.0, 0.0, 0.0
    wanted, given = _bag(right), _bag(got)
    both = (wanted & given).total()
    precision, recall = both / given.total(), both / wanted.total()
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1


def _bag(text: str) -> Counter[str]:
    return Counter(text[place : place + 4] for place in range(max(1, len(text) - 3)))


def _day(text: str) -> str | None:
    match = DAY.search(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None


def _minute(text: str) -> tuple[str | None, int, str] | None:
    day = DAY.search(text)
    clock = MINUTE.search(text, day.end()) if day else None
    return (_day(text), int(clock[1]), clock[2]) if clock else None


def _named(read: Sequence[str], right: Sequence[str]) -> bool:
    pairs = [(letters(name), letters(gold)) for name in read for gold in right]
    return any(
        min(len(name), len(gold)) >= NAMED and (name in gold or gold in name)
        for name, gold in pairs
    )
