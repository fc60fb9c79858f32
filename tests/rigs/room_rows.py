"""What an archive has besides its articles, so that no page of the reading room is quick for want of rows:
captures, versions, crawls with their coverage, absences, names, pictures, documents."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.database.fulltext import add_text

RUNS, ACCOUNTS = 200, 300
GREAT = "100"  # the account with a quarter of the articles
EDITED, EDITS = "thepaper-1000", 200  # the article that changed most, and how many versions it has
REPRINTS = 50  # articles with one text
RUN_AT = "strftime('%Y-%m-%dT%H:%M:%SZ', '2026-01-01', '+' || ({}) || ' days')"
STATEMENTS = (
    f"""WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {RUNS} - 1)
    INSERT INTO runs (id, platform, started_at, finished_at, finish_reason)
    SELECT printf('run-%03d', i), 'thepaper', {RUN_AT.format("i")}, {RUN_AT.format("i")}, 'finished' FROM n""",
    f"""UPDATE articles SET account_id = CASE WHEN pk % 4 = 3 THEN '{GREAT}' WHEN pk % 50 = 1 THEN NULL ELSE 100 + pk % {ACCOUNTS} END,
    version_count = CASE WHEN id = '{EDITED}' THEN {EDITS} ELSE 1 + (status = 'changed') END,
    first_captured_at = {RUN_AT.format(f"pk % {RUNS}")}""",
    """INSERT INTO captures (id, url, captured_at, platform, role, article_id, run, method, status, content_type,
        outcome, content_digest, payload_digest, warc, offset, length)
    SELECT 'urn:uuid:' || v.n || '-' || a.id, a.url, CASE v.n WHEN 1 THEN a.first_captured_at ELSE a.checked_at END, a.platform,
        'article', a.id, printf('run-%03d', a.pk % 200), 'GET', 200, 'text/html', 'article', v.n || a.id, v.n || a.id, 'x.warc.gz', 0, 1
    FROM articles a JOIN (SELECT 1 AS n UNION SELECT 2) v""",
    f"""WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {EDITS})
    INSERT INTO captures (id, url, captured_at, platform, role, article_id, run, method, status, content_type,
        outcome, content_digest, payload_digest, warc, offset, length)
    SELECT 'urn:uuid:' || i || '-' || a.id, a.url, {RUN_AT.format("i")}, a.platform, 'article', a.id, printf('run-%03d', i % {RUNS}),
        'GET', 200, 'text/html', 'article', i || a.id, i || a.id, 'x.warc.gz', 0, 1 FROM articles a JOIN n WHERE a.id = '{EDITED}'""",
    f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {EDITS} - 1)
    INSERT INTO versions (article_id, digest, kind, title, account, account_id, published_at, url, rules, found_by, producer,
        pictures, capture, first_captured_at, last_captured_at, text)
    SELECT a.id, i || 'e', a.kind, a.title || i, a.account, a.account_id, a.published_at, a.url, 'x', '{{}}', 'x', '[]',
        'urn:uuid:' || i || '-' || a.id, {RUN_AT.format("i")}, {RUN_AT.format("i + 1")},
        replace(substr(a.text, 1 + i), '，', '，' || i) || char(10) || substr(a.text, 1, i) FROM articles a JOIN n WHERE a.id = '{EDITED}'""",
    """INSERT INTO versions (article_id, digest, kind, title, account, account_id, published_at, url, rules, found_by, producer,
        pictures, capture, first_captured_at, last_captured_at, text)
    SELECT a.id, CASE WHEN v.n >= a.version_count OR a.version_count > 2 THEN a.digest ELSE v.n END, a.kind, a.title, a.account, a.account_id, a.published_at, a.url, 'x', '{}', 'x', '[]',
        'urn:uuid:' || v.n || '-' || a.id, a.first_captured_at, a.last_captured_at, CASE v.n WHEN 1 THEN a.text ELSE a.text || '改' END
    FROM articles a JOIN (SELECT 1 AS n UNION SELECT 2) v WHERE v.n <= a.version_count AND (a.version_count < 3 OR v.n = 2)""",
    """INSERT INTO withdrawals (article_id, last_seen_at, first_missing_at, last_missing_at, confirmed_at, proofs)
    SELECT id, first_captured_at, checked_at, checked_at, checked_at, '[]' FROM articles WHERE status IN ('withdrawn', 'unreachable')""",
    f"""WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < {ACCOUNTS} + 99)
    INSERT INTO coverage (run, platform, account_id, account, outcome, listed, new, at, record)
    SELECT r.id, 'thepaper', n.i, '发布' || n.i, CASE WHEN n.i % 50 THEN 'new' ELSE 'blocked' END, 20, 3, r.started_at, 'r' FROM runs r JOIN n""",
    """INSERT INTO account_names SELECT DISTINCT platform, account_id, '发布' || account_id, 'listing', '2020-01-01T00:00:00Z', 'c', '2026-01-01T00:00:00Z', 'c'
    FROM articles WHERE account_id IS NOT NULL""",
    """INSERT INTO media (article_id, position, url, kind, capture)
    SELECT id, 0, 'https://files.example/' || id || '.pdf', CASE WHEN pk % 20 THEN 'picture' ELSE 'attachment' END, 'urn:uuid:m-' || id FROM articles""",
    """INSERT INTO attachment_text (capture, number, part, unit, file_name, state, reader, text)
    SELECT 'urn:uuid:m-' || id, 1, 1, 'page', id || '.pdf', 'read', 'x', text FROM articles WHERE pk % 20 = 0""",
)  # fmt: skip


def fill(database: Path) -> None:
    """Add all of it to a database that has articles alone."""
    with closing(sqlite3.connect(database)) as db:
        for statement in STATEMENTS:
            db.execute(statement)
        documents = db.execute("SELECT pk, text FROM attachment_text").fetchall()
        for pk, text in documents:
            add_text(db, "attachment_text", pk, text)
        db.commit()
