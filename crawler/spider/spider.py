"""One spider for all platforms: it asks what a platform wants asked and leaves all reading to the
platform's functions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from archive import accounts, extraction
from archive.errors import UsageError
from archive.folder import archive_dir
from archive.general import refusals
from archive.model import Account, Article, Failure, Outcome
from archive.platform import Ask, Platform
from archive.platforms import Platforms
from archive.warc.originals import Original
from crawler.hosts.own_hosts import OtherHostError
from crawler.hosts.throttle import STOPPED, throttle_of
from crawler.ledger.walk import Walk
from crawler.requests import Callback, Purpose, make_request, purpose_of
from crawler.run import Run, Wanted
from crawler.spider.limits import Limits
from crawler.spider.listings import Listings
from crawler.spider.media import Media
from crawler.spider.no_response import failure_of, redirected_to
from crawler.spider.parts import Parts, leads_to_first
from crawler.spider.responses import page_of, purpose_behind, request_of
from crawler.spider.revisits import Revisits
from crawler.wire.recorder import recorder_of

PRIORITY = 10  # of new articles: after listings, before rechecks and pictures
NOT_MODIFIED = 304


class ArticleSpider(Spider):
    """Crawls one platform. The arguments, all optional, are the fields of `crawler.run.Wanted`.

    Without `account` and `url` it crawls the accounts that the archive follows, and checks again
    all known articles that are due.
    """

    platform: Platform
    platforms: Platforms

    def __init__(self, **wanted: str) -> None:
        super().__init__()
        self.wanted = Wanted(**wanted)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ArticleSpider:
        """Build it and listen to Scrapy. Raises UsageError for an argument that is invalid."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    @cached_property
    def run(self) -> Run:
        """What this run knows, as the recorder made it."""
        return recorder_of(self.crawler).run

    @cached_property
    def limits(self) -> Limits:
        """The limits of this run. Raises UsageError for a setting that is invalid."""
        return Limits.of(self.settings)

    @cached_property
    def revisits(self) -> Revisits:
        """Makes the requests for known articles."""
        return Revisits(self.run, self.limits, self.article)

    @cached_property
    def media(self) -> Media:
        """Makes the requests for the files of articles."""
        return Media(self.run, self.limits, self.request, self._count_blocks)

    @cached_property
    def parts(self) -> Parts:
        """Makes the requests for the later pages of articles."""
        return Parts(self.run, self.limits, self.request, self.media, self._count_blocks)

    @cached_property
    def listings(self) -> Listings:
        """Walks through the listings of accounts."""
        return Listings(
            self.run, self.limits, self.request, self.article, self.revisits, self._count_blocks
        )

    async def start(self) -> AsyncIterator[Request]:
        """Request single articles, listings of accounts, what is due for a recheck, and the files
        that an earlier run had not come to."""
        for url in self.wanted.urls:
            yield self._article_by_address(url)
        accounts, others = self._accounts(), self.run.others
        self.run.wished.update(account.account_id for account in accounts)
        for account in accounts if others is None else ():
            for request in self.listings.begin(account):
                yield request
        for request in self.revisits.due():
            yield request
        if not self.wanted.url:
            for request in (*self.parts.missing(), *self.media.not_fetched()):
                yield request
        if others is not None:
            async for account in others.accounts(accounts):
                for request in self.listings.begin(account):
                    yield request

    def _accounts(self) -> list[Account]:
        if self.wanted.account:
            return [self.platforms.account_of(url) for url in self.wanted.accounts]
        if self.wanted.url:
            return []
        path = archive_dir(self.settings["ARCHIVE"]) / "accounts.csv"
        return [
            followed.account
            for followed in accounts.read(path, self.platforms)
            if followed.platform == self.platform.name and followed.state == "follow"
        ]

    def _article_by_address(self, url: str) -> Request:
        platform, address = self.platforms.resolve(url)
        if platform.name != self.platform.name or address.role != "article":
            raise UsageError(f"{url} is no article of {self.platform.title}.")
        return self.article(address.url, f"{platform.name}-{address.id}")

    def article(
        self,
        url: str,
        article_id: str,
        *,
        account_id: str | None = None,
        account: str | None = None,
        walk: Walk | None = None,
        original: Original | None = None,
    ) -> Request:
        """Make the request for an article.

        Args:
            url: its address.
            article_id: its id in the archive.
            account_id: the id of its account, where that is known.
            account: the name of its account.
            walk: the walk in which it was new.
            original: the capture whose validators the request will carry.
        """
        self.run.asked.add(article_id)
        purpose = Purpose(
            role="article",
            article_id=article_id,
            account_id=account_id,
            account=account,
            walk=walk,
            original=original,
        )
        return self.request(Ask(url=url), purpose, self.parse_article, priority=PRIORITY)

    def request(
        self,
        ask: Ask,
        purpose: Purpose,
        callback: Callback,
        *,
        priority: int = 0,
        max_bytes: int | None = None,
    ) -> Request:
        """Make a request whose failure comes to `no_answer`. Args: those of `make_request`."""
        return make_request(
            ask,
            purpose,
            callback=callback,
            errback=self.no_answer,
            priority=priority,
            max_bytes=max_bytes,
        )

    def parse_article(self, response: Response) -> Iterator[Request]:
        """Note whether the article is online, and request the files that belong to it."""
        purpose = purpose_behind(response)
        article_id = purpose.article_id or ""
        if response.status == NOT_MODIFIED:
            self.revisits.control.online.add(article_id)
            yield from self.parts.again(purpose)
            return
        page = page_of(response)
        outcome = extraction.read(page, self.platform, self.platform.locate(page.url))
        self.revisits.control.note(article_id, outcome)
        failure = outcome if isinstance(outcome, Failure) else None
        self._count_blocks(request_of(response), failure)
        if purpose.walk:
            purpose.walk.count_answer(failure, response.url)
        if isinstance(outcome, Article):
            yield from self.media.of_article(outcome, page)
            if leads_to_first(outcome, page.url):
                yield from self._first_page(outcome, page.url, purpose)
            else:
                yield from self.parts.of_first(outcome, purpose)

    def _first_page(self, part: Article, url: str, purpose: Purpose) -> Iterator[Request]:
        """Request the article of which a page was asked for as if it were one itself."""
        self.run.ask_once(f"part {url}")
        if part.id not in self.run.asked and part.paging:
            yield self.article(
                part.paging.first, part.id, account_id=purpose.account_id, account=purpose.account
            )

    def no_answer(self, failure: TwistedFailure) -> None:
        """Record a request that was not answered or not made, and report it to its walk."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, OtherHostError):
            self._led_away(request)
            self._report(request, redirected_to(request.url))
            return
        meaning = failure_of(failure.value)
        if meaning.reason == STOPPED:
            if self.run.others is not None:
                self.run.others.leave_to_others(request)
            return  # the coverage says that the run ended early
        if isinstance(failure.value, IgnoreRequest):  # all others are recorded by the capture
            outcome: Outcome = "blocked" if meaning.outcome == "robots" else meaning.outcome
            self._record(request, outcome, meaning.reason, meaning.detail)
        self._report(request, meaning)

    def _report(self, request: Request, failure: Failure) -> None:
        """Report to the walk that asked."""
        purpose = purpose_of(request)
        if purpose is None or purpose.walk is None:
            return
        if purpose.role == "listing":
            purpose.walk.fail(failure)
        elif purpose.role == "article":
            purpose.walk.count_answer(failure, request.url)

    def _led_away(self, request: Request) -> None:
        """Handle a redirect off the platform, which is in the WARC itself: to the home page the
        article is missing; to another site it is noted."""
        purpose = purpose_of(request)
        if purpose is None or purpose.role != "article":
            return
        if refusals.redirected(request.url, request.url, "article") == "redirect":
            detail = f"sent on to {request.url}"[:200]
            self._record(request, "redirect", "leads-outside", detail)
        else:
            self.revisits.control.missing.add(purpose.article_id or "")

    def _record(self, request: Request, outcome: Outcome, reason: str, detail: str) -> None:
        recorder_of(self.crawler).records.failure(request, outcome, reason, detail)

    def _count_blocks(self, request: Request, failure: Failure | None) -> None:
        throttle_of(self.crawler).count_blocks(request, failure)

    def idle(self) -> None:
        """Before the end, request what may show that the platform is online.

        Raises:
            DontCloseSpider: there is such a request.
        """
        requests = self.revisits.control_requests()
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider
