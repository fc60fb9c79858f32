"""The records of WARC files as a fuzzer takes them apart and puts them together: no code of the project's is in between."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CRLF = b"\r\n"


@dataclass
class Rec:
    """One record: fields in their order, as bytes, and the block."""

    fields: list[tuple[bytes, bytes]]
    block: bytes
    version: bytes = b"WARC/1.1"
    newline: bytes = field(default=CRLF)

    def get(self, name: bytes) -> bytes:
        """The first value of a field; b"" where there is none."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), b"")

    def put(self, name: bytes, value: bytes) -> None:
        """Give a field a value, at its place."""
        at = [n for n, (key, _) in enumerate(self.fields) if key.lower() == name.lower()]
        if at:
            self.fields[at[0]] = (self.fields[at[0]][0], value)
        else:
            self.fields.append((name, value))

    def seal(self) -> Rec:
        """Length and digests as the block has them."""
        self.put(b"Content-Length", b"%d" % len(self.block))
        if self.get(b"WARC-Block-Digest"):
            self.put(b"WARC-Block-Digest", _digest(self.block))
        if self.get(b"WARC-Payload-Digest") and self.get(b"WARC-Type") == b"response":
            self.put(b"WARC-Payload-Digest", _digest(self.block.partition(CRLF + CRLF)[2]))
        return self

    def data(self) -> bytes:
        """The record as it is in the file, before compression."""
        head = [self.version, *(name + b": " + value for name, value in self.fields)]
        nl = self.newline
        return nl.join(head) + nl + nl + self.block + nl + nl

    def copy(self) -> Rec:
        """Another record with the same fields and block."""
        return Rec(list(self.fields), self.block, self.version, self.newline)


def _digest(data: bytes) -> bytes:
    return b"sha1:" + base64.b32encode(hashlib.sha1(data).digest())


def members(data: bytes) -> Iterator[bytes]:
    """What the gzip members of a file hold."""
    while data:
        unpacker = zlib.decompressobj(31)
        yield unpacker.decompress(data)
        data = unpacker.unused_data


def read(path: Path) -> list[Rec]:
    """The records of a sound file."""
    recs = []
    for member in members(path.read_bytes()):
        head, _, rest = member.partition(CRLF + CRLF)
        version, *lines = head.split(CRLF)
        pairs = [line.split(b": ", 1) for line in lines]
        recs.append(Rec([(name, value) for name, value in pairs], rest[:-4], version))
    return recs


def pack(recs: Iterable[Rec]) -> bytes:
    """A file of these records, each a gzip member."""
    return b"".join(gzip.compress(rec.data(), 1, mtime=0) for rec in recs)


def exchanges(recs: list[Rec]) -> list[list[Rec]]:
    """The records of each exchange: a response or revisit and what follows it; others alone."""
    groups: list[list[Rec]] = []
    for rec in recs:
        belongs = groups and rec.get(b"WARC-Concurrent-To") in {
            other.get(b"WARC-Record-ID") for other in groups[-1]
        }
        if belongs and rec.get(b"WARC-Concurrent-To"):
            groups[-1].append(rec)
        else:
            groups.append([rec])
    return groups
