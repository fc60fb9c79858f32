"""One answer of a WARC file as the index takes it: what its record says, and its block."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.disk import PIECE
from archive.index.facts import Facts
from archive.model import Failure
from archive.warc import http
from archive.warc.completeness import content_length
from archive.warc.digests import canonical
from archive.warc.fields import bare, id_by_place, moment
from archive.warc.reader import Record

HEAD = 64 * 1024  # bytes of a picture or an attachment that are read
LARGEST = 64 * 2**20  # bytes of an answer; our crawls cut there too, other programs may not
FILE = re.compile(
    r"(?:image|video|audio|font)/"
    r"|application/(?:pdf|zip|msword|vnd\.(?:ms-|openxmlformats)|x-(?:rar|zip|7z))",
    re.I,
)
DOWNLOAD = re.compile(r"\s*attachment\b", re.I)  # RFC 6266, 4.2
SEGMENTS = "segments"  # why an answer is cut of which not all parts are there
PAYLOAD = "WARC-Payload-Digest"
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One response or revisit record with what belongs to it.

    `date` is the record's, ISO 8601 in UTC, "" where it has none that can be read; `offset` and
    `length` are bytes of the WARC file. `block` may be cut where the answer `is_file`: a picture, a
    film or an attachment, in which nothing is read; where it `is_download` its header says that it
    is to be saved; `block_size` is that of the record then, and
    `is_ended` says whether its last chunk came. `truncated` is a WARC-Truncated word. `fault` says
    why nothing of it is read. Of a record that `is_bare` the server's head is not there, and that
    of `block` says only what the record says. `original_url` and `original_date` are of what a
    revisit names. `segments` are the places of the further parts of a record that was written in
    several. `declared_id` is the id of the record itself, which others may have too.
    """

    record_id: str
    url: str
    date: str
    warc: str
    offset: int
    length: int
    block: bytes
    is_file: bool = False
    is_download: bool = False
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


def recorded(record: Record, warc: str) -> Recorded:
    """An answer as its record has it; of one in segments, the first.

    Args:
        record: a response, revisit or resource, not read yet.
        warc: the name of its file.
    """
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
    is_revisit = _is_revisit(record, head, body, body_size)
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
        is_download=DOWNLOAD.match(head.get("Content-Disposition") or "") is not None,
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
        fault=None if record.date else undated(record),
    )


def _is_revisit(record: Record, head: http.Head, body: bytes, size: int) -> bool:
    """Whether the payload is in another record. A program that writes no revisits leaves a plain
    response of what is not modified."""
    if record.type == "response":
        return head.status == NOT_MODIFIED
    return record.type == "revisit" and not _has_payload(head, body, size)


def _has_payload(head: http.Head, body: bytes, size: int) -> bool:
    """Whether a revisit has all of the payload itself, as some programs write them."""
    declared = content_length(head)
    return bool(body.strip()) and (declared is None or size >= declared)


def _named(record: Record, name: str) -> str | None:
    """What a revisit says of its original besides its id."""
    if record.type != "revisit":
        return None
    value = bare(record.headers.get(name) or "")
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


def undated(record: Record) -> Failure:
    """The failure of a record that has no date, or none that can be read."""
    date = record.headers.get("WARC-Date") or ""
    return fault_of("no-date", f"its WARC-Date is {date[:40]!r}")


def fault_of(reason: str, detail: str) -> Failure:
    """The failure of an answer that cannot be read, for a reason with its detail."""
    return Failure(outcome="unreadable", reason=reason, detail=detail)
