"""Records that were written in several parts: the first, and the `continuation` records that go on
with its block in the same file (WARC 1.1, annex "Record segmentation")."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from archive.errors import WarcError
from archive.warc.fields import bare
from archive.warc.reader import Record, read_record, records
from archive.warc.stored import WarcFile

NUMBER, ORIGIN, TOTAL = "WARC-Segment-Number", "WARC-Segment-Origin-ID", "WARC-Segment-Total-Length"


def message_of(path: WarcFile, record: Record, limit: int | None = None) -> bytes:
    """The block of an answer as HTTP has it, all of its segments joined where they are there.

    Args:
        path: the WARC file.
        record: an answer in it, not read yet.
        limit: bytes that are read at most.
    """
    block = record.read_message(limit)
    if not record.headers.get(NUMBER):
        return block
    begun = len(block) - len(record.stand_in_head)
    rest = Segments(path).rest(record, begun, sys.maxsize if limit is None else limit - len(block))
    return block if rest is None else block + rest


@dataclass(slots=True)
class Segments:
    """The continuations of a file, by the id of the record that each belongs to, looked up when the
    first is asked for. `joined` has the offsets of those that were used."""

    path: WarcFile
    joined: set[int] = field(default_factory=set)
    _by_origin: dict[str, dict[int, tuple[int, str]]] | None = None

    def rest(self, record: Record, begun: int, largest: int) -> bytes | None:
        """What goes on with a first segment; None where a part of it is not there.

        Args:
            record: the first segment.
            begun: bytes of its block.
            largest: bytes that the rest may have.
        """
        if self._by_origin is None:
            self._by_origin = self._looked_up()
        parts = self._by_origin.get(record.id, {})
        numbers = sorted(parts)
        if not numbers or numbers != list(range(2, len(numbers) + 2)):
            return None
        places = [parts[number][0] for number in numbers]
        data = bytearray()
        for place in places:
            data += read_record(self.path, place).read(largest - len(data) + 1)
        if parts[numbers[-1]][1] != str(begun + len(data)):
            return None
        self.joined.update(places)
        return bytes(data)

    def _looked_up(self) -> dict[str, dict[int, tuple[int, str]]]:
        places: dict[str, dict[int, tuple[int, str]]] = {}
        try:
            for record in records(self.path):
                number, total = (record.headers.get(name) or "" for name in (NUMBER, TOTAL))
                if record.type == "continuation" and number.isascii() and number.isdigit():
                    origin = bare(record.headers.get(ORIGIN) or "")
                    places.setdefault(origin, {})[int(number[:9])] = (record.offset, total)
                record.finish()
        except WarcError:
            return places  # what is behind the damage is not joined; the file is known as damaged
        return places
