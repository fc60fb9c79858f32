"""The header of a WARC record as fields, and what their values say: dates, ids.

Written by many programs since 2008: with or without carriage returns, with values that go on in the
next line (WARC 1.0 and 1.1, section 4), with dates of any precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

# The versions that have a head of lines: 0.17 and 0.18 were written by Heritrix 1 and 2.
VERSION = re.compile(rb"WARC/(?:0\.1[78]|1\.\d{1,3})[ \t]*")
LENGTH = re.compile(r"[0-9]{1,18}")  # a Content-Length, in bytes
HEAD_END = re.compile(rb"\r?\n\r?\n")
LINE_END = re.compile(rb"\r?\n")
# WARC 1.1 (WARC-Date) allows any of these precisions (W3C-DTF), in UTC. Other programs write zones.
DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)([.,]\d+)?)?"
    r"(?:[Zz]|([+-])(\d\d):?(\d\d))?)?)?)?",
    re.ASCII,
)
USUAL_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z", re.ASCII)
# As in file names and in ARC: fourteen digits.
DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)


class Headers(dict[str, str]):
    """WARC header fields by lower-case name; of a repeated field the last."""

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]  # any case
        """The value of a field whatever its case."""
        return super().get(name.lower(), default)


def fields_of(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    """Names in small letters and values, one after the other; lines without a colon are no field.

    Args:
        lines: of a head, without the first.
    """
    unfolded: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and unfolded:
            unfolded[-1] += b" " + line.strip()
        else:
            unfolded.append(line)
    for text in unfolded:
        # A NUL ends a text for SQL and for many a program, so it is replaced as a wrong byte is.
        name, colon, value = text.decode("utf-8", "replace").replace("\0", "\ufffd").partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


@lru_cache(maxsize=64)  # the records of an exchange share theirs
def moment(date: str) -> str:
    """A WARC-Date as ISO 8601 in UTC: as it is written where it says the second, else the first
    second of what it names.

    Args:
        date: the value of the field.

    Returns:
        "" where it names no time, or none that can be converted between time zones.

    Example:
        >>> moment("2016-03"), moment("2016-03-01T08:00:00+08:00"), moment("yesterday")
        ('2016-03-01T00:00:00Z', '2016-03-01T00:00:00Z', '')
    """
    if digits := DIGITS.fullmatch(date.strip()):
        return moment("{}-{}-{}T{}:{}:{}Z".format(*digits.groups()))
    match = DATE.fullmatch(date.strip())
    if match is None:
        return ""
    *parts, fraction, sign, hours, minutes = match.groups()
    numbers = [int(part or least) for part, least in zip(parts, (1, 1, 1, 0, 0, 0), strict=True)]
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        local = datetime(*numbers, tzinfo=timezone(-east if sign == "-" else east))  # type: ignore[misc,arg-type]  # six numbers
        universal = local.astimezone(UTC).replace(tzinfo=None)
        for day in (timedelta(1), -timedelta(1)):
            universal + day  # a page's own zone may lead there
    except (ValueError, OverflowError):
        return ""
    if USUAL_DATE.fullmatch(date):
        return date
    return f"{universal.isoformat()}{(fraction or '').replace(',', '.')[:10]}Z"


def bare(record_id: str) -> str:
    """A record id without its angle brackets."""
    return record_id.strip().removeprefix("<").removesuffix(">")


def id_by_place(warc: str, offset: int) -> str:
    """The id of a record that has none, or one that another record has.

    Args:
        warc: name of its file.
        offset: of the record there, in bytes.

    Example:
        >>> id_by_place("a.warc.gz", 512)
        'urn:uuid:7cadadc2-3082-5112-abeb-e59fd0865802'
    """
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{warc}#{offset}')}"
