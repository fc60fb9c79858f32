"""Checks of the rows of a database: every row against its record, and the rows against one
another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice

from archive.counting import counted
from archive.verification.finding import DATABASE, MANY, REBUILD, Finding
from archive.verification.fulltext import is_damage
from archive.verification.record_table import RecordTable

# Each selects WARC file, offset, and row or record.
AGAINST_RECORDS = {
    "the row points at no record": """
        SELECT c.warc, c.offset, c.id FROM live.captures c WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.warc = c.warc AND r.offset = c.offset
        AND c.id IN (r.id, id_by_place(r.warc, r.offset)))""",
    "the record says something else than the row": """
        SELECT c.warc, c.offset, c.id FROM live.captures c
        JOIN records r ON r.warc = c.warc AND r.offset = c.offset
        WHERE c.url <> r.url OR c.captured_at <> r.date OR c.length <> r.length
        OR c.payload_digest IS NOT r.payload
        OR (r.ours AND coalesce(c.refers_to_id, c.refers_to) IS NOT r.refers)
        OR c.status IS NOT r.status""",
    "the record is not in the database": """
        SELECT r.warc, r.offset, r.id FROM records r
        WHERE r.http AND NOT EXISTS (SELECT 1 FROM live.captures c
        WHERE c.id IN (r.id, id_by_place(r.warc, r.offset)))""",
    "the failure points at no record": """
        SELECT f.warc, f.offset, f.id FROM live.failures f WHERE NOT EXISTS
        (SELECT 1 FROM records r WHERE r.warc = f.warc AND r.offset = f.offset
        AND f.id IN (r.id, id_by_place(r.warc, r.offset)))""",
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
    "the capture of the page is missing": """
        SELECT NULL, NULL, p.article_id || ' ' || p.number FROM live.article_pages p
        WHERE p.capture IS NOT NULL AND p.capture NOT IN (SELECT id FROM live.captures)""",
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
    "a proof of the change of a listing is missing": """
        SELECT NULL, NULL, l.article_id FROM live.link_changes l, json_each(l.proofs) p
        WHERE p.value NOT IN (SELECT id FROM live.captures)
        AND p.value NOT IN (SELECT record FROM live.coverage)""",
}


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
            rows = table.places(statement)
            places = list(islice(rows, MANY))
            others = sum(1 for _ in rows)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            yield Finding(file=DATABASE, wrong=f"it cannot be read ({error})", todo=todo)
            return
        for place in places:
            yield Finding(
                file=place.warc or DATABASE,
                offset=place.offset,
                record=place.record or None,
                wrong=wrong,
                todo=todo,
            )
        if others:
            more = f"{wrong}, {counted(others, 'time')} more"
            yield Finding(file=DATABASE, wrong=more, todo=todo)
