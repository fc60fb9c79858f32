"""Requests for known articles: those due for a recheck, those of which a listing says something
new, those of an account that shows none any more, and the control."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from scrapy import Request

from archive.database.known import Watched
from archive.model import Account
from archive.warc.originals import Original
from crawler.requests import KNOWN, MakeArticleRequest
from crawler.run import ACCOUNTS, ALL, NONE, Run
from crawler.spider.control import Control
from crawler.spider.limits import Limits
from crawler.spider.recheck_schedule import due

PRIORITY = 5  # after what is new, before pictures


class Revisits:
    """The rechecks of one run. `control` has what they met.

    Args:
        run: what the run knows.
        limits: the schedule, and how many rechecks.
        request: makes the request for an article.
    """

    def __init__(self, run: Run, limits: Limits, request: MakeArticleRequest) -> None:
        self.run, self.limits, self.request = run, limits, request
        self.control = Control()
        self.count = 0

    def due(self) -> Iterator[Request]:
        """Request the articles that are due now, of all accounts or of those that this run walks
        through."""
        whose, schedule = self._whose(), self.limits.recheck
        if whose == NONE or not schedule.steps:
            return
        accounts = self.run.wished if whose == ACCOUNTS else None
        for article in due(
            self.run.catalogue,
            self.run.platform.name,
            schedule,
            datetime.now(UTC),
            accounts,
            self.limits.recheck_max,
        ):
            yield from self._once(article)

    def of_hidden(self, account: Account) -> Iterator[Request]:
        """Request the articles of an account that shows none any more: whether they are there is to
        be known now, not when each is due."""
        if self.limits.recheck.steps:
            for article in self.run.catalogue.online_of(account):
                yield from self._once(article)

    def _once(self, article: Watched) -> Iterator[Request]:
        if article.id in self.run.asked or self.count >= self.limits.recheck_max:
            return
        self.count += 1
        account = Account(
            platform=self.run.platform.name,
            account_id=article.account_id or "",
            url="",
            name=article.account,
        )
        yield self.recheck(article.url, article.id, account)

    def _whose(self) -> str:
        wanted = self.run.wanted
        return wanted.recheck or (ACCOUNTS if wanted.account else NONE if wanted.url else ALL)

    def recheck(self, url: str, article_id: str, account: Account) -> Request:
        """Request a known article, conditionally where its site gave a validator.

        Args:
            url: its address.
            article_id: its id in the archive.
            account: whose it is.
        """
        original, validators = None, {}
        if given := self.run.catalogue.validators(article_id, url):
            original = Original(given.record_id, given.url, given.captured_at, given.payload_digest)
            validators = {
                "If-None-Match": given.etag,
                "If-Modified-Since": given.last_modified,
            }
        request = self.request(
            url,
            article_id,
            account_id=account.account_id,
            account=account.name,
            original=original,
        )
        request.headers.update({name: value for name, value in validators.items() if value})
        request.meta[KNOWN] = True
        return request.replace(priority=PRIORITY)

    def control_requests(self) -> list[Request]:
        """Where articles are missing and none was online, request some that should be online."""
        if not self.control.is_due():
            return []
        return [
            self.request(article.url, article.id).replace(dont_filter=True)
            for article in self.run.catalogue.online(self.run.platform.name, self.control.missing)
        ]
