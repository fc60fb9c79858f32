"""What changed between two versions of an article, character by character."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, get_args

from archive.database.reading import select
from archive.database.rows import VersionRow
from archive.history.matching import Steps, opcodes
from archive.history.observations import answers_of, by_own_rules
from archive.history.pairing import pairs
from archive.model import StoredFields
from archive.model.columns import (
    digest_fields,
)  # Characters times characters above which paragraphs are paired before they are compared.

LARGE = 4_000_000

PieceKind = Literal["same", "removed", "added"]
PIECE_KINDS: tuple[PieceKind, ...] = get_args(PieceKind)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters. Those that are `same` or `removed` are the text before, those `same` or
    `added` the one after."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one article: it happened after `seen_at` and before `found_at`; `captures` are
    the records of the two.

    `fields` has what changed: pieces of each field, none of them empty.
    """

    seen_at: str
    found_at: str
    captures: tuple[str, str]
    fields: dict[str, list[Piece]]


def edits(connection: sqlite3.Connection, article_id: str) -> Iterator[Edit]:
    """All changes of an article, oldest first: a text that comes back is a change too.

    Args:
        connection: to the database.
        article_id: `articles.id`.
    """
    rows = select(connection, VersionRow, "WHERE article_id = ?", [article_id])
    versions = {version.digest: version for version in rows}
    read = [
        (answer, versions[answer.digest])
        for answer in by_own_rules(answers_of(connection, article_id))
        if answer.digest in versions
    ]
    for (earlier, before), (later, after) in pairwise(read):
        if before.digest != after.digest:
            yield Edit(
                seen_at=earlier.captured_at,
                found_at=later.captured_at,
                captures=(earlier.id, later.id),
                fields=changed_fields(before, after),
            )


def changed_fields(
    before: StoredFields, after: StoredFields, but: Collection[str] = ()
) -> dict[str, list[Piece]]:
    """The pieces of each field that differs, of those that make a version.

    Args:
        before: a version.
        after: a later one.
        but: fields that are left out.
    """
    values = {
        name: (getattr(before, name) or "", getattr(after, name) or "")
        for name in digest_fields(type(before))
        if name not in but
    }
    return {name: compare(*both) for name, both in values.items() if both[0] != both[1]}


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of two texts: paragraphs that are the same, and within those that were edited the
    characters that are.

    Example:
        >>> [(piece.kind, piece.text) for piece in compare("会议今天召开", "会议昨天召开")]
        [('same', '会议'), ('removed', '今'), ('added', '昨'), ('same', '天召开')]
    """
    steps = Steps()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, i, j, k, m in opcodes(old, new, steps):
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces += _edited(old[i:j], new[k:m], steps)
    return list(_joined(pieces))


def _edited(old: list[str], new: list[str], steps: Steps) -> Iterator[Piece]:
    """The pieces of paragraphs between unchanged ones: of many, each with what it became."""
    if len(old) == 1 or len(new) == 1 or sum(map(len, old)) * sum(map(len, new)) <= LARGE:
        yield from _characters("".join(old), "".join(new), steps)
        return
    i = k = 0
    for pair in pairs(old, new, steps):
        if pair.is_moved:
            continue
        first, last = (i, k), (pair.before.stop, pair.after.stop)
        i, k = pair.before.start, pair.after.start
        yield Piece("removed", "".join(old[first[0] : i]))
        yield Piece("added", "".join(new[first[1] : k]))
        yield from _characters("".join(old[i : last[0]]), "".join(new[k : last[1]]), steps)
        i, k = last
    yield Piece("removed", "".join(old[i:]))
    yield Piece("added", "".join(new[k:]))


def characters(before: str, after: str, steps: Steps) -> list[Piece]:
    """The pieces of two paragraphs.

    Args:
        before: a paragraph.
        after: what it became.
        steps: how many comparisons are left.
    """
    return list(_joined(_characters(before, after, steps)))


def _characters(before: str, after: str, steps: Steps) -> Iterator[Piece]:
    if before == after:
        yield Piece("same", before)
        return
    changes = opcodes(before, after, steps)
    for number, (tag, i, j, k, m) in enumerate(changes):
        # One sign that happens to be in both is no reason to cut a rewritten phrase in two.
        if tag == "equal" and (j - i > 1 or number in (0, len(changes) - 1)):
            yield Piece("same", before[i:j])
            continue
        yield Piece("removed", before[i:j])
        yield Piece("added", after[k:m])


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Between two that are the same one removed and one added, and none that is empty."""
    filled = (piece for piece in pieces if piece.text)
    for _, group in groupby(filled, key=lambda piece: piece.kind == "same"):
        texts = dict.fromkeys(PIECE_KINDS, "")
        for piece in group:
            texts[piece.kind] += piece.text
        yield from (Piece(kind, text) for kind, text in texts.items() if text)
