"""Walks through the listings of accounts: which of their pages are requested, and how each is
read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from scrapy import Request
from scrapy.http import Response

from archive.errors import Unreadable, UsageError, failures_as_unreadable
from archive.general.account_notices import account_notice
from archive.general.list_form import form_of
from archive.general.listing_answer import read_listing, refusal_of
from archive.model import Account, Failure, Link
from archive.model.times import CHINA
from archive.page.page import Page
from archive.platform import Ask, Listing
from crawler.hosts.throttle import CountBlocks
from crawler.ledger.places import Before, Places
from crawler.ledger.walk import Walk
from crawler.requests import MakeArticleRequest, MakeRequest, Purpose
from crawler.run import Run
from crawler.spider.entries import Entries
from crawler.spider.limits import Limits
from crawler.spider.no_response import redirected_to
from crawler.spider.responses import page_of, purpose_behind, request_of
from crawler.spider.revisits import Revisits
from crawler.wire.run_records import now

PRIORITY = 20  # before articles: it finds them


class Listings:
    """The walks of one run.

    Args:
        run: what the run knows; each walk is added to it.
        limits: how often a listing is walked to its end, and how far back.
        request: makes a request.
        article: makes the request for an article.
        revisits: makes the requests for known articles.
        count_blocks: a host that blocks its listings is left alone.
    """

    def __init__(
        self,
        run: Run,
        limits: Limits,
        request: MakeRequest,
        article: MakeArticleRequest,
        revisits: Revisits,
        count_blocks: CountBlocks,
    ) -> None:
        self.run, self.limits, self.revisits = run, limits, revisits
        self.request, self.count_blocks = request, count_blocks
        self.entries = Entries(run, article, revisits)

    def begin(self, account: Account) -> Iterator[Request]:
        """Begin to walk through an account: its profile, the first page of its listing, and the
        articles that earlier walks listed and that the archive lacks.

        Raises:
            UsageError: the platform has no listing that may be read.
        """
        platform = self.run.platform
        if platform.listing is None:
            raise UsageError(
                f"{platform.title} has no listing that may be read; crawl its articles by URL."
            )
        places = Places(before=self._before(account))
        walk = Walk(account=account, begun_at=now(), places=places, horizon=self._horizon())
        self.run.walks.append(walk)
        if platform.profile:
            purpose = Purpose(role="profile", account_id=account.account_id, walk=walk)
            yield self.request(
                platform.profile(account), purpose, self.parse_profile, priority=PRIORITY
            )
        yield self._page(platform.listing(account), walk)
        # A page that failed far down the list would not be met again before a change at the top.
        for link in self.run.catalogue.lists.not_captured(account):
            yield from self.entries.follow(link, walk)

    def _before(self, account: Account) -> Before:
        """What is known of the listing. Now and then it is walked to the end all the same: entries
        may come in late."""
        lists, days = self.run.catalogue.lists, self.limits.full_walk_days
        ended = lists.last_end(account)
        recent = (
            ended is None
            or not days
            or datetime.fromisoformat(ended) > datetime.now(UTC) - timedelta(days=days)
        )
        complete = lists.last_complete(account) if recent else None
        return Before(
            listed=lists.listed(account),
            walks=lists.walks(account),
            ended=ended,
            complete=complete,
            newest=lists.newest_listed(account, complete or ""),
            order=lists.list_order(account),
            length=lists.list_length(account),
            total=lists.total_before(account),
        )

    def _horizon(self) -> str:
        """The time down to which known entries are passed, as platforms write it."""
        late = datetime.now(CHINA) - timedelta(days=self.limits.overlap_days)
        return late.isoformat(timespec="seconds")

    def _page(self, ask: Ask, walk: Walk, guessed_on: str = "") -> Request:
        purpose = Purpose(
            role="listing",
            account_id=walk.account.account_id,
            guessed_on=guessed_on or None,
            walk=walk,
        )
        return self.request(ask, purpose, self.parse, priority=PRIORITY)

    def parse_profile(self, response: Response) -> None:
        """Note where the platform says that it does not show the account; the index reads all
        else."""
        walk, describe = purpose_behind(response).walk, self.run.platform.describe
        if walk is None or describe is None:
            return
        page = page_of(response)
        try:
            with failures_as_unreadable():
                describe(page)
        except Unreadable:
            walk.notice = account_notice(page)

    def parse(self, response: Response) -> Iterator[Request]:
        """Request what is new on a page, and the next page unless the rest is known.

        Raises:
            ValueError: the response is none of a listing.
        """
        walk = purpose_behind(response).walk
        if walk is None:
            raise ValueError(f"{response.url} was asked for by no walk.")
        listing = self._read(response, walk.account)
        if isinstance(listing, Failure):
            walk.fail(listing)
            if walk.parts:
                yield from self._next_part(walk)
            elif walk.failure and listing.outcome in ("not-found", "withdrawn"):
                yield from self.revisits.of_hidden(walk.account)
            return
        if listing.parts:
            walk.known_parts.add(response.url)
        fresh = walk.add(self._bounded(listing, walk))
        walk.places.add(fresh, partial(self.run.catalogue.lists.met, walk.account))
        if listing.window:
            walk.see_window()
        for link in fresh:
            yield from self.entries.follow(link, walk)
        if listing.more and self._leads_on(listing, fresh, walk) and self._may_go_on(walk):
            form = form_of(page_of(response)) if listing.trial else ""
            yield self._page(listing.more, walk, form)
        elif walk.parts:
            yield from self._next_part(walk)
        elif not walk.seen:
            yield from self.revisits.of_hidden(walk.account)

    def _next_part(self, walk: Walk) -> Iterator[Request]:
        """Ask for the next part of a list that has several, though all of one may be known: the
        others have other entries."""
        if not walk.cut and self._may_go_on(walk):
            yield self._page(walk.parts.pop(0), walk).replace(dont_filter=True)

    def _leads_on(self, listing: Listing, fresh: list[Link], walk: Walk) -> bool:
        """Whether the next page is asked for. A page without any entry only leads to the list."""
        if not listing.links:
            return True
        if walk.known_parts:
            return bool(fresh)
        lists, since, until = self.run.catalogue.lists, walk.before.ended or "", walk.begun_at
        newer = partial(lists.newer, walk.account, since, until)
        return bool(fresh) and not walk.may_stop(fresh, self.run.wanted.since, newer)

    def _bounded(self, listing: Listing, walk: Walk) -> Listing:
        """A page of a listing without the entries that are too many for one page or one walk."""
        entries, most = len(listing.links), self.limits.listing_page_entries
        if entries > most:
            walk.endless = f"a page of the listing has {entries} entries (LISTING_PAGE_ENTRIES)"
        room = self.limits.listing_entries - len(walk.seen)
        if min(entries, most) > room:
            walk.endless = f"the listing has more than {len(walk.seen) + room} entries"
            walk.endless += " (LISTING_ENTRIES)"
        if not walk.endless:
            return listing
        return replace(listing, links=listing.links[: min(most, room)], ended=False)

    def _may_go_on(self, walk: Walk) -> bool:
        """Whether the walk may ask for another page."""
        if not walk.endless and walk.pages >= self.limits.listing_pages:
            walk.endless = f"the listing goes on after {walk.pages} pages (LISTING_PAGES)"
        return not walk.endless

    def _read(self, response: Response, account: Account) -> Listing | Failure:
        page, platform = page_of(response), self.run.platform
        if moved := self._moved(response, account):
            return moved
        if platform.discover is None:
            raise UsageError(f"{platform.title} has a listing and nothing that reads it.")

        def judge(page: Page) -> Failure | None:
            failure = refusal_of(page, platform)
            self.count_blocks(request_of(response), failure)
            return failure

        form = purpose_behind(response).guessed_on or ""
        return read_listing(page, platform.discover, judge, form)

    def _moved(self, response: Response, account: Account) -> Failure | None:
        """Whether the listing was answered from another account's address."""
        if not response.meta.get("redirect_urls"):
            return None
        address = self.run.platform.locate(response.url)
        if address is not None and address.id == account.account_id:
            return None
        return redirected_to(response.url)
