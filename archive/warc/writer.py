"""Writing WARC 1.1: each record one gzip member, each exchange one unbuffered write, so that a
kill tears nothing."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from archive.errors import CaptureError
from archive.warc import http, record
from archive.warc.directory import SUFFIX
from archive.warc.exchange import Exchange, answer_of
from archive.warc.originals import FindOriginal, Original, Originals
from archive.warc.output import OutputFile

NO_PART_OF_A_NAME = re.compile(r"[^A-Za-z0-9]+")
OWN = 8  # last characters of the id of its warcinfo that a file has in its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where an exchange was written.

    Attributes:
        record_id: of the response or revisit record; "" for facts that belong to no exchange.
        file: the file's final name.
        offset: of the first record's gzip member, in bytes.
        revisit: whether the answer was written as a reference to an earlier one.
    """

    record_id: str
    file: str
    offset: int
    revisit: bool


class WarcWriter:
    """Writes the WARC files of one run, the first one when there is something to write.

    Args:
        directory: where the files go; made if it is not there.
        prefix: how their names begin; time, number, host and the end of the warcinfo's id follow.
        info: lines of the warcinfo record.
        find_original: looks in earlier runs for what a revisit may refer to.
        max_size: bytes above which a new file is begun.
        keep_chunks: leave the chunk frames in bodies as received.
        fsync_interval: seconds after which a write waits for the disk.
        now, new_id: the clock and the source of record ids, for tests.

    Example:
        >>> writer = WarcWriter(Path("warc"), prefix="thepaper", info={"software": "zhengwen"})
        >>> writer.write_exchange(exchange, {"role": "article", "platform": "thepaper"}).offset
        512
        >>> writer.close()
    """

    def __init__(
        self,
        directory: Path,
        *,
        prefix: str,
        info: Mapping[str, str],
        find_original: FindOriginal = lambda digest, url: None,
        max_size: int = 10**9,
        keep_chunks: bool = False,
        fsync_interval: float = 60.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: f"urn:uuid:{uuid4()}",
    ) -> None:
        self.directory, self.prefix, self.info = directory, prefix, info
        self.max_size, self.keep_chunks = max_size, keep_chunks
        self.fsync_interval, self.now, self.new_id = fsync_interval, now, new_id
        self.originals = Originals(find_original)
        self._output: OutputFile | None = None
        self._serial = 0
        self._warcinfo_id = ""
        self._closed = False

    def write_exchange(
        self,
        exchange: Exchange,
        facts: Mapping[str, object],
        *,
        allow_revisit: bool = True,
        asked_with: Original | None = None,
    ) -> Written:
        """Write response, request and facts, in this order and in one go.

        Args:
            exchange: the bytes of both messages.
            facts: what else is known of the exchange, as JSON has it; they become a metadata
                record.
            allow_revisit: whether an answer that is stored already may be written as a revisit.
            asked_with: the capture whose ETag or date the request carried; a 304 is a revisit of
                it.

        Raises:
            CaptureError: where the record cannot be written; the file is as before.
        """
        with _failing(self.directory):
            output = self._ready_output()
            answer = answer_of(exchange, keep_chunks=self.keep_chunks)
            shared = record.shared_fields(exchange, self._warcinfo_id)
            record_id = self.new_id()
            original = self.originals.find(exchange, answer, facts) if allow_revisit else None
            if asked_with and http.Head(answer.head).status == 304:
                original = asked_with
            if original:
                response: bytes | BinaryIO = record.revisit(
                    answer, record_id, shared, original.payload_digest, original.fields()
                )
            else:
                response = record.response(exchange, answer, record_id, shared, self.directory)
            request = record.request(self.new_id(), shared, record_id, exchange.request)
            note = record.metadata(
                self.new_id(),
                exchange.started,
                self._warcinfo_id,
                {**facts, **answer.evidence},
                record_id,
            )
            offset = output.append(response, request, note)
            if original is None:
                self.originals.remember(exchange, answer, facts, record_id)
        return Written(
            record_id=record_id, file=output.name, offset=offset, revisit=original is not None
        )

    def write_metadata(self, facts: Mapping[str, object]) -> Written:
        """Write facts that belong to no exchange, such as how a run ended.

        Raises:
            CaptureError: where the record cannot be written; the file is as before.
        """
        with _failing(self.directory):
            output = self._ready_output()
            offset = output.append(
                record.metadata(self.new_id(), self.now(), self._warcinfo_id, facts)
            )
        return Written(record_id="", file=output.name, offset=offset, revisit=False)

    def close(self) -> None:
        """Finish the file, and write no other.

        Raises:
            CaptureError: where the file cannot be written to the disk.
        """
        self._closed = True
        self._finish()

    def _finish(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            with _failing(self.directory):
                output.finish()

    def _ready_output(self) -> OutputFile:
        """The file to write to: the open one, or a new one where it is full or there is none."""
        if self._closed:
            raise CaptureError(
                f"The WARC in {self.directory} is finished; an exchange that came later is not "
                "stored."
            )
        if self._output is not None and self._output.size >= self.max_size:
            self._finish()
        if self._output is None:
            self._output = self._new_output()
        return self._output

    def _new_output(self) -> OutputFile:
        self.directory.mkdir(parents=True, exist_ok=True)
        now, record_id = self.now(), self.new_id()
        host = NO_PART_OF_A_NAME.sub("-", socket.gethostname().split(".")[0]) or "host"
        time = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}"
        # Two processes may begin in one millisecond, and two machines have one name.
        own = NO_PART_OF_A_NAME.sub("-", record_id[-OWN:])
        name = f"{self.prefix}-{time}-{self._serial:05d}-{host}-{own}{SUFFIX}"
        self._serial += 1
        output = OutputFile(self.directory, name, self.fsync_interval)
        self._warcinfo_id = f"<{record_id}>"
        framing = (
            "as received"
            if self.keep_chunks
            else "decoded, header renamed X-Archive-Orig-Transfer-Encoding"
        )
        output.append(record.warcinfo(record_id, now, name, self.info, framing))
        return output


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
                " then crawl again: everything written before is complete."
            ) from error
