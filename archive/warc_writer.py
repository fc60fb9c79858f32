"""Writing WARC 1.1: each record one gzip member, each exchange one unbuffered write, so that a kill tears nothing.

Records are serialised here and not by warcio, which parses and re-writes HTTP heads: it drops lines without a colon,
unfolds, percent-encodes, and cannot encode a non-ASCII reason phrase (measured on 1.8.1).
"""

from __future__ import annotations

import base64
import hashlib
import json
import mmap
import os
import re
import socket
import tempfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO
from uuid import uuid4

from isal import isal_zlib

from archive import message
from archive.errors import CaptureError
from archive.warc import OPEN, RECORD_END, STEP, SUFFIX

CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
LARGE = 2**20  # bytes of a response above which its record is made on disk
REMEMBERED = 100_000  # payloads of this run that later exchanges may refer to
SMALLEST_REVISIT = 512  # bytes of payload below which a reference is no shorter
LONGEST_EXCESS = 64 * 1024
# What does not get smaller: by its type, or because the server compressed it.
PACKED = re.compile(
    rb"(?im)^content-(?:encoding:[ \t]*(?!identity)\S"
    rb"|type:[ \t]*(?:image/(?!svg|bmp)|video/|audio/|application/(?:zip|pdf|x-rar)))"
)
FRAMING = re.compile(rb"(?im)^(?=(?:transfer-encoding|trailer)[ \t]*:)")

