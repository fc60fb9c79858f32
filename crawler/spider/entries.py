"""The entries of listings: which of their articles are requested, and why others are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from scrapy import Request

from archive.database.known import Absence
from archive.history.link_changes import differences
from archive.model import Account, Link
from archive.platform import Address
from crawler.ledger.walk import Walk
from crawler.requests import MakeArticleRequest
from crawler.run import Run
from crawler.spider.recheck_schedule import is_due_again
from crawler.spider.revisits import Revisits


class Entries:
    """The entries that the walks of one run meet.

    Args:
        run: what the run knows.
        article: makes the request for an article.
        revisits: makes the requests for known articles.
    """

    def __init__(self, run: Run, article: MakeArticleRequest, revisits: Revisits) -> None:
        self.run, self.article, self.revisits = run, article, revisits

    def follow(self, link: Link, walk: Walk) -> Iterator[Request]:
        """Request an entry's article, if it is one that is wanted."""
        platform = self.run.platform
        address = platform.locate(link.url)
        if reason := self._why_not(link, address):
            walk.left_out.add(reason, link.url)
        if reason or address is None:
            return
        article_id = f"{platform.name}-{address.id}"
        if article_id in walk.followed:
            return
        standing = self.run.standing(article_id, walk)
        if standing == "asked":
            walk.known += 1
            return
        if standing == "had":
            walk.known += 1
            walk.archived += 1
            if self._suggests_change(link, article_id, walk.account):
                yield self.revisits.recheck(address.url, article_id, walk.account)
            return
        absence = None if standing == "again" else self.run.catalogue.absence(article_id)
        if absence and not self._is_due_again(absence, link, walk.account):
            walk.deferred[article_id] = absence.reason
        elif self._has_enough():
            walk.cut = "the limit of new articles was reached"
        else:
            walk.followed.add(article_id)
            walk.deferred.pop(article_id, None)
            walk.new += absence is None
            walk.again += absence is not None
            yield self.article(
                address.url,
                article_id,
                account_id=link.account_id or walk.account.account_id,
                account=link.account or walk.account.name,
                walk=walk,
            )

    def _is_due_again(self, absence: Absence, link: Link, account: Account) -> bool:
        return is_due_again(absence, datetime.now(UTC)) or self._differs(link, account)

    def _why_not(self, link: Link, address: Address | None) -> str | None:
        """Why an entry is not followed, in a word; None where it is."""
        if link.kind not in self.run.platform.reads:
            return f"kind-{link.kind}"
        if not self._is_in_time(link):
            return "date-not-wanted"
        if address is None:
            return "unknown-address"
        return None if address.role == "article" else "no-article"

    def _has_enough(self) -> bool:
        most = self.run.wanted.most_articles
        return most is not None and self.run.new_articles() >= most

    def _suggests_change(self, link: Link, article_id: str, account: Account) -> bool:
        """Whether the listing says of a known article something else than before, or names one that
        was missing or not listed any more."""
        return self._differs(link, account) or self.run.catalogue.is_missing(article_id)

    def _differs(self, link: Link, account: Account) -> bool:
        """Whether the listing says of an entry something else than before, or names it again."""
        catalogue = self.run.catalogue
        before = catalogue.lists.last_listed(account, link.id)
        return before is not None and (
            any(differences(before, link)) or catalogue.lists.is_gone_from_list(account, link.id)
        )

    def _is_in_time(self, link: Link) -> bool:
        """By the listing's own date; an entry without one is followed."""
        day, wanted = (link.published_at or "")[:10], self.run.wanted
        return not day or (
            (not wanted.since or day >= wanted.since) and (not wanted.until or day <= wanted.until)
        )
