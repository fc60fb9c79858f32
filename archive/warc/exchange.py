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

from archive.disk import PIECE, pieces
from archive.warc import http
from archive.warc.digests import labelled

LARGE = 2**20  # bytes of a response above which its record is made on disk
LONGEST_EXCESS = 64 * 1024  # bytes behind the end of an answer that are kept
FRAMING = re.compile(rb"(?im)^(?=(?:transfer-encoding|trailer)[ \t]*:)")


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its answer as they went over the wire.

    Attributes:
        started: when the request was sent, with a time zone.
        response: the bytes of the answer, 1xx answers before it included.
        truncated: a word of WARC-Truncated (WARC 1.1); None for a complete answer.
        ip: the server's address.
        protocols: values of WARC-Protocol, such as `http/1.1` and `tls/1.3`.
        cipher: the value of WARC-Cipher-Suite; None without TLS.
        excess: what the server sent after the end of the answer.
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
    """An answer ready for its record: head, and body without chunk frames unless they are kept.

    Attributes:
        size: bytes of the body.
        evidence: what came over the wire and is not in the record's block: `interim` (1xx
            answers), `trailer`, `excess` (base64) and `excess_bytes`.
    """

    head: bytes
    body: BinaryIO
    size: int
    payload_digest: str
    block_digest: str
    evidence: Mapping[str, str]


def answer_of(exchange: Exchange, *, keep_chunks: bool) -> Answer:
    """Make the answer of an exchange ready for its record.

    Args:
        exchange: its `response` is read from the start.
        keep_chunks: leave the chunk frames in the body. Otherwise they are removed, and the
            header fields that declare them get the prefix `X-Archive-Orig-`.
    """
    raw = exchange.response
    raw.seek(0)
    start = raw.read(PIECE)
    before = http.interim(start)
    head = http.split(start[len(before) :])[0]
    raw.seek(len(before) + len(head.raw))
    evidence = {"interim": before.decode("latin-1")} if before else {}
    if exchange.excess:
        evidence |= {
            "excess": base64.b64encode(exchange.excess[:LONGEST_EXCESS]).decode(),
            "excess_bytes": str(len(exchange.excess)),
        }
    return _unframed(raw, head, evidence, keep_chunks)


def _unframed(
    raw: BinaryIO, head: http.Head, evidence: dict[str, str], keep_chunks: bool
) -> Answer:
    if not head.is_chunked:
        return _digested(head.raw, raw, None, evidence)
    entity: BinaryIO = tempfile.SpooledTemporaryFile(LARGE)  # type: ignore[assignment]  # noqa: SIM115  # lives on in Answer
    body_start = raw.tell()
    trailer, _ = http.dechunk_into(raw, entity)
    if trailer.strip():
        evidence["trailer"] = trailer.decode("latin-1")
    entity.seek(0)
    if keep_chunks:
        raw.seek(body_start)
        return _digested(head.raw, raw, entity, evidence)
    return _digested(FRAMING.sub(b"X-Archive-Orig-", head.raw), entity, None, evidence)


def _digested(
    head: bytes, body: BinaryIO, entity: BinaryIO | None, evidence: Mapping[str, str]
) -> Answer:
    """Digest the block (`head` and `body`) and the payload (`entity`, or `body` where that is the
    entity)."""
    start, size = body.tell(), 0
    block, payload = hashlib.sha1(head), hashlib.sha1()
    for piece in pieces(body):
        size += len(piece)
        block.update(piece)
        if entity is None:
            payload.update(piece)
    for piece in pieces(entity) if entity is not None else ():
        payload.update(piece)
    body.seek(start)
    return Answer(
        head=head,
        body=body,
        size=size,
        payload_digest=labelled(payload),
        block_digest=labelled(block),
        evidence=evidence,
    )
