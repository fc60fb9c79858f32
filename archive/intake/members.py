"""Gzip members that are one record each: checked, and copied as they are."""

from __future__ import annotations

from isal import isal_zlib

from archive.intake.heads import ENDING, RecordHead, record_head
from archive.intake.tally import Damage, Tally
from archive.intake.target import Target
from archive.intake.unpacking import CUT, unpack
from archive.intake.window import PIECE, Window


class NotOneRecord(Exception):
    """A member is not exactly one record, or not as a copy may stay."""


class Members:
    """Copies members from a place in a file on, as long as each is one record.

    Attributes:
        offset: of the next member.
    """

    def __init__(self, file: Window, target: Target, tally: Tally, offset: int) -> None:
        """Args:
        file: with gzip members.
        target, tally: where they go, and where they are counted.
        offset: of the first one.
        """
        self.file, self.target, self.tally, self.offset = file, target, tally, offset
        self._ahead = b""
        file.seek(offset)

    def copy(self) -> bool:
        """Copy the next member; False at the end of the file.

        Raises:
            NotOneRecord: it has no record, several, a part of one, or one that ends otherwise;
                nothing of it was copied.
            Damage: it cannot be unpacked; nothing of it was copied.
        """
        if not (self._ahead or self._fill()):
            return False
        member = _Member()
        size = 0
        with self.target.record():
            while not member.is_over:
                if not (raw := self._ahead or self._fill()):
                    raise Damage(CUT)
                self._ahead = member.unpack(raw)
                used = raw[: len(raw) - len(self._ahead)] if self._ahead else raw
                self.target.write(used)
                size += len(used)
            kind = member.type_of_record()
        self.tally.types[kind] += 1
        self.offset += size
        return True

    def _fill(self) -> bytes:
        self._ahead = self.file.read(PIECE)
        return self._ahead


class _Member:
    """What is known of one member while it is unpacked: the head of its record, how much of it has
    been seen, and its last bytes."""

    def __init__(self) -> None:
        self._unpacker = isal_zlib.decompressobj(31)
        self._head: RecordHead | None = None
        self._begin = b""
        self._seen = 0
        self._tail = b""

    @property
    def is_over(self) -> bool:
        """Whether the member has ended."""
        return bool(self._unpacker.eof)

    def unpack(self, raw: bytes) -> bytes:
        """Unpack some bytes, and return those that are still to be unpacked or belong to the next
        member."""
        data = unpack(self._unpacker, raw)
        self._seen += len(data)
        self._tail = (self._tail + data)[-len(ENDING) :] if len(data) < 4 else data[-len(ENDING) :]
        if self._head is None:
            self._read_head(data)
        elif self._seen > self._size:
            raise NotOneRecord
        rest = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
        return bytes(rest)

    def _read_head(self, data: bytes) -> None:
        self._begin += data
        try:
            self._head = record_head(self._begin)
        except Damage as damage:
            raise NotOneRecord from damage
        if self._head:
            self._begin = b""
            if self._seen > self._size:
                raise NotOneRecord

    @property
    def _size(self) -> int:
        """The bytes of the record with its end, where its head is known."""
        return self._head.size + self._head.length + len(ENDING) if self._head else 0

    def type_of_record(self) -> str:
        """The type of the record. Raises NotOneRecord where the member has not exactly one."""
        if self._head is None or self._seen != self._size or self._tail != ENDING:
            raise NotOneRecord
        return self._head.type
