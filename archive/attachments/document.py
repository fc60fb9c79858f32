"""A document from bytes that anybody may have made, and the text in it.

What it is, its bytes say and not its name: sites serve docx as .doc, and error pages as .pdf. Only
plain text, which has no mark, goes by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

from archive.attachments import binary_word, office, packed, pdf
from archive.attachments.installed import required_reader
from archive.attachments.text import (
    LONGEST_DETAIL,
    MOST_BYTES,
    DocumentText,
    NotRead,
    Page,
    bounded,
)
from archive.model import PageUnit

PDF_HEAD = 1024  # bytes in which readers look for %PDF-
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
RICH_TEXT = rb"{\rtf"
PLAIN = re.compile(r"\.(?:csv|txt)$", re.I)
MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<head|<script)", re.I)
# The member by which a packed document differs from any other ZIP file, and its reader.
PACKED: dict[str, tuple[PageUnit, Callable[[bytes], Iterator[Page]]]] = {
    "word/document.xml": ("text", office.words),
    "xl/workbook.xml": ("sheet", office.sheets),
    "xl/workbook.bin": ("sheet", office.sheets),
    "ppt/presentation.xml": ("slide", office.slides),
}
Pages = tuple[Iterator[Page], PageUnit]
SHEETS = b"application/vnd.oasis.opendocument.spreadsheet"


def read(data: bytes, file_name: str) -> DocumentText:
    """The text of a document, or why it is not read.

    Args:
        data: the document as it came.
        file_name: as its address or its server names it; decides on plain text alone.

    Raises:
        UsageError: the readers are not installed.
    """
    reader = required_reader()
    try:
        return bounded(*_pages(data, file_name), reader)
    except NotRead as reason:
        return DocumentText(
            state=reason.state, detail=reason.detail[:LONGEST_DETAIL], reader=reader
        )
    except MemoryError:
        raise
    # Libraries raise what they did not foresee in a damaged file.
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:LONGEST_DETAIL]
        return DocumentText(state="broken", detail=detail, reader=reader)


def _pages(data: bytes, file_name: str) -> Pages:
    if not data:
        raise NotRead("broken", "it is empty")
    if len(data) > MOST_BYTES:
        raise NotRead("too-large", f"{len(data)} bytes; at most {MOST_BYTES} are read")
    if b"%PDF-" in data[:PDF_HEAD]:
        return pdf.pages(data), "page"
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(COMPOUND):
        return _compound(data)
    if data.startswith(RICH_TEXT):
        return _rich_text(data), "text"
    if MARKUP.match(data):
        raise NotRead("unsupported", "a web page came in its place")
    if PLAIN.search(file_name):
        return iter([Page(_plain(data))]), "text"
    raise NotRead("unsupported", "of no format that is read")


def _packed(data: bytes) -> Pages:
    archive = packed.opened(data)
    inside = set(archive.namelist())
    kind = next((PACKED[member] for member in PACKED if member in inside), None)
    if kind is None and _is_spreadsheet(archive):
        kind = "sheet", office.sheets
    if kind is None and "OFD.xml" not in inside:
        return iter([Page("\n".join(packed.names(archive)))]), "names"
    packed.refuse_bomb(archive)
    if kind is None:
        return packed.ofd_pages(archive), "page"
    unit, read_it = kind
    return read_it(data), unit


def _is_spreadsheet(archive: ZipFile) -> bool:
    """Whether it is an ods: its first member names the type, not packed."""
    first = next(iter(archive.infolist()), None)
    if first is None or first.filename != "mimetype" or first.file_size != len(SHEETS):
        return False
    return archive.read(first) == SHEETS


def _compound(data: bytes) -> Pages:
    """What a compound file of Office holds, by the streams in its root: others may be of objects
    within it."""
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as file:
        streams = {entry.casefold() for entry in (path[0] for path in file.listdir())}
    if "encryptedpackage" in streams:
        raise NotRead("encrypted", "it asks for a password")
    if streams & {"workbook", "book"}:
        return office.sheets(data), "sheet"
    if "worddocument" in streams:
        return binary_word.words(data), "text"
    raise NotRead("unsupported", "a compound file, but not of Word, Excel or WPS")


def _rich_text(data: bytes) -> Iterator[Page]:
    """The text of an RTF, which Word opens as .doc; its escapes say what is not ASCII."""
    from striprtf.striprtf import rtf_to_text

    yield Page(rtf_to_text(data.decode("latin-1"), errors="replace"))


def _plain(data: bytes) -> str:
    """Text by its byte order mark, else UTF-8, else GB 18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for charset in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(charset)
    raise NotRead("broken", "neither UTF-8 nor GB 18030")
