"""The block of a record, from a stream into a member of its own."""

from __future__ import annotations

from collections.abc import Callable

from archive.intake.stream import Stream
from archive.intake.tally import Damage
from archive.intake.target import LOOKED_AT, Packing, Target

SHORT = "the record is cut short"


def copy_block(
    stream: Stream,
    target: Target,
    head: bytes,
    length: int,
    check_end: Callable[[Stream], None],
) -> None:
    """Write a record whose head was taken from a stream.

    Args:
        stream: at the block.
        target: where the record goes.
        head: as it is to be written.
        length: bytes of the block.
        check_end: takes what ends a record; raises Damage where something else follows.

    Raises:
        Damage: the record cannot be copied completely; nothing of it was.
    """
    with target.record():
        packing = Packing(target, head, stream.peek(min(length, LOOKED_AT)))
        left = length
        for piece in stream.blocks(length):
            packing.write(piece)
            left -= len(piece)
        if left:
            raise Damage(SHORT)
        check_end(stream)
        packing.end()
