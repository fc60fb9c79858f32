"""The text of the documents in a ZIP file, each as one page with its name, after the names of all.

Files within a file within it are named and not read, and so is what is no document.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from archive.attachments import packed
from archive.attachments.text import NotRead, Page, PartlyRead
from archive.model import PageUnit

MOST_MEMBERS = 200  # documents in one ZIP file
MOST_BYTES = 32 * 2**20  # of one of them, unpacked
MOST_TOGETHER = 128 * 2**20  # bytes of all of them, unpacked
DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|docm|xlsx?|xlsm|xlsb|pptx?|wps|et|dps|ofd|odt|ods|odp|rtf|csv|txt|mht|mhtml)$",
    re.I,
)
PLAIN = re.compile(r"\.(?:csv|txt)$", re.I)
LEAST_TEXT = 10  # characters of plain text with the name of another document
NAMED = 3  # of those that are not read


class Member(Page):
    """The text of a file in a ZIP file, with its name."""

    __slots__ = ()

    @property
    def own_unit(self) -> PageUnit:
        """What it is: no page of the ZIP file, but a file in it."""
        return "file"


def pages(archive: ZipFile, read: Callable[[bytes, str], Iterable[Page]]) -> Iterator[Page]:
    """The names of all files, then the text of each document.

    Args:
        archive: opened; closed at the end.
        read: gives the pages of a document from its bytes and its name.

    Raises:
        PartlyRead: at the end, where documents in it are damaged, encrypted or too large.
    """
    unread: list[str] = []
    with closing(archive):
        yield Page("\n".join(packed.names(archive)))
        room = MOST_TOGETHER
        for number, (member, name) in enumerate(_documents(archive)):
            try:
                if number >= MOST_MEMBERS:
                    raise NotRead("too-large", f"only {MOST_MEMBERS} documents are read")
                data = _unpacked(archive, member, min(room, MOST_BYTES))
                room -= len(data)
                if text := _text(data, name, read):
                    yield Member(text, name)
            except NotRead as reason:
                if reason.state != "unsupported":
                    unread.append(f"{name} ({reason.state})")
            except MemoryError:
                raise
            except Exception:  # as of any document: libraries raise what they did not foresee
                unread.append(f"{name} (broken)")
    if unread:
        named = ", ".join([*unread[:NAMED], *(["…"] if len(unread) > NAMED else [])])
        raise PartlyRead(f"not read of the files in it: {named}")


def _documents(archive: ZipFile) -> Iterator[tuple[ZipInfo, str]]:
    for member in archive.infolist()[: packed.MOST_NAMES]:
        name = packed.name_of(member)
        if not member.is_dir() and DOCUMENT.search(name):
            yield member, name


def _text(data: bytes, name: str, read: Callable[[bytes, str], Iterable[Page]]) -> str:
    text = "\n".join(page.text for page in read(data, name)).strip()
    is_plain = data.decode("latin-1").isprintable() and not PLAIN.search(name)
    return "" if is_plain and len(text) < LEAST_TEXT else text


def _unpacked(archive: ZipFile, member: ZipInfo, most: int) -> bytes:
    """The bytes of a member, of which its table may say anything.

    Raises:
        NotRead: it is encrypted, damaged, or has more than `most` bytes.
    """
    if member.flag_bits & packed.ENCRYPTED:
        raise NotRead("encrypted", "it asks for a password")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise NotRead("unsupported", "it is packed by another method than documents are")
    try:
        with archive.open(member) as file:
            data = file.read(most + 1)
    except (BadZipFile, zlib.error, EOFError) as error:
        raise NotRead("broken", str(error)) from None
    if len(data) > most:
        raise NotRead("too-large", f"more than {most} bytes")
    return data