Fields = list[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its answer as they went over the wire.

    `response` holds the bytes of the answer, 1xx answers before it included; `excess` what the server sent behind its
    end. `truncated` is a WARC-Truncated word, None for a whole answer. `protocols` are WARC-Protocol words.
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


@dataclass(frozen=True, slots=True)
class Original:
    """The whole response that a revisit refers to."""

    record_id: str
    url: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where an exchange stands now."""

    record_id: str
    file: str
    offset: int
    revisit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer ready for its record: its head, and its body without chunk frames unless they are kept."""

    head: bytes
    body: BinaryIO
    size: int
    payload_digest: str
    block_digest: str
    evidence: Mapping[str, str]


class WarcWriter:
    """Writes the files of one run into `directory`, the first one when there is something to write.

    `info` is the warcinfo block. `find_original(digest, url)` gives the whole response of an earlier run with that
    payload, at `url` or, for None, anywhere. `now` and `new_id` are the clock and the source of record ids.
    """

    def __init__(
        self,
        directory: Path,
        *,
        prefix: str,
        info: Mapping[str, str],
        find_original: Callable[[str, str | None], Original | None] = lambda digest, url: None,
        max_size: int = 10**9,
        keep_chunks: bool = False,
        fsync_interval: float = 60.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: f"urn:uuid:{uuid4()}",
    ) -> None:
        self.directory, self.prefix, self.info = directory, prefix, info
        self.find_original, self.max_size, self.keep_chunks = find_original, max_size, keep_chunks
        self.fsync_interval, self.now, self.new_id = fsync_interval, now, new_id
        self.serial = 0
        self.name = ""
        self.size = 0
        self._descriptor: int | None = None
        self._closed = False
        self._synced = monotonic()
        self._warcinfo_id = ""
        self._originals: OrderedDict[tuple[str, str | None], Original] = OrderedDict()

    def write_exchange(self, exchange: Exchange, facts: Mapping[str, Any], *, allow_revisit: bool = True) -> Written:
        """Write response, request and facts, in this order and in one go. Raises CaptureError."""
        with _failing(self.directory):
            self._open_if_needed()
            answer = self._answer(exchange)
            shared = _shared_fields(exchange, self._warcinfo_id)
            record_id = self.new_id()
            original = self._original(exchange, answer, facts) if allow_revisit else None
            response = self._response(exchange, answer, original, record_id, shared)
            belongs = [*shared, ("WARC-Concurrent-To", f"<{record_id}>")]
            request = _member(_request_fields(self.new_id(), belongs, exchange.request), exchange.request)
            note = self._metadata({**facts, **answer.evidence}, belongs)
            offset = self._write(response, request, note)
            if original is None and _is_referable(answer, exchange):
                self._remember(answer.payload_digest, exchange, record_id, facts)
        return Written(record_id=record_id, file=self.name, offset=offset, revisit=original is not None)

    def write_metadata(self, facts: Mapping[str, Any], *, url: str | None = None) -> Written:
        """Write facts that belong to no exchange. Raises CaptureError."""
        with _failing(self.directory):
            self._open_if_needed()
            fields = [("WARC-Date", stamp(self.now())), ("WARC-Warcinfo-ID", self._warcinfo_id)]
            note = self._metadata(facts, [*fields, ("WARC-Target-URI", url)] if url else fields)
            offset = self._write(note)
        return Written(record_id="", file=self.name, offset=offset, revisit=False)

    def close(self) -> None:
        """Finish the file, and write no other."""
        self._closed = True
        self._finish()

    def _finish(self) -> None:
        """On disk for certain, then under its final name."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        with _failing(self.directory):
            os.fsync(descriptor)
            os.close(descriptor)
            (self.directory / (self.name + OPEN)).rename(self.directory / self.name)
            sync_directory(self.directory)

    def _open_if_needed(self) -> None:
        if self._closed:
            raise CaptureError(f"The WARC in {self.directory} is finished; an exchange that came later is not kept.")
        if self._descriptor is not None and self.size >= self.max_size:
            self._finish()
        if self._descriptor is not None:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        now = self.now()
        host = re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname().split(".")[0]) or "host"
        self.name = f"{self.prefix}-{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}-{self.serial:05d}-{host}{SUFFIX}"
        self.serial += 1
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor = os.open(self.directory / (self.name + OPEN), flags, 0o644)
        self.size = 0
        self._write(self._warcinfo(now))

    def _warcinfo(self, now: datetime) -> bytes:
        record_id = self.new_id()
        self._warcinfo_id = f"<{record_id}>"
        framing = "as received" if self.keep_chunks else "decoded, header renamed X-Archive-Orig-Transfer-Encoding"
        info = {**self.info, "format": "WARC File Format 1.1", "conformsTo": CONFORMS, "transfer-encoding": framing}
        block = "".join(f"{name}: {value}\r\n" for name, value in info.items()).encode()
        fields = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", self._warcinfo_id), ("WARC-Date", stamp(now))]
        fields += [("WARC-Filename", self.name), ("Content-Type", "application/warc-fields")]
        return _member([*fields, ("WARC-Block-Digest", digest(block))], block)

    def _answer(self, exchange: Exchange) -> _Answer:
        raw = exchange.response
        raw.seek(0)
        start = raw.read(STEP)
        before = message.interim(start)
        head = message.split(start[len(before) :])[0]
        raw.seek(len(before) + len(head.raw))
        evidence = {"interim": before.decode("latin-1")} if before else {}
        if exchange.excess:
            evidence |= {
                "excess": base64.b64encode(exchange.excess[:LONGEST_EXCESS]).decode(),
                "excess_bytes": str(len(exchange.excess)),
            }
        return self._framed(raw, head, evidence)

    def _framed(self, raw: BinaryIO, head: message.Head, evidence: dict[str, str]) -> _Answer:
        """Undo the chunk framing, if there is one, and digest what the record will hold."""
        if not head.is_chunked:
            return _digested(head.raw, raw, None, evidence)
        entity: BinaryIO = tempfile.SpooledTemporaryFile(LARGE)  # type: ignore[assignment]  # noqa: SIM115  # lives on in _Answer
        place = raw.tell()
        trailer, _ = message.dechunk_into(raw, entity)
        if trailer.strip():
            evidence["trailer"] = trailer.decode("latin-1")
        entity.seek(0)
        if self.keep_chunks:
            raw.seek(place)
            return _digested(head.raw, raw, entity, evidence)
        return _digested(FRAMING.sub(b"X-Archive-Orig-", head.raw), entity, None, evidence)

    def _original(self, exchange: Exchange, answer: _Answer, facts: Mapping[str, Any]) -> Original | None:
        if not _is_referable(answer, exchange):
            return None
        url = _place(exchange, facts)
        return self._originals.get((answer.payload_digest, url)) or self.find_original(answer.payload_digest, url)

    def _remember(self, payload_digest: str, exchange: Exchange, record_id: str, facts: Mapping[str, Any]) -> None:
        original = Original(record_id, exchange.url, stamp(exchange.started))
        self._originals[(payload_digest, _place(exchange, facts))] = original
        if len(self._originals) > REMEMBERED:
            self._originals.popitem(last=False)

    def _response(
        self, exchange: Exchange, answer: _Answer, original: Original | None, record_id: str, shared: Fields
    ) -> bytes | BinaryIO:
        fields = [("WARC-Type", "revisit" if original else "response"), ("WARC-Record-ID", f"<{record_id}>"), *shared]
        fields += [("Content-Type", "application/http; msgtype=response"), ("WARC-Payload-Digest", answer.payload_digest)]
        if original:
            fields += [("WARC-Profile", SAME_PAYLOAD), ("WARC-Refers-To", f"<{original.record_id}>")]
            fields += [("WARC-Refers-To-Target-URI", original.url), ("WARC-Refers-To-Date", original.date)]
            return _member([*fields, ("WARC-Block-Digest", digest(answer.head))], answer.head)
        if exchange.truncated:
            fields.append(("WARC-Truncated", exchange.truncated))
        fields.append(("WARC-Block-Digest", answer.block_digest))
        packed = PACKED.search(answer.head) is not None
        if answer.size <= LARGE:
            return _member(fields, answer.head + answer.body.read(), packed)
        return _large_member(fields, answer, packed, self.directory)

    def _metadata(self, facts: Mapping[str, Any], shared: Fields) -> bytes:
        block = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")
        fields = [("WARC-Type", "metadata"), ("WARC-Record-ID", f"<{self.new_id()}>"), *shared]
        return _member([*fields, ("Content-Type", "application/json"), ("WARC-Block-Digest", digest(block))], block)

    def _write(self, *members: bytes | BinaryIO) -> int:
        """Append members with one write; the file is as before if that fails. Returns the offset of the first."""
        offset = self.size
        assert self._descriptor is not None
        try:
            self.size += _append(self._descriptor, members)
        except OSError:
            os.ftruncate(self._descriptor, offset)
            raise
        if monotonic() - self._synced > self.fsync_interval:
            os.fsync(self._descriptor)
            self._synced = monotonic()
        return offset


class _failing:  # noqa: N801  # reads as a clause: `with _failing(...)`
    """Turns the failure of a write into a CaptureError that says what to do."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise CaptureError(
                f"Cannot write the WARC in {self.directory} ({error.strerror}); make room or make the folder writable,"
                " then crawl again: everything written before is whole."
            ) from error


