"""What WARC 1.1 wants of a record's header. Source: WARC 1.1 (IIPC), sections 4 to 6."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.warc.reader import Record

ID = re.compile(r"<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}>", re.I)
# Any precision, from the year to the nanosecond, always in UTC (WARC 1.1, WARC-Date).
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?)?)?", re.ASCII)
TYPES = frozenset(
    [
        "warcinfo",
        "response",
        "request",
        "metadata",
        "revisit",
        "resource",
        "conversion",
        "continuation",
    ]
)
WITH_URL = frozenset({"response", "request", "revisit", "resource"})


def faults(record: Record, *, first: bool, ours: bool = True) -> Iterator[str]:
    """What is wrong with a record's header, each as part of a sentence.

    Args:
        first: whether it is the first record of its file.
        ours: whether our own writer made it, which leaves nothing out.

    Example:
        >>> list(faults(record, first=True))
        ['the file does not begin with a warcinfo record']
    """
    if ours:
        yield from absences(record, first=first)
    if not record.date:
        yield f"the date is {record.headers.get('WARC-Date')!r}"
    if record.type in WITH_URL and not record.url:
        yield "the record has no WARC-Target-URI"


def absences(record: Record, *, first: bool) -> Iterator[str]:
    """What a record lacks that may be absent by the standard, or that readers can do without, each
    as part of a sentence.

    Args:
        first: whether it is the first record of its file.
    """
    headers = record.headers
    if record.type not in TYPES:
        yield f"the record type is {record.type!r}"
    if not ID.fullmatch(headers.get("WARC-Record-ID") or ""):
        yield "the record has no id of the form <urn:uuid:…>"
    if record.date and not DATE.fullmatch(headers.get("WARC-Date") or ""):
        yield f"the date is {headers.get('WARC-Date')!r}"
    if first and record.type != "warcinfo":
        yield "the file does not begin with a warcinfo record"
    if record.type == "revisit" and not (
        headers.get("WARC-Profile") and headers.get("WARC-Refers-To")
    ):
        yield "the revisit does not say of what"
    if headers.get("WARC-Block-Digest") is None:
        yield "the record has no block digest"
