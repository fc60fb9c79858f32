"""One walk through an account's listing: what it saw, where it may stop, and what that means for
the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from archive.model import Account, Failure, Link
from archive.platform import Listing

OUTCOMES = {
    "blocked": "blocked",
    "throttled": "throttled",
    "unreadable": "format_changed",
    "robots": "robots",
    "redirect": "moved",
    "not-found": "gone",
    "withdrawn": "gone",
}
LAST, ORDERED = (
    3,
    0.8,
)  # entries at the end of a walk; share of entries that follow a newer one in a list by date
SPOILT = 0.5  # share of the new articles whose refusal spoils the walk
FEW, SHRUNK = (
    10,
    0.5,
)  # a list of at least so many articles that holds less than this share of them is not believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What earlier runs know of an account's listing.

    `listed`: its entries; `complete`: when the last whole walk began; `total`: how many the
    platform said that there are.
    """

    listed: int = 0
    complete: str | None = None
    total: int | None = None


@dataclass(slots=True, kw_only=True)
class Walk:
    """The walk of one run through one account. `horizon`: the day down to which entries are looked
    at again for late ones."""

    account: Account
    begun_at: str
    before: Before = field(default_factory=Before)
    horizon: str = ""
    pages: int = 0
    new: int = 0
    fetched: int = 0  # of the new ones
    refused: list[Failure] = field(default_factory=list)  # of the new ones
    known: int = 0
    total: int | None = None
    name: str | None = None
    complete: bool = False
    ended: bool = False
    enough: bool = False  # what follows is older than what was asked for
    failure: Failure | None = None
    cut: str | None = None  # why the run left it unfinished
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
        self.ended = self.ended or listing.ended
        self.complete = self.complete or listing.ended
        return fresh

    def may_stop(
        self, fresh: list[Link], since: str, first_listed: Callable[[str], str | None]
    ) -> bool:
        """Whether the pages after this one hold nothing that is wanted. `first_listed` tells when
        an entry was first seen."""
        if self.cut:
            return True
        oldest = min((link.published_at for link in fresh if link.published_at), default=None)
        if not (oldest and oldest >= self.horizon) and all(
            self._walked_past(first_listed(link.id)) for link in fresh
        ):
            self.complete = True
        elif since and all(link.published_at and link.published_at < since for link in fresh):
            self.enough = True
        return self.complete or self.enough

    def _walked_past(self, first: str | None) -> bool:
        """Whether the last whole walk met an entry first seen then, and so all that stand behind
        it."""
        return bool(self.before.complete and first and first < self.before.complete)

    def outcome(self) -> tuple[str, str | None]:
        """The word for the ledger, and why."""
        if self.failure:
            return OUTCOMES.get(
                self.failure.outcome, "unreachable"
            ), f"{self.failure.reason} {self.failure.detail}".strip()
        if self.cut:
            return "budget", self.cut
        if not self.seen:
            return self._empty()
        if not self.complete and not self.enough:
            return "suspicious_empty", "the listing broke off before the platform said that it ends"
        if (
            self.total is not None
            and (self.before.total or 0) >= FEW
            and self.total < SHRUNK * (self.before.total or 0)
        ):
            return (
                "suspicious_empty",
                f"the platform tells of {self.total} articles where it told of {self.before.total}",
            )
        if self.refused and len(self.refused) >= SPOILT * self.new:
            last = self.refused[-1]
            return OUTCOMES[
                last.outcome
            ], f"{len(self.refused)} of {self.new} new articles were refused ({last.reason})"
        return ("new", None) if self.new else ("none", None)

    def end(self, reason: str) -> None:
        """The run is over. `reason` is Scrapy's; `finished` means that it did all that it
        wanted."""
        unfetched = self.new - self.fetched - len(self.refused)
        walked = self.complete or self.enough
        if reason == "finished" or self.failure or (walked and not unfetched):
            return
        left = (
            f"{unfetched} new articles were not fetched"
            if walked
            else "its list was not walked to the end"
        )
        self.cut = self.cut or f"the run ended before its time ({reason}); {left}"

    def heard(self, failure: Failure | None) -> None:
        """A new article was answered, with this failure if it could not be had."""
        if failure and failure.outcome in ("blocked", "throttled"):
            self.refused.append(failure)
        else:
            self.fetched += 1

    def _empty(self) -> tuple[str, str | None]:
        if self.complete and not self.before.listed:
            return "none", "the platform says that the list is empty"
        return (
            "suspicious_empty",
            f"an empty list where {self.before.listed} entries were listed before",
        )

    def covered_from(self) -> str | None:
        """The date of publication from which on the walk met all that is listed; None where the
        order does not tell.

        Not the earliest date: pinned entries are old, and feeds drop what is older than their last
        entries.
        """
        ordered = sum(one >= other for one, other in pairwise(self.dates))
        if len(self.dates) < LAST or ordered < ORDERED * (len(self.dates) - 1):
            return None
        return max(self.dates[-LAST:])

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
            "ended": int(self.ended),
            "first_listed": min(self.dates, default=None),
            "last_listed": max(self.dates, default=None),
            "begun_at": self.begun_at,
            "covered_from": self.covered_from(),
        }