def _append(descriptor: int, members: Iterable[bytes | BinaryIO]) -> int:
    """One write for all members where memory allows, which is always but for a body made on disk."""
    written = 0
    small = b""
    for member in members:
        if isinstance(member, bytes):
            small += member
            continue
        with mmap.mmap(member.fileno(), 0, access=mmap.ACCESS_READ) as whole, memoryview(whole) as view:
            written += _write_all(descriptor, view)
        member.close()
    return written + _write_all(descriptor, memoryview(small))


def _write_all(descriptor: int, view: memoryview) -> int:
    done = 0
    while done < len(view):
        done += os.write(descriptor, view[done:])
    return done


def _shared_fields(exchange: Exchange, warcinfo_id: str) -> Fields:
    fields = [("WARC-Date", stamp(exchange.started)), ("WARC-Target-URI", exchange.url), ("WARC-Warcinfo-ID", warcinfo_id)]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    fields += [("WARC-Protocol", word) for word in exchange.protocols]
    return [*fields, ("WARC-Cipher-Suite", exchange.cipher)] if exchange.cipher else fields


def _request_fields(record_id: str, shared: Fields, request: bytes) -> Fields:
    payload = message.split(request)[1]
    fields = [("WARC-Type", "request"), ("WARC-Record-ID", f"<{record_id}>"), *shared]
    fields += [("Content-Type", "application/http; msgtype=request"), ("WARC-Payload-Digest", digest(payload))]
    return [*fields, ("WARC-Block-Digest", digest(request))]


def _is_referable(answer: _Answer, exchange: Exchange) -> bool:
    """Whether a later answer may say "the same as this one"."""
    whole = exchange.truncated is None and message.Head(answer.head).status == 200
    return whole and answer.size >= SMALLEST_REVISIT


def _place(exchange: Exchange, facts: Mapping[str, Any]) -> str | None:
    """A page is the same only at its own address; a picture is the same wherever it lies."""
    return None if facts.get("role") == "media" else exchange.url


def _digested(head: bytes, body: BinaryIO, entity: BinaryIO | None, evidence: Mapping[str, str]) -> _Answer:
    """Digest the block (`head` and `body`) and the payload (`entity`, or `body` where that is the entity)."""
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
    return _Answer(head=head, body=body, size=size, payload_digest=_named(payload), block_digest=_named(block), evidence=evidence)


def _named(found: hashlib._Hash) -> str:
    return "sha1:" + base64.b32encode(found.digest()).decode("ascii")


def digest(data: bytes) -> str:
    """The digest of some bytes as WARC writes it."""
    return _named(hashlib.sha1(data))  # as above


def stamp(moment: datetime) -> str:
    """A WARC-Date in UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _header(fields: Fields, length: int) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in [*fields, ("Content-Length", str(length))])
    return f"WARC/1.1\r\n{lines}\r\n".encode()


def _packer(packed: bool) -> Any:
    """Storing what is packed already is ten times as fast as packing it again; ISA-L is three times as fast as zlib."""
    return zlib.compressobj(0, zlib.DEFLATED, 31) if packed else isal_zlib.compressobj(2, isal_zlib.DEFLATED, 31)


def _member(fields: Fields, block: bytes, packed: bool = False) -> bytes:
    packer = _packer(packed)
    return bytes(packer.compress(_header(fields, len(block)) + block + RECORD_END) + packer.flush())


def _large_member(fields: Fields, answer: _Answer, packed: bool, directory: Path) -> BinaryIO:
    """The same, piece by piece, in a file without a name."""
    packer = _packer(packed)
    target = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115  # closed when it was written out
    target.write(packer.compress(_header(fields, len(answer.head) + answer.size) + answer.head))
    while piece := answer.body.read(STEP):
        target.write(packer.compress(piece))
    target.write(packer.compress(RECORD_END) + packer.flush())
    target.flush()
    return target


def sync_directory(directory: Path) -> None:
    """Make a rename in a folder last."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
