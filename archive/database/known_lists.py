"""What the archive knows of the lists of accounts, as a crawl asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.database.known import IS_GONE
from archive.database.questions import Questions
from archive.model import Account, Link, ListOrder
from archive.model.words import LIST_ORDERS

OF_ACCOUNT = "platform = ? AND account_id = ?"
OF_ENTRY = "platform = ? AND native_id = ? AND account_id = ?"

# Of walks that were not refused, nor doubtful.
LAST_END = f"""SELECT max(coalesce(begun_at, at)) FROM coverage WHERE {OF_ACCOUNT} AND ended = 1
    AND outcome IN ('new', 'none', 'deferred')"""
LAST_COMPLETE = """SELECT max(r.started_at) FROM coverage c JOIN runs r ON r.id = c.run
    WHERE c.platform = ? AND c.account_id = ? AND c.complete = 1
        AND c.outcome IN ('new', 'none', 'deferred')"""
LAST_TOTAL = f"""SELECT total FROM coverage WHERE {OF_ACCOUNT} AND total IS NOT NULL
    ORDER BY at DESC LIMIT 1"""
LIST_ORDER = f"""SELECT list_order FROM coverage WHERE {OF_ACCOUNT} AND list_order IS NOT NULL
    AND ended = 1 ORDER BY at DESC LIMIT 1"""
WALKS = f"""SELECT begun_at FROM coverage WHERE {OF_ACCOUNT} AND begun_at IS NOT NULL
    ORDER BY begun_at"""
LIST_LENGTH = f"""SELECT listed FROM coverage WHERE {OF_ACCOUNT} AND ended = 1 AND listed > 0
    ORDER BY at DESC LIMIT 1"""
# A list may have no dates; then an article that was read has one.
DATED = "links l LEFT JOIN articles a ON a.id = l.article_id"
DATE = "coalesce(l.published_at, a.published_at)"
NEWEST_LISTED = f"""SELECT l.native_id FROM {DATED}
    WHERE l.platform = ? AND l.account_id = ? AND l.last_listed_at >= ?
    ORDER BY {DATE} DESC, l.first_listed_at DESC LIMIT ?"""
NEWER = f"""SELECT count(*) FROM {DATED} WHERE l.platform = ? AND l.account_id = ?
    AND l.last_listed_at >= ? AND l.first_listed_at < ? AND {DATE} > ?"""
MET = f"""SELECT l.first_listed_at, {DATE} FROM {DATED}
    WHERE l.platform = ? AND l.native_id = ? AND l.account_id = ?"""

AS_LISTED = "SELECT native_id, url, kind, title, published_at FROM links l"
NOT_CAPTURED = f"""{AS_LISTED}
    WHERE {OF_ACCOUNT} AND kind <> 'outside'
        AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.article_id)
        AND NOT EXISTS (SELECT 1 FROM aliases x JOIN articles a ON a.id = x.article_id
            WHERE x.alias = l.article_id)
        AND NOT (EXISTS (SELECT 1 FROM captures c WHERE c.article_id = l.article_id
                AND c.outcome IN ('withdrawn', 'not-found', 'empty'))
            AND coalesce((SELECT g.change = 'gone' FROM link_changes g
                WHERE g.platform = l.platform AND g.account_id = l.account_id
                    AND g.native_id = l.native_id AND g.change IN ('gone', 'back')
                ORDER BY g.changed_at DESC LIMIT 1), 0))
        AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.article_id = l.article_id
            AND f.reason = 'leads-outside')"""


@dataclass(frozen=True, slots=True)
class Met:
    """An entry that earlier walks met.

    Attributes:
        first_at: when it was first met (ISO 8601, UTC).
        published_at: its date of publication (ISO 8601) by the listing, else by the article; None
            where neither says it.
    """

    first_at: str
    published_at: str | None


class KnownLists:
    """What earlier walks saw in the lists of accounts.

    Args:
        ask: of which database.
    """

    def __init__(self, ask: Questions) -> None:
        self._ask = ask

    def listed(self, account: Account) -> int:
        """How many entries earlier walks saw in the account's listing."""
        return int(
            self._ask.value(f"SELECT count(*) FROM links WHERE {OF_ACCOUNT}", *_key(account)) or 0
        )

    def last_listed(self, account: Account, native_id: str) -> Link | None:
        """An entry as the account's listing had it last; None where it never did."""
        entry = account.platform, native_id, account.account_id
        row = next(self._ask.rows(f"{AS_LISTED} WHERE {OF_ENTRY}", *entry), None)
        return _link(row, account) if row else None

    def is_gone_from_list(self, account: Account, native_id: str) -> bool:
        """Whether the last complete walk that would have met the entry did not."""
        return bool(self._ask.value(IS_GONE, account.platform, account.account_id, native_id))

    def met(self, account: Account, native_id: str) -> Met | None:
        """When earlier walks met an entry of the account's listing; None where none did."""
        row = next(self._ask.rows(MET, account.platform, native_id, account.account_id), None)
        return Met(*row) if row else None

    def walks(self, account: Account) -> tuple[str, ...]:
        """When the walks through the account's listing began, the first one first."""
        return tuple(row[0] for row in self._ask.rows(WALKS, *_key(account)))

    def list_order(self, account: Account) -> ListOrder | None:
        """The order of the account's listing, when a walk to its end last observed it."""
        order = self._ask.value(LIST_ORDER, *_key(account))
        return order if order in LIST_ORDERS else None

    def list_length(self, account: Account) -> int | None:
        """How many entries the account's listing had, when a walk last read all of it."""
        length = self._ask.value(LIST_LENGTH, *_key(account))
        return None if length is None else int(length)

    def newest_listed(self, account: Account, since: str, most: int = 3) -> frozenset[str]:
        """The ids of the newest entries of an account's listing.

        Args:
            account: whose listing it is.
            since: of those that were met at this time (ISO 8601, UTC) or later.
            most: how many at most.
        """
        rows = self._ask.rows(NEWEST_LISTED, *_key(account), since, most)
        return frozenset(row[0] for row in rows)

    def newer(self, account: Account, since: str, until: str, day: str) -> int:
        """How many entries of an account's listing were published after a date.

        Args:
            account: whose listing it is.
            since: of those that were met at this time (ISO 8601, UTC) or later.
            until: of those that were met before this time.
            day: the date (ISO 8601).
        """
        return int(self._ask.value(NEWER, *_key(account), since, until, day) or 0)

    def total_before(self, account: Account) -> int | None:
        """How many articles the platform said that the account has, when it last did."""
        total = self._ask.value(LAST_TOTAL, *_key(account))
        return None if total is None else int(total)

    def last_end(self, account: Account) -> str | None:
        """When the last walk began that reached the end of the listing; None where none did."""
        return self._ask.text(LAST_END, *_key(account))

    def last_complete(self, account: Account) -> str | None:
        """When the run began whose walk was the last complete one: it reached the end of the
        account's listing, or what an earlier complete walk had seen. None where none did."""
        return self._ask.text(LAST_COMPLETE, *_key(account))

    def not_captured(self, account: Account) -> list[Link]:
        """Entries that earlier walks listed, of which the archive has no article; not those that
        were not there and are not listed any more either."""
        return [_link(row, account) for row in self._ask.rows(NOT_CAPTURED, *_key(account))]


def _link(row: tuple[Any, ...], account: Account) -> Link:
    native_id, url, kind, title, published_at = row
    return Link(
        id=native_id,
        url=url,
        kind=kind,
        title=title,
        published_at=published_at,
        account_id=account.account_id,
    )


def _key(account: Account) -> tuple[str, str]:
    return account.platform, account.account_id
