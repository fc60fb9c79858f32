"""Scrapy's scheduler in a worker of a cluster: that of scrapy-redis, whose queue loses what a
killed worker had taken, with requests that are in work until their answer is in the WARC."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import AsyncIterator, Iterable
from itertools import count
from time import monotonic
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.dupefilters import RFPDupeFilter as LocalDupeFilter
from scrapy_redis.dupefilter import RFPDupeFilter  # type: ignore[import-untyped]
from scrapy_redis.scheduler import Scheduler  # type: ignore[import-untyped]

from archive.model import Account
from crawler.cluster.messages import decode, encode
from crawler.cluster.resuming import resume
from crawler.cluster.shared import Answer
from crawler.cluster.throttle import ClusterThrottle
from crawler.cluster.walks import Walks
from crawler.hosts.throttle import throttle_of
from crawler.ledger.walk import Walk
from crawler.requests import KNOWN, Purpose, purpose_of
from crawler.run import FAILED, LOST, Standing
from crawler.spider.spider import ArticleSpider
from crawler.wire.recorder import recorder_of

logger = logging.getLogger(__name__)
TICK = 0.25  # seconds between two looks at what the others did
SIGNS = 5  # of life in the time of a lease
LATE = (
    "This worker gave no sign of life for longer than CLUSTER_LEASE, or another has its name "
    "(.worker of the archive), and what it had to do went to others; what it captured is stored: "
    "start it again."
)


class ClusterScheduler(Scheduler):  # type: ignore[misc]  # scrapy-redis has no types
    """Requests for articles are for whoever is free; what belongs to an article stays with the
    worker that has it, and goes to others when that is dead. Lists are walked, and known articles
    checked again, by one worker alone, in its memory: both begin anew where it dies."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.throttle = cast("ClusterThrottle", throttle_of(crawler))
        self.shared = self.throttle.shared
        super().__init__(
            self.shared.server,
            persist=True,
            queue_key=self.shared.key("requests"),
            dupefilter=RFPDupeFilter(self.shared.server, self.shared.key("dupefilter")),
            dupefilter_key=self.shared.key("dupefilter"),
        )
        self.local: list[tuple[int, int, Request]] = []
        self.local_dupefilter = LocalDupeFilter.from_crawler(crawler)
        self.numbers = count()
        self.in_work: dict[Request, bytes | None] = {}
        self.left: set[Request] = set()  # that the run ends without having made
        self.is_over = False
        self.watcher: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClusterScheduler:
        """Build it for a crawl whose throttle is that of a cluster."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Take part in the round, and take up what this worker had when it died.

        Raises:
            ArchiveError: the Redis does not answer.
        """
        self.spider = cast("ArticleSpider", spider)
        recorder = recorder_of(self.crawler)
        run = recorder.run
        self.shared.join(run.id, run.catalogue.article_ids(run.platform.name))
        self.walks = Walks(self.shared, run, recorder.records)
        run.others = self
        self._hear_of_ends()
        resume(self.shared, self.spider, self.enqueue_request, recorder.directory)
        self.watcher = asyncio.ensure_future(self._watch())

    def close(self, reason: str) -> None:
        """Write what is complete into the ledger, and give all else back."""
        if self.watcher:
            self.watcher.cancel()
        if self.crawler.stats.get_value(LOST):
            return
        with self.throttle.guarded():
            if not self.crawler.stats.get_value(FAILED):
                self.walks.settle()
            self.shared.leave()

    # --- requests ---

    def enqueue_request(self, request: Request) -> bool:
        """Enter a request, unless its address was asked for."""
        purpose = purpose_of(request)
        stays = purpose is None or purpose.role in ("listing", "profile") or KNOWN in request.meta
        if not stays and purpose:
            is_new = False
            with self.throttle.guarded():
                is_new = self._push(request, purpose)
        else:
            is_new = request.dont_filter or not self.local_dupefilter.request_seen(request)
            if is_new:
                self._keep(request)
        self.crawler.stats.inc_value("scheduler/enqueued", int(is_new))
        return is_new

    def _keep(self, request: Request) -> None:
        self.walks.count(request, 1)
        heapq.heappush(self.local, (-request.priority, next(self.numbers), request))

    def _push(self, request: Request, purpose: Purpose) -> bool:
        walk, article_id = purpose.walk, purpose.article_id or ""
        followed_on = any(name in request.meta for name in ("redirect_urls", "retry_times"))
        pushed = self.shared.push(
            encode(request),
            -request.priority,
            own=walk is None or followed_on,
            fingerprint="" if request.dont_filter else self.df.request_fingerprint(request),
            article_id=article_id,
            account_id=walk.account.account_id if walk else "",
            redirected="redirect_urls" in request.meta,
        )
        if walk and pushed == "taken":
            self.walks.yield_to_other(walk, article_id)
        elif walk and pushed == "seen":
            self.walks.no_answer_to_come(walk, article_id, request.url)
        return pushed == "queued"

    def next_request(self) -> Request | None:
        """The request with the highest priority, of this worker's and of those for any."""
        if self.throttle.closing or self.crawler.stats.get_value(LOST):
            return None
        with self.throttle.guarded():
            data = self.shared.pop(
                self.local[0][0] if self.local else None, shared=not self.is_over
            )
            if data is not None:
                request = decode(data, self.spider, self._report)
                self.in_work[request] = data
                self.crawler.stats.inc_value("scheduler/dequeued")
                return request
        if not self.local:
            return None
        request = heapq.heappop(self.local)[2]
        self.in_work[request] = None
        self.crawler.stats.inc_value("scheduler/dequeued")
        return request

    def has_pending_requests(self) -> bool:
        """Whether this worker has something to do."""
        if self.local:
            return True
        with self.throttle.guarded():
            return self.shared.waiting(shared=not self.is_over) > 0
        return False

    def __len__(self) -> int:
        return len(self.local) + self.shared.waiting(shared=True)

    def _hear_of_ends(self) -> None:
        """Scrapy has no signal for the end of a request with all that follows of it; its engine
        calls this then, after the callback, and what that yields, is done."""
        slot: Any = self.crawler.engine._slot
        remove = slot.remove_request

        def remove_request(request: Request) -> None:
            self._finish(request)
            remove(request)

        slot.remove_request = remove_request

    def _finish(self, request: Request) -> None:
        """Note that a request is done, unless it was not made or could not be recorded."""
        if request not in self.in_work:
            return  # Scrapy's own, for a robots.txt
        data = self.in_work.pop(request)
        if data is None:
            self.walks.count(request, -1)
        elif request not in self.left and not self.crawler.stats.get_value(FAILED):
            with self.throttle.guarded():
                self.shared.finish(data)

    def _report(self, account_id: str, article_id: str, answer: Answer) -> None:
        with self.throttle.guarded():
            self.shared.answer(account_id, article_id, answer)

    # --- the others ---

    async def accounts(self, wanted: Iterable[Account]) -> AsyncIterator[Account]:
        """Enter these accounts, and give those that this worker is to walk through, until the
        round is over."""
        with self.throttle.guarded():
            for wish in wanted:
                self.shared.offer(wish)
        while not self._ends():
            account: Account | None = None
            with self.throttle.guarded():
                account = self.walks.next_account()
                if account is None:
                    self.walks.settle()
                    self.is_over = self._has_nothing() and self.shared.is_over()
            if account:
                yield account
            elif not self.is_over:
                await asyncio.sleep(TICK)

    def standing(self, article_id: str, walk: Walk) -> Standing | None:
        """What the others know of an article."""
        with self.throttle.guarded():
            return self.walks.standing(article_id, walk)
        return None

    def leave_to_others(self, request: Request) -> None:
        """Leave a request to the others."""
        self.left.add(request)

    def _ends(self) -> bool:
        return self.is_over or self.throttle.closing or not self.crawler.crawling

    def _has_nothing(self) -> bool:
        """Whether this worker neither has something to do nor knows of what would follow."""
        return not self.local and not self.in_work

    async def _watch(self) -> None:
        """Give signs of life, bury the dead, and look for what the others left to do."""
        signed = 0.0
        while True:
            with self.throttle.guarded():
                if monotonic() - signed > self.shared.lease / SIGNS:
                    signed = monotonic()
                    self._sign()
                if not self.in_work:
                    self._put_back_lost_requests()
                if self.shared.waiting(shared=not self.is_over):
                    self._wake()
            await asyncio.sleep(TICK)

    def _sign(self) -> None:
        if not self.shared.beat():
            self.throttle.lose(LATE)
        elif moved := self.shared.reap():
            logger.warning("requests and accounts of dead workers given back: %d", moved)

    def _put_back_lost_requests(self) -> None:
        """An answer of the Redis may be lost on its way, and a request with it."""
        for data in self.shared.in_work():
            self.shared.give_back(data)

    def _wake(self) -> None:
        slot: Any = self.crawler.engine._slot
        if slot is not None and slot.closing is None:
            slot.nextcall.schedule()
