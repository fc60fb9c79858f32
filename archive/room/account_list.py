"""The accounts of an archive with what there is of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.archive import Archive
from archive.model.months import all_months
from archive.room.remembered import remembered

NOT_LIVE = "status IN ('changed', 'withdrawn', 'unreachable')"
"""The articles of the index `articles_not_live`, which SQLite takes where a question says the same
of them, word for word."""
# Each is answered by an index alone, but for articles without an account's id.
BY_MONTH = """SELECT platform, account_id, '', substr(published_at, 1, 7), count(*) FROM articles
    WHERE account_id <> '' GROUP BY 1, 2, 4
    UNION ALL
    SELECT platform, '', coalesce(account, ''), substr(published_at, 1, 7), count(*) FROM articles
    WHERE pk IN (SELECT pk FROM articles WHERE coalesce(account_id, '') = '') GROUP BY 1, 3, 4"""
STATES = f"""SELECT platform, coalesce(account_id, ''), coalesce(account, ''), status, count(*)
    FROM articles WHERE {NOT_LIVE} GROUP BY 1, 2, 3, 4"""
PRINTED = """SELECT account FROM articles WHERE platform = ? AND account_id = ?
    AND account IS NOT NULL LIMIT 1"""
MONTHS = 36  # of the line of an account
WIDTH, HEIGHT = 108, 20  # of it, in pixels


@dataclass(slots=True, kw_only=True)
class Listed:
    """An account: its present name, and how many articles there are of it, by month."""

    platform: str
    account_id: str
    name: str
    articles: int = 0
    changed: int = 0
    missing: int = 0
    months: dict[str, int]

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """The last months as bars: left edge, top and height, in pixels."""
        return bars(month_counts(self.months)[-MONTHS:])


def accounts_of(archive: Archive) -> list[Listed]:
    """All accounts with an article, those with most articles first."""
    return remembered(archive, "accounts", lambda: _accounts(archive))


def _accounts(archive: Archive) -> list[Listed]:
    accounts: dict[tuple[str, str], Listed] = {}
    names = archive.names()
    for platform, account_id, printed, month, count in _rows(archive, BY_MONTH):
        key = (platform, account_id or printed)
        if key not in accounts:
            name = names.get((platform, account_id)) or printed
            name = name or _printed(archive, platform, account_id) or account_id
            accounts[key] = Listed(
                platform=platform, account_id=account_id, name=name, months=defaultdict(int)
            )
        accounts[key].articles += count
        if month:
            accounts[key].months[month] += count
    for platform, account_id, printed, state, count in _rows(archive, STATES):
        account = accounts[platform, account_id or printed]
        account.changed += count if state == "changed" else 0
        account.missing += count if state != "changed" else 0
    return sorted(accounts.values(), key=lambda account: (-account.articles, account.name))


def _printed(archive: Archive, platform: str, account_id: str) -> str:
    """The name that some article prints for an account."""
    names = (row[0] for row in _rows(archive, PRINTED, [platform, account_id]))
    return str(next(names, ""))


def _rows(
    archive: Archive, statement: str, parameters: Sequence[str] = ()
) -> Iterator[tuple[Any, ...]]:
    for connection in archive.connections:
        yield from connection.execute(statement, parameters)


def month_counts(months: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counts of all months from the first to the last, those without an article too."""
    return [(month, months.get(month, 0)) for month in all_months(months)]


def bars(counts: Sequence[tuple[str, int]]) -> list[tuple[int, int, int]]:
    """Counts as bars of a small chart: left edge, top and height, in pixels.

    Example:
        >>> bars([("2031-03", 4), ("2031-04", 2)])
        [(0, 0, 20), (3, 10, 10)]
    """
    most = max((count for _, count in counts), default=0)
    heights = [round(count / most * HEIGHT) if most else 0 for _, count in counts]
    heights = [
        max(height, 1) if count else 0 for height, (_, count) in zip(heights, counts, strict=True)
    ]
    return [(number * 3, HEIGHT - height, height) for number, height in enumerate(heights)]
