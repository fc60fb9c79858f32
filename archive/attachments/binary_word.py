"""The text of a document in the binary format of Word 97 to 2003, which WPS writes too.

Source: [MS-DOC], https://learn.microsoft.com/openspecs/office_file_formats/ms-doc/
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO

from archive.attachments.text import NotRead, Page

MAGIC = 0xA5EC  # FibBase.wIdent, 2.5.2
OLDEST = 0x00C1  # FibBase.nFib of Word 97
ENCRYPTED, IN_TABLE_1 = 0x0100, 0x0200  # flags of FibBase
FLAGS, FIRST_COUNT, CLX = 0x0A, 0x4C, 0x01A2  # places in the file information block
# Characters of the parts of a document, in the order of FibRgLw97 (2.5.4). Headers and footers are
# the same on each page, macros and comments are not the document.
PARTS = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes")
READ = frozenset({"text", "footnotes", "endnotes", "boxes"})
GROUP, PIECES = 1, 2  # Clx, 2.9.38: groups of formats, then the table of pieces
COMPRESSED = 0x40000000  # FcCompressed, 2.9.73: one byte a character
# Instructions of a field, between its beginning and its separator or end, are no text; fields lie
# within fields.
BEGIN, SEPARATOR, END = "\x13", "\x14", "\x15"
MARKS = {
    "\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x0d": "\n", "\x0e": "\n", "\x1e": "-",
}  # fmt: skip
OTHERS = re.compile(r"[\x00-\x06\x08\x0f-\x1f]")
ROW_END = re.compile(
    r"\t{2,}"
)  # the mark of a cell once more; that of an empty cell ends a line too


def words(data: bytes) -> Iterator[Page]:
    """The text of a document, which has no pages of its own, as one.

    Paragraphs are lines, cells have tabs between, instructions of fields are left out. What was
    deleted with changes tracked is part of the file's text and of this.

    Args:
        data: the compound file, with a stream `WordDocument` in its root.

    Raises:
        NotRead: it asks for a password, is older than Word 97, or lacks what a document has.
    """
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as file:
        document = file.openstream("WordDocument").read()
        table = _table(document)
        if not file.exists(table):
            raise NotRead("broken", f"it lacks its stream {table}")
        pieces = file.openstream(table).read()
    yield Page(_plain("".join(_parts(document, pieces))))


def _table(document: bytes) -> str:
    """The name of the stream with the table of pieces.

    Raises:
        NotRead: it cannot be read.
    """
    magic, version = struct.unpack_from("<HH", document)
    (flags,) = struct.unpack_from("<H", document, FLAGS)
    if magic != MAGIC or version < OLDEST:
        raise NotRead("unsupported", "a document of a Word older than 97")
    if flags & ENCRYPTED:
        raise NotRead("encrypted", "it asks for a password")
    return "1Table" if flags & IN_TABLE_1 else "0Table"


def _parts(document: bytes, table: bytes) -> Iterator[str]:
    """The texts of the parts that are read, one after the other."""
    start, length = struct.unpack_from("<II", document, CLX)
    text = "".join(_pieces(document, _piece_table(table[start : start + length])))
    place = 0
    for name, size in zip(PARTS, struct.unpack_from("<7I", document, FIRST_COUNT), strict=True):
        if name in READ and size:
            yield text[place : place + size]
        place += size


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd (2.8.35) of a Clx."""
    place = 0
    while place < len(clx) and clx[place] == GROUP:
        (size,) = struct.unpack_from("<H", clx, place + 1)
        place += 3 + size
    if place >= len(clx) or clx[place] != PIECES:
        raise NotRead("broken", "it lacks its table of pieces")
    (size,) = struct.unpack_from("<I", clx, place + 1)
    return clx[place + 5 : place + 5 + size]


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """The text of each piece: places of characters, then where each piece is in the file."""
    count = (len(table) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table)
    for number in range(count):
        (where,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        size = places[number + 1] - places[number]
        if size < 0:
            raise NotRead("broken", "its pieces are not in order")
        if where & COMPRESSED:
            start = (where & ~COMPRESSED) // 2
            yield document[start : start + size].decode("cp1252", "replace")
        else:
            yield document[where : where + 2 * size].decode("utf-16-le", "replace")


def _plain(text: str) -> str:
    """Text without what Word writes into it besides: fields, marks of cells, pictures, notes."""
    shown: list[str] = []
    fields: list[bool] = []  # of each that is open: whether its instructions are over
    for piece in re.split(f"([{BEGIN}{SEPARATOR}{END}])", text):
        if piece == BEGIN:
            fields.append(False)
        elif piece == SEPARATOR and fields:
            fields[-1] = True
        elif piece == END and fields:
            fields.pop()
        elif all(fields):
            shown.append(piece)
    lines = "".join(shown)
    for mark, instead in MARKS.items():
        lines = lines.replace(mark, instead)
    return ROW_END.sub("\n", OTHERS.sub("", lines))
