"""Which records of a WARC file belong to one another, and which are of a crawl of ours, whatever of
the optional fields a program writes."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.warc.reader import Record, bare

LARGEST_INFO = 64 * 1024  # bytes that are read of a warcinfo record
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


@dataclass(slots=True)
class Makers:
    """Which programs wrote the records of a file, by its warcinfo records. What says in JSON what a
    crawl of ours noted counts only where ours wrote it."""

    by_id: dict[str, bool] = field(default_factory=dict)
    is_last_ours: bool = False

    def add(self, record: Record) -> None:
        """Take a warcinfo record in."""
        text = record.read(LARGEST_INFO).decode("utf-8", "replace")
        fields = (line.partition(":") for line in text.splitlines())
        software = [value for name, _, value in fields if name.strip().lower() == "software"]
        self.is_last_ours = any("zhengwen" in value.lower() for value in software)
        self.by_id[record.id] = self.is_last_ours

    def is_ours(self, record: Record) -> bool:
        """Whether a record is of a crawl of ours: by the warcinfo record that it names, else by the
        last one before it."""
        named = bare(record.headers.get("WARC-Warcinfo-ID") or "")
        return self.by_id.get(named, self.is_last_ours)
