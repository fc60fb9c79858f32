"""The accounts of an archive with what there is of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.archive import Archive
from archive.model.months import all_months
from archive.room.remembered import remembered

ARTICLES = """SELECT platform, coalesce(account_id, ''), coalesce(account, ''),
        substr(published_at, 1, 7), count(*),
        count(*) FILTER (WHERE status = 'changed'),
        count(*) FILTER (WHERE status IN ('withdrawn', 'unreachable'))
    FROM articles GROUP BY 1, 2, 3, 4"""
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
    names = archive.names()
    accounts: dict[tuple[str, str], Listed] = {}
    for platform, account_id, printed, month, count, changed, missing in archive.connection.execute(
        ARTICLES
    ):
        key = (platform, account_id or printed)
        name = names.get((platform, account_id)) or printed or account_id
        account = accounts.setdefault(
            key,
            Listed(platform=platform, account_id=account_id, name=name, months=defaultdict(int)),
        )
        account.articles += count
        account.changed += changed
        account.missing += missing
        if month:
            account.months[month] += count
    return sorted(accounts.values(), key=lambda account: (-account.articles, account.name))


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
