"""Which articles the captures of one WARC file may change, and all looks at one article, in
time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlite_utils

from archive.history.withdrawals import Sight

WALKED = (
    "c.complete = 1 AND c.outcome IN ('new', 'none')"  # a walk that would have met what is listed
)

# By key, because the full-text index is written fastest so. First what the file itself names, then
# those whose payload it holds, then pictures; those of a run whose other files say whether the
# platform was well; those that a walk did not meet; those that are listed again.
TOUCHED = f"""WITH heard AS (SELECT platform, account_id, min(captured_at) AS since FROM captures
        WHERE warc = :warc AND role = 'listing' AND account_id IS NOT NULL GROUP BY 1, 2),
    told AS (SELECT DISTINCT run FROM captures WHERE warc = :warc AND run IS NOT NULL
        UNION SELECT later.run FROM captures held JOIN captures later ON later.refers_to = held.id WHERE held.warc = :warc),
    walks AS (SELECT c.* FROM heard h JOIN coverage c USING (platform, account_id) WHERE c.at >= h.since AND {WALKED}
        UNION SELECT c.* FROM coverage c WHERE c.run IN (SELECT run FROM told) AND {WALKED})
    SELECT article_id FROM (
        SELECT article_id FROM captures WHERE warc = :warc AND article_id IS NOT NULL
        UNION SELECT later.article_id FROM captures held JOIN captures later ON later.refers_to = held.id
            WHERE held.warc = :warc AND later.article_id IS NOT NULL
        UNION SELECT media.article_id FROM captures held JOIN media ON media.url = held.url
            WHERE held.warc = :warc AND held.role = 'media'
        UNION SELECT article_id FROM captures WHERE run IN (SELECT run FROM told) AND role = 'article'
            AND outcome IN ('not-found', 'empty') AND article_id IS NOT NULL
        UNION SELECT l.article_id FROM walks c JOIN links l USING (platform, account_id)
            WHERE l.published_at > c.covered_from AND l.last_listed_at < c.begun_at
        UNION SELECT a.id FROM articles a JOIN links l ON l.article_id = a.id
            WHERE a.unlisted_at IS NOT NULL AND l.last_listed_at > a.unlisted_at
    ) LEFT JOIN articles ON id = article_id ORDER BY pk, article_id"""

CAPTURES = """SELECT c.id, c.captured_at, c.account, c.account_id, c.run, coalesce(o.outcome, c.outcome) AS outcome,
        coalesce(o.reason, c.reason) AS reason, coalesce(o.detail, c.detail) AS detail,
        coalesce(o.content_digest, c.content_digest) AS digest
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.article_id = ? AND c.role = 'article' ORDER BY c.captured_at, c.id"""

WELL = """SELECT 1 FROM captures c LEFT JOIN captures o ON o.id = c.refers_to WHERE c.run = ? AND c.role = 'article'
    AND c.outcome IN ('article', 'unchanged') AND coalesce(o.outcome, c.outcome) = 'article' AND c.article_id <> ? LIMIT 1"""

UNLISTED = f"""SELECT c.at, c.record FROM coverage c JOIN links l USING (platform, account_id)
    WHERE l.article_id = :id AND {WALKED} AND l.published_at > c.covered_from
        AND c.begun_at > (SELECT max(last_listed_at) FROM links WHERE article_id = :id)"""


def touched(db: sqlite_utils.Database, warc: str) -> list[str]:
    """The articles whose rows may change by the captures and notes of one WARC file."""
    return [row[0] for row in db.execute(TOUCHED, {"warc": warc})]


def sights_of(
    db: sqlite_utils.Database, article_id: str
) -> tuple[list[dict[str, Any]], list[Sight]]:
    """The captures of an article in time, a revisit with what its original said; and all sights,
    the walks without it too."""
    captures = list(db.query(CAPTURES, [article_id]))
    sights = [_sight(db, article_id, row) for row in captures]
    if any(row["digest"] for row in captures):
        walks = db.execute(UNLISTED, {"id": article_id})
        sights += [Sight(at=at, outcome="unlisted", proof=record) for at, record in walks]
    return captures, sorted(sights, key=lambda sight: (sight.at, sight.proof))


def _sight(db: sqlite_utils.Database, article_id: str, row: dict[str, Any]) -> Sight:
    doubtful = row["outcome"] in ("not-found", "empty")
    return Sight(
        at=row["captured_at"],
        outcome=row["outcome"],
        proof=row["id"],
        reason=row["reason"],
        detail=row["detail"],
        digest=row["digest"],
        trusted=not doubtful or db.execute(WELL, (row["run"], article_id)).fetchone() is not None,
    )


def moved(db: sqlite_utils.Database, row: dict[str, Any]) -> str | None:
    """The id under which the same account published the same text later; None where it did not."""
    statement = """SELECT id FROM articles WHERE title = :title AND platform = :platform AND account_id = :account_id
        AND text = :text AND id <> :id AND first_captured_at > :first_captured_at ORDER BY first_captured_at, id LIMIT 1"""
    found = db.execute(statement, row).fetchone()
    return found[0] if found else None


def others_moved(db: sqlite_utils.Database, article_ids: Iterable[str]) -> list[str]:
    """Missing articles that one of these may be the new place of."""
    found: set[str] = set()
    for article_id in article_ids:
        rows = db.execute(
            """SELECT x.id FROM articles y JOIN articles x USING (title) WHERE y.id = ? AND
            x.platform = y.platform AND x.id <> y.id AND x.status IN ('withdrawn',
            'unreachable')""",
            (article_id,),
        )
        found.update(row[0] for row in rows)
    return sorted(found)
