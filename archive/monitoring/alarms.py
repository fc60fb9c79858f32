"""Alarms of a crawl, one sentence a cause: all of them, and what differs from the run before.

What was before is read from the rows of the earlier runs, so that the same database gives the same
alarms everywhere.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from archive.monitoring.problems import OUTCOMES, Problem, of_run
from archive.monitoring.problems_before import Past, ended

__all__ = ["OUTCOMES", "Alarms", "of_runs"]

# The word that begins a cause, where words follow.
REASON = re.compile(r"(?:[a-z]+(?:-[a-z0-9]+)+|outage|said|moved|certificate|robots) (?=\S)")
LONGEST = 200  # characters of a cause in a sentence; the tables have all of it
NAMED = 3  # accounts or hosts of one cause that are named


class Alarms(NamedTuple):
    """The alarms of some runs, a sentence each: `all` that hold, which say since when, and the
    `changes`: those that are new, and those that are over.

    What holds as before is counted in one sentence of the changes: where there is something else to
    tell, and once a week (ISO 8601) at any rate.
    """

    all: list[str]
    changes: list[str]


def of_runs(connection: sqlite3.Connection, runs: Sequence[str], now: datetime) -> Alarms:
    """List the alarms of the runs of one start, one sentence for each platform and cause.

    Args:
        connection: the archive's database.
        runs: their ids.
        now: the time that silence is measured at, with a zone.
    """
    alarms = Alarms([], [])
    lasting: list[Past] = []
    for run in runs:
        problems = _with_past(connection, run, now)
        alarms.all.extend(_sentences(problems, with_since=True))
        new = [(problem, past) for problem, past in problems if not past.runs]
        lasting += [past for _, past in problems if past.runs]
        alarms.changes.extend(_sentences(new, with_since=False))
        over = ended(connection, run, [problem for problem, _ in problems], now)
        alarms.changes.extend(_over(over))
    if lasting and (alarms.changes or _is_first_of_week(connection, runs, now)):
        alarms.changes.append(_count(lasting))
    return alarms


def _with_past(
    connection: sqlite3.Connection, run: str, now: datetime
) -> list[tuple[Problem, Past]]:
    return [
        (problem, Past.of(connection, run, problem)) for problem in of_run(connection, run, now)
    ]


def _sentences(problems: Iterable[tuple[Problem, Past]], *, with_since: bool) -> Iterator[str]:
    groups: dict[tuple[str, str, str], list[tuple[Problem, Past]]] = {}
    for problem, past in problems:
        # What fell in each measure, and since when each account is silent, is of it alone.
        own = problem.subject if problem.kind in ("drift", "event") else ""
        groups.setdefault((problem.platform, problem.label, own or problem.code), []).append(
            (problem, past)
        )
    for group in groups.values():
        since = _since([past for _, past in group]) if with_since else ""
        yield f"{_sentence([problem for problem, _ in group])}{since}"


def _sentence(group: Sequence[Problem]) -> str:
    """One sentence for problems of one platform, label and code."""
    first = group[0]
    cause = _in_words(first)
    if first.kind == "drift":
        return f"drift: {cause}"
    if len(group) == 1 and first.count == 1:
        subject = f"{first.platform} {first.subject}" if first.kind != "articles" else first.example
        return f"{subject}: {first.label} ({cause})" if cause else f"{subject}: {first.label}"
    accounts = [problem for problem in group if problem.kind == "account"]
    hosts = [problem for problem in group if problem.kind == "articles"]
    parts = []
    if accounts:
        parts.append(f"{_number(len(accounts), 'account')} {_named(accounts)}")
    if hosts:
        articles = _number(sum(problem.count for problem in hosts), "article")
        parts.append(f"{articles} of {_named(hosts)}, such as {hosts[0].example}")
    return f"{first.platform}: {' and '.join(parts)}: {first.label} ({cause})"


def _in_words(problem: Problem) -> str:
    """The cause: the word for the reason, unless that was just said, then what there is to say."""
    match = REASON.match(problem.cause)
    word, words = (match[0].strip(), problem.cause[match.end() :]) if match else ("", problem.cause)
    cause = f"{word}: {words}" if word and word != problem.label else words
    return cause if len(cause) <= LONGEST else f"{cause[:LONGEST]}…"


def _named(group: Sequence[Problem]) -> str:
    names = [
        problem.example if problem.kind == "account" else problem.subject
        for problem in group[:NAMED]
    ]
    more = f" and {len(group) - NAMED} more" if len(group) > NAMED else ""
    listed = f"{', '.join(names)}{more}"
    return f"({listed})" if group[0].kind == "account" else listed


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _since(pasts: Sequence[Past]) -> str:
    longest = max(pasts, key=lambda past: past.runs)
    return f", since {longest.since[:10]} ({longest.runs + 1} runs)" if longest.since else ""


def _over(problems: Iterable[tuple[Problem, Past]]) -> Iterator[str]:
    """One sentence for the accounts, and one for the hosts, that were the same."""
    groups: dict[tuple[str, str, str], list[tuple[Problem, Past]]] = {}
    for problem, past in problems:
        key = (problem.platform, problem.kind, problem.label)
        groups.setdefault(key, []).append((problem, past))
    for (platform, kind, label), group in groups.items():
        subjects = [problem for problem, _ in group]
        if kind == "articles":
            subject = f"the articles of {_named(subjects)}"
        elif len(subjects) == 1:
            subject = f"{platform} {subjects[0].subject}"
        else:
            subject = f"{platform}: {len(subjects)} accounts {_named(subjects)}"
        since = min(past.since for _, past in group)[:10]
        yield f"over: {subject}: was {label} since {since}"


def _count(lasting: Sequence[Past]) -> str:
    since = min((past.since for past in lasting if past.since), default="")
    oldest = f", the oldest since {since[:10]}" if since else ""
    verb = "alarm holds" if len(lasting) == 1 else "alarms hold"
    return f"{len(lasting)} {verb} as before{oldest}; reports/latest.json of the archive has all"


def _is_first_of_week(connection: sqlite3.Connection, runs: Sequence[str], now: datetime) -> bool:
    """Whether no run began in this week before these ones."""
    marks = ", ".join("?" * len(runs))
    row = connection.execute(
        f"SELECT max(started_at) FROM runs WHERE id NOT IN ({marks}) AND started_at <= ?",
        [*runs, now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")],
    ).fetchone()
    return row[0] is None or _week(datetime.fromisoformat(row[0])) != _week(now.astimezone(UTC))


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]
