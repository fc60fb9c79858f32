"""An answered request taken apart: status, header fields, body without its frames and coding, and
what of it is missing."""

from __future__ import annotations

from dataclasses import dataclass

from archive.errors import Unreadable
from archive.warc.codings import Decoded, decode, is_gzip
from archive.warc.completeness import Body, Cut, cut_of
from archive.warc.http import Head, dechunk, method, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answered request, taken apart.

    `status` is None where the first line is no status line; header fields that did not come are
    None. `body` is without chunk frames and content coding, unless it was to stay as it came.
    `fault` says why the coding could not be undone; `body` is empty then. `cut` says what of the
    answer is missing. `method` and `asked` are those of the request, None and empty where there is
    none.
    """

    status: int | None
    content_type: str | None
    etag: str | None
    last_modified: str | None
    location: str | None
    disposition: str | None
    coding: str | None
    body: bytes
    fault: Unreadable | None
    cut: Cut | None
    method: str | None
    asked: bytes


def answer(
    block: bytes,
    request: bytes = b"",
    *,
    coded: bool = False,
    size: int | None = None,
    is_ended: bool | None = None,
) -> Answer:
    r"""Take an answer and its request apart.

    Args:
        block: the answer's bytes, head and body.
        request: those of the request; empty where it is not known.
        coded: leave the content coding of the body as it came, as for a picture.
        size: bytes of the answer, where `block` is only the begin of it.
        is_ended: whether its last chunk came, where `block` is only the begin of it.

    Example:
        >>> answer(b"HTTP/1.1 200 OK\r\nETag: 1\r\n\r\nhello", b"GET / HTTP/1.1\r\n\r\n").method
        'GET'
    """
    head, body = split(block)
    verb = method(request)
    length = (len(block) if size is None else size) - len(head.raw)
    fault, framing, decoded = None, None, None
    try:
        framing = dechunk(body) if head.is_chunked else None
        decoded = _decoded(head, framing.body if framing else body, coded)
    except Unreadable as error:
        fault = error
    parts = Body(
        size=length, framing=framing, decoded=None if coded else decoded, is_ended=is_ended
    )
    return Answer(
        status=head.status,
        content_type=head.get("Content-Type"),
        etag=head.get("ETag"),
        last_modified=head.get("Last-Modified"),
        location=head.get("Location"),
        disposition=head.get("Content-Disposition"),
        coding=head.get("Content-Encoding"),
        body=b"" if decoded is None else decoded.body,
        fault=fault,
        cut=cut_of(head, parts, verb),
        method=verb,
        asked=split(request)[1],
    )


def _decoded(head: Head, body: bytes, coded: bool) -> Decoded:
    if coded:
        return Decoded(body)
    coding = head.get("Content-Encoding") or ""
    if not coding.strip() and is_gzip(body):
        coding = "gzip"  # a tool that drops the field and keeps the coding
    return decode(body, coding)
