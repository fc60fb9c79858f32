"""What one run knows: who it is, what is wanted, and what it has done so far.

The recorder makes the value and writes the run's story and coverage from it; the spider fills it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from scrapy import Request

from archive.database.catalogue import Catalogue
from archive.errors import UsageError
from archive.model import Account
from archive.platform import Platform
from crawler.ledger.walk import Walk

FAILED = "capture/failed"  # of Scrapy's statistics: why nothing more could be recorded
LOST = "cluster/lost"  # likewise: why a worker was cut off from its cluster
ALL, ACCOUNTS, NONE = "all", "accounts", "none"  # whose known articles are checked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run was started for: the arguments of `scrapy crawl`, as they were given.

    Raises:
        UsageError: `max_articles` or `recheck` is not one of the values below.

    Attributes:
        account: addresses of account pages, separated by commas.
        url: addresses of single articles, separated by commas.
        since: the first day of publication (ISO 8601), "" for no limit.
        until: the last day of publication (ISO 8601), "" for no limit.
        max_articles: how many new articles, "" for no limit.
        recheck: whose known articles are checked again: all, accounts, none, or "" for the usual.
    """

    account: str = ""
    url: str = ""
    since: str = ""
    until: str = ""
    max_articles: str = ""
    recheck: str = ""

    def __post_init__(self) -> None:
        if self.recheck not in ("", ALL, ACCOUNTS, NONE):
            raise UsageError(f"recheck is {self.recheck!r}; it is {ALL}, {ACCOUNTS} or {NONE}.")
        if self.max_articles and not self.max_articles.isdecimal():
            raise UsageError(f"max_articles is {self.max_articles!r}; it is a number.")

    @property
    def accounts(self) -> list[str]:
        """The addresses of the account pages."""
        return [*filter(None, self.account.split(","))]

    @property
    def urls(self) -> list[str]:
        """The addresses of the single articles."""
        return [*filter(None, self.url.split(","))]

    @property
    def most_articles(self) -> int | None:
        """How many new articles are wanted at most; None for all."""
        return int(self.max_articles) if self.max_articles else None


class Crawling(Protocol):
    """What the recorder needs of a spider to make a run of it."""

    platform: Platform
    wanted: Wanted


Standing = Literal["asked", "again", "had"]
"""What is known of an article that a list has: `asked` for by another walk of this run, asked for
by this walk before its worker died, or `had`, as an archive has it."""


class Others(Protocol):
    """The other workers, where several crawl together (`crawler/cluster`)."""

    def accounts(self, wanted: Iterable[Account]) -> AsyncIterator[Account]:
        """Enter these accounts for whoever is free, and give those that this run is to walk
        through, until all are done."""

    def standing(self, article_id: str, walk: Walk) -> Standing | None:
        """What they know of an article; None where it is new to them."""

    def leave_to_others(self, request: Request) -> None:
        """Note that this run ends without having made a request, so that another makes it."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of one platform. `asked` are the articles (ids) and files (addresses) that it has
    requested; `wished` the ids of the accounts that it was started for; `others` the workers that
    crawl with it."""

    id: str
    platform: Platform
    wanted: Wanted
    catalogue: Catalogue
    walks: list[Walk] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    wished: set[str] = field(default_factory=set)
    others: Others | None = None

    def ask_once(self, key: str) -> bool:
        """Whether this run has not requested it yet; from now on it has."""
        new = key not in self.asked
        self.asked.add(key)
        return new

    def standing(self, article_id: str, walk: Walk) -> Standing | None:
        """What is known of an article that a walk meets; None where it is new."""
        elsewhere = None if self.others is None else self.others.standing(article_id, walk)
        if elsewhere != "again" and article_id in self.asked:
            return "asked"
        if elsewhere is None and self.catalogue.has_article(article_id):
            return "had"
        return elsewhere

    def new_articles(self) -> int:
        """How many new articles all walks have met."""
        return sum(walk.new for walk in self.walks)
