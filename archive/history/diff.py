"""What changed between two versions of an article, character by character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any, Literal

import sqlite_utils

from archive.history.observations import CAPTURES
from archive.model.columns import digest_fields

# characters times characters above which two passages are told as one removed and one added
LARGE = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters. Those that are `same` or `removed` make the text before, those `same`
    or `added` the one after."""

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one article: it happened after `seen_at` and before `found_at`; `captures` are
    the records of the two.

    `fields` holds what changed: pieces of each field, none of them empty.
    """

    seen_at: str
    found_at: str
    captures: tuple[str, str]
    fields: dict[str, list[Piece]]


def edits(db: sqlite_utils.Database, article_id: str) -> Iterator[Edit]:
    """All changes of an article, oldest first: a text that comes back is a change too."""
    versions = {
        row["digest"]: row
        for row in db.query("SELECT * FROM versions WHERE article_id = ?", [article_id])
    }
    good = [row for row in db.query(CAPTURES, [article_id]) if row["digest"] in versions]
    for earlier, later in pairwise(good):
        if earlier["digest"] != later["digest"]:
            before, after = versions[earlier["digest"]], versions[later["digest"]]
            yield Edit(
                seen_at=earlier["captured_at"],
                found_at=later["captured_at"],
                captures=(earlier["id"], later["id"]),
                fields=_fields(before, after),
            )


def _fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Piece]]:
    return {
        name: compare(before[name] or "", after[name] or "")
        for name in digest_fields()
        if before[name] != after[name]
    }


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of two texts: paragraphs that are the same, and within the others the characters
    that are."""
    found: list[Piece] = []
    one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(one[i:j])))
        else:
            found += _characters("".join(one[i:j]), "".join(other[k:m]))
    return list(_joined(found))


def _characters(before: str, after: str) -> Iterator[Piece]:
    if len(before) * len(after) > LARGE:
        yield from (Piece("removed", before), Piece("added", after))
        return
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, i, j, k, m) in enumerate(opcodes):
        # One sign that happens to be in both is no reason to cut a rewritten phrase in two.
        if tag == "equal" and (j - i > 1 or number in (0, len(opcodes) - 1)):
            yield Piece("same", before[i:j])
            continue
        yield Piece("removed", before[i:j])
        yield Piece("added", after[k:m])


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Between two that are the same one removed and one added, and none that is empty."""
    for same, run in groupby(
        (piece for piece in pieces if piece.text), key=lambda piece: piece.kind == "same"
    ):
        held = list(run)
        for kind in ("same",) if same else ("removed", "added"):
            if text := "".join(piece.text for piece in held if piece.kind == kind):
                yield Piece(kind, text)  # type: ignore[arg-type]  # one of the three words
