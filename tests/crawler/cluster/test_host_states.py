"""One table of cases for what is owed to a host: in the files of a machine, and in the Redis of a cluster."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from crawler.cluster.connection import HOSTS, WORKERS
from crawler.cluster.host_states import RedisHostStates
from crawler.hosts.host_state import LONGEST, HostStates
from tests.conftest import ROOT
from tests.rigs.redis_server import RedisServer

pytestmark = pytest.mark.slow
HOST = "a.example"
FOREVER = 4_000_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


class Files:
    """The states in files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.states = self.another()

    def another(self) -> HostStates:
        return HostStates(self.folder, self.clock)

    def die(self, states: Any, slot: Any) -> None:
        """End the process that has the slot: the kernel closes its file."""
        os.close(slot)

    def store(self, host: str, values: dict[str, Any]) -> None:
        (self.folder / f"{host}.json").write_text(json.dumps(values))


class InRedis:
    """The states in Redis."""

    def __init__(self, server: RedisServer) -> None:
        self.server, self.clock = Redis.from_url(server.url), Clock()
        self.server.flushdb()
        self.count = 0
        self.states = self.another()

    def another(self) -> RedisHostStates:
        self.count += 1
        self.server.zadd(WORKERS, {f"worker {self.count}": FOREVER})
        return RedisHostStates(self.server, f"worker {self.count}", self.clock)

    def die(self, states: Any, slot: Any) -> None:
        """Let the lease of the worker that has the slot run out."""
        self.server.zadd(WORKERS, {states.worker: 0})

    def store(self, host: str, values: dict[str, Any]) -> None:
        self.server.hset(f"{HOSTS}{host}", mapping=values)


Where = Files | InRedis


