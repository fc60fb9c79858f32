"""The walks of one worker: which accounts it takes, and when the ledger of one is complete, whoever
requested its articles."""

from __future__ import annotations

from collections import Counter

from scrapy import Request

from archive.model import Account
from crawler.cluster.shared import Answer, Shared
from crawler.ledger.walk import Walk
from crawler.requests import purpose_of
from crawler.run import Run, Standing
from crawler.wire.run_records import RunRecords

LISTS_AT_ONCE = 2  # that a worker reads of a platform: the others are free for other workers


class Walks:
    """The walks of a run that are not in the ledger yet.

    Args:
        shared: the worker's part in the cluster.
        run: its walks are watched.
        records: where the ledger is written.
    """

    def __init__(self, shared: Shared, run: Run, records: RunRecords) -> None:
        self.shared, self.run, self.records = shared, run, records
        self.pages: Counter[int] = Counter()  # requests that are not done yet, by walk
        self.begun = 0  # how many of the run's walks have made all their first requests
        self.over: set[int] = set()

    def count(self, request: Request, number: int) -> None:
        """Count the requests for lists that a walk waits for."""
        purpose = purpose_of(request)
        if purpose and purpose.walk and purpose.role in ("listing", "profile"):
            self.pages[id(purpose.walk)] += number

    def next_account(self) -> Account | None:
        """An account to walk through now; None where others or none are to be waited for."""
        self.begun = len(self.run.walks)
        if sum(map(self._is_listing, self.run.walks)) >= LISTS_AT_ONCE:
            return None
        return self.shared.take()

    def _is_listing(self, walk: Walk) -> bool:
        return self.pages[id(walk)] > 0

    def standing(self, article_id: str, walk: Walk) -> Standing | None:
        """What the cluster knows of an article."""
        account_id, is_there = self.shared.standing(article_id)
        if account_id is not None:
            return "again" if account_id == walk.account.account_id else "asked"
        return "had" if is_there else None

    def yield_to_other(self, walk: Walk, article_id: str) -> None:
        """Take back that an article is this walk's: another one asked for it at the same time."""
        walk.followed.discard(article_id)
        walk.new -= 1
        walk.known += 1

    def no_answer_to_come(self, walk: Walk, article_id: str, url: str) -> None:
        """Note that an article is not requested, as its address was."""
        account_id = walk.account.account_id
        self.shared.answer(account_id, article_id, Answer(url, counts=False))

    def settle(self) -> None:
        """Write the ledger of the walks that are over."""
        for walk in self.run.walks[: self.begun]:
            if id(walk) not in self.over and not self._is_listing(walk) and self._is_answered(walk):
                self._write(walk)

    def _is_answered(self, walk: Walk) -> bool:
        """Whether all of its articles are, or nothing is left from which an answer could come."""
        account_id = walk.account.account_id
        if self.shared.number_of_answers(account_id) >= len(walk.followed):
            answered = {article_id for article_id, _ in self.shared.answers(account_id)}
            if answered >= walk.followed:
                return True
        return self.shared.pending() == 0

    def _write(self, walk: Walk) -> None:
        account_id = walk.account.account_id
        self.over.add(id(walk))
        if not self.shared.owns(account_id):
            return  # another worker walks through it by now
        for article_id, answer in self.shared.answers(account_id):
            if answer.counts and article_id in walk.followed:
                walk.count_answer(answer.failure, answer.url)
        self.records.coverage(walk, "finished")
        self.shared.done(account_id)
