"""A list on a made platform, walked by the program's own `Listings`, in process and without a network; what a run knows of earlier ones is kept in memory, as the catalogue gives it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from scrapy import Request
from scrapy.http import HtmlResponse

from archive.database.catalogue import Catalogue
from archive.database.known import Absence
from archive.database.known_lists import Met
from archive.model import Account, Failure, Link
from archive.page.page import Page
from archive.platform import Address, Ask, LeftOut, Listing, Platform
from archive.platforms import thepaper
from crawler.ledger.coverage import coverage_of
from crawler.ledger.walk import Walk
from crawler.requests import Purpose, make_request, purpose_of
from crawler.run import Run, Wanted
from crawler.spider.limits import Limits
from crawler.spider.listings import Listings
from crawler.spider.recheck_schedule import Schedule
from crawler.spider.revisits import Revisits

HOST = "https://list.example"
ACCOUNT = Account(platform="made", account_id="7", url=f"{HOST}/list/1", name="云溪发布")
GOOD: Failure | None = None
LIMITS = Limits(
    overlap_days=0,
    full_walk_days=0,
    listing_pages=60,
    listing_page_entries=1000,
    listing_entries=10_000,
    media_enabled=False,
    media_per_article=0,
    media_max_size=0,
    requisites_enabled=False,
    requisites_per_page=0,
    recheck=Schedule.parse(""),
    recheck_max=0,
)

WALKED = ("new", "none", "deferred")
Row = dict[str, Any]
Pages = Mapping[int, "Listing | Failure"]


def link(number: int, day: str | None = None, **values: Any) -> Link:
    """An entry of the list."""
    return Link(id=str(number), url=f"{HOST}/a/{number}", published_at=day, **values)


def page(*numbers: int, more: int | None = None, **values: Any) -> Listing:
    """A page of the list with these articles, dated so that greater numbers are newer; `more` is the number of the next one."""
    return Listing(
        links=tuple(link(number, dated(number)) for number in numbers),
        more=None if more is None else ask(more),
        **values,
    )


def dated(number: int) -> str:
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)).date().isoformat()


def ask(number: int) -> Ask:
    return Ask(url=f"{HOST}/list/{number}")


def locate(url: str) -> Address | None:
    role, _, number = url.removeprefix(f"{HOST}/").partition("/")
    if not url.startswith(HOST) or role not in ("a", "list"):
        return None
    return Address(role="article" if role == "a" else "listing", id=number, url=url)


@dataclass
class Memory:
    """What the catalogue says of one account, after these walks."""

    links: dict[str, Row] = field(default_factory=dict)
    articles: dict[str, str | None] = field(default_factory=dict)  # with their dates
    dead: dict[str, list[str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    @property
    def lists(self) -> Memory:
        """What the catalogue knows of lists."""
        return self

    def _good(self) -> Iterator[Row]:
        return (row for row in reversed(self.rows) if row["outcome"] in WALKED)

    def listed(self, account: Account) -> int:
        return len(self.links)

    def last_end(self, account: Account) -> str | None:
        return next((row["begun_at"] for row in self._good() if row["ended"]), None)

    def last_complete(self, account: Account) -> str | None:
        return next((row["begun_at"] for row in self._good() if row["complete"]), None)

    def newest_listed(self, account: Account, since: str) -> frozenset[str]:
        still = [row for row in self.links.values() if row["last"] >= since]
        still.sort(key=lambda row: (self._day(row) or "", row["first"]), reverse=True)
        return frozenset(row["id"] for row in still[:3])

    def _day(self, row: Row) -> str | None:
        return row["day"] or self.articles.get(f"made-{row['id']}")

    def list_order(self, account: Account) -> str | None:
        return next(
            (r["list_order"] for r in reversed(self.rows) if r["list_order"] and r["ended"]), None
        )

    def list_length(self, account: Account) -> int | None:
        return next((r["listed"] for r in reversed(self.rows) if r["ended"] and r["listed"]), None)

    def total_before(self, account: Account) -> int | None:
        return next((r["total"] for r in reversed(self.rows) if r["total"] is not None), None)

    def not_captured(self, account: Account) -> list[Link]:
        return [
            link(int(number), row["day"])
            for number, row in self.links.items()
            if f"made-{number}" not in self.articles
        ]

    def met(self, account: Account, native_id: str) -> Met | None:
        row = self.links.get(native_id)
        return Met(row["first"], self._day(row)) if row else None

    def newer(self, account: Account, since: str, until: str, day: str) -> int:
        met = [r for r in self.links.values() if r["last"] >= since and r["first"] < until]
        return sum((self._day(row) or "") > day for row in met)

    def walks(self, account: Account) -> tuple[str, ...]:
        return tuple(row["begun_at"] for row in self.rows)

    def last_listed(self, account: Account, native_id: str) -> Link | None:
        return None

    def has_article(self, article_id: str) -> bool:
        return article_id in self.articles

    def absence(self, article_id: str) -> Absence | None:
        times = self.dead.get(article_id)
        return Absence(times[0], times[-1], "http-404") if times else None

    def is_gone_from_list(self, account: Account, native_id: str) -> bool:
        return False

    def is_missing(self, article_id: str) -> bool:
        return False


@dataclass
class Site:
    """A list and its articles: `listing` gives the page of a number, `article` why one is not had (None: it is), `day_of` the date that it has."""

    listing: Callable[[int], Listing | Failure]
    article: Callable[[int], Failure | None] = lambda number: GOOD
    day_of: Callable[[int], str | None] = lambda number: None
    reads: frozenset[Any] = frozenset({"article"})
    memory: Memory = field(default_factory=Memory)
    clock: Iterator[int] = field(default_factory=itertools.count)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, pages: Pages, **values: Any) -> Site:
        """One whose list has these pages."""
        return cls(listing=pages.__getitem__, **values)

    def crawl(self, most_requests: int = 10_000, **wanted: str) -> Row:
        """One run; returns its row of coverage."""
        platform = replace(
            thepaper.PLATFORM,
            name="made",
            hosts=frozenset({"list.example"}),
            locate=locate,
            refusal=self._refusal,
            listing=lambda account: ask(1),
            discover=self._discover,
            profile=None,
            reads=self.reads,
        )
        run = Run(
            id=f"run-{next(self.clock)}",
            platform=platform,
            wanted=Wanted(**wanted),
            catalogue=cast("Catalogue", self.memory),
        )
        self.asked = []
        listings = Listings(
            run, LIMITS, _request, _article(run), Revisits(run, LIMITS, _article(run)), _count
        )
        queue = [*listings.begin(ACCOUNT)]
        (walk,) = run.walks
        walk.begun_at = self._now()
        while queue:
            request = queue.pop(0)
            self.asked.append(request.url)
            assert len(self.asked) <= most_requests, "the walk does not end"
            queue += self._answer(request, listings, walk)
        walk.end("finished")
        row = coverage_of(walk, run.id)
        self.memory.rows.append(row)
        return row

    def gone_from_list(self) -> set[str]:
        """The entries that the last walk would have met if they were listed still, as the index says it."""
        row, links = self.memory.rows[-1], self.memory.links.values()
        if not row["complete"] or not row["covered_from"]:
            return set()
        missed = [link for link in links if link["last"] < row["begun_at"]]
        return {link["id"] for link in missed if (link["day"] or "") > row["covered_from"]}

    def _now(self) -> str:
        return f"2026-01-01T00:00:00.{next(self.clock):06}+00:00"

    def _answer(self, request: Request, listings: Listings, walk: Walk) -> list[Request]:
        purpose, number = purpose_of(request), int(request.url.rpartition("/")[2])
        if purpose and purpose.role == "article":
            failure = self.article(number)
            if purpose.walk:
                purpose.walk.count_answer(failure, request.url)
            article_id = purpose.article_id or ""
            if failure is None:
                self.memory.articles[article_id] = self.day_of(number)
            elif failure.outcome in ("not-found", "withdrawn", "empty"):
                moment = datetime.now(UTC).isoformat()
                self.memory.dead.setdefault(article_id, []).append(moment)
            return []
        body = json.dumps({"page": number}).encode()
        answer = [*listings.parse(HtmlResponse(request.url, body=body, request=request))]
        now = self._now()
        for entry in self._entries(number):
            row = {"id": entry.id, "day": entry.published_at, "first": now}
            self.memory.links.setdefault(entry.id, row)["last"] = now
        return answer

    def _entries(self, number: int) -> Sequence[Link]:
        shown = self.listing(number)
        return () if isinstance(shown, Failure) else shown.links

    def _refusal(self, answer: Page) -> Failure | None:
        shown = self.listing(answer.json["page"])
        return shown if isinstance(shown, Failure) else None

    def _discover(self, answer: Page) -> Listing:
        shown = self.listing(answer.json["page"])
        if isinstance(shown, Failure):
            raise TypeError("a refusal is no list")
        return shown


def _request(ask: Ask, purpose: Purpose, callback: Any, **values: Any) -> Request:
    return make_request(ask, purpose, callback=callback, errback=_count, **values)


def _article(run: Run) -> Any:
    def make(url: str, article_id: str, *, walk: Walk | None = None, **values: Any) -> Request:
        run.asked.add(article_id)
        purpose = Purpose(role="article", article_id=article_id, walk=walk)
        return _request(Ask(url=url), purpose, _count)

    return make


def _count(*values: object) -> None:
    """Nothing is counted, and no failure comes back."""


__all__ = ["LeftOut", "Memory", "Platform", "Site", "ask", "dated", "link", "page"]
