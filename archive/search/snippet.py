"""The piece of an article that shows why it was found, in its stored characters, every match
between 【 and 】."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from archive.database.terms import comparable
from archive.search.expression import Expression, Word

AROUND = 30  # characters on each side of the match
STOPS = "。！？；\n"
MOST = 200  # matches of a word that are weighed
JOINER = "\u200d"
# What makes one visible character of several: marks, joiner, variation and skin, flags' letters.
TRAILING = re.compile(
    "[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
LETTER_OF_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
# Anything but the characters of plain Chinese text, which are folded one by one.
ODD = re.compile(
    "[^\x00-\x7f\u00b7\u2013\u2014\u2018\u2019\u201c\u201d\u3000-\u3020\u4e00-\u9fff\uff01-\uff5e]"
)
HANGUL_PARTS = re.compile("[\u1160-\u11ff]")

Span = tuple[int, int]
Marks = tuple[str, str]


def snippet(
    title: str, text: str, account: str, expression: Expression, marks: Marks = ("【", "】")
) -> str:
    """The place of the text where most words of the query are close together, else of the title,
    else of the account's name, with these marks around each match."""
    words = list(expression.words())
    for field, stored in (("", text), ("title", title), ("account", account)):
        spans = _spans(stored, [word for word in words if _is_asked_of(word, field)])
        if any(spans):
            every = sorted({span for run in spans for span in run})
            return _shown(stored, _best(spans), every, marks)
    return ""


def matches(text: str, expression: Expression) -> list[Span]:
    """Where a text holds the words of a query that are asked of no field: each place once, in
    order."""
    words = [word for word in expression.words() if not word.field]
    return sorted({span for run in _spans(text, words) for span in run})


def _is_asked_of(word: Word, field: str) -> bool:
    return word.field == field or (field == "title" and not word.field)


def _spans(text: str, words: list[Word]) -> list[list[Span]]:
    """The places of each word in the stored characters, as matched in the comparable ones."""
    plain, pieces = _comparable_pieces(text)
    return [
        [
            (_start(pieces, match.start()), _end(text, pieces, match.end()))
            for match in islice(word.pattern.finditer(plain), MOST)
        ]
        for word in words
    ]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a text: where it begins and ends in the comparable and in the stored text."""

    plain: Span
    stored: Span
    even: bool  # character by character


def _comparable_pieces(text: str) -> tuple[str, list[_Piece]]:
    plain = comparable(text)
    pieces: list[_Piece] = []
    length = 0
    for start, end, even in _borders(text):
        folded = end - start if even else len(comparable(text[start:end]))
        pieces.append(_Piece((length, length + folded), (start, end), even))
        length += folded
    if length != len(plain):
        # Characters fold together over the borders known here: all is one piece.
        return plain, [_Piece((0, len(plain)), (0, len(text)), False)]
    return plain, pieces


def _borders(text: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches of even characters, and each other character with the one before it if it folds
    into that."""
    done = 0
    for odd in ODD.finditer(text):
        place = odd.start()
        if place < done:
            continue
        start = place - 1 if place > done and _joins(odd[0]) else place
        if start > done:
            yield done, start, True
        end = place + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        yield start, end, False
        done = end
    if done < len(text):
        yield done, len(text), True


def _joins(character: str) -> bool:
    """Whether a character folds into the one before it."""
    return bool(unicodedata.combining(character) or HANGUL_PARTS.match(character))


def _piece(pieces: list[_Piece], place: int) -> _Piece:
    return pieces[bisect_right(pieces, place, key=lambda piece: piece.plain[0]) - 1]


def _start(pieces: list[_Piece], place: int) -> int:
    piece = _piece(pieces, place)
    return piece.stored[0] + (place - piece.plain[0] if piece.even else 0)


def _end(text: str, pieces: list[_Piece], end: int) -> int:
    piece = _piece(pieces, end - 1)
    return _after_character(
        text, piece.stored[0] + end - piece.plain[0] if piece.even else piece.stored[1]
    )


def _best(spans: list[list[Span]]) -> Span:
    """The match with most other words close behind it; the first of those."""
    starts = sorted((span[0], number, span) for number, run in enumerate(spans) for span in run)

    def company(start: int) -> int:
        return len({number for place, number, _ in starts if start <= place <= start + 2 * AROUND})

    return max(starts[:MOST], key=lambda start: (company(start[0]), -start[0]))[2]


def _shown(text: str, best: Span, spans: list[Span], marks: Marks) -> str:
    begin, cut_before = _begin(text, best[0])
    end, cut_after = _stop(text, best[1])
    shown, place = "…" if cut_before else "", begin
    for start, stop in spans:
        if place <= start and stop <= end:
            shown += f"{text[place:start]}{marks[0]}{text[start:stop]}{marks[1]}"
            place = stop
    return (shown + text[place:end] + ("…" if cut_after else "")).replace("\n", " ")


def _begin(text: str, start: int) -> tuple[int, bool]:
    """Where the snippet begins: at the last stop before the match, else some characters before
    it."""
    earliest = max(0, start - AROUND)
    stop = max(text.rfind(mark, earliest, start) for mark in STOPS)
    if stop >= 0:
        return min(start, _after_character(text, stop + 1)), False
    while earliest and _inside_character(text, earliest):
        earliest -= 1
    return earliest, earliest > 0


def _stop(text: str, end: int) -> tuple[int, bool]:
    """Where the snippet ends: after the next stop, else some characters on."""
    latest = min(len(text), end + AROUND)
    stops = [place for mark in STOPS if (place := text.find(mark, end, latest)) >= 0]
    if stops:
        return _after_character(text, min(stops) + (text[min(stops)] != "\n")), False
    latest = _after_character(text, latest)
    return latest, latest < len(text)


def _after_character(text: str, place: int) -> int:
    """The first place from this one on where a cut splits nothing."""
    while place < len(text) and _inside_character(text, place):
        place += 1
    return place


def _inside_character(text: str, place: int) -> bool:
    """Whether a cut before this place would split what a reader sees as one character."""
    here, before = text[place], text[place - 1]
    if TRAILING.match(here) or before == JOINER or unicodedata.category(here).startswith("M"):
        return True
    if not (LETTER_OF_FLAG.match(here) and LETTER_OF_FLAG.match(before)):
        return False
    letters = 0
    while letters < place and LETTER_OF_FLAG.match(text[place - 1 - letters]):
        letters += 1
    return letters % 2 == 1
