"""Checks of the rows of a database: SQLite's own structure, the full-text index, every row against
its record, and the rows against one another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archive.database.opening import reading_uri
from archive.verification.finding import REBUILD, Finding
from archive.verification.fulltext import Fault, is_damage, structure_faults
from archive.verification.record_table import RecordTable
from archive.verification.terms import term_faults

DATABASE = "archive.db"
MANY = 20  # findings of one kind that are reported one by one

# Each selects WARC file, offset, and row or record.
AGAINST_RECORDS = {
    "the row points at no record": """
        SELECT c.warc, c.offset, c.id FROM live.captures c WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = c.id AND r.warc = c.warc AND r.offset = c.offset)""",
    "the record says something else than the row": """
        SELECT c.warc, c.offset, c.id FROM live.captures c
        JOIN records r ON r.id = c.id AND r.warc = c.warc
        WHERE c.url <> r.url OR c.captured_at <> r.date OR c.length <> r.length
        OR c.payload_digest IS NOT r.payload OR c.refers_to IS NOT r.refers
        OR c.status IS NOT r.status""",
    "the record is not in the database": """
        SELECT r.warc, r.offset, r.id FROM records r
        WHERE r.type IN ('response', 'revisit') AND r.http
        AND NOT EXISTS (SELECT 1 FROM live.captures c WHERE c.id = r.id)""",
    "the failure points at no record": """
        SELECT f.warc, f.offset, f.id FROM live.failures f WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = f.id AND r.warc = f.warc AND r.offset = f.offset)""",
    "the note that the row of coverage names is missing": """
        SELECT NULL, NULL, c.record FROM live.coverage c WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = c.record)""",
    "the file is not as it was indexed": """
        SELECT w.name, NULL, NULL FROM live.warcs w LEFT JOIN files f ON f.name = w.name
        WHERE f.name IS NULL OR f.size <> w.size OR f.records <> w.records""",
    "the file is not indexed": """
        SELECT name, NULL, NULL FROM files WHERE name NOT IN (SELECT name FROM live.warcs)""",
}
AGAINST_ROWS = {
    "the version's capture is missing": """
        SELECT NULL, NULL, v.article_id || ' ' || v.digest FROM live.versions v WHERE NOT EXISTS
        (SELECT 1 FROM live.captures c WHERE c.id = v.capture AND c.content_digest = v.digest)""",
    "the article has no such version": """
        SELECT NULL, NULL, a.id FROM live.articles a WHERE NOT EXISTS
        (SELECT 1 FROM live.versions v WHERE v.article_id = a.id AND v.digest = a.digest
        AND v.title = a.title AND v.text = a.text)""",
    "the picture's capture is missing": """
        SELECT NULL, NULL, m.article_id || ' ' || m.url FROM live.media m
        WHERE m.capture IS NOT NULL AND m.capture NOT IN (SELECT id FROM live.captures)""",
    "the producer of the row is not known": """
        SELECT NULL, NULL, id FROM live.articles
        WHERE producer NOT IN (SELECT id FROM live.producers)
        UNION ALL SELECT NULL, NULL, article_id || ' ' || digest FROM live.versions
        WHERE producer NOT IN (SELECT id FROM live.producers)""",
    "a proof of the withdrawal is missing": """
        SELECT NULL, NULL, w.article_id FROM live.withdrawals w, json_each(w.proofs) p
        WHERE p.value NOT IN (SELECT id FROM live.captures)
        AND p.value NOT IN (SELECT record FROM live.coverage)""",
}


def check_structure(path: Path, shown: str = DATABASE, todo: str = REBUILD) -> Iterator[Finding]:
    """Whether SQLite can read all of a database, and its full-text index agrees with the articles.

    Args:
        path: the database.
        shown: its name in findings.
        todo: what a finding advises.
    """
    try:
        connection = sqlite3.connect(reading_uri(path), uri=True)
    except sqlite3.Error as error:
        yield Finding(file=shown, wrong=f"it cannot be opened ({error})", todo=todo)
        return
    with closing(connection):
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            for record, wrong in _damage(connection) or _index_faults(connection):
                yield Finding(file=shown, record=record, wrong=wrong, todo=todo)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            yield Finding(file=shown, wrong=f"it cannot be read ({error})", todo=todo)


def _damage(connection: sqlite3.Connection) -> list[Fault]:
    rows = connection.execute("PRAGMA integrity_check(10)")
    return [Fault(None, str(row[0])) for row in rows if row[0] != "ok"]


def _index_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    yield from structure_faults(connection)
    yield from term_faults(connection)


def check_rows(
    table: RecordTable, todo: str = REBUILD, *, with_records: bool = True
) -> Iterator[Finding]:
    """What is wrong with the rows of the attached database.

    Args:
        table: all records, and the database as `live`.
        todo: what a finding advises.
        with_records: whether there are WARC files to check the rows against.
    """
    for wrong, statement in {**(AGAINST_RECORDS if with_records else {}), **AGAINST_ROWS}.items():
        try:
            places = list(table.places(statement))
        except sqlite3.DatabaseError as error:
            yield Finding(file=DATABASE, wrong=f"it cannot be read ({error})", todo=todo)
            return
        for place in places[:MANY]:
            yield Finding(
                file=place.warc or DATABASE,
                offset=place.offset,
                record=place.record or None,
                wrong=wrong,
                todo=todo,
            )
        if len(places) > MANY:
            more = f"{wrong}, {len(places) - MANY} times more"
            yield Finding(file=DATABASE, wrong=more, todo=todo)
