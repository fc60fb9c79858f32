"""One spider for all platforms: it asks what a platform wants asked and leaves all reading to the
platform's functions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from archive import accounts, extraction
from archive.errors import Unreadable, UsageError, surprises
from archive.general import refusals
from archive.general.refusals import refused
from archive.model import Account, Article, Failure, Link
from archive.platform import Ask, Platform
from archive.platforms import Platforms
from crawler.hosts.robots import OtherHostError
from crawler.hosts.throttle import STOPPED, gate_of
from crawler.spider.media import Companions
from crawler.spider.no_response import meaning, sent_on
from crawler.spider.responses import asked, page_of
from crawler.spider.revisits import SecondLook
from crawler.spider.walk import Before, Walk
from crawler.wire.recorder import Recorder, now, recorder_of

LISTING, ARTICLE = 20, 10  # priorities: what finds work first; pictures come after
CHINA = timezone(timedelta(hours=8))


class ArticleSpider(Spider):
    """Arguments, all optional: `account` and `url` (addresses, several with commas), `since`,
    `until` (ISO dates of publication), `max_articles`, `recheck` (all, accounts, none). Without
    `account` and `url` it crawls the accounts that the archive follows, and looks again at all
    known articles that are due."""

    platform: Platform
    platforms: Platforms

    def __init__(
        self,
        account: str = "",
        url: str = "",
        since: str = "",
        until: str = "",
        max_articles: str = "",
        recheck: str = "",
    ) -> None:
        super().__init__()
        self.wanted = {
            "account": account,
            "url": url,
            "since": since,
            "until": until,
            "max_articles": max_articles,
        }
        self.wanted["recheck"] = recheck
        self.second_look = SecondLook(self)
        self.companions = Companions(self)
        self.since, self.until = since, until
        self.budget = int(max_articles) if max_articles else None
        self.walks: list[Walk] = []
        self.asked: set[str] = set()

    @property
    def recorder(self) -> Recorder:
        """What this crawl is kept by."""
        return recorder_of(self.crawler)

    async def start(self) -> AsyncIterator[Request]:
        """Listings of the accounts, and single articles."""
        for url in filter(None, self.wanted["url"].split(",")):
            yield self._article_by_address(url)
        for account in self._accounts():
            for request in self._walk(account):
                yield request
        for request in self.second_look.due():
            yield request

    def _accounts(self) -> list[Account]:
        if self.wanted["account"]:
            return [self.platforms.account_of(url) for url in self.wanted["account"].split(",")]
        if self.wanted["url"]:
            return []
        followed = accounts.read(self.recorder.directory / "accounts.csv", self.platforms)
        return [one for one in followed if one.platform == self.platform.name]

    def _walk(self, account: Account) -> Iterator[Request]:
        if self.platform.listing is None:
            raise UsageError(
                f"{self.platform.title} has no listing that may be read; crawl its articles by URL."
            )
        walk = Walk(
            account=account, begun_at=now(), before=self._before(account), horizon=self._horizon()
        )
        self.walks.append(walk)
        if self.platform.profile:
            facts = {"role": "profile", "account_id": account.account_id}
            yield self.ask(
                self.platform.profile(account), facts, self.parse_profile, priority=LISTING
            )
        yield self._listing(self.platform.listing(account), walk)
        # A page that failed far down the list would not be met again before a change at the top.
        for link in self.recorder.catalogue.missing(account):
            yield from self._follow(link, walk)

    def _before(self, account: Account) -> Before:
        """What is known of the listing. Now and then it is walked to the end all the same: entries
        may come in late."""
        catalogue, days = self.recorder.catalogue, self.settings.getint("FULL_WALK_DAYS")
        ended = catalogue.walked_to_the_end(account)
        recent = (
            ended is None
            or not days
            or datetime.fromisoformat(ended) > datetime.now(UTC) - timedelta(days=days)
        )
        complete = catalogue.walked_whole(account) if recent else None
        return Before(
            listed=catalogue.listed(account),
            complete=complete,
            total=catalogue.total_before(account),
        )

    def _horizon(self) -> str:
        """The time after which entries are looked at again though they are known, as platforms
        write it."""
        late = datetime.now(CHINA) - timedelta(days=self.settings.getint("OVERLAP_DAYS"))
        return late.isoformat(timespec="seconds")

    def _listing(self, ask: Ask, walk: Walk) -> Request:
        facts = {"role": "listing", "account_id": walk.account.account_id}
        return self.ask(ask, facts, self.parse_listing, priority=LISTING, cb_kwargs={"walk": walk})

    def ask(self, ask: Ask, facts: dict[str, Any], callback: Any, **more: Any) -> Request:
        """A request with what the archive is to know of it."""
        return Request(
            ask.url,
            method=ask.method,
            headers=dict(ask.headers),
            body=ask.body,
            callback=callback,
            errback=self.no_answer,
            meta={"facts": facts},
            **more,
        )

    def parse_profile(self, response: Response) -> None:
        """Nothing to do now: `index` reads it."""

    def parse_listing(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Follow what is new and ask for the next page, unless the rest is known from an earlier
        whole walk."""
        page = page_of(response)
        walk.failure = self._moved(response, walk.account)
        if walk.failure:
            return
        assert self.platform.discover
        try:
            with surprises():
                failure = refused(page) or self.platform.refusal(page)
                gate_of(self.crawler).read(asked(response), failure)
                if failure:
                    walk.failure = failure
                    return
                listing = self.platform.discover(page)
        except Unreadable as error:
            # A captcha or a log-in may come in the place of a list as well as of an article.
            walk.failure = refusals.dead(page) or Failure(
                outcome="unreadable", reason=error.reason, detail=error.detail
            )
            return
        fresh = walk.add(listing)
        for link in fresh:
            yield from self._follow(link, walk)
        catalogue, account = self.recorder.catalogue, walk.account
        if (
            listing.more
            and fresh
            and not walk.may_stop(
                fresh, self.since, lambda key: catalogue.first_listed(account, key)
            )
        ):
            yield self._listing(listing.more, walk)

    def _moved(self, response: Response, account: Account) -> Failure | None:
        """Whether the listing was answered from another account's address."""
        if not response.meta.get("redirect_urls"):
            return None
        there = self.platform.locate(response.url)
        if there is not None and there.id == account.account_id:
            return None
        return sent_on(response.url)

    def _follow(self, link: Link, walk: Walk) -> Iterator[Request]:
        if link.kind not in self.platform.reads or not self._in_time(link):
            return
        address = self.platform.locate(link.url)
        if address is None or address.role != "article":
            return
        article_id = f"{self.platform.name}-{address.id}"
        if article_id in self.asked:
            walk.known += 1
        elif self.recorder.catalogue.has_article(article_id):
            walk.known += 1
            if self._speaks_of_change(link, article_id, walk.account):
                yield self.second_look.again(address.url, article_id, walk.account)
        elif self.budget is not None and sum(one.new for one in self.walks) >= self.budget:
            walk.cut = "the limit of new articles was reached"
        else:
            walk.new += 1
            request = self.article(
                address.url,
                article_id,
                account_id=link.account_id,
                account=link.account or walk.account.name,
            )
            request.meta["new_of"] = walk
            yield request

    def _speaks_of_change(self, link: Link, article_id: str, account: Account) -> bool:
        """Whether the listing has a new title for a known article, or names one that was
        missing."""
        catalogue = self.recorder.catalogue
        known = catalogue.listed_title(account, link.id)
        return bool(link.title and known and link.title != known) or catalogue.is_missing(
            article_id
        )

    def _in_time(self, link: Link) -> bool:
        """By the listing's own date; an entry without one is followed."""
        day = (link.published_at or "")[:10]
        return not day or (
            (not self.since or day >= self.since) and (not self.until or day <= self.until)
        )

    def _article_by_address(self, url: str) -> Request:
        platform, address = self.platforms.locate(url)
        if platform.name != self.platform.name or address.role != "article":
            raise UsageError(f"{url} is no article of {self.platform.title}.")
        return self.article(address.url, f"{platform.name}-{address.id}")

    def article(self, url: str, article_id: str, **more: str | None) -> Request:
        """The request for an article."""
        self.asked.add(article_id)
        facts = {
            "role": "article",
            "article_id": article_id,
            **{name: value for name, value in more.items() if value},
        }
        return self.ask(Ask(url=url), facts, self.parse_article, priority=ARTICLE)

    def parse_article(self, response: Response) -> Iterator[Request]:
        """Note whether it is there, and fetch what belongs to it."""
        if "facts" not in response.meta:
            return
        article_id = response.meta["facts"]["article_id"]
        if response.status == 304:
            self.second_look.control.good.add(article_id)
            return
        page = page_of(response)
        found = extraction.read(page, self.platform)
        self.second_look.control.note(article_id, found)
        failure = found if isinstance(found, Failure) else None
        gate_of(self.crawler).read(asked(response), failure)
        if walk := response.meta.get("new_of"):
            walk.heard(failure)
        if isinstance(found, Article):
            yield from self.companions.of_article(found, page)

    def no_answer(self, failure: TwistedFailure) -> None:
        """A request that got no answer, or that robots.txt forbids, is noted and told in the
        ledger."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, OtherHostError):
            self._led_away(request)
            self._tell(request, sent_on(request.url), None)
            return
        told = meaning(failure.value)
        if told.reason == STOPPED:
            return  # the ledger says that the run ended early
        if isinstance(failure.value, IgnoreRequest):  # of all others the recorder knows already
            outcome = "blocked" if told.outcome == "robots" else told.outcome
            self.recorder.note_failure(request, outcome, told.reason, told.detail)
        self._tell(request, told, told)

    def _tell(self, request: Request, of_listing: Failure, of_article: Failure | None) -> None:
        """Tell the walk that asked."""
        if walk := request.cb_kwargs.get("walk"):
            walk.failure = of_listing
        if walk := request.meta.get("new_of"):
            walk.heard(of_article)

    def _led_away(self, request: Request) -> None:
        """The redirect itself is in the WARC and says where it leads: home, and the article is
        missing; or to another site."""
        facts = request.meta.get("facts", {})
        if facts.get("role") != "article":
            return
        if refusals.redirected(request.url, request.url, "article") == "redirect":
            detail = f"sent on to {request.url}"[:200]
            self.recorder.note_failure(request, "redirect", "leads-outside", detail)
        else:
            self.second_look.control.missing.add(facts["article_id"])
