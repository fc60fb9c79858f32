"""Whether an answer is complete, by the message itself: what it declares of its length, its last
chunk, the end of its content coding (RFC 9112, sections 6 to 8).

Many tools store bodies whose chunk frames or content coding they have undone, and leave the header
fields as they came. So a declaration counts only where the bytes bear it out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.counting import counted
from archive.warc.codings import Decoded
from archive.warc.http import HEAD_END, Dechunked, Head

LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([^\r\n]*)")
NUMBER = re.compile(rb"[0-9]{1,18}")
RANGE = re.compile(r"bytes\s+0-(\d{1,18})/(\d{1,18})", re.I)
NO_BODY = frozenset({204, 304})
# A coding makes a body longer by its frame alone; what is shorter than it was when it was coded,
# by more than that, was cut.
FRAME, STORED = 64, 1000


@dataclass(frozen=True, slots=True)
class Cut:
    """What of an answer is missing.

    Attributes:
        kind: `head`, `content-length`, `chunks`, `coding` or `range`: by what it shows.
        detail: the same as a sentence without its full stop.
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as far as it decides whether the answer is complete.

    Attributes:
        size: bytes of the body as it is recorded.
        framing: the same without chunk frames; None where none are declared.
        decoded: the same without content coding; None where that was not undone.
        is_ended: whether the last chunk came, where only the begin of the body was read.
    """

    size: int
    framing: Dechunked | None = None
    decoded: Decoded | None = None
    is_ended: bool | None = None


def cut_of(head: Head, body: Body, method: str | None) -> Cut | None:
    """What is missing of an answer; None for one that is complete, or does not say.

    Args:
        head: of the answer.
        body: of the answer.
        method: of the request, where it is known.
    """
    if head.status is None or head.status in NO_BODY or method == "HEAD":
        return None
    if not HEAD_END.search(head.raw):
        return Cut("head", "the head of the answer ends before its empty line")
    if head.status == 206:
        return _part(head)
    if cut := _by_frames(body):
        return cut
    if body.decoded and body.decoded.lack:
        return Cut("coding", body.decoded.lack)
    return None if head.is_chunked else _by_length(head, body)


def _part(head: Head) -> Cut | None:
    """A part of a page is none, but the part may be all of it."""
    value = head.get("Content-Range") or ""
    match = RANGE.match(value)
    if match and int(match[1]) + 1 == int(match[2]):
        return None
    return Cut("range", f"the answer is a part of the page ({value[:80] or 'which is not said'})")


def _by_frames(body: Body) -> Cut | None:
    framing = body.framing
    if framing is None or (framing.complete if body.is_ended is None else body.is_ended):
        return None
    if not body.size:
        return Cut("chunks", "the body is in chunks, and none came")
    return Cut("chunks", "the last chunk of the body did not come") if framing.is_framed else None


def _by_length(head: Head, body: Body) -> Cut | None:
    declared, size = content_length(head), body.size
    if declared is None or size >= declared:
        return None
    if body.decoded and body.decoded.was_coded:
        return None  # its own end came, and the length may be that of what was coded
    detail = f"the body has {size} of the {counted(declared, 'byte')} of its Content-Length"
    is_coded = (head.get("Content-Encoding") or "identity").strip().lower() != "identity"
    if is_coded and body.decoded and size + FRAME + size // STORED >= declared:
        return None
    return Cut("content-length", detail)


def content_length(head: Head) -> int | None:
    """The length that an answer declares, in bytes; None for none, and where it says several (RFC
    9112, section 6.3)."""
    values = {part.strip() for value in LENGTH.findall(head.raw) for part in value.split(b",")}
    if len(values) != 1 or not NUMBER.fullmatch(value := values.pop()):
        return None
    return int(value)
