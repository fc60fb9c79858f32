"""What only all records together show: ids that are not unique, answers without requests, revisits
of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from archive.verification.finding import Finding
from archive.verification.record_table import RecordTable
from archive.warc.directory import RESTORE

LOST = "no request belongs to the answer"

# Each selects WARC file, offset and record id, and whether the record is ours: what holds for ours
# need not hold for those of other programs, but a request that an answer names was there. Some
# programs keep no requests at all (converted ARC files); ours keeps one for each answer, and so do
# most others.
STATEMENTS = {
    "another record has the same id": """
        SELECT warc, offset, id, ours FROM records WHERE id IN
        (SELECT id FROM records GROUP BY id HAVING count(*) > 1) ORDER BY warc, offset""",
    LOST: """
        SELECT warc, offset, id, ours FROM records r
        WHERE type IN ('response', 'revisit') AND http
        AND NOT EXISTS (SELECT 1 FROM pairs WHERE answer = r.id)
        AND (concurrent IS NOT NULL OR warc IN (SELECT warc FROM records WHERE type = 'request'))
        AND (ours OR (concurrent IS NOT NULL
            AND warc IN (SELECT warc FROM records WHERE type = 'request')))
        """,
    "more than one request belongs to the answer": """
        SELECT warc, offset, id, ours FROM records r WHERE type IN ('response', 'revisit')
        AND id IN (SELECT answer FROM pairs GROUP BY answer HAVING count(*) > 1)""",
    "the request belongs to no answer": """
        SELECT warc, offset, id, ours FROM records WHERE type = 'request' AND id NOT IN
        (SELECT request FROM pairs WHERE answer IN (SELECT id FROM records))""",
    "the record that the revisit refers to is missing": """
        SELECT warc, offset, id, ours FROM records v WHERE type = 'revisit' AND NOT EXISTS
        (SELECT 1 FROM records r WHERE r.id = v.refers AND r.type = 'response')
        AND NOT EXISTS (SELECT 1 FROM others o WHERE o.id = v.refers)""",
    "the record that the revisit refers to is another one": """
        SELECT v.warc, v.offset, v.id, v.ours FROM records v JOIN records r
        ON r.rowid = (SELECT rowid FROM records WHERE id = v.refers LIMIT 1)
        WHERE v.type = 'revisit'
        AND (v.payload <> r.payload OR v.refers_url <> r.url OR v.refers_date <> r.date)
        UNION ALL SELECT v.warc, v.offset, v.id, v.ours FROM records v JOIN others r
        ON r.id = v.refers WHERE v.type = 'revisit'
        AND (v.payload <> r.payload OR v.refers_url <> r.url OR v.refers_date <> r.date)""",
}


def check_sets(table: RecordTable) -> Iterator[Finding]:
    """What is wrong between the records of a complete table."""
    for wrong, statement in STATEMENTS.items():
        for place in table.places(statement):
            if not place.ours and wrong != LOST:
                table.absent[wrong] += 1
                continue
            yield Finding(
                file=str(place.warc),
                offset=place.offset,
                record=place.record,
                wrong=wrong,
                todo=RESTORE,
            )
