"""What a note says, as a row: what was known only while crawling. Files of other programs may say
anything there, and such a note costs itself alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from archive.database.rows import CoverageRow, FailureRow, RunRow
from archive.database.values import refused
from archive.index.exchanges import Note
from archive.index.facts import Facts, text_of
from archive.model import Failure, Outcome
from archive.model.columns import columns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRows:
    """The row of one note; all None for a note of another program."""

    run: RunRow | None = None
    coverage: CoverageRow | None = None
    failure: FailureRow | None = None


def of_note(note: Note) -> NoteRows:
    """Read the row of a note: of what was known only while crawling."""
    if note.fault:
        return NoteRows(failure=failure_row(note, note.fault))
    match note.facts.get("kind"):
        case "run":
            return _checked(note, NoteRows(run=cast("RunRow", _known(note.facts, RunRow))))
        case "coverage":
            row = _known(note.facts, CoverageRow)
            row |= {"at": note.date, "record": note.record_id}
            return _checked(note, NoteRows(coverage=cast("CoverageRow", row)))
        case "failure":
            return NoteRows(failure=_unanswered(note))
        case None | str():
            return NoteRows()
    return _refused(note, "kind is no text")


def failure_row(note: Note, failure: Failure) -> FailureRow:
    """The row of a note of which nothing can be read, or not all."""
    return FailureRow(
        id=note.record_id,
        url=note.url,
        failed_at=note.date,
        platform=text_of(note.facts, "platform"),
        role=text_of(note.facts, "role"),
        article_id=text_of(note.facts, "article_id"),
        account_id=text_of(note.facts, "account_id"),
        run=text_of(note.facts, "run"),
        outcome=failure.outcome,
        reason=failure.reason,
        detail=failure.detail or None,
        warc=note.warc,
        offset=note.offset,
    )


def _known(facts: Facts, declaration: type) -> dict[str, object]:
    """The facts that have a column."""
    return {name: facts[name] for name in declaration.__annotations__ if name in facts}


def _checked(note: Note, rows: NoteRows) -> NoteRows:
    """The rows; with a failure where a value cannot be stored, and only that where one that must be
    there is missing."""
    row = rows.run if rows.run is not None else rows.coverage or {}
    columns = columns_of(CoverageRow if rows.run is None else RunRow)
    wrong = refused(columns, row)
    missing = [
        column.name
        for column in columns
        if not column.nullable and (column.name in wrong or row.get(column.name) in (None, ""))
    ]
    if missing:
        return _refused(note, f"{', '.join(missing)}: no value that can be stored")
    return (
        replace(rows, failure=_refused(note, "; ".join(wrong.values())).failure) if wrong else rows
    )


def _refused(note: Note, detail: str) -> NoteRows:
    failure = Failure(outcome="unreadable", reason="unreadable-note", detail=detail)
    return NoteRows(failure=failure_row(note, failure))


def _unanswered(note: Note) -> FailureRow | None:
    """A request that was not made or not answered."""
    facts = note.facts
    url, outcome, reason = (text_of(facts, name) for name in ("url", "outcome", "reason"))
    if url is None or outcome is None or reason is None:
        return _refused(note, "url, outcome or reason is no text").failure
    failure = failure_row(note, Failure(outcome=cast("Outcome", outcome), reason=reason))
    return replace(failure, url=url, detail=text_of(facts, "detail"))
