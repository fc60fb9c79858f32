"""WARC records as bytes: header fields, one gzip member, in memory or, for a large body, in a file.

Records are serialised here and not by warcio, which parses and re-writes HTTP heads: it drops
lines without a colon, unfolds, percent-encodes, and cannot encode a non-ASCII reason phrase
(measured on 1.8.1). Fields and record types: WARC 1.1. WARC-Protocol and WARC-Cipher-Suite are
extensions (https://iipc.github.io/warc-specifications/specifications/warc-extensions/).
"""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from isal import isal_zlib

from archive.disk import pieces
from archive.warc import http
from archive.warc.digests import digest
from archive.warc.exchange import LARGE, Answer, Exchange
from archive.warc.member import RECORD_END

CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

# What does not get smaller: by its type, or because the server compressed it.
PACKED = re.compile(
    rb"(?im)^content-(?:encoding:[ \t]*(?!identity)\S"
    rb"|type:[ \t]*(?:image/(?!svg|bmp)|video/|audio/|application/(?:zip|pdf|x-rar)))"
)

Fields = list[tuple[str, str]]


def stamp(moment: datetime) -> str:
    """A WARC-Date in UTC with microseconds.

    Example:
        >>> stamp(datetime(2031, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))))
        '2031-03-01T00:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def shared_fields(exchange: Exchange, warcinfo_id: str) -> Fields:
    """The fields that the records of one exchange have in common."""
    fields = [
        ("WARC-Date", stamp(exchange.started)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", warcinfo_id),
    ]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    fields += [("WARC-Protocol", word) for word in exchange.protocols]
    return [*fields, ("WARC-Cipher-Suite", exchange.cipher)] if exchange.cipher else fields


def _answer_fields(kind: str, record_id: str, shared: Fields, payload_digest: str) -> Fields:
    return [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id}>"),
        *shared,
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Payload-Digest", payload_digest),
    ]


def response(
    exchange: Exchange, answer: Answer, record_id: str, shared: Fields, directory: Path
) -> bytes | BinaryIO:
    """A response record.

    Args:
        directory: where the record of a large body is made, as a file without a name.
    """
    fields = _answer_fields("response", record_id, shared, answer.payload_digest)
    if exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    fields.append(("WARC-Block-Digest", answer.block_digest))
    packed = PACKED.search(answer.head) is not None
    if answer.size <= LARGE:
        return member(fields, answer.head + answer.body.read(), packed)
    return _large_member(fields, answer, packed, directory)


def revisit(
    answer: Answer,
    record_id: str,
    shared: Fields,
    payload_digest: str | None,
    refers_to: Fields,
) -> bytes:
    """A revisit record: the head of the answer, and which response has its payload.

    Args:
        payload_digest: of that response, where the answer has no payload of its own.
        refers_to: the fields that name the response.
    """
    fields = [
        *_answer_fields("revisit", record_id, shared, payload_digest or answer.payload_digest),
        *refers_to,
        ("WARC-Block-Digest", digest(answer.head)),
    ]
    return member(fields, answer.head)


def request(record_id: str, shared: Fields, response_id: str, data: bytes) -> bytes:
    """The record of a request, which names the response."""
    fields = [
        ("WARC-Type", "request"),
        ("WARC-Record-ID", f"<{record_id}>"),
        *shared,
        ("WARC-Concurrent-To", f"<{response_id}>"),
        ("Content-Type", "application/http; msgtype=request"),
        ("WARC-Payload-Digest", digest(http.split(data)[1])),
        ("WARC-Block-Digest", digest(data)),
    ]
    return member(fields, data)


def metadata(
    record_id: str,
    moment: datetime,
    warcinfo_id: str,
    facts: Mapping[str, object],
    response_id: str | None = None,
) -> bytes:
    """A metadata record: facts as JSON, about an exchange or about none.

    It has no WARC-Target-URI, because pywb would show the record in place of the page of that
    address.
    """
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    block = text.encode("utf-8", "replace")
    fields = [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", stamp(moment)),
        ("WARC-Warcinfo-ID", warcinfo_id),
    ]
    fields += [("WARC-Concurrent-To", f"<{response_id}>")] if response_id else []
    fields += [("Content-Type", "application/json"), ("WARC-Block-Digest", digest(block))]
    return member(fields, block)


def warcinfo(
    record_id: str, moment: datetime, file_name: str, info: Mapping[str, str], framing: str
) -> bytes:
    """The warcinfo record that a file begins with.

    Args:
        info: the program's own lines of the block.
        framing: what was done to the chunk frames of bodies.
    """
    lines = {
        **info,
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS,
        "transfer-encoding": framing,
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", stamp(moment)),
        ("WARC-Filename", file_name),
        ("Content-Type", "application/warc-fields"),
        ("WARC-Block-Digest", digest(block)),
    ]
    return member(fields, block)


def member(fields: Fields, block: bytes, packed: bool = False) -> bytes:
    """A record as one gzip member.

    Args:
        packed: whether the block is compressed already, so that it is only stored.
    """
    packer = _packer(packed)
    return bytes(packer.compress(_header(fields, len(block)) + block + RECORD_END) + packer.flush())


def _large_member(fields: Fields, answer: Answer, packed: bool, directory: Path) -> BinaryIO:
    """A response record, made piece by piece in a file without a name."""
    packer = _packer(packed)
    target = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115  # closed when it was written out
    target.write(packer.compress(_header(fields, len(answer.head) + answer.size) + answer.head))
    for piece in pieces(answer.body):
        target.write(packer.compress(piece))
    target.write(packer.compress(RECORD_END) + packer.flush())
    target.flush()
    return target


def _header(fields: Fields, length: int) -> bytes:
    lines = "".join(
        f"{name}: {value}\r\n" for name, value in [*fields, ("Content-Length", str(length))]
    )
    return f"WARC/1.1\r\n{lines}\r\n".encode()


def _packer(packed: bool) -> Any:
    """Storing what is packed already is ten times as fast as packing it again; ISA-L is three
    times as fast as zlib."""
    return (
        zlib.compressobj(0, zlib.DEFLATED, 31)
        if packed
        else isal_zlib.compressobj(2, isal_zlib.DEFLATED, 31)
    )
