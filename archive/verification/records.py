"""The WARC files alone: every byte part of a whole member, every record as WARC 1.1 wants it,
every digest true.

The stock checkers pass files that end in the middle of a record and digests that are not there;
these do not. Sources: WARC 1.1 (IIPC), sections 4 to 6; RFC 1952 for the members.
"""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from archive.disk import PIECE
from archive.errors import WarcError
from archive.verification.finding import RESTORE, Finding
from archive.verification.record_table import Ledger
from archive.warc import http
from archive.warc.digests import labelled
from archive.warc.reader import Record, bare, records

ID = re.compile(r"<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}>", re.I)
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
TYPES = {
    "warcinfo",
    "response",
    "request",
    "metadata",
    "revisit",
    "resource",
    "conversion",
    "continuation",
}
LARGEST_HTTP_HEAD = 2**20
Progress = Callable[[int], None]


def check_files(
    paths: list[Path], ledger: Ledger, progress: Progress = lambda size: None
) -> Iterator[Finding]:
    """Read every file to its end; the ledger takes the records."""
    for path in paths:
        yield from _check_file(path, ledger, progress)
    ledger.complete()
    yield from _check_sets(ledger)


def _check_file(path: Path, ledger: Ledger, progress: Progress) -> Iterator[Finding]:
    size, count, whole = path.stat().st_size, 0, True
    start: int | None = 0
    if not size:
        yield Finding(file=path.name, wrong="the file is empty", todo=RESTORE)
    while start is not None and start < size:
        try:
            for record in records(path, start):
                yield from _check_record(path, record, ledger, first=count == 0)
                count, start = count + 1, record.offset + record.length
                progress(record.length)
            break
        except WarcError as error:
            whole = False
            damaged, start = start, _next_record(path, start + 1)
            yield Finding(
                file=path.name, offset=damaged, wrong=error.wrong, todo=error.todo or RESTORE
            )
    ledger.add_file(path.name, size, count, whole)


def _next_record(path: Path, start: int) -> int | None:
    """The offset of the next member that begins a record: damage in one hides none of the
    others."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        while (start := data.find(b"\x1f\x8b\x08", start)) >= 0:
            try:
                next(records(path, start), None)
                return start
            except WarcError:
                start += 1
    return None


def _check_record(path: Path, record: Record, ledger: Ledger, *, first: bool) -> Iterator[Finding]:
    """One record, read to its end. Its length is known when the reader goes on, so the ledger is
    told after the loop's step."""
    wrong = list(_grammar(record, first=first))
    digests = _Digests(record)
    for piece in iter(lambda: record.read(PIECE), b""):
        digests.add(piece)
    record.finish()
    wrong += digests.wrong()
    _remember(path, record, digests, ledger)
    for one in wrong:
        yield Finding(
            file=path.name, offset=record.offset, record=record.id or None, wrong=one, todo=RESTORE
        )


def _grammar(record: Record, *, first: bool) -> Iterator[str]:
    headers = record.headers
    if record.type not in TYPES:
        yield f"the record type is {record.type!r}"
    if not ID.fullmatch(headers.get("WARC-Record-ID") or ""):
        yield "the record has no id of the form <urn:uuid:…>"
    if not _is_date(headers.get("WARC-Date") or ""):
        yield f"the date is {headers.get('WARC-Date')!r}"
    if first and record.type != "warcinfo":
        yield "the file does not begin with a warcinfo record"
    if record.type in ("response", "request", "revisit", "resource") and not record.url:
        yield "the record has no WARC-Target-URI"
    if record.type == "revisit" and not (
        headers.get("WARC-Profile") and headers.get("WARC-Refers-To")
    ):
        yield "the revisit does not say of what"
    if headers.get("WARC-Block-Digest") is None:
        yield "the record has no block digest"


def _is_date(text: str) -> bool:
    try:
        return bool(DATE.fullmatch(text)) and datetime.fromisoformat(text[:19]) is not None
    except ValueError:
        return False


