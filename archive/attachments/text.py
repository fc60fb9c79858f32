"""What reading a document gives: its text by pages, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

MOST_BYTES = 64 * 2**20
MOST_UNPACKED = 256 * 2**20  # bytes of all members of a packed document, by its own table
MOST_PAGES = 3_000
MOST_CHARACTERS = 4_000_000
LONGEST_DETAIL = 200  # characters

DocumentState = Literal[
    "read",
    "partly-read",
    "no-text",
    "unsupported",
    "encrypted",
    "broken",
    "too-large",
    "too-slow",
    "ended-process",
]
"""How the reading of a document ended: `partly-read` up to a limit of pages or characters;
`no-text` where it was read and holds none, such as a scan; `too-large` for its bytes as it came or
unpacked; `ended-process` where the process that read it was killed, or out of memory."""


class NotRead(Exception):
    """Why a document is not read.

    Args:
        state: as `DocumentText.state` has it.
        detail: for a person.
    """

    def __init__(self, state: DocumentState, detail: str) -> None:
        super().__init__(detail)
        self.state, self.detail = state, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """What a reader says of a document.

    Attributes:
        state: whether it could be read.
        detail: why it could not, or not all of it, for a person.
        reader: programs and versions.
        pages: the text of each page, slide or sheet, in order; all of it is one where the format
            has no pages. The number of a page is its place here, from 1.
    """

    state: DocumentState
    detail: str | None = None
    reader: str
    pages: tuple[str, ...] = ()


def bounded(pages: Iterable[str], reader: str) -> DocumentText:
    """The pages up to the limits of pages and characters, and no page after them.

    Args:
        pages: made one by one; what lies beyond a limit is never made.
        reader: programs and versions.
    """
    texts: list[str] = []
    room, detail = MOST_CHARACTERS, None
    for page in pages:
        if len(texts) == MOST_PAGES:
            detail = f"only the first {MOST_PAGES} pages are read"
            break
        texts.append(_storable(page[:room]))
        if len(page) > room:
            detail = f"only the first {MOST_CHARACTERS} characters are read"
            break
        room -= len(page)
    if not any(page.strip() for page in texts):
        return DocumentText(state="no-text", detail=detail, reader=reader)
    state: DocumentState = "partly-read" if detail else "read"
    return DocumentText(state=state, detail=detail, reader=reader, pages=tuple(texts))


def _storable(text: str) -> str:
    """Text that SQLite and UTF-8 hold: no NUL, no half of a character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return lines.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
