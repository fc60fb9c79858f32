"""What must be known of a record's head to copy the record: where the head ends, how long the block
is, and of what type the record is. Nothing else is read, so that nothing else can be misread."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.intake.tally import Damage

LARGEST_HEAD = 1024 * 1024  # bytes
BEGIN = b"WARC/"
ENDING = b"\r\n\r\n"
# Heads of some programs have LF alone, and a few mix the two.
HEAD_END = re.compile(rb"\r?\n\r?\n")
# A value may stand on a line of its own that begins with a blank (folding; WARC 1.1, section 4).
VALUE = rb"[ \t]*:(?:[ \t]|\r?\n[ \t])*"
LENGTH = re.compile(rb"(?im)^content-length" + VALUE + rb"(\d{1,18})[ \t]*\r?$")
TYPE = re.compile(rb"(?im)^warc-type" + VALUE + rb"([A-Za-z0-9-]{1,40})[ \t]*\r?$")


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
    head = bytes(data[: end.end()])
    lengths = {int(number) for number in LENGTH.findall(head)}
    if len(lengths) != 1:
        raise Damage("the record has no Content-Length, or more than one")
    kind = TYPE.search(head)
    return RecordHead(len(head), lengths.pop(), kind[1].decode().lower() if kind else "")
