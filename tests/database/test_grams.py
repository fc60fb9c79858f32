"""Terms counted as numbers are those that `terms` gives."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from archive.database import grams
from archive.database.grams import joined
from archive.database.terms import terms

MARKS = {"\ue003": 2, "\ue004": 4, "\ue005": 8}
TEXTS = {
    "nothing": "",
    "signs": "，。！ ",
    "one character": "防",
    "two runs": "防控，防控",
    "words": "2020年12月，GDP 增长 2.3%，2020年",
    "full width": "ＧＤＰ增长２３％",
    "beyond 16 bits": "𠮷野家在𠀀𠮷",
    "emoji": "疫情😀防控😀",
    "private use": "疫\ue010情\uf8ff防\ue003控",
    "kana": "カーテン・々",
    "accents": "café e\u0301té naïve",
    "Thai and Tai Lue": "ภาษา ᦰᦱ 文",
    "Hangul": "한국 정부",
    "line ends": "通知\r\n\n通知",
    "nobody sees": "疫\u200b情",
    "repeated": "全县防控" * 20,
    "longer than any term": "人类命运共同体",
}


def expected(text: str, marks: dict[str, int]) -> list[str]:
    counts = Counter(terms(text))
    marked = [
        term + mark for mark, least in marks.items() for term, n in counts.items() if n >= least
    ]
    return sorted([*counts, *marked])


def is_same(text: str, marks: dict[str, int]) -> bool:
    return sorted(joined(text, marks).split()) == expected(text, marks)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("marks", [{}, MARKS], ids=["plain", "marked"])
def test_terms_are_those_of_the_text(text: str, marks: dict[str, int]) -> None:
    assert is_same(text, marks)


@pytest.mark.parametrize("number", [grams.MOST - 1, grams.MOST, grams.MOST + 1])
def test_any_number_of_different_words(number: int) -> None:
    text = " ".join(f"第{word}号" for word in range(number))
    assert is_same(text, MARKS)


def test_every_character_in_any_company() -> None:
    chance = random.Random(1)
    kinds = ["全县防控疫情", "abc12", "，。 \n", "\ue003\ue010\uf8ff", "𠮷😀", "ーカ々한ᦰé\u0301_"]
    for _ in range(300):
        text = "".join(chance.choice(chance.choice(kinds)) for _ in range(chance.randint(0, 40)))
        assert is_same(text, MARKS), text


@pytest.mark.slow
def test_every_character_there_is() -> None:
    letters = [chr(code) for code in (*range(1, 0xD800), *range(0xE000, 0x110000))]
    random.Random(1).shuffle(letters)
    for begun in range(0, len(letters), 5000):
        assert is_same("".join(letters[begun : begun + 5000]), MARKS)
