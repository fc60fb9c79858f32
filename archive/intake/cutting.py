"""A stream of bytes cut into WARC records, each packed by itself."""

from __future__ import annotations

from archive.intake.copying import SHORT, copy_block
from archive.intake.heads import BEGIN, ENDING, RecordHead, record_head
from archive.intake.stream import Stream
from archive.intake.tally import Damage, Tally
from archive.intake.target import Target

SEPARATORS = b"\r\n"
LONG = "what follows the record does not begin with WARC/, so its Content-Length is wrong"


class WarcFormat:
    """WARC records of any version that has a head of lines."""

    def begins(self, data: bytes) -> bool:
        """Whether a file that begins with these bytes is of this format."""
        return data.lstrip(SEPARATORS).startswith(BEGIN)

    def copy(self, stream: Stream, target: Target, tally: Tally) -> None:
        """Copy the next record.

        Raises:
            Damage: it cannot be copied completely; nothing of it was.
        """
        head = _head(stream)
        copy_block(stream, target, stream.take(head.size), head.length, _check_end)
        tally.types[head.type] += 1

    def find(self, stream: Stream) -> bool:
        """Go to what may be the next record; False where there is none."""
        stream.take(1)
        return stream.skip_to(b"\n" + BEGIN)


def _head(stream: Stream) -> RecordHead:
    while (head := record_head(stream.buffer)) is None:
        if not stream.more():
            raise Damage(SHORT)
    return head


def _check_end(stream: Stream) -> None:
    """Two line ends follow a record, and then another one or nothing."""
    if stream.peek(len(ENDING)) == ENDING:
        stream.take(len(ENDING))
        try:
            if stream.is_at_break:
                return
            stream.peek(len(BEGIN))
        except Damage:
            return  # of what follows
    rest = stream.peek(len(ENDING) + len(BEGIN)).lstrip(SEPARATORS)
    if not BEGIN.startswith(rest[: len(BEGIN)]):
        raise Damage(LONG)
