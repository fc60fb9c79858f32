"""What a cluster is doing: its workers, the queues of its platforms, and its hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawler.cluster.connection import HOSTS, PLATFORMS, PREFIX, answering
from crawler.cluster.host_states import RedisHostStates


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker of one platform.

    Attributes:
        platform: the platform's name.
        worker: its own.
        lease: seconds until it counts as dead; below 0 it is.
        accounts: how many it walks through.
        in_work: requests.
        waiting: requests that are kept for it.
    """

    platform: str
    worker: str
    lease: float
    accounts: int
    in_work: int
    waiting: int


@dataclass(frozen=True, slots=True)
class QueueState:
    """What is left of a platform.

    Attributes:
        platform: its name.
        since: when the round began (seconds since 1970); None: no crawl is going on.
        accounts: of this round.
        to_walk: those that nobody walks through yet.
        walked: those that were walked through to the end.
        waiting: requests for any worker.
        blocked: the hosts that are asked no more in this round.
        articles: how many the archives of all workers have.
    """

    platform: str
    since: float | None
    accounts: int
    to_walk: int
    walked: int
    waiting: int
    blocked: tuple[str, ...]
    articles: int


@dataclass(frozen=True, slots=True)
class HostState:
    """What is owed to a host, in seconds: until it may be asked, for how long it is to be left
    alone, the gap to which overload has raised the usual one, and its Crawl-delay."""

    host: str
    wait: float
    closed_for: float
    gap: float
    crawl_delay: float


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What a cluster is doing now."""

    workers: tuple[WorkerState, ...]
    queues: tuple[QueueState, ...]
    hosts: tuple[HostState, ...]


def cluster_state(server: Any) -> ClusterState:
    """Read what a cluster is doing.

    Args:
        server: its Redis.

    Raises:
        ArchiveError: the Redis does not answer.
    """
    with answering(server):
        seconds, microseconds = server.time()
        now = seconds + microseconds / 1e6
        platforms = sorted(name.decode() for name in server.smembers(PLATFORMS))
        return ClusterState(
            tuple(worker for name in platforms for worker in _workers(server, name, now)),
            tuple(_queue(server, name) for name in platforms),
            tuple(_hosts(server)),
        )


def _workers(server: Any, platform: str, now: float) -> Iterator[WorkerState]:
    prefix = f"{PREFIX}{platform}:"
    walks = [name.decode() for name in server.hvals(f"{prefix}walks")]
    for member, until in server.zrange(f"{prefix}members", 0, -1, withscores=True):
        name = member.decode()
        yield WorkerState(
            platform,
            name,
            lease=round(until - now, 1),
            accounts=walks.count(name),
            in_work=server.zcard(f"{prefix}work:{name}"),
            waiting=server.zcard(f"{prefix}own:{name}"),
        )


def _queue(server: Any, platform: str) -> QueueState:
    prefix = f"{PREFIX}{platform}:"
    since = server.get(f"{prefix}opened")
    parked = [name.decode() for name in server.smembers(f"{prefix}parked")]
    lists = ["todo", *(f"todo:{name}" for name in parked)]
    return QueueState(
        platform,
        since=float(since) if since else None,
        accounts=server.hlen(f"{prefix}units"),
        to_walk=sum(server.llen(f"{prefix}{name}") for name in lists),
        walked=server.scard(f"{prefix}done"),
        waiting=server.zcard(f"{prefix}requests"),
        blocked=tuple(sorted(name.decode() for name in server.hkeys(f"{prefix}given_up"))),
        articles=server.hlen(f"{prefix}articles"),
    )


def _hosts(server: Any) -> Iterator[HostState]:
    states = RedisHostStates(server, "")
    for key in sorted(server.scan_iter(match=f"{HOSTS}*", count=1000)):
        host = key.decode().removeprefix(HOSTS)
        gap = server.hget(key, "gap")
        yield HostState(
            host,
            wait=round(states.wait(host), 1),
            closed_for=round(states.closed_for(host), 1),
            gap=float(gap or 0),
            crawl_delay=states.crawl_delay(host),
        )
