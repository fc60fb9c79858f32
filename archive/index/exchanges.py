"""The exchanges of one WARC file: each response or revisit with the request and the facts that
name it, and the notes that belong to no exchange."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.disk import PIECE
from archive.errors import Unreadable, WarcError
from archive.index.belonging import Request, Requests
from archive.index.facts import Facts, check_texts, facts_of
from archive.index.segments import Segments
from archive.model import Failure
from archive.warc import http
from archive.warc.completeness import content_length
from archive.warc.digests import canonical
from archive.warc.makers import Makers
from archive.warc.reader import (
    ANSWERS,
    RESTORE,
    Record,
    bare,
    id_by_place,
    moment,
    next_record,
    records,
)

HEAD = 64 * 1024  # bytes of a picture or an attachment that are read
LARGEST = 64 * 2**20  # bytes of an answer; our crawls cut there too, other programs may not
LARGEST_REQUEST = 2**20  # bytes of a request
FILE = re.compile(
    r"(?:image|video|audio|font)/"
    r"|application/(?:pdf|zip|msword|vnd\.(?:ms-|openxmlformats)|x-(?:rar|zip|7z))",
    re.I,
)


SEGMENTS = "segments"  # why an answer is cut of which not all parts are there
PAYLOAD = "WARC-Payload-Digest"
UNUSED = {  # types of records from which nothing is read, and what a record of each is
    "metadata": "metadata of another program",
    "conversion": "converted copy",
    "continuation": "continuation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One response or revisit record with what belongs to it.

    `date` is the record's, ISO 8601 in UTC, "" where it has none that can be read; `offset` and
    `length` are bytes of the WARC file. `block` may be cut where the answer `is_file`: a picture, a
    film or an attachment, in which nothing is read; `block_size` is that of the record then, and
    `is_ended` says whether its last chunk came. `truncated` is a WARC-Truncated word. `fault` says
    why nothing of it is read. Of a record that `is_bare` the server's head is not there, and that
    of `block` says only what the record says. `original_url` and `original_date` are of what a
    revisit names without an id.
    """

    record_id: str
    url: str
    date: str
    warc: str
    offset: int
    length: int
    block: bytes
    is_file: bool = False
    is_bare: bool = False
    block_size: int | None = None
    is_ended: bool | None = None
    is_revisit: bool = False
    refers_to: str | None = None
    original_url: str | None = None
    original_date: str | None = None
    payload_digest: str | None = None
    truncated: str | None = None
    ip: str | None = None
    request: bytes = b""
    facts: Facts = field(default_factory=dict)
    fault: Failure | None = None


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

    def __init__(self, path: Path) -> None:
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
        recorded = _recorded(record, self.path.name)
        if recorded.truncated != SEGMENTS or recorded.is_file:
            return recorded
        begun = len(recorded.block) - len(record.stand_in_head)
        rest = self._segments.rest(record, begun, LARGEST - begun)
        if rest is None:
            return recorded
        return replace(recorded, block=recorded.block + rest, truncated=None)

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
        return self.damage[0] + (f" ({more} more places are damaged)" if more else "")

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
    return replace(exchange, fault=exchange.fault or _fault("too-large-record", detail))


def _why_not(record: Record) -> str:
    if record.type in ANSWERS:
        return "no address of the web"
    return UNUSED.get(record.type, "type that WARC does not have")


def _recorded(record: Record, warc: str) -> Recorded:
    block = record.stand_in_head + record.read(HEAD)
    truncated = _truncated(record)
    head, body = http.split(block)
    is_file = FILE.match(head.get("Content-Type") or "") is not None
    size, is_ended = None, None
    if is_file:
        size, is_ended = _passed(record, head, body)
    else:
        block = b"".join([block, *_pieces(record, LARGEST)])
        truncated = "length" if record.read(1) else truncated
    body_size = len(block) + (size or 0) - len(head.raw)
    is_revisit = record.type == "revisit" and not _has_payload(head, body, body_size)
    refers_to, digest = (record.headers.get(name) for name in ("WARC-Refers-To", PAYLOAD))
    return Recorded(
        record_id=record.id or id_by_place(warc, record.offset),
        url=record.url,
        date=record.date,
        warc=warc,
        offset=record.offset,
        length=0,  # known when the record was read to its end
        block=block,
        is_file=is_file,
        is_bare=bool(record.stand_in_head),
        block_size=None if size is None else len(block) + size,
        is_ended=is_ended,
        is_revisit=is_revisit,
        refers_to=bare(refers_to) if refers_to and is_revisit else None,
        original_url=_named(record, "WARC-Refers-To-Target-URI"),
        original_date=_named(record, "WARC-Refers-To-Date"),
        payload_digest=canonical(digest) if digest else None,
        truncated=truncated,
        ip=record.headers.get("WARC-IP-Address"),
        fault=None if record.date else _undated(record),
    )


def _has_payload(head: http.Head, body: bytes, size: int) -> bool:
    """Whether a revisit has all of the payload itself, as some programs write them."""
    declared = content_length(head)
    return bool(body.strip()) and (declared is None or size >= declared)


def _named(record: Record, name: str) -> str | None:
    """What a revisit that names no record says of its original."""
    headers = record.headers
    if record.type != "revisit" or headers.get("WARC-Refers-To"):
        return None
    value = bare(headers.get(name) or "")
    return (moment(value) if name.endswith("Date") else value) or None


def _truncated(record: Record) -> str | None:
    """Why an answer was cut short. Heritrix writes the field for revisits too, whose payload is in
    another record."""
    value = record.headers.get("WARC-Truncated")
    if value is None and record.headers.get("WARC-Segment-Number"):
        return SEGMENTS
    return None if value is None or record.type == "revisit" else value or "unspecified"


def _passed(record: Record, head: http.Head, body: bytes) -> tuple[int, bool | None]:
    """Read what is left of a file. Returns its size in bytes, and whether the last chunk came."""
    size, chunks = 0, http.Dechunking() if head.is_chunked else None
    for piece in itertools.chain([body], iter(lambda: record.read(PIECE), b"")):
        size += len(piece)
        if chunks:
            chunks.add(piece)
    return size - len(body), chunks.complete if chunks else None


def _pieces(record: Record, size: int) -> Iterator[bytes]:
    """The next `size` bytes of a block, so that they are in memory once."""
    while size and (piece := record.read(min(size, PIECE))):
        size -= len(piece)
        yield piece


def _note(record: Record, warc: str) -> Note:
    facts: Facts = {}
    fault = None if record.date else _undated(record)
    try:
        facts = facts_of(record)
    except Unreadable as error:
        fault = _fault(error.reason, error.detail)
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
        return replace(note, facts={}, fault=_fault(error.reason, error.detail))
    return replace(note, facts={})


def _undated(record: Record) -> Failure:
    date = record.headers.get("WARC-Date") or ""
    return _fault("no-date", f"its WARC-Date is {date[:40]!r}")


def _fault(reason: str, detail: str) -> Failure:
    return Failure(outcome="unreadable", reason=reason, detail=detail)
