"""Writing WARC 1.1: each record one gzip member, each exchange one unbuffered write, so that a
kill tears nothing."""

from __future__ import annotations

import json
import mmap
import os
import re
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO
from uuid import uuid4

from archive.disk import sync_directory
from archive.errors import CaptureError
from archive.warc import http
from archive.warc.exchange import LARGE, Answer, Exchange, answer_of, digest
from archive.warc.reader import OPEN, SUFFIX
from archive.warc.record import (
    PACKED,
    Fields,
    large_member,
    member,
    request_fields,
    shared_fields,
    stamp,
)

CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
REMEMBERED = 100_000  # payloads of this run that later exchanges may refer to
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SMALLEST_REVISIT = 512  # bytes of payload below which a reference is no shorter


@dataclass(frozen=True, slots=True)
class Original:
    """The whole response that a revisit refers to; `payload_digest` where the server said that it
    is not modified."""

    record_id: str
    url: str
    date: str
    payload_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where an exchange stands now."""

    record_id: str
    file: str
    offset: int
    revisit: bool


class WarcWriter:
    """Writes the files of one run into `directory`, the first one when there is something to write.

    `info` is the warcinfo block. `find_original(digest, url)` gives the whole response of an
    earlier run with that payload, at `url` or, for None, anywhere. `now` and `new_id` are the
    clock and the source of record ids.
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

    def write_exchange(
        self,
        exchange: Exchange,
        facts: Mapping[str, Any],
        *,
        allow_revisit: bool = True,
        asked_with: Original | None = None,
    ) -> Written:
        """Write response, request and facts, in this order and in one go. Raises CaptureError.

        `asked_with`: the capture whose ETag or date the request carried; a 304 is a revisit of it.
        """
        with _failing(self.directory):
            self._open_if_needed()
            answer = answer_of(exchange, keep_chunks=self.keep_chunks)
            shared = shared_fields(exchange, self._warcinfo_id)
            record_id = self.new_id()
            original = self._original(exchange, answer, facts) if allow_revisit else None
            if asked_with and http.Head(answer.head).status == 304:
                original = asked_with
            response = self._response(exchange, answer, original, record_id, shared)
            belongs = ("WARC-Concurrent-To", f"<{record_id}>")
            request = member(
                request_fields(self.new_id(), [*shared, belongs], exchange.request),
                exchange.request,
            )
            note = self._metadata({**facts, **answer.evidence}, exchange.started, belongs)
            offset = self._write(response, request, note)
            if original is None and _is_referable(answer, exchange):
                self._remember(answer.payload_digest, exchange, record_id, facts)
        return Written(
            record_id=record_id, file=self.name, offset=offset, revisit=original is not None
        )

    def write_metadata(self, facts: Mapping[str, Any]) -> Written:
        """Write facts that belong to no exchange. Raises CaptureError."""
        with _failing(self.directory):
            self._open_if_needed()
            offset = self._write(self._metadata(facts, self.now()))
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
            raise CaptureError(
                f"The WARC in {self.directory} is finished; an exchange that came later is not "
                "kept."
            )
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
        framing = (
            "as received"
            if self.keep_chunks
            else "decoded, header renamed X-Archive-Orig-Transfer-Encoding"
        )
        info = {
            **self.info,
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS,
            "transfer-encoding": framing,
        }
        block = "".join(f"{name}: {value}\r\n" for name, value in info.items()).encode()
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", self._warcinfo_id),
            ("WARC-Date", stamp(now)),
        ]
        fields += [("WARC-Filename", self.name), ("Content-Type", "application/warc-fields")]
        return member([*fields, ("WARC-Block-Digest", digest(block))], block)

    def _original(
        self, exchange: Exchange, answer: Answer, facts: Mapping[str, Any]
    ) -> Original | None:
        if not _is_referable(answer, exchange):
            return None
        url = _place(exchange, facts)
        return self._originals.get((answer.payload_digest, url)) or self.find_original(
            answer.payload_digest, url
        )

    def _remember(
        self, payload_digest: str, exchange: Exchange, record_id: str, facts: Mapping[str, Any]
    ) -> None:
        original = Original(record_id, exchange.url, stamp(exchange.started))
        self._originals[(payload_digest, _place(exchange, facts))] = original
        if len(self._originals) > REMEMBERED:
            self._originals.popitem(last=False)

    def _response(
        self,
        exchange: Exchange,
        answer: Answer,
        original: Original | None,
        record_id: str,
        shared: Fields,
    ) -> bytes | BinaryIO:
        fields = [
            ("WARC-Type", "revisit" if original else "response"),
            ("WARC-Record-ID", f"<{record_id}>"),
            *shared,
        ]
        same = original.payload_digest if original else None
        fields += [
            ("Content-Type", "application/http; msgtype=response"),
            ("WARC-Payload-Digest", same or answer.payload_digest),
        ]
        if original:
            fields += [
                ("WARC-Profile", NOT_MODIFIED if same else SAME_PAYLOAD),
                ("WARC-Refers-To", f"<{original.record_id}>"),
            ]
            fields += [
                ("WARC-Refers-To-Target-URI", original.url),
                ("WARC-Refers-To-Date", original.date),
            ]
            return member([*fields, ("WARC-Block-Digest", digest(answer.head))], answer.head)
        if exchange.truncated:
            fields.append(("WARC-Truncated", exchange.truncated))
        fields.append(("WARC-Block-Digest", answer.block_digest))
        packed = PACKED.search(answer.head) is not None
        if answer.size <= LARGE:
            return member(fields, answer.head + answer.body.read(), packed)
        return large_member(fields, answer, packed, self.directory)

    def _metadata(
        self, facts: Mapping[str, Any], moment: datetime, *more: tuple[str, str]
    ) -> bytes:
        """Facts as JSON. Without WARC-Target-URI: pywb would show the record in place of the page
        of that address."""
        block = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        fields = [
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", f"<{self.new_id()}>"),
            ("WARC-Date", stamp(moment)),
        ]
        fields += [
            ("WARC-Warcinfo-ID", self._warcinfo_id),
            *more,
            ("Content-Type", "application/json"),
        ]
        return member([*fields, ("WARC-Block-Digest", digest(block))], block)

    def _write(self, *members: bytes | BinaryIO) -> int:
        """Append members with one write; the file is as before if that fails. Returns the offset
        of the first."""
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
                f"Cannot write the WARC in {self.directory} ({error.strerror}); make room or make "
                "the folder writable,"
                " then crawl again: everything written before is whole."
            ) from error


def _append(descriptor: int, members: Iterable[bytes | BinaryIO]) -> int:
    """One write for all members where memory allows, which is always but for a body made on
    disk."""
    written = 0
    small = b""
    for one in members:
        if isinstance(one, bytes):
            small += one
            continue
        with (
            mmap.mmap(one.fileno(), 0, access=mmap.ACCESS_READ) as whole,
            memoryview(whole) as view,
        ):
            written += _write_all(descriptor, view)
        one.close()
    return written + _write_all(descriptor, memoryview(small))


def _write_all(descriptor: int, view: memoryview) -> int:
    done = 0
    while done < len(view):
        done += os.write(descriptor, view[done:])
    return done


def _is_referable(answer: Answer, exchange: Exchange) -> bool:
    """Whether a later answer may say "the same as this one"."""
    whole = exchange.truncated is None and http.Head(answer.head).status == 200
    return whole and answer.size >= SMALLEST_REVISIT


def _place(exchange: Exchange, facts: Mapping[str, Any]) -> str | None:
    """A page is the same only at its own address; a picture is the same wherever it lies."""
    return None if facts.get("role") == "media" else exchange.url
