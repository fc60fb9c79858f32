"""`zhengwen cluster status` on a real Redis, in each situation that it knows."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from redis import Redis

from archive.model import Account, Failure
from crawler.cli.cluster import cluster
from crawler.cluster.host_states import RedisHostStates
from crawler.cluster.shared import Shared
from tests.rigs.redis_server import RedisServer

pytestmark = pytest.mark.slow


def walking(shared: Shared) -> None:
    for name in ("1", "2", "3"):
        shared.offer(Account(platform="made", account_id=name, url=f"https://made.example/{name}"))
    shared.take()
    shared.push(b"request", 0, own=False)
    shared.push(b"its own", 0, own=True)


def dead(shared: Shared) -> None:
    shared.server.zadd(shared.key("members"), {"a": 0})


def blocked(shared: Shared) -> None:
    shared.give_up("made.example", Failure(outcome="blocked", reason="captcha"))


def over(shared: Shared) -> None:
    shared.is_over()
    shared.leave()


def owing(shared: Shared) -> None:
    states = RedisHostStates(shared.server, shared.member)
    states.back_off("made.example", 2.0)
    states.close("made.example", 500.0)
    states.set_crawl_delay("b.example", 7.0)


def hostile(shared: Shared) -> None:
    blocked(shared)
    shared.give_up("\x1b[31mred\x07", Failure(outcome="blocked", reason="captcha"))


SITUATIONS: dict[str, tuple[Callable[[Shared], None], int, tuple[str, ...]]] = {
    "a walk": (walking, 0, ("0 of 3 accounts walked through, 2 not begun; 1 request waits", "for 3")),
    "a dead worker": (dead, 3, ("made      a       dead ",)),
    "a blocked host": (blocked, 3, ("asked no more: made.example",)),
    "a round that is over": (over, 0, ("made: no crawl is going on; 2 articles in all archives",)),
    "hosts": (owing, 0, ("4.0 s", "7.0 s", "b.example", "500.0 s")),
    "a name that is no name": (hostile, 3, ("asked no more:",)),
}  # fmt: skip


@pytest.mark.parametrize("case", SITUATIONS)
def test_status_says_what_the_cluster_does(case: str, redis_server: RedisServer) -> None:
    begin, code, texts = SITUATIONS[case]
    server = Redis.from_url(redis_server.url)
    server.flushdb()
    shared = Shared(server, "made", "a", "a/made/1", 3600.0)
    shared.join("run", ["made-1", "made-2"])
    begin(shared)

    done = CliRunner().invoke(cluster, ["status", "--cluster", redis_server.url])
    values = CliRunner().invoke(cluster, ["status", "--cluster", redis_server.url, "--json"])

    assert (done.exit_code, values.exit_code) == (code, code)
    assert all(text in done.stdout for text in texts), done.stdout
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout
    assert json.loads(values.stdout)["queues"][0]["articles"] == 2


def test_status_of_nothing_says_how_to_begin(redis_server: RedisServer) -> None:
    Redis.from_url(redis_server.url).flushdb()
    done = CliRunner().invoke(cluster, ["status", "--cluster", redis_server.url])

    assert (done.exit_code, done.stdout) == (
        0, "No worker has crawled here yet; `zhengwen crawl --cluster ADDRESS` begins.\n"
    )  # fmt: skip
