"""One walk through an account's listing: what it saw, what was had of it, and where it may stop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.counting import counted
from archive.model import Account, Failure, Link
from archive.platform import Ask, Listing
from crawler.ledger.list_end import Progress
from crawler.ledger.places import Before, CountNewer, Places
from crawler.ledger.tally import Tally


@dataclass(slots=True, kw_only=True)
class Walk:
    """The walk of one run through one account.

    Attributes:
        account: whose listing it is.
        begun_at: when it began (ISO 8601, UTC).
        places: where it met the entries.
        horizon: the time (ISO 8601) down to which known entries are passed, as some come in late.
        pages: pages of the listing that were read.
        new: entries that the archive lacks and that were requested.
        again: other entries that were requested: at an earlier time they were not there.
        deferred: those that were not there and that a later run asks for, by article id with why.
        had: how many of both were read.
        failed: the others that were answered, by reason.
        refused: the failures of those that the platform refused.
        left_out: rows that are not followed, by reason.
        followed: the ids of the articles that were requested.
        known: other entries whose articles the archive or this run has.
        archived: those of them that the archive had before.
        name: the account's name as the listing gives it.
        progress: whether it came to the end of the list.
        complete: whether the rest of the list is known: to its end, or from an earlier walk.
        enough: whether all that follows is older than what was asked for.
        failure: why the listing could not be read.
        notice: the platform's words in the place of the account's profile, where it shows none.
        cut: why the run left it unfinished.
        endless: why it was left though the listing goes on: it has more than a walk may read.
        seen: the ids of all entries.
        dates: their dates of publication by the list, in its order.
        parts: those of the list that are not asked for yet.
        known_parts: the addresses of all parts that the list named.
        window: whether it has the newest entries alone, as a feed does.
    """

    account: Account
    begun_at: str
    places: Places = field(default_factory=Places)
    horizon: str = ""
    pages: int = 0
    new: int = 0
    again: int = 0
    deferred: dict[str, str] = field(default_factory=dict)
    had: int = 0
    failed: Tally = field(default_factory=Tally)
    refused: list[Failure] = field(default_factory=list)
    left_out: Tally = field(default_factory=Tally)
    followed: set[str] = field(default_factory=set)
    known: int = 0
    archived: int = 0
    name: str | None = None
    progress: Progress = field(default_factory=Progress)
    complete: bool = False
    enough: bool = False
    failure: Failure | None = None
    notice: Failure | None = None
    cut: str | None = None
    endless: str | None = None
    seen: set[str] = field(default_factory=set)
    dates: list[str] = field(default_factory=list)
    parts: list[Ask] = field(default_factory=list)
    known_parts: set[str] = field(default_factory=set)
    window: bool = False

    @property
    def before(self) -> Before:
        """What earlier runs know of the listing."""
        return self.places.before

    def add(self, listing: Listing) -> list[Link]:
        """Take in one page of the listing.

        Returns:
            The entries that this walk had not seen yet.
        """
        self.pages += 1
        self.name = listing.account or self.name
        fresh: dict[str, Link] = {}
        for link in listing.links:
            if link.id not in self.seen:
                fresh.setdefault(link.id, link)
        self.seen.update(fresh)
        self.dates += [link.published_at for link in fresh.values() if link.published_at]
        for row in listing.left_out:
            self.left_out.add(row.reason, row.example)
        self.progress.add(listing, len(fresh))
        self._expect(listing.parts)
        self.complete = self.complete or self.progress.is_known
        return [*fresh.values()]

    def _expect(self, parts: Iterable[Ask]) -> None:
        """Note the parts that a page names. The end of one is not that of the list, nor is that of
        the last where another could not be had."""
        for ask in parts:
            if ask.url not in self.known_parts:
                self.known_parts.add(ask.url)
                self.parts.append(ask)
        if self.parts or self.failure:
            self.progress.end = self.progress.doubt = None

    def fail(self, failure: Failure) -> None:
        """Note that a page of the listing could not be had. Where asking for it was a guess, that
        may be the list's end."""
        if self.progress.refuted(failure):
            self.complete = self.complete or self.progress.is_known
        else:
            self.failure = failure

    def may_stop(self, fresh: list[Link], since: str, newer: CountNewer) -> bool:
        """Whether the pages after this one have nothing that is wanted.

        Only a list that has its newest entries first says that, where those that were the newest
        stand above the others. If so, it sets `complete` or `enough`, unless the walk was cut.

        Args:
            fresh: the entries of this page that the walk had not seen, which have their places.
            since: the first day of publication that is wanted, "" for all.
            newer: as for `Places.is_walked_past`.
        """
        if self.cut:
            return True
        if not self.places.has_newest_first():
            return False
        oldest = min((link.published_at for link in fresh if link.published_at), default=None)
        if not (oldest and oldest >= self.horizon) and self.places.is_walked_past(newer):
            self.complete = True
        elif since and all(link.published_at and link.published_at < since for link in fresh):
            self.enough = True
        return self.complete or self.enough

    def see_window(self) -> None:
        """Take in a list that has its newest entries alone, which have their places. All that is
        newer than what is known is in it where it still has some of that below what is new."""
        self.window = True
        firsts = self.places.firsts
        ends_with_known = bool(firsts and firsts[-1])
        self.complete = self.complete or self.places.met_newest or ends_with_known

    def end(self, reason: str) -> None:
        """Note that the run is over, and what it left unfinished.

        Args:
            reason: Scrapy's; `finished` means that the run did all that it wanted.
        """
        unfetched = self.new + self.again - self.had - self.failed.total
        walked = self.complete or self.enough
        if reason == "finished" or self.failure or (walked and not unfetched):
            return
        left = (
            f"{counted(unfetched, 'new article was', 'new articles were')} not fetched"
            if walked
            else "its list was not walked to the end"
        )
        self.cut = self.cut or f"the run ended before its time ({reason}); {left}"

    def count_answer(self, failure: Failure | None, url: str) -> None:
        """Count an article that was asked for and answered.

        Args:
            failure: why it was not read; None where it was.
            url: its address.
        """
        if failure is None:
            self.had += 1
            return
        self.failed.add(failure.reason, url)
        if failure.outcome in ("blocked", "throttled"):
            self.refused.append(failure)
