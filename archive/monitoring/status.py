"""The state of an archive in one value: what is followed, what the last runs saw, what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from archive.archive import Archive
from archive.monitoring import alarms, drift

LAST = """SELECT c.* , r.started_at, r.finished_at FROM coverage c JOIN runs r ON r.id = c.run
    WHERE c.platform = ? AND c.account_id = ? ORDER BY r.started_at DESC LIMIT 1"""


def status(archive: Archive, now: datetime | None = None) -> dict[str, Any]:
    """Counts, the last run, the followed accounts each with its last outcome, and `wrong`: those
    that need a look.

    `drift`: what fell in the last run of each platform. `withdrawn`, `unreachable`: articles in
    these states.
    """
    now = now or datetime.now(UTC)
    if not archive.is_indexed():
        rows = [
            _account(one.platform, one.account_id, one.name, one.url, {})
            for one in archive.accounts()
        ]
        none = {"articles": 0, "captures": 0, "withdrawn": 0, "unreachable": 0}
        return {**none, "last_run": None, "accounts": rows, "wrong": [], "drift": []}
    db = archive.db
    accounts = [
        _last(archive, one.platform, one.account_id, one.name, one.url)
        for one in archive.accounts()
    ]
    for row in accounts:
        row["silent"] = alarms.silence(db, row["platform"], row["account_id"], now)
    last = db.query(
        "SELECT id FROM runs r WHERE started_at = (SELECT max(started_at) FROM runs WHERE "
        "platform = r.platform)"
    )
    return {
        "articles": db["articles"].count,
        "captures": db["captures"].count,
        "last_run": next(db.query("SELECT * FROM runs ORDER BY started_at DESC LIMIT 1"), None),
        "accounts": accounts,
        "withdrawn": db["articles"].count_where("status = 'withdrawn'"),
        "unreachable": db["articles"].count_where("status = 'unreachable'"),
        "drift": [str(one) for run in last for one in drift.drift(db, run["id"])],
        "wrong": [row for row in accounts if row["outcome"] in alarms.OUTCOMES or row["silent"]],
    }


def _last(
    archive: Archive, platform: str, account_id: str, name: str | None, url: str
) -> dict[str, Any]:
    known = next(
        archive.db.query(
            "SELECT name FROM accounts WHERE platform = ? AND account_id = ?",
            [platform, account_id],
        ),
        {},
    )
    last = next(archive.db.query(LAST, [platform, account_id]), {})
    row = _account(platform, account_id, known.get("name") or name, url, last)
    row["articles"] = archive.db["articles"].count_where(
        "platform = ? AND account_id = ?", [platform, account_id]
    )
    return row


def _account(
    platform: str, account_id: str, name: str | None, url: str, last: dict[str, Any]
) -> dict[str, Any]:
    return {
        "platform": platform,
        "account_id": account_id,
        "name": name,
        "url": url,
        "articles": 0,
        "outcome": last.get("outcome"),
        "reason": last.get("reason"),
        "new": last.get("new"),
        "total": last.get("total"),
        "crawled_at": last.get("started_at"),
        "silent": None,
    }
