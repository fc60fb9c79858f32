"""ZIP files: whether their own table says that they fit, the names in them, and OFD, which is one.

Sources: APPNOTE.TXT 4.4.4 (bit 0 encrypted, bit 11 names in UTF-8); GB/T 33190-2016 for OFD.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from archive.attachments.lines import running
from archive.attachments.office_xml import text_of, tree_of
from archive.attachments.text import MOST_UNPACKED, NotRead, Page

UTF8 = 0x800
ENCRYPTED = 0x1
MOST_NAMES = 20_000
LONGEST_TYPE = 100  # bytes


def opened(data: bytes) -> ZipFile:
    """A ZIP file by its table; nothing is unpacked.

    Raises:
        NotRead: its table is damaged.
    """
    try:
        return ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise NotRead("broken", f"no ZIP file that can be opened: {error}") from None


def names(archive: ZipFile) -> list[str]:
    """The names of its files, in UTF-8 or GBK as they were written, in the order of its table."""
    return [name_of(member) for member in archive.infolist()[:MOST_NAMES] if not member.is_dir()]


def refuse_bomb(archive: ZipFile) -> None:
    """Refuse a document that says itself that it unpacks to more than is read.

    Raises:
        NotRead: it does, or asks for a password.
    """
    members = archive.infolist()
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise NotRead("encrypted", "it asks for a password")
    if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in members):
        raise NotRead("unsupported", "it is packed by another method than documents are")
    size = sum(member.file_size for member in members)
    if size > MOST_UNPACKED:
        raise NotRead("too-large", f"it unpacks to {size} bytes; at most {MOST_UNPACKED} are read")


def ofd_pages(archive: ZipFile) -> Iterator[Page]:
    """The text of each page of an OFD document.

    Raises:
        NotRead: what its table of contents names is not there.
    """
    with closing(archive):
        for root in _values(_tree(archive, "OFD.xml"), "DocRoot"):
            document = root.strip().lstrip("/")
            places = [
                element.get("BaseLoc") or ""
                for element in _tree(archive, document).iter("{*}Page")
                if element.get("BaseLoc")
            ]
            for place in places:
                yield Page(_ofd_text(_tree(archive, _beside(document, place))))


def _ofd_text(page: etree._Element) -> str:
    """The text objects of a page as they are painted; those that begin at one height are one
    line."""
    lines: list[str] = []
    last = None
    for item in page.iter("{*}TextObject"):
        top = (item.get("Boundary") or "").split()[1:2]
        text = "".join(_values(item, "TextCode"))
        if top and top == last:
            lines[-1] += text
        else:
            lines.append(text)
        last = top
    return running(lines)


def _values(element: etree._Element, name: str) -> Iterator[str]:
    for part in element.iter(f"{{*}}{name}"):
        yield part.text or ""


def open_text(archive: ZipFile) -> Iterator[Page]:
    """The text of a document or slides in OpenDocument, as one.

    Raises:
        NotRead: it lacks its content, or that is damaged.
    """
    with closing(archive):
        yield Page(text_of(_tree(archive, "content.xml")))


def media_type(archive: ZipFile) -> str:
    """What an OpenDocument file says that it is, in its first member, which is not packed; ''
    where there is none (ODF 1.3, part 2, 3.3)."""
    first = next(iter(archive.infolist()), None)
    if first is None or first.filename != "mimetype" or first.file_size > LONGEST_TYPE:
        return ""
    return archive.read(first).decode("ascii", "replace").strip()


def _tree(archive: ZipFile, name: str) -> etree._Element:
    try:
        return tree_of(archive.read(name))
    except KeyError:
        raise NotRead("broken", f"{name} is not in it") from None


def _beside(document: str, place: str) -> str:
    """The name of a member that another names, from its own folder or from the root."""
    if place.startswith("/"):
        return posixpath.normpath(place).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), place))


def name_of(member: ZipInfo) -> str:
    """The name of a member, in UTF-8 or GBK as it was written."""
    if member.flag_bits & UTF8:
        return member.filename
    written = member.orig_filename.encode("cp437", "replace")  # as zipfile reads all others
    for charset in ("utf-8", "gb18030"):
        try:
            return written.decode(charset)
        except UnicodeDecodeError:
            continue
    return member.filename
