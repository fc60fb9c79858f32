"""One file of records, WARC or ARC, whatever it is compressed with: copied record by record, with
what cannot be read left out and said."""

from __future__ import annotations

from typing import Protocol

from archive.errors import ArchiveError
from archive.intake.arc import ArcFormat
from archive.intake.cutting import SEPARATORS, WarcFormat
from archive.intake.members import Members, NotOneRecord
from archive.intake.stream import Stream
from archive.intake.tally import Damage, Tally
from archive.intake.target import LOOKED_AT, Target
from archive.intake.unpacking import DICTIONARY, GZIP, ZSTANDARD, Gzip, Plain, Zstandard
from archive.intake.window import PIECE, Window

MOST_FAULTS = 1000  # places of damage after which a file is not read on
ELSE = {  # what a file is that is no web archive, by its first bytes
    b"PK\x03\x04": "a zip file",
    b"PK\x05\x06": "an empty zip file",
    b"\xfd7zXZ": "compressed by xz; unpack it first",
    b"BZh": "compressed by bzip2; unpack it first",
    b"7z\xbc\xaf": "a 7-Zip file; unpack it first",
    b"Rar!": "a RAR file; unpack it first",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "a PDF",
    b"CDX": "an index of one, without the records",
    b" CDX": "an index of one, without the records",
    b"version https://git-lfs": "a pointer of Git LFS in place of the file; fetch the file first",
}


class Format(Protocol):
    """A format of records."""

    def begins(self, data: bytes) -> bool:
        """Whether a file that begins with these bytes is of this format."""

    def copy(self, stream: Stream, target: Target, tally: Tally) -> None:
        """Copy the next record. Raises Damage where nothing of it was copied."""

    def find(self, stream: Stream) -> bool:
        """Go to what may be the next record; False where there is none."""


def copy_file(file: Window, target: Target, tally: Tally, source: str, place: str = "") -> None:
    """Copy all records of a file that can be read.

    Args:
        file: the file, at its begin.
        target, tally: where records go, and where they are counted.
        source: what names the file, for the ids of ARC records.
        place: the path of the file in a WACZ, in front of offsets.

    Raises:
        ArchiveError: it is no WARC and no ARC file; the text is a part of a sentence.
    """
    copying = _Copying(file, target, tally, f"{place}, " if place else "")
    begin = file.read(PIECE)
    file.seek(0)
    if not begin:
        raise ArchiveError("it is empty")
    if begin.startswith(GZIP):
        copying.copy_gzip(_format(_begin(Stream(Gzip(file))), source))
    elif _is_zstandard(begin):
        format_ = _format(_begin(Stream(Zstandard(file))), source)
        file.seek(0)
        copying.copy_stream(Stream(Zstandard(file)), format_)
    else:
        copying.copy_plain(_format(begin, source))


def _begin(stream: Stream) -> bytes:
    """The first unpacked bytes, as many as can be had."""
    try:
        return stream.peek(PIECE)
    except Damage as damage:
        if stream.buffer:
            return bytes(stream.buffer)
        raise ArchiveError(str(damage)) from damage


def _is_zstandard(begin: bytes) -> bool:
    return begin.startswith((DICTIONARY, ZSTANDARD))


def _format(begin: bytes, source: str) -> Format:
    for format_ in (WarcFormat(), ArcFormat(source)):
        if format_.begins(begin):
            return format_
    raise ArchiveError(f"it is no web archive but {_in_words(begin)}")


def _in_words(begin: bytes) -> str:
    for first, words in ELSE.items():
        if begin.startswith(first):
            return words
    text = begin[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")):
        return "an HTML page"
    if text.startswith((b"{", b"[")):
        return "JSON"
    if not begin.strip(b"\0"):
        return "nothing but zeros"
    return "something else"


class _Copying:
    """The copying of one file."""

    def __init__(self, file: Window, target: Target, tally: Tally, place: str) -> None:
        self.file, self.target, self.tally, self.place = file, target, tally, place
        self.faults = 0

    def leave_out(self, damage: Damage, offset: int) -> None:
        """Note a damage; raise ArchiveError where there are too many."""
        self.tally.leave_out(str(damage), f"{self.place}offset {offset}")
        self.faults += 1
        if self.faults > MOST_FAULTS:
            raise ArchiveError(f"it is damaged in more than {MOST_FAULTS} places")

    def copy_plain(self, format_: Format) -> None:
        """Copy what is not compressed; after damage, from the next byte on that may begin a
        record: a wrong length hides none."""
        stream = Stream(Plain(self.file))
        while (damaged := self._copy(stream, format_)) is not None:
            start = stream.origin + damaged + 1
            stream = Stream(Plain(self.file, start), start)
            if not format_.find(stream):
                return

    def copy_stream(self, stream: Stream, format_: Format) -> None:
        """Copy what can be read from its begin on alone."""
        while self._copy(stream, format_) is not None:
            if not self._find(stream, format_):
                return

    def _copy(self, stream: Stream, format_: Format) -> int | None:
        """Copy records to the end, or to the first damage, whose offset in the stream is
        returned."""
        offset = 0
        try:
            while True:
                stream.skip(SEPARATORS)
                offset = stream.offset
                if not stream.peek(1):
                    return None
                format_.copy(stream, self.target, self.tally)
        except Damage as damage:
            self.leave_out(damage, stream.origin + offset)
            return offset

    def copy_gzip(self, format_: Format) -> None:
        """Copy gzip members: as they are where each is one WARC record, else record by record."""
        offset: int | None = 0
        while offset is not None:
            if isinstance(format_, WarcFormat):
                offset = self._copy_members(offset)
            if offset is not None:
                offset = self._copy_packed(offset, format_)

    def _copy_members(self, offset: int) -> int | None:
        """Copy members to the end, or to the first that is not one record, whose offset is
        returned."""
        members = Members(self.file, self.target, self.tally, offset)
        try:
            while members.copy():
                pass
        except (NotOneRecord, Damage):
            return members.offset
        return None

    def _copy_packed(self, offset: int, format_: Format) -> int | None:
        """Copy records that share members or have parts in several, to the end, or to the begin of
        a member that may be copied as it is."""
        gzip = Gzip(self.file, offset)
        stream = Stream(gzip, offset)
        while self._copy_to_break(stream, gzip, format_):
            if not self._find(stream, format_):
                return None if gzip.is_between else self._next_member(gzip.offset + 1, format_)
        return gzip.offset if gzip.offset < self.file.size else None

    def _copy_to_break(self, stream: Stream, gzip: Gzip, format_: Format) -> bool:
        """Copy records to the end, to one that ends with its member, or to damage; whether it was
        damage."""
        is_warc = isinstance(format_, WarcFormat)
        try:
            while not (is_warc and stream.is_at_break):
                stream.skip(SEPARATORS)
                if not stream.peek(1):
                    break
                format_.copy(stream, self.target, self.tally)
        except Damage as damage:
            self.leave_out(damage, gzip.offset)
            return True
        return False

    def _find(self, stream: Stream, format_: Format) -> bool:
        try:
            return format_.find(stream)
        except Damage:
            return False

    def _next_member(self, start: int, format_: Format) -> int | None:
        """The offset of the next member that begins with a record."""
        for _ in range(MOST_FAULTS):
            places = Stream(Plain(self.file, start))
            if not places.skip_to(GZIP):
                return None
            place = start + places.offset
            if format_.begins(self._unpacked_begin(place)):
                return place
            start = place + 1
        return None

    def _unpacked_begin(self, offset: int) -> bytes:
        try:
            return Stream(Gzip(self.file, offset)).peek(LOOKED_AT)
        except Damage:
            return b""
