"""The names under which accounts were seen: each answer that prints one widens the time in which it
was seen, whatever order the files come in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from archive.database import writing
from archive.database.rows import AccountNameRow, columns

# A revisit shows again what its original shows; either may be in the other's past.
SIGHTINGS = """WITH seen (original, at, id) AS (
    SELECT id, captured_at, id FROM captures WHERE warc = :warc AND printed_account IS NOT NULL
    UNION SELECT refers_to, captured_at, id FROM captures
        WHERE warc = :warc AND refers_to IS NOT NULL AND outcome = 'unchanged'
    UNION SELECT original.id, later.captured_at, later.id FROM captures original
        JOIN captures later ON later.refers_to = original.id
        WHERE original.warc = :warc AND original.printed_account IS NOT NULL
            AND later.outcome = 'unchanged')
    SELECT c.platform, c.printed_account_id, c.printed_account, c.role, s.at, s.id
    FROM seen s JOIN captures c ON c.id = s.original
    WHERE c.printed_account IS NOT NULL AND c.role IN ('profile', 'listing', 'article')"""


def name_accounts(connection: sqlite3.Connection, warc: str) -> None:
    """Note the names that the answers of one WARC file print, those that came again included.

    Args:
        connection: to the database, which has the file's captures already.
        warc: name of the file.
    """
    names: dict[tuple[str, ...], AccountNameRow] = {}
    for key, row in _sightings(connection, warc):
        names[key] = _widened(names[key], row) if key in names else row
    writing.merge_account_names(connection, map(columns, names.values()))


def _sightings(
    connection: sqlite3.Connection, warc: str
) -> Iterator[tuple[tuple[str, ...], AccountNameRow]]:
    for *key, at, capture in connection.execute(SIGHTINGS, {"warc": warc}):
        platform, account_id, name, place = key
        row = AccountNameRow(
            platform=platform,
            account_id=account_id,
            name=name,
            seen_in=place,
            first_seen_at=at,
            first_capture=capture,
            last_seen_at=at,
            last_capture=capture,
        )
        yield tuple(key), row


def _widened(known: AccountNameRow, other: AccountNameRow) -> AccountNameRow:
    first = min((row.first_seen_at, row.first_capture) for row in (known, other))
    last = max((row.last_seen_at, row.last_capture) for row in (known, other))
    return replace(
        known,
        first_seen_at=first[0],
        first_capture=first[1],
        last_seen_at=last[0],
        last_capture=last[1],
    )
