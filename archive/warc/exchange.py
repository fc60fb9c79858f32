"""One exchange as it went over the wire, and its answer made ready for a WARC record."""

from __future__ import annotations

import base64
import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from archive.warc import http
from archive.warc.reader import STEP

LARGE = 2**20  # bytes of a response above which its record is made on disk
LONGEST_EXCESS = 64 * 1024
FRAMING = re.compile(rb"(?im)^(?=(?:transfer-encoding|trailer)[ \t]*:)")


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its answer as they went over the wire.

    `response` holds the bytes of the answer, 1xx answers before it included; `excess` what the
    server sent behind its end. `truncated` is a WARC-Truncated word, None for a whole answer.
    `protocols` are WARC-Protocol words.
    """

    url: str
    started: datetime
    request: bytes
    response: BinaryIO
    truncated: str | None = None
    ip: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher: str | None = None
    excess: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer ready for its record: its head, and its body without chunk frames unless they are
    kept."""

    head: bytes
    body: BinaryIO
    size: int
    payload_digest: str
    block_digest: str
    evidence: Mapping[str, str]


def answer_of(exchange: Exchange, *, keep_chunks: bool) -> Answer:
    """An answer ready for its record: 1xx answers, trailer and excess apart as evidence, chunk
    frames off unless kept."""
    raw = exchange.response
    raw.seek(0)
    start = raw.read(STEP)
    before = http.interim(start)
    head = http.split(start[len(before) :])[0]
    raw.seek(len(before) + len(head.raw))
    evidence = {"interim": before.decode("latin-1")} if before else {}
    if exchange.excess:
        evidence |= {
            "excess": base64.b64encode(exchange.excess[:LONGEST_EXCESS]).decode(),
            "excess_bytes": str(len(exchange.excess)),
        }
    return _framed(raw, head, evidence, keep_chunks)


def _framed(raw: BinaryIO, head: http.Head, evidence: dict[str, str], keep_chunks: bool) -> Answer:
    """Undo the chunk framing, if there is one, and digest what the record will hold."""
    if not head.is_chunked:
        return _digested(head.raw, raw, None, evidence)
    entity: BinaryIO = tempfile.SpooledTemporaryFile(LARGE)  # type: ignore[assignment]  # noqa: SIM115  # lives on in Answer
    place = raw.tell()
    trailer, _ = http.dechunk_into(raw, entity)
    if trailer.strip():
        evidence["trailer"] = trailer.decode("latin-1")
    entity.seek(0)
    if keep_chunks:
        raw.seek(place)
        return _digested(head.raw, raw, entity, evidence)
    return _digested(FRAMING.sub(b"X-Archive-Orig-", head.raw), entity, None, evidence)


def _digested(
    head: bytes, body: BinaryIO, entity: BinaryIO | None, evidence: Mapping[str, str]
) -> Answer:
    """Digest the block (`head` and `body`) and the payload (`entity`, or `body` where that is the
    entity)."""
    start, size = body.tell(), 0
    block, payload = hashlib.sha1(head), hashlib.sha1()  # the digest that all WARC tools know
    while piece := body.read(STEP):
        size += len(piece)
        block.update(piece)
        if entity is None:
            payload.update(piece)
    while entity is not None and (piece := entity.read(STEP)):
        payload.update(piece)
    body.seek(start)
    return Answer(
        head=head,
        body=body,
        size=size,
        payload_digest=_named(payload),
        block_digest=_named(block),
        evidence=evidence,
    )


def _named(found: hashlib._Hash) -> str:
    return "sha1:" + base64.b32encode(found.digest()).decode("ascii")


def digest(data: bytes) -> str:
    """The digest of some bytes as WARC writes it."""
    return _named(hashlib.sha1(data))  # as above
