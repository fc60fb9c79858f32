"""Captures: the page of one, its WARC record as it is in the file, and its file."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from archive.archive import Archive
from archive.database.reading import select
from archive.database.rows import CaptureRow
from archive.errors import ArchiveError, WarcError
from archive.index.segments import message_of
from archive.page.page import Page, not_a_page
from archive.room.answer import FILE_POLICY, Answer, NotHere, attachment
from archive.room.asked import Asked
from archive.room.memento import of_capture
from archive.room.rendering import page
from archive.warc import answers
from archive.warc.reader import read_record
from archive.warc.stored import is_there

LARGEST_PAGE = 8 * 2**20  # bytes of a page that is rewritten for replay
LARGEST = 64 * 2**20  # bytes of a record that is shown or handed on by a page
SVG = "image/svg+xml"
PICTURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.S),
    "image/bmp": re.compile(rb"BM"),
    "image/avif": re.compile(rb".{4}ftypavi[fs]", re.S),
    SVG: re.compile(rb"\A\s*+(?:<\?xml[^>]*>\s*+)?(?:<!DOCTYPE[^>]*>\s*+)?<svg\b", re.I),
}
"""Pictures that every browser shows, and how each begins; what a server says of it does not
count."""

SHOWN = (
    "url",
    "captured_at",
    "method",
    "status",
    "content_type",
    "outcome",
    "reason",
    "detail",
    "role",
    "run",
    "payload_digest",
    "warc",
    "offset",
    "length",
    "refers_to",
    "truncated",
)


def capture(archive: Archive, asked: Asked, capture_id: str) -> Answer:
    """The page of a capture."""
    row = row_of(archive, capture_id)
    rows = [(name, getattr(row, name)) for name in SHOWN]
    return page(
        asked,
        "capture.html",
        headers=of_capture(row.url, row.captured_at),
        capture=row,
        rows=[(name, value) for name, value in rows if value not in (None, "")],
        has_record=is_there(archive.warc_file(row.warc)),
    )


def file(archive: Archive, asked: Asked, capture_id: str) -> Answer:
    """A captured file: a picture to show, anything else to save. SVG is shown within a page, and
    saved where it is opened by itself: then it is a page with frames of its own."""
    row, body = body_of(archive, capture_id)
    media_type = picture_type(body)
    if media_type and media_type != SVG:
        return Answer(
            body=body, content_type=media_type, headers={"Content-Security-Policy": FILE_POLICY}
        )
    name = re.split(r"[?#]", row.url)[0].rpartition("/")[2]
    content_type = media_type or "application/octet-stream"
    return Answer(body=body, content_type=content_type, headers=attachment(name or "file"))


def row_of(archive: Archive, capture_id: str) -> CaptureRow:
    """The row of a capture. Raises NotHere where there is none."""
    rows = select(archive.connection, CaptureRow, "WHERE id = ?", [capture_id])
    row = next(rows, None)
    if row is None:
        raise NotHere(f"There is no capture {capture_id}.")
    if Path(row.warc).name != row.warc:
        raise ArchiveError(f"archive.db names a WARC file {row.warc!r}; run `zhengwen verify`.")
    return row


def body_of(archive: Archive, capture_id: str) -> tuple[CaptureRow, bytes]:
    """A capture and the body of its answer, without framing and coding; of a revisit that of its
    original.

    Raises:
        NotHere: there is no such capture, or its body is too large, cannot be read, or is not in
            this archive.
    """
    row = row_of(archive, capture_id)
    having = archive.of_record(row.refers_to) if row.refers_to else archive
    holder = row_of(having, row.refers_to) if row.refers_to else row
    try:
        path = having.warc_file(holder.warc)
        block = message_of(path, read_record(path, holder.offset), LARGEST + 1)
    except WarcError as error:
        raise NotHere(f"The WARC file of this capture is not here: {error}") from error
    if len(block) > LARGEST:
        raise NotHere(f"The record of {capture_id} is too large for a page.")
    taken = answers.answer(block)
    if taken.fault:
        raise ArchiveError(f"The body of {capture_id} cannot be read: {taken.fault}.")
    return row, taken.body


def picture_type(body: bytes) -> str | None:
    """The media type of a picture that browsers show, by its first bytes; None for anything
    else."""
    start = body[:4096]
    kinds = PICTURES.items()
    return next((kind for kind, begin in kinds if begin.match(start)), None)


def is_page(row: CaptureRow, body: bytes) -> bool:
    """Whether a capture is a page of HTML, which is rewritten, and no file or data."""
    declared = (row.content_type or "").lower()
    is_other = declared and "html" not in declared and not declared.startswith("application/xml")
    return not is_other and not not_a_page(body) and len(body) <= LARGEST_PAGE


def page_of(row: CaptureRow, body: bytes) -> Page:
    """A capture as a page."""
    return Page(
        url=row.url,
        body=body,
        content_type=row.content_type or "",
        captured_at=datetime.fromisoformat(row.captured_at),
    )
