"""`zhengwen cluster`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from archive.cli.options import as_json
from archive.cli.output import say_state
from archive.cli.table import table
from archive.counting import counted
from archive.escaping import for_terminal

if TYPE_CHECKING:
    from crawler.cluster.status import ClusterState, QueueState

WORKERS = ("platform", "worker", "alive", "accounts", "requests in work", "requests kept for it")
HOSTS = ("host", "next request", "left alone for", "slowed down to", "Crawl-delay")


# As the program has it: click takes over for good what the first call was made with.
@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cluster() -> None:
    """Look at the crawl of several machines (`zhengwen crawl --cluster`)."""


@cluster.command()
@click.option(
    "--cluster",
    "address",
    envvar="ZHENGWEN_CLUSTER",
    metavar="ADDRESS",
    required=True,
    help="The Redis of the cluster, such as redis://HOST:6379/0 [default: $ZHENGWEN_CLUSTER].",
)
@as_json
def status(address: str, json_: bool) -> None:
    """Say which workers there are, what is left to do, and what is owed to hosts. Exit code 3 if a
    worker is dead or a host is asked no more."""
    from crawler.cluster.connection import connect  # only this needs the libraries
    from crawler.cluster.status import cluster_state

    state = cluster_state(connect(address))
    is_dead = any(worker.lease < 0 for worker in state.workers)
    is_blocked = any(queue.blocked for queue in state.queues)
    say_state(state, _lines(state), json_=json_, is_wrong=is_dead or is_blocked)


def _lines(state: ClusterState) -> Iterator[str]:
    """A line for each platform, then tables of the workers and the hosts."""
    if not state.queues:
        yield "No worker has crawled here yet; `zhengwen crawl --cluster ADDRESS` begins."
    for queue in state.queues:
        yield for_terminal(_sentence(queue))
    if state.workers:
        rows: list[list[str | int]] = [
            [
                worker.platform,
                worker.worker,
                f"for {worker.lease:.0f} s" if worker.lease >= 0 else "dead",
                worker.accounts,
                worker.in_work,
                worker.waiting,
            ]
            for worker in state.workers
        ]
        yield "\n" + table(rows, WORKERS)
    if state.hosts:
        times: list[list[str | int]] = [
            [host.host, *map(_seconds, (host.wait, host.closed_for, host.gap, host.crawl_delay))]
            for host in state.hosts
        ]
        yield "\n" + table(times, HOSTS)


def _sentence(queue: QueueState) -> str:
    articles = f"{counted(queue.articles, 'article')} in all archives"
    if queue.since is None:
        return f"{queue.platform}: no crawl is going on; {articles}"
    begun = datetime.fromtimestamp(queue.since, UTC)
    left = counted(queue.waiting, "request waits", "requests wait")
    blocked = f"; asked no more: {', '.join(queue.blocked)}" if queue.blocked else ""
    return (
        f"{queue.platform}: crawled since {begun:%Y-%m-%d %H:%M:%S} UTC; {queue.walked} of "
        f"{counted(queue.accounts, 'account')} walked through, {queue.to_walk} not begun; {left}; "
        f"{articles}{blocked}"
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds else "-"
