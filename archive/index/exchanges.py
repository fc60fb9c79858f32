"""The exchanges of one WARC file: each response or revisit with the request and the facts that
name it, and the notes that belong to no exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from archive.counting import counted
from archive.errors import Unreadable, WarcError
from archive.index.belonging import Request, Requests
from archive.index.facts import Facts, check_texts, facts_of
from archive.index.recorded import LARGEST, SEGMENTS, Recorded, fault_of, recorded, undated
from archive.index.segments import Segments
from archive.model import Failure
from archive.warc.directory import RESTORE
from archive.warc.makers import Makers
from archive.warc.reader import ANSWERS, Record, records
from archive.warc.resuming import next_record
from archive.warc.stored import WarcFile

LARGEST_REQUEST = 2**20  # bytes of a request
UNUSED = {  # types of records from which nothing is read, and what a record of each is
    "metadata": "metadata of another program",
    "conversion": "converted copy",
    "continuation": "continuation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A metadata record that belongs to no exchange: a run, what happened to an account, a request
    without an answer. `fault` says why a metadata record could not be read; it may be that of an
    exchange, which is read without it."""

    record_id: str
    date: str
    warc: str
    offset: int
    facts: Facts = field(default_factory=dict)
    url: str = ""
    fault: Failure | None = None


class Exchanges:
    """The exchanges and notes of a file, in its order, whatever is damaged between them.

    Requests and facts follow their response in our files; other programs write the request first.

    Attributes:
        count: of the records that could be read; complete when the last exchange was taken.
        damage: where records could not be read and why, as parts of sentences.
        unused: how many records nothing is read from, by why.
        makers: which of the records are of a crawl of ours.
    """

    def __init__(self, path: WarcFile) -> None:
        """Args: path: a finished WARC file."""
        self.path = path
        self.count = 0
        self.damage: list[str] = []
        self.unused: Counter[str] = Counter()
        self.makers = Makers()
        self._segments = Segments(path)

    def __iter__(self) -> Iterator[Recorded | Note]:
        """One after the other, in bounded memory."""
        response: Record | None = None
        exchange: Recorded | None = None
        requests = Requests()
        for record in self._records():
            if record.is_answer:
                yield from _complete(exchange, response)
                exchange, response = None, record  # two vast ones are not in memory at once
                exchange = _asked(self._recorded(record), requests.take(record))
            elif record.type == "request":
                request = Request(record, record.read(LARGEST_REQUEST + 1))
                is_adjacent = exchange is not None and not exchange.request
                if response and exchange and request.belongs_to(response, is_adjacent=is_adjacent):
                    exchange = _asked(exchange, request.data)
                else:
                    requests.add(request)
            elif record.type == "metadata" and self.makers.is_ours(record):
                note = _note(record, self.path.name)
                if exchange and record.concurrent_to == exchange.record_id:
                    exchange = replace(exchange, facts=note.facts)
                    note = _of_exchange(note)
                if note.facts or note.fault:
                    yield note
            else:
                self._pass(record)
        yield from _complete(exchange, response)
        if requests.count_lost:
            self.unused["request without its answer"] = requests.count_lost

    def _recorded(self, record: Record) -> Recorded:
        """An answer, its segments joined."""
        first = recorded(record, self.path.name)
        if first.truncated != SEGMENTS or first.is_file:
            return first
        begun = len(first.block) - len(record.stand_in_head)
        rest = self._segments.rest(record, begun, LARGEST - begun)
        if rest is None:
            return first
        return replace(first, block=first.block + rest, truncated=None)

    def _pass(self, record: Record) -> None:
        """Take note of a record from which nothing is read."""
        if record.type == "warcinfo":
            self.makers.add(record)
        elif record.offset in self._segments.joined:
            return
        else:
            self.unused[_why_not(record)] += 1

    @property
    def damage_in_words(self) -> str | None:
        """Where the first damage is, what to do about it, and how much more there is; None for a
        sound file."""
        if not self.damage:
            return None
        more = len(self.damage) - 1
        return self.damage[0] + (
            f" ({counted(more, 'more place is', 'more places are')} damaged)" if more else ""
        )

    def _records(self) -> Iterator[Record]:
        start: int | None = 0
        while start is not None:
            try:
                for record in records(self.path, start):
                    yield record
                    record.finish()
                    self.count, start = self.count + 1, record.offset + record.length
                if not start:
                    self.damage.append(f"the file is empty; {RESTORE}")
                return
            except WarcError as error:
                self.damage.append(f"at {start}: {error.wrong}; {error.todo}")
                start = next_record(self.path, start + 1)


def _complete(exchange: Recorded | None, response: Record | None) -> Iterator[Recorded]:
    """The exchange, unless its response turned out to be damaged."""
    if exchange and response and response.length:
        yield replace(exchange, length=response.length)


def _asked(exchange: Recorded, request: bytes | None) -> Recorded:
    if request is None:
        return exchange
    if len(request) <= LARGEST_REQUEST:
        return replace(exchange, request=request)
    detail = f"its request is longer than {LARGEST_REQUEST} bytes"
    return replace(exchange, fault=exchange.fault or fault_of("too-large-record", detail))


def _why_not(record: Record) -> str:
    if record.type in ANSWERS:
        return "no address of the web"
    return UNUSED.get(record.type, "type that WARC does not have")


def _note(record: Record, warc: str) -> Note:
    facts: Facts = {}
    fault = None if record.date else undated(record)
    try:
        facts = facts_of(record)
    except Unreadable as error:
        fault = fault_of(error.reason, error.detail)
    except WarcError:
        fault = None  # the damage is noted when the file is read on
    return Note(
        record_id=record.id,
        date=record.date,
        warc=warc,
        offset=record.offset,
        facts=facts,
        url=record.url,
        fault=fault,
    )


def _of_exchange(note: Note) -> Note:
    """What is to say of a note whose facts went to an exchange: whether it is as it must be."""
    try:
        check_texts(note.facts)
    except Unreadable as error:
        return replace(note, facts={}, fault=fault_of(error.reason, error.detail))
    return replace(note, facts={})
