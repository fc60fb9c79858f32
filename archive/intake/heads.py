"""What must be known of a record's head to copy the record: where the head ends, how long the block
is, and of what type the record is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.intake.tally import Damage
from archive.warc.fields import HEAD_END, LENGTH, LINE_END, VERSION, Headers, fields_of

LARGEST_HEAD = 1024 * 1024  # bytes
BEGIN = b"WARC/"
ENDING = b"\r\n\r\n"
TYPE = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What a record's head says.

    Attributes:
        size: bytes of the head, with the empty line that ends it.
        length: bytes of the block.
        type: WARC-Type in small letters, "" where there is none.
    """

    size: int
    length: int
    type: str


def record_head(data: bytes | bytearray) -> RecordHead | None:
    """The head that some bytes begin with; None where its end is not among them.

    Raises:
        Damage: it is no head of a WARC record, or does not say how long the block is.

    Example:
        >>> record_head(b"WARC/1.1\\r\\nWARC-Type: response\\r\\nContent-Length: 3\\r\\n\\r\\nabc")
        RecordHead(size=52, length=3, type='response')
    """
    if not data.startswith(BEGIN[: len(data)]):
        raise Damage("what should be a record does not begin with WARC/")
    end = HEAD_END.search(data)
    if end is None:
        if len(data) > LARGEST_HEAD:
            raise Damage("the head of the record has no end")
        return None
    # Read as `archive.warc.reader` does, so that no record is copied that it could not read.
    lines = LINE_END.split(bytes(data[: end.start()]))
    if not VERSION.fullmatch(lines[0]):
        raise Damage("the record is of another version than WARC/0.17, 0.18 and 1.x")
    fields = list(fields_of(lines[1:]))
    lengths = {value for name, value in fields if name == "content-length"}
    if len(lengths) != 1 or not LENGTH.fullmatch(length := lengths.pop()):
        raise Damage("the record has no Content-Length, or more than one")
    kind = (Headers(fields).get("WARC-Type") or "").lower()
    return RecordHead(end.end(), int(length), kind if TYPE.fullmatch(kind) else "")
