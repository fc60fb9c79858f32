"""What went wrong in a run, one value for each account or host and cause: accounts that did not
answer as they should or fell silent, articles that could not be fetched, and drift."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from archive.database.opening import read_rows
from archive.monitoring.account_events import events
from archive.monitoring.drift import drift
from archive.monitoring.silence import silence
from archive.page.urls import urlsplit

OUTCOMES = (
    "blocked",
    "throttled",
    "format_changed",
    "suspicious_empty",
    "unreachable",
    "moved",
    "gone",
    "robots",
    "endless",
    "partial",
)
"""The outcomes of `coverage` that somebody should look at."""

OUTAGE, SILENT = "outage", "silent"
SERVER_ERROR = re.compile(r"\b(?:outage\b.*?status |http-)(5\d\d)\b")
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+(?= |$)|outage(?= |$)")  # the word that begins a reason
TECHNICAL = re.compile(r" \(\w+: .*", re.S)  # the error's own name and words, behind ours

# A response that came the same before is a revisit, and means what its original meant.
RESPONSES = """WITH responses AS (SELECT c.url, c.article_id, c.account_id,
        coalesce(o.outcome, c.outcome) AS outcome, coalesce(o.reason, c.reason) AS reason,
        coalesce(o.detail, c.detail) AS detail
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.run = :run AND c.role = 'article')"""
REFUSED = f"""{RESPONSES},
    attempts AS (SELECT url, article_id, account_id, outcome, reason, detail
        FROM failures WHERE run = :run AND role = 'article'
        UNION ALL SELECT * FROM responses)
    SELECT url, outcome, reason, max(detail) AS detail FROM attempts
    WHERE (outcome = 'article' AND reason = 'unknown-layout')
        OR (outcome IN ('blocked', 'throttled', 'unreadable', 'error')
            OR (outcome = 'redirect' AND account_id IS NULL))
        AND NOT EXISTS (SELECT 1 FROM responses WHERE responses.article_id = attempts.article_id
            AND responses.outcome IN ('article', 'unchanged'))
    GROUP BY url, outcome, reason ORDER BY url"""
ANSWERED = f"""{RESPONSES} SELECT DISTINCT url FROM responses
    WHERE outcome IN ('article', 'unchanged', 'withdrawn', 'not-found', 'empty')"""
COVERAGE = "SELECT * FROM coverage WHERE run = ? ORDER BY account_id"


OTHER_LAYOUT = "read by the general rules, because the platform's own do not know its layout"
UNREACHED = ("no-answer", "certificate", "private-address")
"""Reasons for which nothing was asked of a host, or nothing came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An account, the articles of a host, or a measure of a platform, with what is wrong.

    Attributes:
        platform: the platform's name.
        kind: what `subject` is; an event of an account is news of one run.
        subject: the account's id, the host, or the measure.
        label: what is wrong, in a word or two: `blocked`, `outage`, `unreadable`.
        code: the word for the reason, such as `http-403`; "" where it has none.
        cause: the reason in words.
        example: an address, or an account, that shows it.
        count: how many articles it concerns; 1 for an account or a measure.
    """

    platform: str
    kind: Literal["account", "articles", "drift", "event"]
    subject: str
    label: str
    code: str
    cause: str
    example: str
    count: int = 1

    @property
    def key(self) -> tuple[str, ...]:
        """What is the same problem in another run. Why an account is refused, and with which
        number a server that is out of order answers, may change from run to run."""
        steady = self.kind != "articles" or self.label == OUTAGE
        return (self.platform, self.kind, self.subject, self.label, "" if steady else self.code)


def of_run(connection: sqlite3.Connection, run: str, now: datetime) -> Iterator[Problem]:
    """Find what went wrong in a run.

    Args:
        connection: the archive's database.
        run: its id.
        now: the time that silence is measured at, with a zone.
    """
    described = set()
    for event in events(connection, run):
        if event["status"] != "renamed":
            described.add(event["account_id"])
        yield _account(event, event["status"], "", event["reason"] or "", kind="event")
    for row in read_rows(connection, COVERAGE, [run]):
        problem = of_account(connection, row, now)
        if problem and row["account_id"] not in described:
            yield problem
    yield from of_articles(connection, run)
    yield from of_drift(connection, run)


def of_drift(connection: sqlite3.Connection, run: str) -> Iterator[Problem]:
    """The measures of its platform that fell in a run."""
    for fall in drift(connection, run):
        yield Problem(
            platform=fall.platform,
            kind="drift",
            subject=fall.measure,
            label="drift",
            code="",
            cause=str(fall),
            example=fall.url,
        )


def of_account(
    connection: sqlite3.Connection, row: dict[str, Any], now: datetime
) -> Problem | None:
    """What was wrong with an account by a row of its coverage, and by its silence at this time;
    None where nothing was."""
    if row["outcome"] not in OUTCOMES:
        reason = silence(connection, row["platform"], row["account_id"], now)
        return _account(row, SILENT, "", reason) if reason else None
    reason = row["reason"] or ""
    code, error = CODE.match(reason), SERVER_ERROR.search(reason)
    if error and row["outcome"] in ("throttled", "unreachable"):
        return _account(row, OUTAGE, f"http-{error[1]}", reason)
    return _account(row, row["outcome"], code[0] if code else "", reason)


def answering_hosts(connection: sqlite3.Connection, run: str) -> set[str]:
    """The hosts that gave this run an article, or said that it is not there."""
    return {host_of(row["url"]) for row in read_rows(connection, ANSWERED, {"run": run})}


def host_of(url: str) -> str:
    """The host of an address; the address itself where it has none."""
    return urlsplit(url).hostname or url


def _account(
    row: dict[str, Any],
    label: str,
    code: str,
    cause: str,
    kind: Literal["account", "event"] = "account",
) -> Problem:
    return Problem(
        platform=row["platform"],
        kind=kind,
        subject=row["account_id"],
        label=label,
        code=code,
        cause=cause,
        example=f"{row['account_id']} {row['account']}" if row["account"] else row["account_id"],
    )


def of_articles(connection: sqlite3.Connection, run: str) -> Iterator[Problem]:
    """The hosts from which a run could not have articles, or had them in a layout that is not
    known, by cause. The example is the first."""
    platform = connection.execute("SELECT platform FROM runs WHERE id = ?", [run]).fetchone()
    answering = answering_hosts(connection, run)
    groups: dict[tuple[str, str, str], Problem] = {}
    for row in read_rows(connection, REFUSED, {"run": run}):
        host, (label, code, cause) = host_of(row["url"]), _meaning(row)
        if label == OUTAGE and host in answering:
            label = row["outcome"]
        known = groups.get((host, label, code))
        groups[host, label, code] = Problem(
            platform=(platform and platform[0]) or "",
            kind="articles",
            subject=host,
            label=label,
            code=code,
            cause=known.cause if known else cause,
            example=known.example if known else row["url"],
            count=known.count + 1 if known else 1,
        )
    yield from groups.values()


def _meaning(row: dict[str, Any]) -> tuple[str, str, str]:
    """The label, the code and the cause of an article that could not be had, or not as usual."""
    reason, detail = row["reason"] or "", TECHNICAL.sub("", row["detail"] or "")
    if row["outcome"] == "article":
        return reason, reason, OTHER_LAYOUT
    words = f"{reason} {detail}" if reason == OUTAGE else reason
    if error := SERVER_ERROR.match(words):
        return OUTAGE, f"http-{error[1]}", f"http-{error[1]}"
    if row["outcome"] == "error" and detail:
        return "unreachable" if reason in UNREACHED else "error", reason, f"{reason} {detail}"
    named = f"{reason} {detail}".strip() if row["outcome"] == "blocked" else reason
    return row["outcome"], reason, named
