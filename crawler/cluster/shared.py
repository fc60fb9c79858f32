"""What the workers of a cluster share of one platform, in Redis: requests, accounts, answers. See
`queue.lua`, which does at once what must happen at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from archive.model import Account, Failure
from crawler.cluster.connection import PLATFORMS, PREFIX, WORKERS, answering

SCRIPT = Path(__file__).with_name("queue.lua").read_text("utf-8")
AT_ONCE = 5000  # articles in one command


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an article that a walk asked for; `failure` is None where it was read, and
    `counts` False where nothing came of it, as its address was asked for another."""

    url: str
    failure: Failure | None = None
    counts: bool = True


class Shared:
    """One worker's part in the crawl of one platform.

    Args:
        server: the cluster's Redis (a `redis.Redis`, whose types leave open whether it answers in
            bytes).
        platform: its name.
        worker: the worker's name, which stays the same when it is started again.
        member: the name of its process.
        lease: seconds after the last sign of life, from which on a worker counts as dead.

    Raises:
        ArchiveError: the Redis does not answer (by every method).
    """

    def __init__(self, server: Any, platform: str, worker: str, member: str, lease: float) -> None:
        self.server, self.platform = server, platform
        self.worker, self.member, self.lease = worker, member, lease
        self.prefix = f"{PREFIX}{platform}:"
        self.script = server.register_script(SCRIPT)
        self.round = b""

    def key(self, name: str) -> str:
        """The key of that name."""
        return f"{self.prefix}{name}"

    def join(self, run: str, articles: Iterable[str]) -> None:
        """Take part in the round, or begin one.

        Args:
            run: the id of the run.
            articles: the ids of those that this worker's archive has.
        """
        with answering(self.server):
            self.server.sadd(PLATFORMS, self.platform)
            ids = iter(articles)
            while some := dict.fromkeys(islice(ids, AT_ONCE), self.worker):
                self.server.hset(self.key("articles"), mapping=some)
        self.round = self._do("join", self.worker, self.member, self.lease, str(uuid4()), run)

    def beat(self) -> bool:
        """Give a sign of life. False where it came too late, and the others have what was its."""
        return bool(self._do("beat", self.worker, self.member, self.lease))

    def leave(self) -> None:
        """Give all back that this worker has."""
        self._do("leave", self.worker, self.member)

    def reap(self) -> int:
        """Give back what dead workers had; how many requests and accounts that were."""
        return int(self._do("reap", self.lease))

    # --- accounts ---

    def offer(self, account: Account) -> bool:
        """Enter an account, once in a round."""
        return bool(self._do("offer", account.account_id, json.dumps(asdict(account))))

    def take(self) -> Account | None:
        """An account whose list this worker is to walk through; None where there is none now."""
        taken = self._do("take", self.worker, self.member)
        return Account(**json.loads(taken[1])) if taken else None

    def owns(self, account_id: str) -> bool:
        """Whether this worker walks through the account."""
        with answering(self.server):
            owner: bytes | None = self.server.hget(self.key("walks"), account_id)
        return owner == self.worker.encode()

    def done(self, account_id: str) -> None:
        """Note that an account was walked through, and that its ledger is in the WARC."""
        self._do("done", self.worker, account_id)

    def walked(self) -> list[str]:
        """The accounts that this worker walked when it died."""
        with answering(self.server):
            walks = self.server.hgetall(self.key("walks"))
        return [name.decode() for name, who in walks.items() if who == self.worker.encode()]

    def retake(self) -> None:
        """Walk anew through the accounts of `walked`."""
        self._do("retake", self.worker)

    # --- articles ---

    def standing(self, article_id: str) -> tuple[str | None, bool]:
        """For which account an article was asked for in this round, and whether any archive has
        it."""
        with answering(self.server), self.server.pipeline(transaction=False) as pipe:
            pipe.hget(self.key("asked"), article_id)
            pipe.hexists(self.key("articles"), article_id)
            account, is_there = pipe.execute()
        return account.decode() if account else None, bool(is_there)

    def answer(self, account_id: str, article_id: str, answer: Answer) -> None:
        """Note what came of an article that a walk asked for, for whoever walks."""
        value = json.dumps(asdict(answer), ensure_ascii=False)
        with answering(self.server), self.server.pipeline(transaction=True) as pipe:
            if answer.counts:
                pipe.hset(self.key(f"answers:{account_id}"), article_id, value)
            else:
                pipe.hsetnx(self.key(f"answers:{account_id}"), article_id, value)
            if answer.counts and answer.failure is None:
                pipe.hset(self.key("articles"), article_id, self.worker)
            pipe.execute()

    def number_of_answers(self, account_id: str) -> int:
        """How many articles of a walk were answered."""
        with answering(self.server):
            return int(self.server.hlen(self.key(f"answers:{account_id}")))

    def answers(self, account_id: str) -> Iterator[tuple[str, Answer]]:
        """What came of the articles of a walk, by their ids."""
        with answering(self.server):
            values = self.server.hgetall(self.key(f"answers:{account_id}"))
        for article_id, value in sorted(values.items()):
            known = json.loads(value)
            failure = Failure(**known["failure"]) if known["failure"] else None
            yield article_id.decode(), Answer(known["url"], failure, known["counts"])

    # --- requests ---

    def push(
        self,
        request: bytes,
        score: int,
        *,
        own: bool,
        fingerprint: str = "",
        article_id: str = "",
        account_id: str = "",
        redirected: bool = False,
    ) -> str:
        """Enter a request.

        Args:
            request: the bytes.
            score: those with a lower one are sent first.
            own: whether it stays with this worker as long as that is alive.
            fingerprint: by which it is entered once in a round; "" where any number is right.
            article_id: the article that it is for.
            account_id: whose walk asked for that; "" for none.
            redirected: whether an answer led to its address.

        Returns:
            `queued`; `seen`: its address was asked for before; `again`: for the same article;
            `taken`: the walk through another account asked for the article.
        """
        answer: bytes = self._do(
            "push",
            self.worker if own else "",
            score,
            request,
            fingerprint,
            article_id,
            account_id,
            "1" if redirected else "",
        )
        return answer.decode()

    def pop(self, below: int | None, *, shared: bool) -> bytes | None:
        """Take a request into work; None where there is none.

        Args:
            below: of a score lower than this; None: of any.
            shared: whether those that any worker may have count, too.
        """
        least = "" if below is None else below
        request: bytes | None = self._do(
            "pop", self.worker, self.member, least, "1" if shared else ""
        )
        return request

    def in_work(self) -> list[bytes]:
        """The requests that this worker has in work."""
        with answering(self.server):
            return list(self.server.zrange(self.key(f"work:{self.worker}"), 0, -1))

    def finish(self, request: bytes) -> None:
        """Note that a request is done: its answer is in the WARC, what follows of it is entered."""
        with answering(self.server):
            self.server.zrem(self.key(f"work:{self.worker}"), request)

    def give_back(self, request: bytes) -> None:
        """Enter a request again that was not made."""
        self._do("give_back", self.worker, request)

    def waiting(self, *, shared: bool) -> int:
        """How many requests wait for this worker."""
        with answering(self.server), self.server.pipeline(transaction=False) as pipe:
            pipe.zcard(self.key(f"own:{self.worker}"))
            if shared:
                pipe.zcard(self.key("requests"))
            return sum(pipe.execute())

    def pending(self) -> int:
        """How many requests wait or are in work, of all workers."""
        return int(self._do("pending"))

    def is_over(self) -> bool:
        """Whether there is nothing left to do in this round."""
        return bool(self._do("end", self.round))

    def runs(self) -> list[str]:
        """The ids of this worker's runs in this round."""
        with answering(self.server):
            return [run.decode() for run in self.server.smembers(self.key(f"runs:{self.worker}"))]

    # --- blocks ---

    def count_blocks(self, section: str, *, blocked: bool) -> int:
        """Count a blocked answer, or a good one; how many in a row were blocked."""
        with answering(self.server):
            if blocked:
                return int(self.server.hincrby(self.key("blocked"), section, 1))
            self.server.hdel(self.key("blocked"), section)
        return 0

    def give_up(self, name: str, failure: Failure) -> None:
        """Ask a host, or its files, no more in this round."""
        with answering(self.server):
            self.server.hsetnx(self.key("given_up"), name, json.dumps(asdict(failure)))

    def given_up(self, name: str) -> Failure | None:
        """Why a host, or its files, is asked no more in this round; None while it is."""
        with answering(self.server):
            value = self.server.hget(self.key("given_up"), name)
        return Failure(**json.loads(value)) if value else None

    def _do(self, operation: str, *values: object) -> Any:
        with answering(self.server):
            return self.script(keys=[self.prefix, WORKERS], args=[operation, *values])
