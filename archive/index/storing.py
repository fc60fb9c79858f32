"""Puts the rows of one record into the database: what it does not take of them costs the record and
no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archive.counting import counted
from archive.database import writing
from archive.database.reading import select
from archive.database.rows import CaptureRow, LinkRow, columns
from archive.database.values import Unstorable
from archive.index import listing_log
from archive.index.notes import NoteRows
from archive.index.observing import failure_of
from archive.index.rows import Rows, failed, with_id
from archive.model import Failure
from archive.warc.fields import id_by_place

TAKEN = "WHERE id = ? AND (warc, offset) <> (?, ?)"
# what the record itself says; what is derived from other captures may differ by now
SAME = (
    *("url", "captured_at", "status", "content_type", "payload_digest", "truncated"),
    "named_original",
)


class OutOfOrder(Exception):
    """A record has the id of another record, which comes later by the names of their files and has
    rows already. The first keeps the id, so that the order in which files came does not matter."""


def store(connection: sqlite3.Connection, rows: Rows) -> None:
    """Write the rows of an exchange; where the database does not take them, those of a failure.

    Raises:
        OutOfOrder: only a rebuild gives its records the ids that they are to have.
    """
    capture = rows.capture
    for other in select(connection, CaptureRow, TAKEN, (capture.id, capture.warc, capture.offset)):
        is_before = capture.warc < other.warc
        if _is_copy(other, capture):
            if is_before:
                _move(connection, capture)
            return
        if is_before:
            raise OutOfOrder(f"{capture.warc} at {capture.offset}: {capture.id}")
        # Some programs write one id several times; each record is a capture of its own.
        rows = with_id(rows, id_by_place(capture.warc, capture.offset))
    try:
        with writing.savepoint(connection):
            _insert(connection, rows)
    except Exception as error:
        if writing.is_of_database(error):
            raise
        with writing.savepoint(connection):
            _insert(connection, failed(rows.capture, failure_of(error)))


def _is_copy(other: CaptureRow, capture: CaptureRow) -> bool:
    """Whether two records with one id are one record in two files, as when a file was copied."""
    return all(getattr(other, name) == getattr(capture, name) for name in SAME)


def _move(connection: sqlite3.Connection, capture: CaptureRow) -> None:
    """Say where the first of several copies of a record is."""
    place = {name: getattr(capture, name) for name in ("id", "warc", "offset", "length")}
    connection.execute(
        "UPDATE captures SET warc = :warc, offset = :offset, length = :length WHERE id = :id", place
    )
    connection.execute("UPDATE failures SET warc = :warc, offset = :offset WHERE id = :id", place)


def _insert(connection: sqlite3.Connection, rows: Rows) -> None:
    writing.insert(connection, "captures", [columns(rows.capture)])
    if rows.version:
        writing.merge_versions(connection, [columns(rows.version)])
    if rows.reading:
        writing.insert(connection, "page_readings", [columns(rows.reading)])
    if rows.alias:
        writing.merge_aliases(connection, [columns(rows.alias)])
    if rows.account:
        writing.merge_accounts(connection, [columns(rows.account)])
    failure = rows.failure
    refused = _insert_links(connection, rows.capture.id, rows.links)
    if refused and not failure:
        detail = f"{len(refused)} of {counted(len(rows.links), 'entry', 'entries')}: {refused[0]}"
        failure = failed(
            rows.capture, Failure(outcome=rows.capture.outcome, reason="unstorable", detail=detail)
        ).failure
    if failure:
        writing.insert(connection, "failures", [columns(failure)])


def _insert_links(
    connection: sqlite3.Connection, capture: str, links: Iterable[LinkRow]
) -> list[Unstorable]:
    """Write the entries of a page of a listing. Returns why each that is left out cannot be
    stored."""
    refused: list[Unstorable] = []
    storable: list[LinkRow] = []
    for link in links:
        try:
            writing.check("links", columns(link))
            storable.append(link)
        except Unstorable as error:
            refused.append(error)
    listing_log.add_page(connection, capture, storable)
    writing.merge_links(connection, map(columns, storable))
    return refused


def store_note(connection: sqlite3.Connection, rows: NoteRows) -> None:
    """Write the row of a note; where the database does not take it, that of a failure."""
    if rows.run is not None:
        writing.merge_runs(connection, [rows.run])
    if rows.coverage is not None:
        writing.insert(connection, "coverage", [rows.coverage])
        listing_log.add_walk(connection, rows.coverage)
    if rows.failure:
        writing.insert(connection, "failures", [columns(rows.failure)])
