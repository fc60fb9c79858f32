"""The digests of a record's block, and of the payload in it, which comes after the HTTP head.

The stock checkers pass digests that are missing; `archive.verification.grammar` does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from archive.warc import http
from archive.warc.digests import labelled
from archive.warc.reader import Record

LARGEST_HTTP_HEAD = 2**20  # bytes


class RecordDigests:
    """Computes the digests of one record while its block is read.

    Example:
        >>> digests = RecordDigests(record)
        >>> digests.add(record.read())
        >>> list(digests.faults())
        []
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._block, self._payload = hashlib.sha1(), hashlib.sha1()
        self._head = b""
        self._has_head = not record.is_http
        self._unframed: hashlib._Hash | None = None  # of a chunked body, what is in the chunks
        self._chunks = http.Dechunking()
        self._is_framed = False

    def add(self, piece: bytes) -> None:
        """Take the next bytes of the block."""
        self._block.update(piece)
        if self._has_head:
            self._add_payload(piece)
            return
        self._head += piece
        head, body = http.split(self._head)
        if (
            len(head.raw) < len(self._head)
            or head.raw.endswith(b"\r\n\r\n")
            or len(self._head) > LARGEST_HTTP_HEAD
        ):
            self._head, self._has_head = head.raw, True
            if head.is_chunked:
                self._unframed = hashlib.sha1()
            self._add_payload(body)

    def _add_payload(self, piece: bytes) -> None:
        self._payload.update(piece)
        if self._unframed is not None:  # a crawl that keeps the chunks digests what is in them
            plain = self._chunks.add(piece)
            self._unframed.update(plain)
            self._is_framed = self._is_framed or bool(plain)

    @property
    def status(self) -> int | None:
        """The status code of an HTTP answer, None for any other block."""
        is_answer = self.record.is_http and self.record.type != "request"
        return http.Head(self._head).status if is_answer else None

    def faults(self) -> Iterator[str]:
        """Which declared digests are not true, each as part of a sentence."""
        declared = self.record.headers.get("WARC-Block-Digest")
        block = labelled(self._block)
        if declared and declared.lower() != block.lower():
            yield f"the block's digest is {block}, not {declared}"
        if self._chunks.is_endless:
            yield f"its body has more than {http.MOST_CHUNKS} chunks, which are not checked"
            return
        declared = self.record.headers.get("WARC-Payload-Digest")
        if declared and self.record.type == "response":
            payloads = self._payload_digests()
            if declared.lower() not in {payload.lower() for payload in payloads}:
                yield f"the payload's digest is {payloads[0]}, not {declared}"

    def _payload_digests(self) -> list[str]:
        """What a program may write: of a chunked body with or without its frames."""
        if self._unframed is None or not (self._is_framed or self._chunks.complete):
            return [labelled(self._payload)]
        return [labelled(self._unframed), labelled(self._payload)]
