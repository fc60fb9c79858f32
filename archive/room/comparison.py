"""Two versions of an article compared, character by character, with what is the same folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from archive.archive import Archive
from archive.history.diff import Piece, changed_fields
from archive.room.answer import Answer, NotHere
from archive.room.article import article_of
from archive.room.asked import Asked
from archive.room.rendering import page

AROUND = 1  # unchanged paragraphs that are shown on each side of a change


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Paragraphs in a row: all of them unchanged and folded, or to be shown."""

    is_folded: bool
    paragraphs: list[list[Piece]]


def compare(archive: Archive, asked: Asked, name: str) -> Answer:
    """The page that compares two versions; the last two where none are chosen."""
    row = article_of(archive, name)
    versions = archive.versions(row.id)
    if len(versions) < 2:
        raise NotHere(f"{row.id} has one version, and so nothing to compare.")
    before = asked.number("from", len(versions) - 1, most=len(versions))
    after = asked.number("to", len(versions), most=len(versions))
    changed = changed_fields(versions[before - 1], versions[after - 1])
    text = changed.pop("text", [])
    return page(
        asked,
        "compare.html",
        article=row,
        versions=versions,
        before=before,
        after=after,
        fields=changed,
        passages=passages(text),
        counts={
            kind: sum(len(piece.text) for piece in text if piece.kind == kind)
            for kind in ("added", "removed")
        },
    )


def passages(pieces: Iterable[Piece]) -> list[Passage]:
    """The pieces of a text as passages: what is far from any change is folded."""
    paragraphs = list(_paragraphs(pieces))
    changed = [any(piece.kind != "same" for piece in paragraph) for paragraph in paragraphs]
    shown = [
        any(changed[max(0, number - AROUND) : number + AROUND + 1])
        for number in range(len(paragraphs))
    ]
    return [
        Passage(is_folded=not is_shown, paragraphs=[paragraph for _, paragraph in group])
        for is_shown, group in groupby(
            zip(shown, paragraphs, strict=True), key=lambda pair: pair[0]
        )
    ]


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each paragraph; what was removed or added stays in one piece."""
    paragraph: list[Piece] = []
    for piece in pieces:
        if piece.kind != "same":
            paragraph.append(piece)
            continue
        *complete, rest = piece.text.split("\n")
        for text in complete:
            yield [*paragraph, Piece("same", text)]
            paragraph = []
        if rest:
            paragraph.append(Piece("same", rest))
    if paragraph:
        yield paragraph
