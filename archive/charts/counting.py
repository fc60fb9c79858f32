"""The tables that charts draw: articles by month and by account, what became of them, and what each
crawl had of each account."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from archive.charts.calendar import calendar
from archive.charts.table import Names, Row, Table, Wanted
from archive.model.months import all_months
from archive.search.accounts import accounts_called

# What became of an article is one of three, so that they add up: status `unreachable` is a missing
# article whose withdrawal is not proved.
STATES = ("unchanged", "changed", "missing")
STATE = (
    """CASE status WHEN 'changed' THEN 'changed' WHEN 'live' THEN 'unchanged' ELSE 'missing' END"""
)
OF = """(:platform IS NULL OR platform = :platform)
    AND (:accounts IS NULL OR (platform, account_id) IN
        (SELECT value ->> 0, value ->> 1 FROM json_each(:accounts)))"""
BETWEEN = "(:since IS NULL OR {day} >= :since) AND (:until IS NULL OR {day} <= :until)"
PUBLISHED = f"{OF} AND {BETWEEN.format(day='substr(published_at, 1, 10)')}"
MONTHS = f"""SELECT substr(published_at, 1, 7), {STATE}, count(*) FROM articles
    WHERE published_at IS NOT NULL AND {PUBLISHED} GROUP BY 1, 2"""
ACCOUNTS = f"""SELECT platform, coalesce(account_id, ''), coalesce(account, ''), {STATE}, count(*)
    FROM articles WHERE {PUBLISHED} GROUP BY 1, 2, 3, 4"""
VERSIONS = f"""SELECT substr(at, 1, 7), count(*) FROM (SELECT v.first_captured_at AS at,
        row_number() OVER (PARTITION BY a.id ORDER BY v.first_captured_at, v.digest) AS number
        FROM versions v JOIN (SELECT * FROM articles WHERE {OF}) a ON a.id = v.article_id)
    WHERE number > 1 AND {BETWEEN.format(day="substr(at, 1, 10)")} GROUP BY 1"""
MISSING = f"""SELECT substr(missing_since, 1, 7), count(*) FROM articles
    WHERE missing_since IS NOT NULL AND {OF}
        AND {BETWEEN.format(day="substr(missing_since, 1, 10)")} GROUP BY 1"""
COVERAGE = f"""SELECT r.started_at, c.platform, c.account_id, coalesce(c.account, c.account_id),
        c.outcome, c.listed, c.new
    FROM (SELECT * FROM coverage WHERE {OF}) c JOIN runs r ON r.id = c.run
    WHERE {BETWEEN.format(day="substr(r.started_at, 1, 10)")}
    ORDER BY r.started_at, r.id, 2, 3"""


BY_ID = """SELECT platform, account_id FROM articles WHERE account_id = :id
    UNION SELECT platform, account_id FROM coverage WHERE account_id = :id"""


def accounts_meant(db: sqlite3.Connection, account: str) -> list[tuple[str, str]]:
    """The accounts that an id or any name means, by platform and account id, in order."""
    by_id = [(row[0], row[1]) for row in db.execute(BY_ID, {"id": account})]
    return sorted({*by_id, *accounts_called(db, account)})


def months(db: sqlite3.Connection, wanted: Wanted, names: Names) -> Table:
    """Articles by the month of their publication, and what became of them."""
    counts: dict[str, dict[str, int]] = {}
    for month, state, count in db.execute(MONTHS, wanted.parameters()):
        counts.setdefault(month, {})[state] = count
    rows: tuple[Row, ...] = tuple(
        (month, *_states(counts.get(month, {}))) for month in all_months(counts)
    )
    return Table(title="Articles by month of publication", columns=("month", *STATES), rows=rows)


def accounts(db: sqlite3.Connection, wanted: Wanted, names: Names) -> Table:
    """Articles of each account, those with most articles first, and what became of them."""
    counts: dict[tuple[str, str, str], dict[str, int]] = {}
    for platform, account_id, printed, state, count in db.execute(ACCOUNTS, wanted.parameters()):
        name = names.get((platform, account_id)) or printed or account_id
        of_account = counts.setdefault((platform, account_id or printed, name), {})
        of_account[state] = of_account.get(state, 0) + count
    ordered = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows: tuple[Row, ...] = tuple(
        (name, platform, *_states(states)) for (platform, _, name), states in ordered
    )
    return Table(title="Articles by account", columns=("account", "platform", *STATES), rows=rows)


def events(db: sqlite3.Connection, wanted: Wanted, names: Names) -> Table:
    """Changes and disappearances by the month in which they were seen first."""
    changed = dict(db.execute(VERSIONS, wanted.parameters()).fetchall())
    missing = dict(db.execute(MISSING, wanted.parameters()).fetchall())
    rows = tuple(
        (month, changed.get(month, 0), missing.get(month, 0))
        for month in all_months([*changed, *missing])
    )
    return Table(
        title="Changes and disappearances by the month in which they were seen",
        columns=("month", "changed", "missing"),
        rows=rows,
    )


def coverage(db: sqlite3.Connection, wanted: Wanted, names: Names) -> Table:
    """What each crawl had of each account: a row each."""
    rows = tuple(
        (at, names.get((platform, account_id)) or printed, platform, outcome, listed, new)
        for at, platform, account_id, printed, outcome, listed, new in db.execute(
            COVERAGE, wanted.parameters()
        )
    )
    columns = ("started_at", "account", "platform", "outcome", "listed", "new")
    return Table(title="What each crawl had of each account", columns=columns, rows=rows)


KINDS: dict[str, Callable[[sqlite3.Connection, Wanted, Names], Table]] = {
    "months": months,
    "accounts": accounts,
    "events": events,
    "coverage": coverage,
    "calendar": calendar,
}


def _states(counts: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(counts.get(state, 0) for state in STATES)
