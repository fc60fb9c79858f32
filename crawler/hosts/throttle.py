"""The gate that every request passes last of all, just above the wire: whose turn it is, and
whether the host's turn is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from archive.model import Failure, Outcome
from crawler.hosts.host_state import HostBudget, state_folder
from crawler.wire.tap import Tap

logger = logging.getLogger(__name__)
POLL = 0.02  # seconds between two tries to get the turn from another process
LOOK = 0.5  # seconds after which a wait looks again
STOPPED = "stopped"  # reason of a request that was not made because the run ended
TROUBLE = frozenset({408, 429, 500, 502, 503, 504, 522, 524})


class TurnOverError(IgnoreRequest):
    """The host is not asked any more in this run; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


@dataclass(slots=True)
class Host:
    """What this run knows of a host."""

    crawl_delay: float = 0.0
    blocked: int = 0  # blocked answers in a row
    over: Failure | None = None
    seen: bool = False
    closed_until: float = 0.0
    waiting: set[asyncio.Future[None]] = field(default_factory=set)


class Gate:
    """The extension that holds the budget: `crawler.capture` asks it for every turn, the
    middleware tells it the answers."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.patience = settings.getfloat("RETRY_AFTER_WAIT")
        self.blocks = settings.getint("BLOCKS_IN_A_ROW")
        self.budget = HostBudget(state_folder(settings["HOST_STATE_DIR"]))
        self.hosts: dict[str, Host] = {}
        self.crawler, self.closing = crawler, False
        self.aborts: list[Callable[[], None]] = []  # what breaks off answers that do not end

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Gate:
        """Raises ArchiveError where the state of hosts cannot be kept."""
        return cls(crawler)

    def host(self, name: str) -> Host:
        """What is known of the host."""
        return self.hosts.setdefault(name, Host())

    def gap(self, name: str) -> float:
        """Seconds between two requests: the larger of the setting and the host's Crawl-delay."""
        return max(self.delay, self.host(name).crawl_delay)

    async def turn(self, request: Request, tap: Tap) -> None:
        """Wait for the turn, and let go of it when the host has the request. Raises
        TurnOverError."""
        name = host_of(request)
        await self._open_again(request)
        gap = self.gap(name)
        if not gap:
            return
        while True:
            self._go_on(request)
            if (wait := self.budget.wait(name)) > 0:
                await self._open_again(request)
                await asyncio.sleep(min(wait, LOOK))
            elif (descriptor := self.budget.take_turn(name)) is None:
                await asyncio.sleep(POLL)
            elif self.budget.wait(name) > 0:  # someone was quicker
                self.budget.drop_turn(descriptor)
            else:
                tap.when_arrived(
                    lambda: self.budget.give_turn(name, descriptor, self.gap(name)), patience=gap
                )
                return

    async def _open_again(self, request: Request) -> None:
        """Wait while the host wants to be left alone, if that is not too long."""
        name = host_of(request)
        host = self.host(name)
        while True:
            self._go_on(request)
            if not (wait := self._closed_for(name, host)):
                return
            if wait > self.patience:
                self._end(
                    name,
                    "throttled",
                    "retry-after",
                    f"{name} asks to be left alone until {_clock(wait)}",
                )
                continue
            await asyncio.sleep(min(wait, LOOK))

    def _go_on(self, request: Request) -> None:
        """Raises TurnOverError once the run is told to end, or the host's turn is over."""
        if self.closing or not self.crawler.crawling:
            raise TurnOverError(Failure(outcome="error", reason=STOPPED, detail="the run ends"))
        if over := self.host(host_of(request)).over or self.host(side_of(request)).over:
            raise TurnOverError(over)

    def _closed_for(self, name: str, host: Host) -> float:
        """By the shared state; read at first and wherever there is a gap to keep, as another
        process may have heard more."""
        if not host.seen or self.gap(name):
            host.seen = True
            host.closed_until = self.budget.clock() + self.budget.closed_for(name)
        return max(0.0, host.closed_until - self.budget.clock())

    def _end(self, name: str, outcome: Outcome, reason: str, detail: str) -> None:
        if not self.host(name).over:
            logger.warning("%s: not asked any more in this run (%s)", name, detail)
        self.host(name).over = Failure(outcome=outcome, reason=reason, detail=detail)

    def heard(self, request: Request, response: Response) -> None:
        """Take in an answer: how long to wait, whether to slow down."""
        name, gap = host_of(request), self.gap(host_of(request))
        asked = (
            seconds(response.headers.get("Retry-After"), datetime.now(UTC))
            if response.status in (429, 503)
            else 0.0
        )
        if asked:
            logger.info("%s asks to wait %d s", name, asked)
            self.budget.close(name, asked)
            self.host(name).closed_until = self.budget.clock() + self.budget.closed_for(name)
        if response.status in TROUBLE:
            self.trouble(name)
        elif gap:
            self.budget.well(name, gap)

    def trouble(self, name: str) -> None:
        """Slow down, where there is a gap to double."""
        if gap := self.gap(name):
            logger.info(
                "%s has trouble: now %.1f s between requests", name, self.budget.trouble(name, gap)
            )

    def read(self, request: Request, failure: Failure | None) -> None:
        """Take in what an answer was understood as. So many blocks in a row end the host's turn:
        more would be hammering."""
        name = side_of(request)
        host = self.host(name)
        host.blocked = host.blocked + 1 if failure and failure.outcome == "blocked" else 0
        if failure and host.blocked >= self.blocks > 0:
            self._end(
                name,
                "blocked",
                failure.reason,
                f"{name} blocked {host.blocked} requests in a row ({failure.reason})",
            )


class GateMiddleware:
    """Nearest to the wire: tells the gate every answer, robots.txt and retries included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GateMiddleware:
        """Finds the gate when it is needed."""
        return cls(crawler)

    @property
    def gate(self) -> Gate:
        """The gate of this crawl."""
        return gate_of(self.crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Tell."""
        self.gate.heard(request, response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A time-out is trouble too."""
        if isinstance(exception, DownloadTimeoutError):
            self.gate.trouble(host_of(request))


def gate_of(crawler: Crawler) -> Gate:
    """The gate of a running crawl."""
    gate = crawler.get_extension(Gate)
    assert isinstance(gate, Gate)
    return gate


def host_of(request: Request) -> str:
    """The host that a request goes to, in small letters; with its port where that is unusual."""
    parts = urlparse_cached(request)
    return (
        f"{parts.hostname}:{parts.port}"
        if parts.port not in (None, 80, 443)
        else parts.hostname or ""
    )


def side_of(request: Request) -> str:
    """The side of a host that blocks or does not: a site may guard its pictures and show its
    pages, or the other way round."""
    beside = request.meta.get("facts", {}).get("role") in ("media", "requisite")
    return f"{host_of(request)} (files)" if beside else host_of(request)


def seconds(value: bytes | None, now: datetime) -> float:
    """Seconds that a Retry-After header asks for, given as a number or as a date (RFC 9110,
    10.2.3); 0 for none."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    return max(
        0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    )


def _clock(wait: float) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=wait):%Y-%m-%d %H:%M:%S} UTC"
