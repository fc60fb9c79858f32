"""Since when a problem holds, and which ones are over, by the rows of earlier runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from archive.database.opening import read_rows
from archive.monitoring.problems import (
    COVERAGE,
    OUTAGE,
    SILENT,
    Problem,
    answering_hosts,
    of_account,
    of_articles,
    of_drift,
)

MOST_RUNS = 200  # of a platform that are read back for a host
DRIFT_RUNS = 8  # of a platform in which a drift is the same one
UNDECIDED = ("budget",)  # outcomes of `coverage` that do not say how the account is
PASSING = (OUTAGE, "unreachable", "blocked", "throttled")  # what a host is, and then is not
ROWS_BEFORE = """SELECT * FROM coverage WHERE platform = ? AND account_id = ? AND at < ?
    ORDER BY at DESC"""
RUNS_BEFORE = """SELECT id, started_at FROM runs WHERE platform = :platform AND started_at <
    (SELECT started_at FROM runs WHERE id = :run) ORDER BY started_at DESC LIMIT :most"""


@dataclass(frozen=True, slots=True)
class Past:
    """How long a problem holds.

    Attributes:
        since: when it was first met (ISO 8601, UTC); "" where this run is the first.
        runs: how many runs before this one met it, without one between them that did not.
    """

    since: str = ""
    runs: int = 0

    @classmethod
    def of(cls, connection: sqlite3.Connection, run: str, problem: Problem) -> Past:
        """Read it from the rows of the runs before this one."""
        if problem.kind == "event":
            return Past()
        if problem.kind == "account":
            return _of_account(connection, run, problem)
        before = RUNS_BEFORE, {"run": run, "platform": problem.platform, "most": MOST_RUNS}
        runs = [*read_rows(connection, *before)]
        if problem.kind == "drift":
            return _of_drift(connection, runs[:DRIFT_RUNS], problem)
        return _of_host(connection, runs, problem)


def _of_account(connection: sqlite3.Connection, run: str, problem: Problem) -> Past:
    statement = f"{COVERAGE.partition(' ORDER')[0]} AND account_id = ?"
    own = next(read_rows(connection, statement, [run, problem.subject]), None)
    if own is None:
        return Past()
    past = Past()
    for row in _rows_before(connection, own):
        earlier = of_account(connection, row, datetime.fromisoformat(row["at"]))
        if earlier and earlier.label in PASSING and problem.label not in PASSING:
            continue  # nobody could see whether it was so
        if earlier is None or earlier.key != problem.key:
            break
        past = Past(row["at"], past.runs + 1)
        if problem.label == SILENT:
            break  # its own sentence says since when
    return past


def _rows_before(connection: sqlite3.Connection, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The coverage of the same account before, the newest first, where it says how it was."""
    values = [row["platform"], row["account_id"], row["at"]]
    return (
        earlier
        for earlier in read_rows(connection, ROWS_BEFORE, values)
        if earlier["outcome"] not in UNDECIDED
    )


def _of_host(
    connection: sqlite3.Connection, runs: Sequence[dict[str, Any]], problem: Problem
) -> Past:
    """Runs that did not ask the host do not count."""
    past = Past()
    for run in runs:
        of_host = [
            earlier
            for earlier in of_articles(connection, run["id"])
            if earlier.subject == problem.subject
        ]
        if any(earlier.key == problem.key for earlier in of_host):
            past = Past(run["started_at"], past.runs + 1)
        elif of_host or problem.subject in answering_hosts(connection, run["id"]):
            break
    return past


def _of_drift(
    connection: sqlite3.Connection, runs: Sequence[dict[str, Any]], problem: Problem
) -> Past:
    same = [
        run["started_at"]
        for run in runs
        if any(fall.key == problem.key for fall in of_drift(connection, run["id"]))
    ]
    return Past(min(same), len(same)) if same else Past()


def ended(
    connection: sqlite3.Connection, run: str, problems: Sequence[Problem], now: datetime
) -> Iterator[tuple[Problem, Past]]:
    """The problems of the run before that this one did not meet, though it looked.

    Args:
        connection: the archive's database.
        run: the id of this run.
        problems: what went wrong in it.
        now: the time that silence is measured at, with a zone.
    """
    wrong: set[tuple[str, str]] = {
        ("account" if problem.kind == "event" else problem.kind, problem.subject)
        for problem in problems
    }
    for row in read_rows(connection, COVERAGE, [run]):
        if ("account", row["account_id"]) in wrong or row["outcome"] in UNDECIDED:
            continue
        for earlier in islice(_rows_before(connection, row), 1):
            moment = datetime.fromisoformat(earlier["at"])
            if problem := of_account(connection, earlier, moment):
                past = _of_account(connection, earlier["run"], problem)
                yield problem, past if past.runs else Past(earlier["at"])
    yield from _ended_hosts(connection, run, wrong)


def _ended_hosts(
    connection: sqlite3.Connection, run: str, wrong: set[tuple[str, str]]
) -> Iterator[tuple[Problem, Past]]:
    answering = answering_hosts(connection, run) - {
        subject for kind, subject in wrong if kind == "articles"
    }
    platform = connection.execute("SELECT platform FROM runs WHERE id = ?", [run]).fetchone()
    before = {"run": run, "platform": platform and platform[0], "most": 1}
    for earlier in read_rows(connection, RUNS_BEFORE, before):
        for problem in of_articles(connection, earlier["id"]):
            if problem.subject in answering and problem.label in PASSING:
                past = Past.of(connection, earlier["id"], problem)
                yield problem, past if past.runs else Past(earlier["started_at"])
