"""Which records of a WARC file belong to one another, whatever of the optional fields a program
writes."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.warc.reader import Record

WAITING = 100  # requests that wait for their answers
WAITING_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Request:
    """A request record and its block, which may be cut."""

    record: Record
    data: bytes

    def belongs_to(self, answer: Record, *, is_adjacent: bool) -> bool:
        """Whether it asked for an answer: one of the two names the other, or none names any, they
        are of one address and nothing else of it came between (WARC 1.1, WARC-Concurrent-To)."""
        mine, theirs = self.record.concurrents, answer.concurrents
        if (answer.id and answer.id in mine) or (self.record.id and self.record.id in theirs):
            return True
        return is_adjacent and not mine and not theirs and self.record.url == answer.url


@dataclass(slots=True)
class Requests:
    """Requests that came before their answers. `lost` counts those whose answers did not come."""

    waiting: list[Request] = field(default_factory=list)
    lost: int = 0

    def add(self, request: Request) -> None:
        """Take a request in; the eldest goes where there are too many."""
        self.waiting.append(request)
        while len(self.waiting) > WAITING or (
            len(self.waiting) > 1
            and sum(len(request.data) for request in self.waiting) > WAITING_BYTES
        ):
            del self.waiting[0]
            self.lost += 1

    def take(self, answer: Record) -> bytes | None:
        """The request for an answer, None where none waits."""
        named = (
            request for request in self.waiting if request.belongs_to(answer, is_adjacent=False)
        )
        near = (request for request in self.waiting if request.belongs_to(answer, is_adjacent=True))
        request = next(named, None) or next(near, None)
        if request is None:
            return None
        self.waiting.remove(request)
        return request.data

    @property
    def count_lost(self) -> int:
        """How many have no answer, at the end of the file."""
        return self.lost + len(self.waiting)
