"""Looking again at known articles: those that are due, those of which a listing says something
new, and a control."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import DontCloseSpider

from archive.errors import UsageError
from archive.model import Account
from archive.warc.originals import Original
from crawler.spider.recheck_schedule import Control, Schedule, due

if TYPE_CHECKING:
    from crawler.spider.spider import ArticleSpider

PRIORITY = 5  # after what is new, before pictures
ALL, ACCOUNTS, NONE = "all", "accounts", "none"


class SecondLook:
    """The second looks of one run. `control` holds what they saw."""

    def __init__(self, spider: ArticleSpider) -> None:
        self.spider = spider
        self.control = Control()

    def due(self) -> Iterator[Request]:
        """Articles that the schedule names, of the whole platform or of the accounts that this run
        walks through."""
        spider, settings = self.spider, self.spider.settings
        schedule, whose = Schedule.parse(settings["RECHECK"] or ""), self._whose()
        if whose == NONE or not schedule.steps:
            return
        accounts = {walk.account.account_id for walk in spider.walks} if whose == ACCOUNTS else None
        catalogue, most = spider.recorder.catalogue, settings.getint("RECHECK_MAX")
        for one in due(
            catalogue, spider.platform.name, schedule, datetime.now(UTC), accounts, most
        ):
            if one.id not in spider.asked:
                whom = Account(
                    platform=spider.platform.name,
                    account_id=one.account_id or "",
                    url="",
                    name=one.account,
                )
                yield self.again(one.url, one.id, whom)

    def _whose(self) -> str:
        wanted = self.spider.wanted
        said = wanted["recheck"] or (
            ACCOUNTS if wanted["account"] else NONE if wanted["url"] else ALL
        )
        if said not in (ALL, ACCOUNTS, NONE):
            raise UsageError(f"recheck is {said!r}; it is {ALL}, {ACCOUNTS} or {NONE}.")
        return said

    def again(self, url: str, article_id: str, account: Account) -> Request:
        """Ask for a known article, conditionally where its site gave something to ask with."""
        request = self.spider.article(
            url, article_id, account_id=account.account_id, account=account.name
        )
        if known := self.spider.recorder.catalogue.validators(article_id, url):
            record_id, at, date, digest, etag, last_modified = known
            request.meta["asked_with"] = Original(record_id, at, date, digest)
            headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
            request.headers.update({name: value for name, value in headers.items() if value})
        return request.replace(priority=PRIORITY)

    def look_for_control(self) -> None:
        """Where pages are missing and none was well, ask for some that should be: all may be an
        outage."""
        if not self.control.wanted():
            return
        catalogue = self.spider.recorder.catalogue
        found = [
            one
            for one in catalogue.well(self.spider.platform.name)
            if one.id not in self.control.missing
        ]
        assert self.spider.crawler.engine
        for one in found:
            self.spider.crawler.engine.crawl(
                self.spider.article(one.url, one.id).replace(dont_filter=True)
            )
        if found:
            raise DontCloseSpider
