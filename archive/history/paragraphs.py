"""Two texts compared paragraph by paragraph: what each became, and where to it was moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from archive.history.diff import Piece, characters
from archive.history.matching import Steps
from archive.history.pairing import Pair, pairs

ParagraphKind = Literal["same", "edited", "removed", "added", "moved away", "moved here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of two texts, numbered from 1 in each.

    A moved one is there twice: `moved away` where it was and `moved here` where it is, both with
    both numbers. What of it was edited is in the pieces of the latter.
    """

    kind: ParagraphKind
    before: int | None
    after: int | None
    pieces: list[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All paragraphs of two texts in the order in which they are read: those of the text after,
    with those of the text before where they were. `is_cut`: something was too large to be compared,
    and is shown as removed and added."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    is_cut: bool = False


def compare_paragraphs(before: str, after: str) -> Comparison:
    """Compare two texts.

    Args:
        before: paragraphs, each on a line.
        after: those of the later text.

    Example:
        >>> compared = compare_paragraphs("会议今天召开\\n散会", "会议昨天召开\\n散会").paragraphs
        >>> [(paragraph.kind, len(paragraph.pieces)) for paragraph in compared]
        [('edited', 4), ('same', 1)]
    """
    steps = Steps()
    old, new = before.split("\n"), after.split("\n")
    all_pairs = pairs(old, new, steps)
    paragraphs = list(_paragraphs(old, new, all_pairs, steps))
    return Comparison(paragraphs=paragraphs, is_cut=steps.is_cut)


def _paragraphs(
    old: Sequence[str], new: Sequence[str], all_pairs: list[Pair], steps: Steps
) -> Iterator[Paragraph]:
    away = {pair.before.start: pair for pair in all_pairs if pair.is_moved}
    here = {pair.after.start: pair for pair in all_pairs if pair.is_moved}
    i = k = 0
    ends = Pair(range(len(old), len(old)), range(len(new), len(new)))
    for pair in [*(pair for pair in all_pairs if not pair.is_moved), ends]:
        for number in range(i, pair.before.start):
            yield _gone(old[number], number, away.get(number))
        for number in range(k, pair.after.start):
            yield _come(old, new[number], number, here.get(number), steps)
        i, k = pair.before.stop, pair.after.stop
        if pair is not ends:
            yield _edited(old, new, pair, steps)


def _gone(text: str, number: int, move: Pair | None) -> Paragraph:
    if move is None:
        pieces = [Piece("removed", text)]
        return Paragraph(kind="removed", before=number + 1, after=None, pieces=pieces)
    return Paragraph(
        kind="moved away",
        before=number + 1,
        after=move.after.start + 1,
        pieces=[Piece("removed", text)],
    )


def _come(old: Sequence[str], text: str, number: int, move: Pair | None, steps: Steps) -> Paragraph:
    if move is None:
        pieces = [Piece("added", text)]
        return Paragraph(kind="added", before=None, after=number + 1, pieces=pieces)
    return Paragraph(
        kind="moved here",
        before=move.before.start + 1,
        after=number + 1,
        pieces=characters(old[move.before.start], text, steps),
    )


def _edited(old: Sequence[str], new: Sequence[str], pair: Pair, steps: Steps) -> Paragraph:
    before = "\n".join(old[pair.before.start : pair.before.stop])
    pieces = characters(before, "\n".join(new[pair.after.start : pair.after.stop]), steps)
    is_same = all(piece.kind == "same" for piece in pieces)
    return Paragraph(
        kind="same" if is_same else "edited",
        before=pair.before.start + 1,
        after=pair.after.start + 1,
        pieces=pieces,
    )
