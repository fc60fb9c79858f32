"""Versions, articles and media as functions of the captures: made again for each article that new captures touch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlite_utils

from archive import fulltext

CONTENT = [
    "kind",
    "title",
    "text",
    "account",
    "account_id",
    "summary",
    "author",
    "source",
    "reprinted_from",
    "original_title",
    "editor",
    "published_at",
    "published_raw",
    "updated_at",
    "document_number",
    "issued_by",
    "url",
]
DECISIVE = ("article", "withdrawn", "not-found", "empty")


def touched(db: sqlite_utils.Database, warc: str) -> list[str]:
    """The articles whose rows may change by the captures of one WARC file, those its payloads serve elsewhere included.

    By key, because the full-text index is written fastest so.
    """
    rows = db.execute(
        """SELECT article_id FROM (SELECT article_id FROM captures WHERE warc = :warc AND article_id IS NOT NULL
        UNION SELECT later.article_id FROM captures held JOIN captures later ON later.refers_to = held.id
            WHERE held.warc = :warc AND later.article_id IS NOT NULL
        UNION SELECT media.article_id FROM captures held JOIN media ON media.url = held.url
            WHERE held.warc = :warc AND held.role = 'media') LEFT JOIN articles ON id = article_id ORDER BY pk, article_id""",
        {"warc": warc},
    )
    return [row[0] for row in rows]


def derive(db: sqlite_utils.Database, article_ids: Iterable[str]) -> None:
    """Make the rows of these articles again from their captures, and then what the full-text index holds of them."""
    unindexed: list[int] = []
    for article_id in article_ids:
        sights = _sights(db, article_id)
        _date_versions(db, article_id, sights)
        unindexed += _write_article(db, article_id, sights)
        _write_media(db, article_id)
    fulltext.add(db, unindexed)


def _sights(db: sqlite_utils.Database, article_id: str) -> list[dict[str, Any]]:
    """The captures of an article in time, a revisit with what its original said."""
    rows = db.query(
        """SELECT c.id, c.captured_at, c.account, c.account_id, coalesce(o.outcome, c.outcome) AS outcome,
            coalesce(o.reason, c.reason) AS reason, coalesce(o.content_digest, c.content_digest) AS digest
        FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
        WHERE c.article_id = ? AND c.role = 'article' ORDER BY c.captured_at, c.id""",
        [article_id],
    )
    return list(rows)


def _date_versions(db: sqlite_utils.Database, article_id: str, sights: list[dict[str, Any]]) -> None:
    spans: dict[str, tuple[str, str, str]] = {}
    for sight in sights:
        if sight["digest"]:
            first = spans.get(sight["digest"], (sight["id"], sight["captured_at"], ""))
            spans[sight["digest"]] = (first[0], first[1], sight["captured_at"])
    for digest, (capture, first_at, last_at) in spans.items():
        db.conn.execute(
            """UPDATE versions SET capture = ?, first_captured_at = ?, last_captured_at = ?
            WHERE article_id = ? AND digest = ?""",
            (capture, first_at, last_at, article_id, digest),
        )


def _write_article(db: sqlite_utils.Database, article_id: str, sights: list[dict[str, Any]]) -> list[int]:
    """Returns the key of the article if the full-text index must take it in."""
    good = [sight for sight in sights if sight["digest"]]
    versions = {row["digest"]: row for row in db.query("SELECT * FROM versions WHERE article_id = ?", [article_id])}
    shown = next((versions[sight["digest"]] for sight in reversed(good) if sight["digest"] in versions), None)
    old = next(db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
    if shown is None:
        return []
    row = {name: shown[name] for name in CONTENT} | {
        "id": article_id,
        "platform": article_id.partition("-")[0],
        "account": shown["account"] or _last(sights, "account"),
        "account_id": shown["account_id"] or _last(sights, "account_id"),
        **_state(sights, len(versions)),
        "first_captured_at": good[0]["captured_at"],
        "last_captured_at": good[-1]["captured_at"],
        "version_count": len(versions),
        "digest": shown["digest"],
        "producer": shown["producer"],
    }
    return _store(db, old, row)


def _state(sights: list[dict[str, Any]], versions: int) -> dict[str, str | None]:
    """Only the platform's own word is a withdrawal; a block, a throttle or an outage says nothing about the article."""
    last = next(sight for sight in reversed(sights) if sight["outcome"] in DECISIVE)
    if last["outcome"] == "withdrawn":
        return {"status": "withdrawn", "withdrawn_by": None, "withdrawn_reason": last["reason"]}
    status = "unreachable" if last["outcome"] != "article" else "changed" if versions > 1 else "live"
    return {"status": status, "withdrawn_by": None, "withdrawn_reason": None}


def _last(sights: list[dict[str, Any]], name: str) -> str | None:
    return next((sight[name] for sight in reversed(sights) if sight[name]), None)


def _store(db: sqlite_utils.Database, old: dict[str, Any] | None, row: dict[str, Any]) -> list[int]:
    """Write the article; the full-text index forgets what it held and is not true any more."""
    if old is None:
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        made = db.conn.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", tuple(row.values()))
        return [made.lastrowid or 0]
    changed = any(old[name] != row[name] for name in fulltext.HELD)
    if changed:
        fulltext.forget(db, old["pk"], old)
    settings = ", ".join(f"{name} = ?" for name in row)
    db.conn.execute(f"UPDATE articles SET {settings} WHERE pk = ?", (*row.values(), old["pk"]))
    return [old["pk"]] if changed else []


def _write_media(db: sqlite_utils.Database, article_id: str) -> None:
    db.conn.execute("DELETE FROM media WHERE article_id = ?", (article_id,))
    pictures: dict[str, str | None] = {}
    for row in db.query("SELECT pictures FROM versions WHERE article_id = ? ORDER BY first_captured_at, digest", [article_id]):
        pictures |= {one["url"]: one["caption"] for one in json.loads(row["pictures"])}
    for position, (url, caption) in enumerate(pictures.items()):
        db.conn.execute(
            """INSERT INTO media SELECT ?, ?, ?, ?, id, captured_at, status, content_type, payload_digest FROM
            (SELECT 1) LEFT JOIN (SELECT * FROM captures WHERE url = ? AND role = 'media' AND truncated IS NULL
                AND status = 200 ORDER BY captured_at, id LIMIT 1)""",
            (article_id, position, url, caption, url),
        )
