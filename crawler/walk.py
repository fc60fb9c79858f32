"""One walk through an account's listing: what it saw, where it may stop, and which outcome that is
in the coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from archive.model import Account, CoverageOutcome, Failure, Link, Outcome
from archive.platform import Listing

OUTCOMES: Mapping[Outcome, CoverageOutcome] = {
    "blocked": "blocked",
    "throttled": "throttled",
    "unreadable": "format_changed",
    "robots": "robots",
    "redirect": "moved",
    "not-found": "gone",
    "withdrawn": "gone",
}
LAST = 3  # how many last entries of a walk are considered; the newest bounds what was met
ORDERED = 0.8  # share of entries that follow a newer one, from which on a list is by date
SPOILT = 0.5  # share of the new articles whose refusal spoils the walk
# a total of at least FEW articles is not believed where it falls below the share SHRUNK
FEW, SHRUNK = 10, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What earlier runs know of an account's listing.

    Attributes:
        listed: how many entries earlier walks saw.
        complete: when the last complete walk began (ISO 8601); None where there was none.
        total: how many articles the platform reported last.
    """

    listed: int = 0
    complete: str | None = None
    total: int | None = None


@dataclass(slots=True, kw_only=True)
class Walk:
    """The walk of one run through one account.

    Attributes:
        account: whose listing it is.
        begun_at: when it began (ISO 8601, UTC).
        before: what earlier runs know of the listing.
        horizon: the time (ISO 8601) down to which known entries are passed, as some come in late.
        pages: pages of the listing that were read.
        new: entries that the archive lacks and that were requested.
        fetched: how many of the new ones were answered.
        refused: the failures of the new ones that the platform refused.
        known: entries whose articles the archive or this run has.
        total: the platform's own count of articles.
        name: the account's name as the listing gives it.
        complete: whether the rest of the list is known: to its end, or from an earlier walk.
        ended: whether the platform itself said that the list ends.
        enough: whether all that follows is older than what was asked for.
        failure: why the listing could not be read.
        notice: the platform's words in the place of the account's profile, where it shows none.
        cut: why the run left it unfinished.
        endless: why it was left though the listing goes on: it has more than a walk may read.
        seen: the ids of all entries.
        dates: their dates of publication, in the order of the list.
    """

    account: Account
    begun_at: str
    before: Before = field(default_factory=Before)
    horizon: str = ""
    pages: int = 0
    new: int = 0
    fetched: int = 0
    refused: list[Failure] = field(default_factory=list)
    known: int = 0
    total: int | None = None
    name: str | None = None
    complete: bool = False
    ended: bool = False
    enough: bool = False
    failure: Failure | None = None
    notice: Failure | None = None
    cut: str | None = None
    endless: str | None = None
    seen: set[str] = field(default_factory=set)
    dates: list[str] = field(default_factory=list)

    def add(self, listing: Listing) -> list[Link]:
        """Take in one page of the listing.

        Returns:
            The entries that this walk had not seen yet.
        """
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
        """Whether the pages after this one have nothing that is wanted.

        If so, it sets `complete` or `enough`, unless the walk was cut already.

        Args:
            fresh: the entries of this page that the walk had not seen.
            since: the first day of publication that is wanted, "" for all.
            first_listed: gives when an entry (its id) was first seen in this listing; None: never.
        """
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
        """Whether the last complete walk already covered an entry that was first seen then."""
        return bool(self.before.complete and first and first < self.before.complete)

    def outcome(self) -> tuple[CoverageOutcome, str | None]:
        """The outcome for the coverage, and why where there is more to say."""
        if self.failure:
            outcome = OUTCOMES.get(self.failure.outcome, "unreachable")
            return outcome, f"{self.failure.reason} {self.failure.detail}".strip()
        if self.endless:
            return "endless", self.endless
        if self.cut:
            return "budget", self.cut
        if not self.seen:
            return self._empty()
        if not self.complete and not self.enough:
            return "suspicious_empty", "the listing broke off before the platform said that it ends"
        before = self.before.total or 0
        if self.total is not None and before >= FEW and self.total < SHRUNK * before:
            reason = f"the platform reports {self.total} articles where it reported {before}"
            return "suspicious_empty", reason
        if self.refused and len(self.refused) >= SPOILT * self.new:
            last = self.refused[-1]
            reason = f"{len(self.refused)} of {self.new} new articles were refused ({last.reason})"
            return OUTCOMES[last.outcome], reason
        return ("new", None) if self.new else ("none", None)

    def end(self, reason: str) -> None:
        """Note that the run is over, and what it left unfinished.

        Args:
            reason: Scrapy's; `finished` means that the run did all that it wanted.
        """
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

    def count_answer(self, failure: Failure | None) -> None:
        """Count a new article that was answered, with this failure where it could not be read."""
        if failure and failure.outcome in ("blocked", "throttled"):
            self.refused.append(failure)
        else:
            self.fetched += 1

    def _empty(self) -> tuple[CoverageOutcome, str | None]:
        if self.notice:
            return "gone", f"{self.notice.reason} {self.notice.detail}"
        if self.complete and not self.before.listed:
            return "none", "the platform says that the list is empty"
        reason = f"an empty list where {self.before.listed} entries were listed before"
        return "suspicious_empty", reason

    def covered_from(self) -> str | None:
        """The date of publication from which on the walk met all that is listed; None where the
        list is not ordered by date.

        Not the earliest date: pinned entries are old, and feeds drop what is older than their last
        entries.
        """
        ordered = sum(newer >= older for newer, older in pairwise(self.dates))
        if len(self.dates) < LAST or ordered < ORDERED * (len(self.dates) - 1):
            return None
        return max(self.dates[-LAST:])

    def row(self, run: str) -> dict[str, object]:
        """The row of `coverage`, by column. `run` is the run's id."""
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
