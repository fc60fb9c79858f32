"""The digests of a record's block, and of the payload in it, which comes after the HTTP head.

The stock checkers pass digests that are missing; `archive.verification.grammar` does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from archive.warc import http
from archive.warc.digests import Declared, declared
from archive.warc.reader import Record

LARGEST_HTTP_HEAD = 2**20  # bytes
WITH_PAYLOAD = ("response", "resource")


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
        self.has_block_digest = False
        self.unknown = 0
        self._of_block = self._declared("WARC-Block-Digest")
        self._of_payload = (
            self._declared("WARC-Payload-Digest") if record.type in WITH_PAYLOAD else None
        )
        self._block, self._payload = _computation(self._of_block), _computation(self._of_payload)
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
                self._unframed = _computation(self._of_payload)
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

    def _declared(self, name: str) -> Declared | None:
        text = self.record.headers.get(name)
        digest = declared(text) if text else None
        self.unknown += bool(text) and digest is None
        return digest

    def faults(self) -> Iterator[str]:
        """Which declared digests are not true, each as part of a sentence."""
        block = _with_value(self._of_block, self._block)
        if self._of_block and self._of_block != block:
            yield f"the block's digest is {block}, not {self._of_block}"
        self.has_block_digest = self._of_block is not None and self._of_block == block
        if self._chunks.is_endless:
            yield f"its body has more than {http.MOST_CHUNKS} chunks, which are not checked"

    def payload_fault(self) -> str | None:
        """What is wrong with the digest of the payload, as part of a sentence; None where it is
        true, or not declared."""
        if self._of_payload is None or self._chunks.is_endless:
            return None
        payloads = [_with_value(self._of_payload, each) for each in self._payloads()]
        if self._of_payload in payloads:
            return None
        return f"the payload's digest is {payloads[0]}, not {self._of_payload}"

    def _payloads(self) -> list[hashlib._Hash]:
        """What a program may digest: of a chunked body what is with or without its frames."""
        if self._unframed is None or not (self._is_framed or self._chunks.complete):
            return [self._payload]
        return [self._unframed, self._payload]


def _computation(digest: Declared | None) -> hashlib._Hash:
    return digest.new() if digest else hashlib.sha1()


def _with_value(digest: Declared | None, computed: hashlib._Hash) -> Declared:
    return Declared(digest.algorithm if digest else "sha1", computed.digest())
