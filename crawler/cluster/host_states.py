"""What all workers of a cluster together owe to a host, in Redis: the semantics of
`crawler/hosts/host_state`, each step one atomic script."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from crawler.cluster.connection import HOSTS, WORKERS, answering
from crawler.hosts.host_state import EASE, LONGEST, SLOWEST

SCRIPT = f"local LONGEST, SLOWEST, EASE = {LONGEST}, {SLOWEST}, {EASE}\n" + (
    Path(__file__).with_name("host.lua").read_text("utf-8")
)


class RedisHostStates:
    """The states of all hosts, shared by the workers of a cluster.

    Args:
        server: the cluster's Redis.
        worker: who takes slots: a member of the sorted set of workers, which says until when it is
            alive. A slot of one that is not is free.
        when_lost: is called with the error where the server does not answer, instead of raising it:
            every method then gives nothing, and no slot.
        now: gives the time (seconds since 1970) by which the states count; None: the clock of the
            server, which is one for all machines.

    Raises:
        ArchiveError: the server does not answer (by every method, but for `when_lost`).
    """

    def __init__(
        self,
        server: Any,
        worker: str,
        now: Callable[[], float] | None = None,
        when_lost: Callable[[ArchiveError], None] | None = None,
    ) -> None:
        self.server, self.worker, self.now, self.when_lost = server, worker, now, when_lost
        self.clock: Callable[[], float] = now or time.time  # only differences of it are used
        self.script = server.register_script(SCRIPT)
        self.numbers = count()

    def wait(self, host: str) -> float:
        """As of `HostStates`."""
        return float(self._do(host, "wait") or 0)

    def closed_for(self, host: str) -> float:
        """As of `HostStates`."""
        return float(self._do(host, "closed_for") or 0)

    def take_slot(self, host: str, gap: float = 0.0) -> str | None:
        """As of `HostStates`, with a text for a descriptor."""
        slot: bytes | None = self._do(host, "take_slot", f"{self.worker} {next(self.numbers)}", gap)
        return slot.decode() if slot else None

    def use_slot(self, host: str, slot: str, gap: float) -> None:
        """As of `HostStates`."""
        self._do(host, "use_slot", slot, gap)

    def drop_slot(self, host: str, slot: str) -> None:
        """As of `HostStates`."""
        self._do(host, "drop_slot", slot)

    def close(self, host: str, seconds: float) -> None:
        """As of `HostStates`."""
        self._do(host, "close", seconds)

    def back_off(self, host: str, gap: float) -> float:
        """As of `HostStates`."""
        return float(self._do(host, "back_off", gap) or gap)

    def ease(self, host: str, gap: float) -> None:
        """As of `HostStates`."""
        self._do(host, "ease", gap)

    def set_crawl_delay(self, host: str, seconds: float) -> None:
        """Note the Crawl-delay of a host for all workers, for a day."""
        self._do(host, "set_crawl_delay", seconds)

    def crawl_delay(self, host: str) -> float:
        """The Crawl-delay of a host that any worker noted; 0 for none."""
        return float(self._do(host, "crawl_delay") or 0)

    def _do(self, host: str, operation: str, *values: object) -> Any:
        now = "" if self.now is None else repr(self.now())
        try:
            with answering(self.server):
                return self.script(
                    keys=[f"{HOSTS}{host.lower()}", WORKERS], args=[operation, now, *values]
                )
        except ArchiveError as error:
            if self.when_lost is None:
                raise
            self.when_lost(error)
            return None  # no slot is given
