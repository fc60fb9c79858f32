"""One gzip member of a WARC file, unpacked piece by piece: the header of the record in it, its
block, and whether it ends as it must."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

from isal import isal_zlib
from isal.igzip_lib import IsalError

from archive.disk import PIECE
from archive.errors import WarcError
from archive.warc.directory import CONVERT, RESTORE
from archive.warc.fields import HEAD_END, LINE_END, VERSION, fields_of
from archive.warc.stored import WarcFile

LARGEST_HEAD = 1024 * 1024  # bytes of a record's header
UNPACKED = 1024 * 1024  # bytes that are unpacked at a time: a piece of zeros grows a thousandfold
RECORD_END = b"\r\n\r\n"
LONGEST_END = len(RECORD_END + b"WARC/")
ENDING = re.compile(rb"(?:\r?\n){2}")  # some programs write line feeds alone
NEXT_RECORD = re.compile(rb"(?:\r?\n){1,4}WARC/")


class Member:
    """One gzip member as a stream of the record in it.

    `ahead` is what was read from the file already; `rest` what was read beyond the member's end.
    """

    def __init__(self, file: BinaryIO, ahead: bytes, path: WarcFile, offset: int) -> None:
        self.file, self.path, self.offset = file, path, offset
        self.unpacker = isal_zlib.decompressobj(31)
        self.pending = ahead
        self.buffer = bytearray()
        self.taken = len(ahead)
        self.rest = b""

    def error(self, wrong: str, todo: str = RESTORE) -> WarcError:
        """An error that names the record's place."""
        return WarcError(
            f"{self.path}, record at offset {self.offset}: {wrong}; {todo}.", wrong=wrong, todo=todo
        )

    def head(self) -> list[tuple[str, str]]:
        """The fields of the record's header, as `fields_of` gives them; its block is still to
        come."""
        while (end := HEAD_END.search(self.buffer)) is None:
            if len(self.buffer) > LARGEST_HEAD or not self._unpack_more():
                raise self.error("there is no WARC header")
        lines = LINE_END.split(bytes(self.buffer[: end.start()]))
        del self.buffer[: end.end()]
        if not VERSION.fullmatch(lines[0]):
            raise self.error(*_other_format(lines[0]))
        return list(fields_of(lines[1:]))

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read."""
        while len(self.buffer) < size and self._unpack_more():
            pass
        return bytes(self.buffer[:size])

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of the record, fewer only at its end."""
        while len(self.buffer) < size and self._unpack_more():
            pass
        with memoryview(self.buffer) as view:
            data = bytes(view[:size])  # one copy, where a slice would be another
        del self.buffer[:size]
        return data

    def close(self) -> int:
        """Check how the member ends, and return its length in the file."""
        while len(self.buffer) < LONGEST_END and self._unpack_more():
            pass
        if NEXT_RECORD.match(self.buffer):
            raise self.error("several records are compressed as one", CONVERT)
        if not self.unpacker.eof or not ENDING.fullmatch(self.buffer):
            raise self.error("the record does not end as it must")
        self.rest = self.unpacker.unused_data
        return self.taken - len(self.rest)

    def _unpack_more(self) -> bool:
        """Unpack some more; False at the end of the member or of the file."""
        if self.unpacker.eof:
            return False
        if not self.pending:
            self.pending = self.file.read(PIECE)
            self.taken += len(self.pending)
        if not self.pending:
            return False
        try:
            self.buffer += self.unpacker.decompress(self.pending, UNPACKED)
            self.pending = self.unpacker.unconsumed_tail
        except (IsalError, zlib.error) as error:  # type: ignore[misc]  # isal gives its error no type
            raise self.error(f"the compressed data are damaged ({error})") from error
        return True


def _other_format(line: bytes) -> tuple[str, str]:
    """What is wrong with a record that begins with this line, and what to do."""
    if not line.startswith(b"WARC/"):
        return "this is no WARC record", RESTORE
    version = line[:10].decode("ascii", "backslashreplace")
    return f"this is {version}, and only WARC/0.17, 0.18 and 1.x are read", CONVERT
