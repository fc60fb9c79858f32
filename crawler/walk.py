"""One walk through an account's listing: what it saw, and what that means for the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.model import Account, Failure, Link
from archive.platform import Listing

OUTCOMES = {"blocked": "blocked", "throttled": "throttled", "unreadable": "format_changed", "robots": "robots"}
ALARMS = frozenset({"blocked", "throttled", "format_changed", "suspicious_empty", "unreachable"})


@dataclass(slots=True, kw_only=True)
class Walk:
    """The walk of one run through one account.

    `listed_before`: entries that earlier runs saw in this listing. `complete_before`: when the last whole walk began.
    """

    account: Account
    listed_before: int = 0
    complete_before: str | None = None
    pages: int = 0
    new: int = 0
    known: int = 0
    total: int | None = None
    name: str | None = None
    complete: bool = False
    failure: Failure | None = None
    over_budget: bool = False
    seen: set[str] = field(default_factory=set)
    dates: list[str] = field(default_factory=list)

    def add(self, listing: Listing) -> list[Link]:
        """Take in one page; returns the entries that this walk had not seen yet."""
        self.pages += 1
        self.total = self.total if listing.total is None else listing.total
        self.name = listing.account or self.name
        fresh = [link for link in listing.links if link.id not in self.seen]
        self.seen.update(link.id for link in fresh)
        self.dates += [link.published_at for link in fresh if link.published_at]
        self.complete = self.complete or listing.ended
        return fresh

    def outcome(self) -> tuple[str, str | None]:
        """The word for the ledger, and why."""
        if self.failure:
            return OUTCOMES.get(self.failure.outcome, "unreachable"), f"{self.failure.reason} {self.failure.detail}".strip()
        if self.over_budget:
            return "budget", "the limit of this run was reached"
        if not self.seen:
            return self._empty()
        if not self.complete:
            return "suspicious_empty", "the listing broke off before the platform said that it ends"
        return ("new", None) if self.new else ("none", None)

    def _empty(self) -> tuple[str, str | None]:
        if self.complete and not self.listed_before:
            return "none", "the platform says that the list is empty"
        return "suspicious_empty", f"an empty list where {self.listed_before} entries were listed before"

    def row(self, run: str) -> dict[str, object]:
        """The `coverage` row."""
        outcome, reason = self.outcome()
        return {
            "run": run,
            "platform": self.account.platform,
            "account_id": self.account.account_id,
            "account": self.name or self.account.name,
            "outcome": outcome,
            "reason": reason,
            "pages": self.pages,
            "listed": len(self.seen),
            "new": self.new,
            "known": self.known,
            "total": self.total,
            "complete": int(self.complete),
            "first_listed": min(self.dates, default=None),
            "last_listed": max(self.dates, default=None),
        }
