"""Who has which request and which account: the script in a real Redis, step by step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from redis import Redis

from archive.model import Account, Failure
from crawler.cluster.shared import Answer, Shared
from crawler.cluster.status import cluster_state
from tests.rigs.redis_server import RedisServer

pytestmark = pytest.mark.slow
LEASE = 3600.0
Join = Callable[..., Shared]


@pytest.fixture
def join(redis_server: RedisServer) -> Join:
    """Lets a worker join."""
    server = Redis.from_url(redis_server.url)
    server.flushdb()
    members = count()

    def begin(name: str, articles: tuple[str, ...] = ()) -> Shared:
        shared = Shared(server, "made", name, f"{name}/made/{next(members)}", LEASE)
        shared.join(f"run of {name}", articles)
        return shared

    return begin


def account(name: str) -> Account:
    return Account(platform="made", account_id=name, url=f"https://made.example/{name}")


def push(shared: Shared, name: str, score: int = 0, *, own: bool = False, **values: str) -> str:
    return shared.push(name.encode(), score, own=own, **values)  # type: ignore[arg-type]


def pop(shared: Shared, below: int | None = None, *, any_: bool = True) -> str | None:
    data = shared.pop(below, shared=any_)
    return data[16:].decode() if data else None


def test_requests_come_by_priority_then_by_arrival_to_whoever_is_free(join: Join) -> None:
    a, b = join("a"), join("b")
    for name, score in (("late", 5), ("first", 1), ("second", 1), ("urgent", -3)):
        push(a, name, score)

    assert [pop(b), pop(a), pop(b)] == ["urgent", "first", "second"]
    assert (pop(a, 5), pop(a, 6), pop(a)) == (None, "late", None)


def test_what_belongs_to_a_workers_article_is_its_alone(join: Join) -> None:
    a, b = join("a"), join("b")
    push(a, "picture", own=True)

    assert pop(b) is None and b.waiting(shared=True) == 0
    push(b, "article", -1)
    assert pop(a, any_=False) == "picture"
    assert pop(a) == "article"


SEEN = {
    "the same address": ("f", "x", "1", "f", "x", "1", "again"),
    "the same address for another article": ("f", "x", "1", "f", "y", "1", "seen"),
    "the same article by another address": ("f", "x", "1", "g", "x", "1", "queued"),
    "the article of another account": ("f", "x", "1", "g", "x", "2", "taken"),
    "any number of times": ("", "x", "1", "", "x", "1", "queued"),
    "a picture of two articles": ("f", "", "", "f", "", "", "seen"),
    "an article of no walk": ("f", "x", "", "f", "x", "", "again"),
}


@pytest.mark.parametrize("case", SEEN)
def test_an_address_is_asked_for_once_whoever_asks(case: str, join: Join) -> None:
    a, b = join("a"), join("b")
    *first, print_, article, walk, answer = SEEN[case]
    names = ("fingerprint", "article_id", "account_id")
    assert push(a, "request", **dict(zip(names, first, strict=True))) == "queued"

    again = push(b, "request 2", **dict(zip(names, (print_, article, walk), strict=True)))

    assert again == answer
    assert a.pending() == 1 + (answer == "queued")


def test_what_a_dead_worker_had_goes_back(join: Join) -> None:
    dead, alive = join("dead"), join("alive")
    for name in ("first", "second"):
        push(dead, name)
    push(dead, "its own", own=True)
    dead.offer(account("1"))
    assert dead.take() == account("1") and pop(dead) == "its own"
    assert alive.take() is None and alive.reap() == 0
    dead.server.zadd(dead.key("members"), {"dead": 0})

    states = {worker.worker: worker for worker in cluster_state(alive.server).workers}
    assert (states["dead"].lease < 0, states["dead"].in_work, states["dead"].accounts) == (
        True,
        1,
        1,
    )
    assert alive.reap() == 2
    assert sorted(filter(None, (pop(alive) for _ in range(4)))) == ["first", "its own", "second"]
    assert alive.take() == account("1")
    assert not dead.beat() and pop(dead) is None and dead.take() is None


def test_a_worker_that_is_back_in_time_has_what_it_had(join: Join) -> None:
    before, other = join("a"), join("b")
    push(before, "request")
    before.offer(account("1"))
    before.take()
    pop(before)
    back = join("a")

    assert [data[16:] for data in back.in_work()] == [b"request"]
    assert back.walked() == ["1"] and sorted(back.runs()) == ["run of a"]
    back.give_back(back.in_work()[0])
    back.retake()
    assert pop(other) is None and other.take() is None
    assert pop(back) == "request" and back.take() == account("1")
    assert not before.beat() and back.beat()


def test_a_worker_that_ends_gives_all_back(join: Join) -> None:
    a, b = join("a"), join("b")
    push(a, "request")
    a.offer(account("1"))
    a.take()
    pop(a)
    a.leave()

    assert pop(b) == "request" and b.take() == account("1")
    assert [worker.worker for worker in cluster_state(b.server).workers] == ["b"]


def test_an_account_is_walked_once_in_a_round(join: Join) -> None:
    a, b = join("a"), join("b")

    assert [a.offer(account("1")), b.offer(account("1")), b.offer(account("2"))] == [
        True,
        False,
        True,
    ]
    assert (a.take(), b.take(), a.take()) == (account("1"), account("2"), None)
    a.done("2")  # which it does not walk
    assert not a.is_over()
    a.done("1")
    b.done("2")
    assert a.is_over() and b.is_over()


def test_an_account_waits_for_its_machine_before_it_goes_to_others(join: Join) -> None:
    a = join("a")
    a.offer(account("1"))
    a.take()
    a.done("1")
    assert a.is_over()
    a.leave()

    b = join("b")
    b.offer(account("1"))
    b.reap()
    assert b.take() is None and not b.is_over()
    b.server.set(b.key("opened"), 0)  # the round began long ago
    b.reap()
    assert b.take() == account("1")


ENDS: dict[str, Callable[[Shared], object]] = {
    "a request": lambda a: push(a, "request"),
    "its own request": lambda a: push(a, "request", own=True),
    "a request in work": lambda a: (push(a, "request"), pop(a)),
    "an account": lambda a: a.offer(account("1")),
    "an account that is walked": lambda a: (a.offer(account("1")), a.take()),
}


@pytest.mark.parametrize("left", ENDS)
def test_a_round_is_not_over_while_something_is_left(left: str, join: Join) -> None:
    a, b = join("a"), join("b")
    ENDS[left](a)

    assert not a.is_over() and not b.is_over()


def test_a_new_round_begins_with_nothing_but_the_articles(join: Join) -> None:
    a = join("a", articles=("made-1",))
    push(a, "request", fingerprint="f", article_id="made-2", account_id="1")
    a.finish(a.pop(None, shared=True) or b"")
    a.answer("1", "made-2", Answer("https://made.example/2"))
    a.count_blocks("made.example", blocked=True)
    a.give_up("made.example", Failure(outcome="blocked", reason="captcha"))
    assert (a.standing("made-1"), a.standing("made-2")) == ((None, True), ("1", True))
    assert a.is_over()

    b = join("b")
    assert (b.standing("made-2"), b.given_up("made.example")) == ((None, True), None)
    assert b.count_blocks("made.example", blocked=True) == 1
    assert push(b, "request", fingerprint="f", article_id="made-2", account_id="2") == "queued"


def test_blocks_count_for_all_workers(join: Join) -> None:
    a, b = join("a"), join("b")
    counts = [w.count_blocks("h.example", blocked=True) for w in (a, b, a)]
    b.give_up("h.example", Failure(outcome="blocked", reason="captcha"))

    assert counts == [1, 2, 3]
    assert a.given_up("h.example") == Failure(outcome="blocked", reason="captcha")
    assert cluster_state(a.server).queues[0].blocked == ("h.example",)
    assert a.count_blocks("h.example", blocked=False) == 0
    assert b.count_blocks("h.example", blocked=True) == 1


def test_answers_reach_the_worker_that_walks(join: Join) -> None:
    a, b = join("a"), join("b")
    gone = Failure(outcome="missing", reason="http-404")
    b.answer("1", "made-1", Answer("https://made.example/1", gone))
    b.answer("1", "made-2", Answer("https://made.example/2"))
    b.answer("1", "made-2", Answer("https://made.example/2", counts=False))

    assert a.number_of_answers("1") == 2
    assert dict(a.answers("1")) == {
        "made-1": Answer("https://made.example/1", gone),
        "made-2": Answer("https://made.example/2"),
    }
    assert (a.standing("made-1")[1], a.standing("made-2")[1]) == (False, True)
