"""What a note says, as a row: what was known only while crawling. Files of other programs may say
anything there, and such a note costs itself alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from archive.database.rows import CoverageRow, FailureRow, RunRow
from archive.index.exchanges import Facts, Note, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRows:
    """The row of one note; all None for a note of another program."""

    run: RunRow | None = None
    coverage: CoverageRow | None = None
    failure: FailureRow | None = None


def of_note(note: Note) -> NoteRows:
    """Read the row of a note: of what was known only while crawling."""
    match note.facts.get("kind"):
        case "run" if text_of(note.facts, "id"):
            return NoteRows(run=cast("RunRow", _known(note.facts, RunRow.__annotations__)))
        case "coverage":
            row = _known(note.facts, CoverageRow.__annotations__)
            row |= {"at": note.date, "record": note.record_id}
            return NoteRows(coverage=cast("CoverageRow", row))
        case "failure":
            return NoteRows(failure=_unanswered(note))
    return NoteRows()


def _known(facts: Facts, columns: Iterable[str]) -> dict[str, object]:
    """The facts that have a column; a table or a list has none."""
    return {
        name: facts[name]
        for name in columns
        if name in facts and isinstance(facts[name], str | int | float | None)
    }


def _unanswered(note: Note) -> FailureRow | None:
    """A request that was not made or not answered."""
    facts = note.facts
    url, outcome, reason = (text_of(facts, name) for name in ("url", "outcome", "reason"))
    if url is None or outcome is None or reason is None:
        return None
    return FailureRow(
        id=note.record_id,
        url=url,
        failed_at=note.date,
        platform=text_of(facts, "platform"),
        role=text_of(facts, "role"),
        article_id=text_of(facts, "article_id"),
        account_id=text_of(facts, "account_id"),
        run=text_of(facts, "run"),
        outcome=outcome,
        reason=reason,
        detail=text_of(facts, "detail"),
        warc=note.warc,
        offset=note.offset,
    )
