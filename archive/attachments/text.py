"""What reading a document gives: its text by pages, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from archive.model import AttachmentState, PageUnit

MOST_BYTES = 64 * 2**20
MOST_UNPACKED = 256 * 2**20  # bytes of all members of a packed document, by its own table
MOST_PAGES = 3_000
MOST_CHARACTERS = 4_000_000
LONGEST_DETAIL = 200  # characters
LONGEST_LABEL = 200  # characters


class NotRead(Exception):
    """Why a document is not read.

    Args:
        state: as `DocumentText.state` has it.
        detail: for a person.
    """

    def __init__(self, state: AttachmentState, detail: str) -> None:
        super().__init__(detail)
        self.state, self.detail = state, detail


class PartlyRead(Exception):
    """Raised after the last page: not all of a document was read; the message says what not."""


class Page(NamedTuple):
    """The text of a page, slide or sheet, and its name where it has one."""

    text: str
    label: str | None = None

    @property
    def own_unit(self) -> PageUnit | None:
        """What it is, where that is not what the pages of its document are."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """What a reader says of a document.

    Attributes:
        state: whether it could be read.
        detail: why it could not, or not all of it, for a person.
        reader: programs and versions.
        unit: what the pages are; None where it was not read.
        pages: in order; all of it is one where the format has no pages. The number of a page is
            its place here, from 1.
    """

    state: AttachmentState
    detail: str | None = None
    reader: str
    unit: PageUnit | None = None
    pages: tuple[Page, ...] = ()


def bounded(pages: Iterable[Page], unit: PageUnit, reader: str) -> DocumentText:
    """The pages up to the limits of pages and characters, and no page after them.

    Args:
        pages: made one by one; what lies beyond a limit is never made.
        unit: what they are.
        reader: programs and versions.
    """
    read: list[Page] = []
    room, detail = MOST_CHARACTERS, None
    try:
        for page in pages:
            if len(read) == MOST_PAGES:
                detail = f"only the first {MOST_PAGES} pages are read"
                break
            label = _storable(page.label[:LONGEST_LABEL]) if page.label else None
            read.append(page._replace(text=_storable(page.text[:room]), label=label))
            if len(page.text) > room:
                detail = f"only the first {MOST_CHARACTERS} characters are read"
                break
            room -= len(page.text)
    except PartlyRead as lack:
        detail = str(lack)[:LONGEST_DETAIL]
    if not any(page.text.strip() for page in read):
        return DocumentText(state="no-text", detail=detail, reader=reader)
    state: AttachmentState = "partly-read" if detail else "read"
    return DocumentText(state=state, detail=detail, reader=reader, unit=unit, pages=tuple(read))


def _storable(text: str) -> str:
    """Text that SQLite and UTF-8 hold: no NUL, no half of a character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return lines.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
