"""A document from bytes that anybody may have made, and the text in it.

What it is, its bytes say and not its name: sites serve docx as .doc, HTML as .xls, and error pages
as .pdf. Its name counts only where bytes leave it open: for HTML without a mark of Office, and for
text in which there are characters that text seldom has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

from archive.attachments import (
    binary_word,
    members,
    office,
    office_xml,
    packed,
    pdf,
    saved_page,
)
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
RICH_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf")
PLAIN = re.compile(r"\.(?:csv|txt)$", re.I)
JSON = re.compile(rb"\s*(?:\{\s*\"|\[\s*\{)")
BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
WIDE = (b"\xff\xfe", b"\xfe\xff")  # the marks of UTF-16
# The member by which a packed document differs from any other ZIP file, and its reader.
PACKED: dict[str, tuple[PageUnit, Callable[[bytes], Iterator[Page]]]] = {
    "word/document.xml": ("text", office.words),
    "xl/workbook.xml": ("sheet", office.sheets),
    "xl/workbook.bin": ("sheet", office.sheets),
    "ppt/presentation.xml": ("slide", office.slides),
}
Pages = tuple[Iterator[Page], PageUnit]
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


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
    if RICH_TEXT.match(data):
        return _rich_text(data), "text"
    return _written(data, file_name)


def _written(data: bytes, file_name: str) -> Pages:
    """What is text to the eye: XML, HTML, or nothing but text."""
    if office_xml.is_office_xml(data):
        pages, are_sheets = office_xml.pages(data)
        return pages, "sheet" if are_sheets else "text"
    if saved_page.is_web_archive(data):
        return saved_page.archived(data), "text"
    if saved_page.is_saved_page(data):
        return saved_page.saved(data, file_name), "text"
    if PLAIN.search(file_name) or _is_text(data):
        return iter([Page(_plain(data))]), "text"
    raise NotRead("unsupported", "of no format that is read")


def _is_text(data: bytes) -> bool:
    """Whether bytes are nothing but text in UTF-8, GBK or marked UTF-16, and no answer to a
    program."""
    if JSON.match(data) or not (data.startswith(WIDE) or BINARY.search(data) is None):
        return False
    for charset in ("utf-16",) if data.startswith(WIDE) else ("utf-8", "gbk"):
        with suppress(UnicodeDecodeError):
            return BINARY.search(data.decode(charset).encode()) is None
    return False


def _packed(data: bytes) -> Pages:
    archive = packed.opened(data)
    inside = set(archive.namelist())
    kind = next((PACKED[member] for member in PACKED if member in inside), None)
    if kind is None and packed.media_type(archive).startswith(OPEN_DOCUMENT):
        return _open_document(archive, data)
    if kind is None and "OFD.xml" not in inside:
        return members.pages(archive, _of_member), "names"
    packed.refuse_bomb(archive)
    if kind is None:
        return packed.ofd_pages(archive), "page"
    unit, read_it = kind
    return read_it(data), unit


def _of_member(data: bytes, file_name: str) -> Iterator[Page]:
    """The pages of a document in a ZIP file; of a ZIP file in it nothing."""
    pages, unit = _pages(data, file_name)
    return iter(()) if unit == "names" else pages


def _open_document(archive: ZipFile, data: bytes) -> Pages:
    packed.refuse_bomb(archive)
    if packed.media_type(archive).startswith(f"{OPEN_DOCUMENT}spreadsheet"):
        return office.sheets(data), "sheet"
    return packed.open_text(archive), "text"


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

    start = data.index(b"{")
    yield Page(rtf_to_text(data[start:].decode("latin-1"), errors="replace"))


def _plain(data: bytes) -> str:
    """Text by its byte order mark, else UTF-8, else GB 18030."""
    if data.startswith(WIDE):
        return data.decode("utf-16", "replace")
    for charset in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(charset)
    raise NotRead("broken", "neither UTF-8 nor GB 18030")
