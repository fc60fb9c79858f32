"""The exchanges of one WARC file: each response or revisit with the request and the facts that
name it, and the notes that belong to no exchange."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archive.warc import http
from archive.warc.reader import Record, bare, records

HEAD = 64 * 1024  # bytes of a picture or an attachment that are read
LARGEST = 64 * 2**20  # bytes of an answer; our crawls cut there too, other programs may not
FILE = re.compile(
    r"(?:image|video|audio|font)/"
    r"|application/(?:pdf|zip|msword|vnd\.(?:ms-|openxmlformats)|x-(?:rar|zip|7z))",
    re.I,
)

Facts = Mapping[str, Any]
"""What the crawl wrote with an exchange, or about a run: a JSON object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One response or revisit record with what belongs to it.

    `date` is the record's, ISO 8601 in UTC; `offset` and `length` are bytes of the WARC file.
    `block` may be cut where the answer `is_file`: a picture, a film or an attachment, in which
    nothing is read. `truncated` is a WARC-Truncated word.
    """

    record_id: str
    url: str
    date: str
    warc: str
    offset: int
    length: int
    block: bytes
    is_file: bool = False
    refers_to: str | None = None
    payload_digest: str | None = None
    truncated: str | None = None
    ip: str | None = None
    request: bytes = b""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A metadata record that belongs to no exchange: a run, what happened to an account, a request
    without an answer."""

    record_id: str
    date: str
    warc: str
    offset: int
    facts: Facts


class Exchanges:
    """The exchanges of a file, in its order; `notes` and `count` (of records) are complete when
    the last one was taken.

    Requests and facts follow their response in our files; other programs write the request first.
    """

    def __init__(self, path: Path) -> None:
        """Args: path: a finished WARC file."""
        self.path = path
        self.notes: list[Note] = []
        self.count = 0

    def __iter__(self) -> Iterator[Recorded]:
        """Raises WarcError, with file and offset, at the first damage."""
        response: Record | None = None
        exchange: Recorded | None = None
        early: dict[str, bytes] = {}
        for record in records(self.path):
            self.count += 1
            if record.type in ("response", "revisit") and record.is_http:
                if exchange and response:
                    yield replace(exchange, length=response.length)
                response = record
                exchange = _recorded(record, self.path.name, early.pop(record.url, b""))
            elif record.type == "request":
                if exchange and record.concurrent_to == exchange.record_id:
                    exchange = replace(exchange, request=record.read())
                else:
                    early = {record.url: record.read()}
            elif record.type == "metadata":
                if exchange and record.concurrent_to == exchange.record_id:
                    exchange = replace(exchange, facts=_facts(record))
                else:
                    self.notes.append(_note(record, self.path.name))
        if exchange and response:
            yield replace(exchange, length=response.length)


def text_of(facts: Facts, name: str) -> str | None:
    """A fact that is text; files of other programs may say anything."""
    value = facts.get(name)
    return value if isinstance(value, str) else None


def _recorded(record: Record, warc: str, request: bytes) -> Recorded:
    block = record.read(HEAD)
    truncated = record.headers.get("WARC-Truncated") if record.type == "response" else None
    content_type = http.split(block)[0].get("Content-Type")
    is_file = FILE.match(content_type or "") is not None
    if not is_file:
        block += record.read(LARGEST)
        truncated = "length" if record.read(1) else truncated
    refers_to = record.headers.get("WARC-Refers-To")
    return Recorded(
        record_id=record.id,
        url=record.url,
        date=record.date,
        warc=warc,
        offset=record.offset,
        length=0,  # known when the record was read to its end
        block=block,
        is_file=is_file,
        refers_to=bare(refers_to) if refers_to else None,
        payload_digest=record.headers.get("WARC-Payload-Digest"),
        truncated=truncated,
        ip=record.headers.get("WARC-IP-Address"),
        request=request,
    )


def _note(record: Record, warc: str) -> Note:
    return Note(
        record_id=record.id,
        date=record.date,
        warc=warc,
        offset=record.offset,
        facts=_facts(record),
    )


def _facts(record: Record) -> Facts:
    """The JSON object of a metadata record; other programs write other things there."""
    if not (record.headers.get("Content-Type") or "").startswith("application/json"):
        return {}
    try:
        facts = json.loads(record.read())
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
