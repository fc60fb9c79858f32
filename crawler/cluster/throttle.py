"""The throttle of a worker: what is owed to hosts, and which of them have enough, is shared by the
cluster."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from uuid import uuid4

from scrapy import Request
from scrapy.crawler import Crawler

from archive.errors import ArchiveError, CaptureError
from archive.folder import archive_dir
from archive.model import Outcome
from crawler.cluster.connection import connect, cut_off
from crawler.cluster.host_states import RedisHostStates
from crawler.cluster.shared import Shared
from crawler.cluster.worker_name import worker_name
from crawler.hosts.host_names import host_of, section_of
from crawler.hosts.throttle import Throttle
from crawler.run import LOST

logger = logging.getLogger(__name__)


class ClusterThrottle(Throttle):
    """Takes the place of `Throttle` in a worker of a cluster. `shared` is the worker's part in the
    crawl of its platform."""

    states: RedisHostStates

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        server = connect(settings["CLUSTER"])
        name = settings["CLUSTER_WORKER"] or worker_name(archive_dir(settings["ARCHIVE"]))
        platform: str = crawler.spidercls.platform.name  # type: ignore[attr-defined]  # ours
        member = f"{name}/{platform}/{uuid4()}"
        lease = settings.getfloat("CLUSTER_LEASE")
        self.shared = Shared(server, platform, name, member, lease)
        self.ending: asyncio.Future[None] | None = None
        super().__init__(crawler)

    def open_states(self) -> RedisHostStates:
        """What all workers share of hosts, in Redis."""
        return RedisHostStates(self.shared.server, self.shared.member, when_lost=self.lose)

    def gap(self, name: str) -> float:
        """As of `Throttle`, with the Crawl-delay that any worker read."""
        return max(super().gap(name), self.states.crawl_delay(name))

    def set_crawl_delay(self, name: str, seconds: float) -> None:
        """Note the Crawl-delay of a host for all workers."""
        super().set_crawl_delay(name, seconds)
        self.states.set_crawl_delay(name, seconds)

    def give_up(self, name: str, outcome: Outcome, reason: str, detail: str) -> None:
        """Ask a host no more, no worker in this round."""
        super().give_up(name, outcome, reason, detail)
        if failure := self.host(name).given_up:
            with self.guarded():
                self.shared.give_up(name, failure)

    def count_in_a_row(self, name: str, *, blocked: bool) -> int:
        """As of `Throttle`, of the answers to all workers."""
        with self.guarded():
            return self.shared.count_blocks(name, blocked=blocked)
        return 0

    def _check(self, request: Request) -> None:
        with self.guarded():
            for name in (host_of(request), section_of(request)):
                host = self.host(name)
                host.given_up = host.given_up or self.shared.given_up(name)
        super()._check(request)

    def guarded(self) -> Guard:
        """End the crawl where the Redis does not answer in this block, which ends there."""
        return Guard(self)

    def lose(self, error: ArchiveError | str) -> None:
        """End the crawl: this worker is cut off from the others. It asks nothing any more."""
        self.closing = True
        if self.crawler.stats.get_value(LOST):
            return
        logger.error("%s", error)
        cut_off(self.shared.server, str(error))
        self.crawler.stats.set_value(LOST, str(error))
        closing = self.crawler.engine.close_spider_async(reason="cluster_lost")
        self.ending = asyncio.ensure_future(closing)


class Guard:
    """A block that may need the Redis in vain: then the throttle's crawl ends, and the block."""

    def __init__(self, throttle: ClusterThrottle) -> None:
        self.throttle = throttle

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, ArchiveError) or isinstance(error, CaptureError):
            return False
        self.throttle.lose(error)
        return True