class _Digests:
    """The digests of a record's block, and of the payload behind its HTTP head."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.block, self.payload = hashlib.sha1(), hashlib.sha1()
        self.head = b""
        self.whole_head = not record.is_http
        self.frames: bytearray | None = None

    def add(self, piece: bytes) -> None:
        """The next bytes of the block."""
        self.block.update(piece)
        if self.whole_head:
            self._add_payload(piece)
            return
        self.head += piece
        head, body = http.split(self.head)
        if (
            len(head.raw) < len(self.head)
            or head.raw.endswith(b"\r\n\r\n")
            or len(self.head) > LARGEST_HTTP_HEAD
        ):
            self.head, self.whole_head = head.raw, True
            if head.is_chunked:
                self.frames = bytearray()
            self._add_payload(body)

    def _add_payload(self, piece: bytes) -> None:
        if self.frames is None:
            self.payload.update(piece)
        else:
            self.frames += piece  # a crawl that keeps the chunks digests what is in them

    @property
    def status(self) -> int | None:
        """The status of an answer."""
        return (
            http.Head(self.head).status
            if self.record.is_http and self.record.type != "request"
            else None
        )

    def wrong(self) -> Iterator[str]:
        """Digests that are not true."""
        said = self.record.headers.get("WARC-Block-Digest")
        if said and said.lower() != labelled(self.block).lower():
            yield f"the block's digest is {labelled(self.block)}, not {said}"
        said = self.record.headers.get("WARC-Payload-Digest")
        if (
            said
            and self.record.type == "response"
            and said.lower() not in {one.lower() for one in self._payloads()}
        ):
            yield f"the payload's digest is {labelled(self.payload)}, not {said}"

    def _payloads(self) -> list[str]:
        if self.frames is None:
            return [labelled(self.payload)]
        plain = http.dechunk(bytes(self.frames)).body
        return [labelled(hashlib.sha1(plain)), labelled(hashlib.sha1(bytes(self.frames)))]


def _remember(path: Path, record: Record, digests: _Digests, ledger: Ledger) -> None:
    headers = record.headers
    refers = headers.get("WARC-Refers-To")
    kind = (headers.get("Content-Type") or "").partition(";")[0]
    place = (
        record.id,
        record.type,
        path.name,
        record.offset,
        record.length,
        record.url,
        record.date,
        int(record.is_http),
    )
    said = (
        digests.status,
        headers.get("WARC-Payload-Digest"),
        record.concurrent_to,
        bare(refers) if refers else None,
    )
    refers_to = (
        headers.get("WARC-Refers-To-Target-URI"),
        headers.get("WARC-Refers-To-Date"),
        headers.get("WARC-Profile"),
        kind,
    )
    ledger.add((*place, *said, *refers_to))


# Some programs keep no requests at all (converted ARC files); ours keeps one for each answer, and
# so do most others.
SETS = {
    "another record has the same id": """SELECT warc, offset, id FROM records WHERE id IN
        (SELECT id FROM records GROUP BY id HAVING count(*) > 1) ORDER BY warc, offset""",
    "no request stands beside the answer": """SELECT warc, offset, id FROM records r
        WHERE type IN ('response', 'revisit') AND http AND NOT EXISTS (SELECT 1 FROM pairs WHERE answer = r.id)
        AND (concurrent IS NOT NULL OR warc IN (SELECT warc FROM records WHERE type = 'request'))""",
    "more than one request stands beside the answer": """SELECT warc, offset, id FROM records r
        WHERE type IN ('response', 'revisit') AND (SELECT count(*) FROM pairs WHERE answer = r.id) > 1""",
    "the request belongs to no answer": """SELECT warc, offset, id FROM records q WHERE type = 'request'
        AND NOT EXISTS (SELECT 1 FROM pairs p JOIN records r ON r.id = p.answer WHERE p.request = q.id)""",
    "the record that the revisit refers to is not here": """SELECT warc, offset, id FROM records v WHERE type = 'revisit'
        AND NOT EXISTS (SELECT 1 FROM records r WHERE r.id = v.refers AND r.type = 'response')""",
    "the record that the revisit refers to is another one": """SELECT v.warc, v.offset, v.id FROM records v JOIN records r
        ON r.id = v.refers WHERE v.type = 'revisit'
        AND (v.payload <> r.payload OR v.refers_url <> r.url OR v.refers_date <> r.date)""",
}


def _check_sets(ledger: Ledger) -> Iterator[Finding]:
    """What only all records together show."""
    for wrong, statement in SETS.items():
        for warc, offset, record in ledger.rows(statement):
            yield Finding(
                file=str(warc),
                offset=int(str(offset)),
                record=str(record),
                wrong=wrong,
                todo=RESTORE,
            )