@pytest.fixture(params=["files", "redis"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    if request.param == "files":
        return Files(tmp_path)
    return InRedis(request.getfixturevalue("redis_server"))


def spend(states: Any, gap: float, host: str = HOST) -> None:
    slot = states.take_slot(host, gap)
    assert slot is not None and states.take_slot(host, gap) is None
    states.use_slot(host, slot, gap)


# What is done, each with the seconds that pass before it, and then the waits of two hosts.
Step = tuple[float, str, tuple[Any, ...]]
CASES: dict[str, tuple[list[Step], tuple[float, float]]] = {
    "nothing": ([], (0, 0)),
    "a request": ([(0, "spend", (2.0,))], (2.0, 0)),
    "the gap passes": ([(0, "spend", (2.0,)), (2, "ease", (2.0,))], (0, 0)),
    "part of the gap passes": ([(0, "spend", (2.0,)), (1.5, "ease", (2.0,))], (0.5, 0)),
    "a longer gap after a shorter one": ([(0, "spend", (1.0,)), (1, "spend", (5.0,))], (5.0, 0)),
    "a gap of more than a day": ([(0, "spend", (200_000.0,))], (LONGEST, 0)),
    "Retry-After": ([(0, "close", (100.0,))], (100.0, 0)),
    "a shorter Retry-After after a longer one": ([(0, "close", (100.0,)), (10, "close", (5.0,))], (90.0, 0)),
    "a longer Retry-After after a shorter one": ([(0, "close", (5.0,)), (1, "close", (100.0,))], (100.0, 0)),
    "Retry-After of more than a day": ([(0, "close", (10 * LONGEST,))], (LONGEST, 0)),
    "Retry-After and a gap": ([(0, "close", (3.0,)), (0, "spend", (7.0,))], (7.0, 0)),
    "slow-down": ([(0, "back_off", (1.0,)), (0, "spend", (1.0,))], (2.0, 0)),
    "slow-down twice": ([(0, "back_off", (1.0,))] * 2 + [(0, "spend", (1.0,))], (4.0, 0)),
    "slow-down to the end": ([(0, "back_off", (1.0,))] * 9 + [(0, "spend", (1.0,))], (60.0, 0)),
    "slow-down of a Crawl-delay of minutes": ([(0, "back_off", (300.0,)), (0, "spend", (300.0,))], (300.0, 0)),
    "slow-down, and a good answer": ([(0, "back_off", (1.0,))] * 3 + [(0, "ease", (1.0,)), (0, "spend", (1.0,))], (7.2, 0)),
    "slow-down, and many good answers": ([(0, "back_off", (1.0,))] * 3 + [(0, "ease", (1.0,))] * 60 + [(0, "spend", (1.0,))], (1.0, 0)),
    "another host": ([(0, "spend", (2.0, "b.example")), (0, "close", (3.0, "b.example"))], (0, 3.0)),
    "capital letters": ([(0, "spend", (2.0, "B.Example"))], (0, 2.0)),
    "a port": ([(0, "spend", (2.0, "b.example:8080"))], (0, 0)),
    "a slot that is not used": ([(0, "drop", ())], (0, 0)),
    "a slot that is not used behind one that is": ([(0, "spend", (2.0,)), (1, "drop", ())], (1.0, 0)),
    "death with the slot": ([(0, "die", (2.0,)), (50, "spend", (2.0,))], (2.0, 0)),
    "death with the slot, then a look": ([(0, "die", (2.0,)), (50, "drop", (2.0,))], (2.0, 0)),
    "death with the slot of a slow host": ([(0, "back_off", (4.0,)), (0, "die", (2.0,)), (0, "drop", (2.0,))], (8.0, 0)),
    "a clock that is set back": ([(0, "spend", (2.0,)), (-400 * LONGEST, "ease", (2.0,))], (2.0, 0)),
    "a clock that is set back, then the gap passes": ([(0, "spend", (2.0,)), (-400 * LONGEST, "look", ()), (2, "ease", (2.0,))], (0, 0)),
    "a clock that is set back behind a Retry-After": ([(0, "close", (3600.0,)), (-400 * LONGEST, "look", ())], (0, 0)),
    "a booking of more than a day": ([(0, "store", ({"next": 2e9, "booked": 1e9},)), (0, "look", ())], (1.0, 0)),
    "a gap below nothing": ([(0, "store", ({"gap": -3.0},)), (0.5, "look", ())], (1.0, 0)),
    "a gap that is no number": ([(0, "store", ({"gap": "soon"},)), (0, "look", ()), (1, "ease", (1.0,))], (0, 0)),
    "a time that is no number": ([(0, "store", ({"next": "soon"},))], (1.0, 0)),
}  # fmt: skip


def do(where: Where, name: str, values: tuple[Any, ...]) -> None:
    states: Any = where.another()
    if name == "spend":
        spend(states, *values)
    elif name == "drop":
        states.drop_slot(HOST, states.take_slot(HOST, *values))
    elif name == "die":
        where.die(states, states.take_slot(HOST, *values))
    elif name == "look":
        states.wait(HOST)
    elif name == "store":
        where.store(HOST, *values)
    else:
        getattr(states, name)(*(values[1:] or (HOST,)), values[0])


@pytest.mark.parametrize("case", CASES)
def test_both_count_alike(where: Where, case: str) -> None:
    steps, waits = CASES[case]
    for seconds, name, values in steps:
        where.clock.now += seconds
        do(where, name, values)

    states: Any = where.another()
    assert (states.wait(HOST), states.wait("b.example")) == pytest.approx(waits, abs=1e-5)


GAPS = (0.0, 0.3, 1.0, 2.5, 45.0, 100_000.0)
SPANS = (0.0, 0.05, 0.9, 2.5, 59.0, 4000.0, 90_000.0, -5.0, -LONGEST * 30)
HOSTS_ASKED = (HOST, "b.example", "B.example:8080", "xn--fiqs8s")


@pytest.mark.parametrize("seed", range(12))
def test_the_same_questions_in_a_row_get_the_same_answers(
    seed: int, tmp_path: Path, redis_server: RedisServer
) -> None:
    chance = random.Random(seed)
    both: tuple[Where, Where] = (Files(tmp_path), InRedis(redis_server))
    asked: list[Any] = [[where.another() for _ in range(2)] for where in both]
    slots: dict[tuple[int, str], list[Any]] = {}  # of each of the two, in both
    taken = 0
    for _ in range(120):
        span = chance.choice(SPANS)
        for where in both:
            where.clock.now += span
        who, host, gap = chance.randrange(2), chance.choice(HOSTS_ASKED), chance.choice(GAPS)
        name = chance.choice(
            ("wait", "closed_for", "take", "take", "use", "use", "drop", "die", "close", "back_off", "ease")
        )  # fmt: skip
        pair = [states[who] for states in asked]
        if name == "take":
            answers = [states.take_slot(host, gap) for states in pair]
            assert (answers[0] is None) == (answers[1] is None)
            if answers[0] is not None:
                slots[who, host] = answers
                taken += 1
        elif name in ("use", "drop", "die"):
            for states, where, slot in zip(pair, both, slots.pop((who, host), ()), strict=False):
                if name == "use":
                    states.use_slot(host, slot, gap)
                elif name == "drop":
                    states.drop_slot(host, slot)
                else:
                    where.die(states, slot)
            if name == "die":
                _die(both, asked, slots, who)
        elif name in ("wait", "closed_for"):
            first, second = (getattr(states, name)(host) for states in pair)
            assert first == pytest.approx(second, abs=1e-4)
        else:
            first, second = (getattr(states, name)(host, gap) for states in pair)
            assert first == second or first == pytest.approx(second)
        for each in HOSTS_ASKED:
            first, second = ((s[0].wait(each), s[0].closed_for(each)) for s in asked)
            assert first == pytest.approx(second, abs=1e-4)
    assert taken > 5


def _die(
    both: tuple[Where, Where], asked: list[Any], slots: dict[Any, list[Any]], who: int
) -> None:
    """A process that dies has no slot of any host any more, and another one takes its place."""
    for other in [key for key in slots if key[0] == who]:
        for where, states, slot in zip(both, asked, slots.pop(other), strict=True):
            where.die(states[who], slot)
    for where, states in zip(both, asked, strict=True):
        if isinstance(where, InRedis):
            where.die(states[who], None)
        states[who] = where.another()


def test_closed_is_something_else_than_a_gap(where: Where) -> None:
    spend(where.states, 9.0)
    where.states.close(HOST, 4.0)

    assert where.states.wait(HOST) == pytest.approx(9.0)
    assert where.states.closed_for(HOST) == pytest.approx(4.0)


def test_a_slot_is_one_requests_alone(where: Where) -> None:
    first: Any = where.another()
    slot = first.take_slot(HOST, 1.0)

    assert first.take_slot(HOST, 1.0) is None and where.states.take_slot(HOST, 1.0) is None
    assert where.states.take_slot("b.example", 1.0) is not None
    first.drop_slot(HOST, slot)
    assert where.states.take_slot(HOST, 1.0) is not None


def test_a_crawl_delay_that_one_worker_read_holds_for_all(redis_server: RedisServer) -> None:
    where = InRedis(redis_server)
    where.states.set_crawl_delay(HOST, 7.0)
    another: Any = where.another()

    spend(another, 1.0)

    assert (another.crawl_delay(HOST), another.wait(HOST)) == (7.0, 7.0)
    where.clock.now += LONGEST + 1
    assert another.crawl_delay(HOST) == 0.0


TAKE = """
import sys, time
from redis import Redis
from crawler.cluster.host_states import RedisHostStates
states, taken = RedisHostStates(Redis.from_url(sys.argv[1]), "worker 1"), []
while len(taken) < 12:
    if states.wait("p.example") > 0 or (slot := states.take_slot("p.example", 0.05)) is None:
        time.sleep(0.001)
    elif states.wait("p.example") > 0:
        states.drop_slot("p.example", slot)
    else:
        taken.append(time.time())
        states.use_slot("p.example", slot, 0.05)
print(*map(repr, taken))
"""


def test_three_processes_keep_one_gap_together(redis_server: RedisServer) -> None:
    InRedis(redis_server)
    command = [sys.executable, "-c", TAKE, redis_server.url]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    taken = sorted(
        float(word) for process in running for word in process.communicate(timeout=180)[0].split()
    )

    assert len(taken) == 36
    assert min(later - earlier for earlier, later in pairwise(taken)) >= 0.05
