"""One record becomes its rows: taken apart, read and written down, each once. A pure function of
the record's bytes and the facts that the crawl wrote with it.

This is the boundary behind which a record costs no more than itself: whatever goes wrong with it,
it has rows.
"""

from __future__ import annotations

from archive.database.values import Unstorable
from archive.errors import described
from archive.index.content import content_of
from archive.index.exchange_rows import rows_of, unparsed
from archive.index.exchanges import Note
from archive.index.notes import NoteRows, failure_row, of_note
from archive.index.parsing import parse
from archive.index.recorded import Recorded
from archive.index.rows import Rows
from archive.model import Failure
from archive.platforms import Platforms


def observe(recorded: Recorded, platforms: Platforms, producer: str) -> Rows:
    """Read the rows of an exchange; one that cannot be read has those of a failure.

    Args:
        recorded: a response or revisit record with its request and facts.
        platforms: those of the archive.
        producer: the id of the producer.
    """
    if recorded.fault:
        return unparsed(recorded, recorded.fault)
    try:
        exchange = parse(recorded, platforms)
    except Exception as error:
        return unparsed(recorded, failure_of(error))
    try:
        return rows_of(exchange, content_of(exchange), producer)
    except Exception as error:
        return rows_of(exchange, failure_of(error), producer)


def read(record: Recorded | Note, platforms: Platforms, producer: str) -> Rows | NoteRows:
    """Read the rows of an exchange or of a note, as `observe` does."""
    if isinstance(record, Recorded):
        return observe(record, platforms, producer)
    try:
        return of_note(record)
    except Exception as error:
        return NoteRows(failure=failure_row(record, failure_of(error)))


def in_place_of(record: Recorded | Note, failure: Failure) -> Rows | NoteRows:
    """The rows of a record that nothing could be read of."""
    if isinstance(record, Recorded):
        return unparsed(record, failure)
    return NoteRows(failure=failure_row(record, failure))


def failure_of(error: Exception) -> Failure:
    """What an unforeseen error is in the database."""
    reason = "unstorable" if isinstance(error, Unstorable) else "unexpected-error"
    detail = str(error) if isinstance(error, Unstorable) else described(error)
    return Failure(outcome="unreadable", reason=reason, detail=detail)
