"""Versions, articles and media as functions of the captures: made again for each article that new
captures touch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlite_utils

from archive.database import fulltext
from archive.history.observations import moved, others_moved, sights_of, touched
from archive.history.withdrawals import MISSING, Absence, Sight, absences, status
from archive.model import StoredFields
from archive.model.columns import columns_of

STORED = [column.name for column in columns_of(StoredFields)]


def derive_file(db: sqlite_utils.Database, warc: str) -> None:
    """Make the rows of all articles again that the captures of one WARC file may change."""
    ids = touched(db, warc)
    derive(db, ids)
    derive(db, others_moved(db, ids))


def derive(db: sqlite_utils.Database, article_ids: Iterable[str]) -> None:
    """Make the rows of these articles again from their captures, and then what the full-text index
    holds of them."""
    unindexed: list[int] = []
    for article_id in article_ids:
        captures, sights = sights_of(db, article_id)
        _date_versions(db, article_id, captures)
        unindexed += _write_article(db, article_id, captures, sights)
        _write_media(db, article_id)
    fulltext.add(db, unindexed)


def _date_versions(
    db: sqlite_utils.Database, article_id: str, sights: list[dict[str, Any]]
) -> None:
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


def _write_article(
    db: sqlite_utils.Database, article_id: str, captures: list[dict[str, Any]], sights: list[Sight]
) -> list[int]:
    """Returns the key of the article if the full-text index must take it in."""
    good = [sight for sight in captures if sight["digest"]]
    versions = {
        row["digest"]: row
        for row in db.query("SELECT * FROM versions WHERE article_id = ?", [article_id])
    }
    shown = next(
        (versions[sight["digest"]] for sight in reversed(good) if sight["digest"] in versions), None
    )
    old = next(db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
    if shown is None:
        return []
    missed = absences(sights)
    _write_withdrawals(db, article_id, missed)
    row = {name: shown[name] for name in STORED} | {
        "id": article_id,
        "platform": article_id.partition("-")[0],
        "account": shown["account"] or _last(captures, "account"),
        "account_id": shown["account_id"] or _last(captures, "account_id"),
        "first_captured_at": good[0]["captured_at"],
        "last_captured_at": good[-1]["captured_at"],
        "version_count": len(versions),
        "digest": shown["digest"],
        "producer": shown["producer"],
        **_watch(sights, good),
    }
    row |= _state(db, row, missed)
    return _store(db, old, row)


def _state(
    db: sqlite_utils.Database, row: dict[str, Any], missed: list[Absence]
) -> dict[str, str | None]:
    """What the last absence says of the article. One that the account published again elsewhere
    has moved."""
    lasting = missed[-1] if missed and missed[-1].reinstated_at is None else None
    word = status(lasting, row["version_count"])
    to = moved(db, row) if lasting else None
    if lasting and to and lasting.withdrawn_by is None:
        word = "unreachable"
    withdrawn = lasting if lasting and word == "withdrawn" else None
    return {
        "status": word,
        "withdrawn_by": withdrawn.withdrawn_by if withdrawn else None,
        "withdrawn_reason": withdrawn.reason if withdrawn else None,
        "moved_to": to,
        "missing_since": lasting.first_missing_at if lasting else None,
        "watched_from": lasting.first_missing_at if lasting else row["watched_from"],
    }


def _watch(sights: list[Sight], good: list[dict[str, Any]]) -> dict[str, str | None]:
    """When the article was last looked at, and since when the present version stands."""
    last = good[-1]["digest"]
    turns = [
        sight
        for before, sight in zip([None, *good], good, strict=False)
        if before is None or before["digest"] != last
    ]
    unlisted = [sight.at for sight in sights if sight.outcome == "unlisted"]
    looked = [
        sight.at
        for sight in sights
        if sight.digest or (sight.outcome in MISSING and sight.outcome != "unlisted")
    ]
    since = next(sight["captured_at"] for sight in reversed(turns) if sight["digest"] == last)
    return {
        "checked_at": looked[-1],
        "unlisted_at": unlisted[0] if unlisted else None,
        "watched_from": since,
    }


def _write_withdrawals(db: sqlite_utils.Database, article_id: str, missed: list[Absence]) -> None:
    db.conn.execute("DELETE FROM withdrawals WHERE article_id = ?", (article_id,))
    for absence in missed:
        row = asdict(absence) | {"article_id": article_id, "proofs": json.dumps(absence.proofs)}
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        db.conn.execute(f"INSERT INTO withdrawals ({names}) VALUES ({marks})", row)


def _last(sights: list[dict[str, Any]], name: str) -> str | None:
    return next((sight[name] for sight in reversed(sights) if sight[name]), None)


def _store(db: sqlite_utils.Database, old: dict[str, Any] | None, row: dict[str, Any]) -> list[int]:
    """Write the article; the full-text index forgets what it held and is not true any more."""
    if old is None:
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        made = db.conn.execute(
            f"INSERT INTO articles ({names}) VALUES ({marks})", tuple(row.values())
        )
        return [made.lastrowid or 0]
    changed = any(old[name] != row[name] for name in fulltext.HELD)
    if changed:
        fulltext.forget(db, old["pk"], old)
    settings = ", ".join(f"{name} = ?" for name in row)
    db.conn.execute(f"UPDATE articles SET {settings} WHERE pk = ?", (*row.values(), old["pk"]))
    return [old["pk"]] if changed else []


def _write_media(db: sqlite_utils.Database, article_id: str) -> None:
    db.conn.execute("DELETE FROM media WHERE article_id = ?", (article_id,))
    files: dict[str, tuple[str | None, str]] = {}
    for row in db.query(
        "SELECT pictures FROM versions WHERE article_id = ? ORDER BY first_captured_at, digest",
        [article_id],
    ):
        files |= {one["url"]: (one["caption"], one["kind"]) for one in json.loads(row["pictures"])}
    for position, (url, (caption, kind)) in enumerate(files.items()):
        db.conn.execute(
            """INSERT INTO media SELECT ?, ?, ?, ?, ?, id, captured_at, status, content_type,
            payload_digest FROM (SELECT 1) LEFT JOIN (SELECT * FROM captures WHERE url = ? AND role
            = 'media' AND truncated IS NULL
                AND status = 200 ORDER BY captured_at, id LIMIT 1)""",
            (article_id, position, url, caption, kind, url),
        )
