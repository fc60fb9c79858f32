"""ARC records, as the Internet Archive wrote them until 2009: each becomes a WARC record with the
same block.

A record is a line that names its address, where it came from, when, its media type and its length,
and then that many bytes (https://archive.org/web/researcher/ArcFileFormat.php). Version 2 has five
more words in the line. The first record of a file is about the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from uuid import NAMESPACE_URL, uuid5

from archive.intake.copying import SHORT, copy_block
from archive.intake.stream import Stream
from archive.intake.tally import Damage, Tally
from archive.intake.target import LOOKED_AT, Target

ABOUT_THE_FILE = b"filedesc://"
LONGEST_LINE = 64 * 1024  # bytes
OF_VERSION_2 = 5  # words: result code, checksum, location, offset, file name
SEPARATORS = b"\r\n"
ADDRESS = re.compile(rb"[0-9A-Fa-f.:]{1,45}")
SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{0,30}:")
DATE = re.compile(rb"\d{4,17}")
NUMBER = re.compile(rb"\d{1,18}")
STATUS_LINE = re.compile(rb"\s*HTTP/\d", re.I)
LONG = "what follows the record is no record of ARC, so its length is wrong"
NO_RECORD = "what should be a record does not begin as one of ARC"


class ArcFormat:
    """ARC records of one file.

    Args:
        source: what names the file, such as its SHA-256; ids of records are made of it and of their
            offset, so that the same file gives the same ids.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    def begins(self, data: bytes) -> bool:
        """Whether a file that begins with these bytes is of this format."""
        line, end, _ = data.lstrip(SEPARATORS)[:LONGEST_LINE].partition(b"\n")
        try:
            return bool(end and _parsed(line))
        except Damage:
            return False

    def copy(self, stream: Stream, target: Target, tally: Tally) -> None:
        """Copy the next record under a head of WARC.

        Raises:
            Damage: it cannot be copied completely; nothing of it was.
        """
        place = f"{stream.origin}+{stream.offset}"
        line = _line(stream)
        stream.take(len(line.line) + 1)
        begin = stream.peek(min(line.length, LOOKED_AT))
        kind, content_type = _kind(line, begin)
        head = _head(line, kind, content_type, f"{self.source}#{place}")
        copy_block(stream, target, head, line.length, _check_end)
        tally.types[kind] += 1

    def find(self, stream: Stream) -> bool:
        """Go to what may be the next record; False where there is none."""
        while line := stream.line(LONGEST_LINE):
            stream.take(len(line))
            try:
                _line(stream)
            except Damage:
                continue
            return True
        return False


@dataclass(frozen=True, slots=True)
class _Line:
    """The line of a record: its bytes without the line end, and the words of it that are used."""

    line: bytes
    url: bytes
    ip: bytes
    date: bytes
    media_type: bytes
    length: int


def _line(stream: Stream) -> _Line:
    line, end, _ = stream.line(LONGEST_LINE).partition(b"\n")
    if not end:
        raise Damage(SHORT)
    return _parsed(line)


def _parsed(line: bytes) -> _Line:
    """An address may have blanks, and so may a media type (`text/html; charset=gbk`)."""
    words = line.rstrip(b"\r").split(b" ")
    dates = (place for place in range(2, len(words) - 1) if DATE.fullmatch(words[place]))
    date = next((place for place in dates if ADDRESS.fullmatch(words[place - 1])), None)
    if date is None or not SCHEME.match(words[0]) or not NUMBER.fullmatch(words[-1]):
        raise Damage(NO_RECORD)
    types = words[date + 1 : -1]
    if len(types) > OF_VERSION_2 and NUMBER.fullmatch(types[-2]):
        types = types[:-OF_VERSION_2]
    return _Line(
        line=line,
        url=b" ".join(words[: date - 1]),
        ip=words[date - 1],
        date=words[date],
        media_type=b" ".join(types),
        length=int(words[-1]),
    )


def _check_end(stream: Stream) -> None:
    """A line end follows a record, and then another one or nothing."""
    if stream.peek(1) == b"\n":
        stream.take(1)
    try:
        stream.skip(SEPARATORS)
        line, end, _ = stream.line(LONGEST_LINE).partition(b"\n")
    except Damage:
        return  # of what follows
    if end or len(line) == LONGEST_LINE:
        try:
            _parsed(line)
        except Damage:
            raise Damage(LONG) from None


def _kind(line: _Line, begin: bytes) -> tuple[str, bytes]:
    """The type of the WARC record, and the media type of its block."""
    if line.url.startswith(ABOUT_THE_FILE):
        return "warcinfo", b"text/plain"
    if line.url.lower().startswith((b"http:", b"https:")) and STATUS_LINE.match(begin):
        return "response", b"application/http; msgtype=response"
    return "resource", line.media_type.strip() or b"application/octet-stream"


def _head(line: _Line, kind: str, content_type: bytes, place: str) -> bytes:
    lines = [
        b"WARC/1.1",
        b"WARC-Type: " + kind.encode(),
        b"WARC-Record-ID: <" + uuid5(NAMESPACE_URL, place).urn.encode() + b">",
        b"WARC-Date: " + _date(line.date.decode()),
    ]
    if kind == "warcinfo":
        lines.append(b"WARC-Filename: " + line.url.removeprefix(ABOUT_THE_FILE))
    else:
        lines.append(b"WARC-Target-URI: " + line.url.replace(b" ", b"%20"))
    if kind != "warcinfo" and _is_address(line.ip.decode()):
        lines.append(b"WARC-IP-Address: " + line.ip)
    lines += [b"Content-Type: " + content_type, b"Content-Length: %d" % line.length, b"", b""]
    return b"\r\n".join(lines)


def _date(digits: str) -> bytes:
    """A date of 14 digits as WARC has it; what is left out is the first second of what is named."""
    complete = digits[:14] + "00000101000000"[len(digits[:14]) :]
    try:
        return datetime.strptime(complete, "%Y%m%d%H%M%S").strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    except ValueError:
        raise Damage("the date of the record is none") from None


def _is_address(text: str) -> bool:
    """Whether it is the address of a server; ARC has zeros where it is not known."""
    try:
        return not ip_address(text).is_unspecified
    except ValueError:
        return False
