"""Two versions of an article compared, paragraph by paragraph and in each by its characters, with
what is the same folded."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.archive import Archive
from archive.history.diff import Piece, changed_fields
from archive.history.paragraphs import Comparison, Paragraph, compare_paragraphs
from archive.room.answer import Answer, NotHere
from archive.room.article import article_of
from archive.room.asked import Asked
from archive.room.rendering import page

AROUND = 1  # unchanged paragraphs that are shown on each side of a change
MOST_SHOWN = 4000  # changed paragraphs of one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Paragraphs in a row: all of them unchanged and folded, or to be shown."""

    is_folded: bool
    paragraphs: Sequence[Paragraph]


def compare(archive: Archive, asked: Asked, name: str) -> Answer:
    """The page that compares two versions; the last two where none are chosen."""
    row = article_of(archive, name)
    versions = archive.versions(row.id)
    if len(versions) < 2:
        raise NotHere(f"{row.id} has one version, and so nothing to compare.")
    before = asked.number("from", len(versions) - 1, most=len(versions))
    after = asked.number("to", len(versions), most=len(versions))
    old, new = versions[before - 1], versions[after - 1]
    compared = compare_paragraphs(old.text, new.text) if old.text != new.text else Comparison()
    shown = passages(compared.paragraphs)
    return page(
        asked,
        "compare.html",
        article=row,
        versions=versions,
        before=before,
        after=after,
        fields=changed_fields(old, new, but=("text",)),
        passages=shown,
        counts=_counts(compared.paragraphs),
        is_cut=compared.is_cut,
        is_punctuation=is_punctuation,
        most=MOST_SHOWN if sum(len(each.paragraphs) for each in shown) > MOST_SHOWN else None,
    )


def passages(paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """The paragraphs of a text as passages: what is far from any change is folded."""
    changed = [paragraph.kind != "same" for paragraph in paragraphs]
    shown = [
        any(changed[max(0, number - AROUND) : number + AROUND + 1])
        for number in range(len(paragraphs))
    ]
    for number in range(1, len(shown) - 1):
        shown[number] |= shown[number - 1] and shown[number + 1]  # one alone takes no more room
    groups = groupby(zip(shown, paragraphs, strict=True), key=lambda pair: pair[0])
    return [
        Passage(is_folded=not is_shown, paragraphs=[paragraph for _, paragraph in group])
        for is_shown, group in groups
    ]


def is_punctuation(pieces: Iterable[Piece]) -> bool:
    """Whether nothing but signs and spaces was changed."""
    changed = (piece.text for piece in pieces if piece.kind != "same")
    return all(unicodedata.category(sign)[0] in "PSZC" for text in changed for sign in text)


def _counts(paragraphs: Iterable[Paragraph]) -> Counter[str]:
    """How many characters were added and removed, and how many paragraphs moved."""
    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        counts[paragraph.kind] += 1
        if paragraph.kind != "moved away":
            for piece in paragraph.pieces:
                counts[f"{piece.kind} characters"] += len(piece.text)
    return counts
