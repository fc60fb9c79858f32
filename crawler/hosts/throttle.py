"""Per-host throttling: delays each request to keep the host's gap, and stops after repeated
refusals.

`host_state` has what all crawls of this machine owe to a host together; here is what this run adds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.counting import counted
from archive.errors import ArchiveError
from archive.model import Failure, Outcome
from crawler.hosts.host_names import host_of, section_of
from crawler.hosts.host_state import LONGEST, HostStates, States, state_folder
from crawler.hosts.not_asked import NotAskedError
from crawler.hosts.retry_after import retry_after

logger = logging.getLogger(__name__)
POLL = 0.02  # seconds between two tries to get the slot from another process
PATIENCE = 1.0  # seconds, at least, in which a busy host takes in a request that was sent
LONGEST_SLEEP = 0.5  # seconds after which a wait computes anew how long it is
STOPPED = "stopped"  # reason of a request that was not made because the run ended
BACK_OFF = frozenset({408, 429, 500, 502, 503, 504, 522, 524})  # statuses of an overloaded host
WITH_RETRY_AFTER = frozenset({429, 503})  # statuses whose Retry-After means the host
CountBlocks = Callable[[Request, Failure | None], None]  # as `Throttle.count_blocks`


class Transmission(Protocol):
    """A request on its way, as the throttle needs it."""

    def when_arrived(self, call: Callable[[], None], patience: float) -> None:
        """Call this once, as soon as the host has the request for certain.

        Args:
            call: what is to be called.
            patience: seconds after which a request that was sent over an open connection is taken
                to have arrived, though nothing came back.
        """


@dataclass(slots=True)
class Host:
    """What this run knows of a host, or of its files.

    Attributes:
        crawl_delay: seconds between two requests that its robots.txt asks for.
        blocked: blocked answers in a row.
        given_up: why it is not asked any more in this run; None while it is.
        checked: whether the shared state was read in this run.
        closed_until: the time (seconds since 1970) until which it asked to be left alone.
    """

    crawl_delay: float = 0.0
    blocked: int = 0
    given_up: Failure | None = None
    checked: bool = False
    closed_until: float = 0.0


class Throttle:
    """The extension that every request waits for, last of all and just above the wire.

    The wire asks it for a slot; the middleware and the spider report the answers. `aborts` are what
    breaks off answers that do not end; once `closing` is set, no request is made any more.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.patience = settings.getfloat("RETRY_AFTER_WAIT")
        self.longest_wait = settings.getfloat("RETRY_AFTER_MAX", LONGEST)
        self.blocks = settings.getint("BLOCKS_IN_A_ROW")
        self.states = self.open_states()
        self.hosts: dict[str, Host] = {}
        self.closing = False
        self.aborts: list[Callable[[], None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Throttle:
        """Build it from the settings.

        Raises:
            ArchiveError: the state of hosts cannot be stored.
        """
        return cls(crawler)

    def open_states(self) -> States:
        """What this run shares with others: the state of hosts, in the files of this machine.

        Raises:
            ArchiveError: it cannot be stored.
        """
        return HostStates(state_folder(self.crawler.settings["HOST_STATE_DIR"]))

    def host(self, name: str) -> Host:
        """What this run knows of a host; `name` is one of `host_of` or `section_of`."""
        return self.hosts.setdefault(name, Host())

    def gap(self, name: str) -> float:
        """Seconds between two requests: the larger of the setting and the host's Crawl-delay."""
        return max(self.delay, self.host(name).crawl_delay)

    def set_crawl_delay(self, name: str, seconds: float) -> None:
        """Note the Crawl-delay of a host."""
        self.host(name).crawl_delay = seconds

    async def wait_for_slot(self, request: Request, transmission: Transmission) -> None:
        """Wait until the request may leave; the slot is free again when the host has it.

        Raises:
            NotAskedError: the run ends, or the host is given up.
        """
        name = host_of(request)
        await self._wait_while_closed(request)
        gap = self.gap(name)
        if not gap:
            return
        while True:
            self._check(request)
            if (wait := self.states.wait(name)) > 0:
                await self._wait_while_closed(request)
                await asyncio.sleep(min(wait, LONGEST_SLEEP))
            elif (slot := self.states.take_slot(name, gap)) is None:
                await asyncio.sleep(POLL)
            elif self.states.wait(name) > 0:  # another process was quicker
                self.states.drop_slot(name, slot)
            else:
                transmission.when_arrived(
                    lambda: self.states.use_slot(name, slot, self.gap(name)),
                    patience=max(gap, PATIENCE),
                )
                return

    async def _wait_while_closed(self, request: Request) -> None:
        """Wait while the host wants to be left alone; give it up if that is too long."""
        name = host_of(request)
        while True:
            self._check(request)
            if not (wait := self._closed_for(name)):
                return
            if wait > self.patience:
                until = f"{datetime.now(UTC) + timedelta(seconds=wait):%Y-%m-%d %H:%M:%S} UTC"
                detail = f"{name} asks to be left alone until {until}"
                self.give_up(name, "throttled", "retry-after", detail)
                continue
            await asyncio.sleep(min(wait, LONGEST_SLEEP))

    def _check(self, request: Request) -> None:
        """Raise NotAskedError once the run is to end, or the host is given up."""
        if self.closing or not self.crawler.crawling:
            raise NotAskedError(Failure(outcome="error", reason=STOPPED, detail="the run ends"))
        for name in (host_of(request), section_of(request)):
            if given_up := self.host(name).given_up:
                raise NotAskedError(given_up)

    def _closed_for(self, name: str) -> float:
        """By the shared state; read at first and wherever there is a gap to keep, as another
        process may know more."""
        host = self.host(name)
        if not host.checked or self.gap(name):
            host.checked = True
            self._read_closed(name)
        return max(0.0, host.closed_until - self.states.clock())

    def _read_closed(self, name: str) -> None:
        closed = self.states.closed_for(name)
        self.host(name).closed_until = self.states.clock() + closed

    def give_up(self, name: str, outcome: Outcome, reason: str, detail: str) -> None:
        """Ask a host no more in this run.

        Args:
            name: one of `host_of` or `section_of`.
            outcome: what the requests that it would get are recorded as.
            reason: a short kebab-case word.
            detail: a sentence.
        """
        if not self.host(name).given_up:
            logger.warning("%s: not asked any more in this run (%s)", name, detail)
        self.host(name).given_up = Failure(outcome=outcome, reason=reason, detail=detail)

    def receive(self, request: Request, response: Response) -> None:
        """Take in an answer: how long the host wants to be left alone, and whether to slow down."""
        name, gap = host_of(request), self.gap(host_of(request))
        if response.status in WITH_RETRY_AFTER and (
            wait := retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        ):
            logger.info("%s asks to wait %.0f s", name, wait)
            self.states.close(name, min(wait, self.longest_wait))
            self._read_closed(name)
        if response.status in BACK_OFF:
            self.back_off(name)
        elif gap:
            self.states.ease(name, gap)

    def back_off(self, name: str) -> None:
        """Slow down, where there is a gap to double."""
        if gap := self.gap(name):
            raised = self.states.back_off(name, gap)
            logger.info("%s is overloaded: now %.1f s between requests", name, raised)

    def count_in_a_row(self, name: str, *, blocked: bool) -> int:
        """How many answers in a row were blocked, with this one.

        Args:
            name: as `section_of` gives it.
            blocked: whether this one was.
        """
        return self.host(name).blocked + 1 if blocked else 0

    def count_blocks(self, request: Request, failure: Failure | None) -> None:
        """Take in what an answer was understood as, and give the host up after too many blocks.

        To ask on after BLOCKS_IN_A_ROW would be hammering.

        Args:
            request: what was asked; pages and files of a host are counted apart.
            failure: what was wrong with the answer; None where it was good.
        """
        name = section_of(request)
        host = self.host(name)
        is_blocked = failure is not None and failure.outcome == "blocked"
        host.blocked = self.count_in_a_row(name, blocked=is_blocked)
        if failure and host.blocked >= self.blocks > 0:
            detail = (
                f"{name} blocked {counted(host.blocked, 'request')} in a row ({failure.reason})"
            )
            self.give_up(name, "blocked", failure.reason, detail)


def throttle_of(crawler: Crawler) -> Throttle:
    """The throttle of a running crawl.

    Raises:
        ArchiveError: the extension is not enabled.
    """
    throttle = crawler.get_extension(Throttle)
    if throttle is None:
        raise ArchiveError(
            "The extension Throttle is not enabled (EXTENSIONS): nothing would keep the distance "
            "between requests."
        )
    return throttle
