"""WARC records as bytes: header fields, one gzip member, in memory or, for a large body, in a file.

Records are serialised here and not by warcio, which parses and re-writes HTTP heads: it drops
lines without a colon, unfolds, percent-encodes, and cannot encode a non-ASCII reason phrase
(measured on 1.8.1).
"""

from __future__ import annotations

import re
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from isal import isal_zlib

from archive.warc import http
from archive.warc.exchange import Answer, Exchange, digest
from archive.warc.reader import RECORD_END, STEP

# What does not get smaller: by its type, or because the server compressed it.
PACKED = re.compile(
    rb"(?im)^content-(?:encoding:[ \t]*(?!identity)\S"
    rb"|type:[ \t]*(?:image/(?!svg|bmp)|video/|audio/|application/(?:zip|pdf|x-rar)))"
)

Fields = list[tuple[str, str]]


def shared_fields(exchange: Exchange, warcinfo_id: str) -> Fields:
    """What the records of one exchange have in common."""
    fields = [
        ("WARC-Date", stamp(exchange.started)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", warcinfo_id),
    ]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    fields += [("WARC-Protocol", word) for word in exchange.protocols]
    return [*fields, ("WARC-Cipher-Suite", exchange.cipher)] if exchange.cipher else fields


def request_fields(record_id: str, shared: Fields, request: bytes) -> Fields:
    """The fields of a request record."""
    payload = http.split(request)[1]
    fields = [("WARC-Type", "request"), ("WARC-Record-ID", f"<{record_id}>"), *shared]
    fields += [
        ("Content-Type", "application/http; msgtype=request"),
        ("WARC-Payload-Digest", digest(payload)),
    ]
    return [*fields, ("WARC-Block-Digest", digest(request))]


def stamp(moment: datetime) -> str:
    """A WARC-Date in UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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


def member(fields: Fields, block: bytes, packed: bool = False) -> bytes:
    """A record as one gzip member."""
    packer = _packer(packed)
    return bytes(packer.compress(_header(fields, len(block)) + block + RECORD_END) + packer.flush())


def large_member(fields: Fields, answer: Answer, packed: bool, directory: Path) -> BinaryIO:
    """The same, piece by piece, in a file without a name."""
    packer = _packer(packed)
    target = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115  # closed when it was written out
    target.write(packer.compress(_header(fields, len(answer.head) + answer.size) + answer.head))
    while piece := answer.body.read(STEP):
        target.write(packer.compress(piece))
    target.write(packer.compress(RECORD_END) + packer.flush())
    target.flush()
    return target
