"""The attachments of an article, with how each was read."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.database.opening import read_rows
from archive.model import AttachmentState

FIRST_WORDS = 80  # characters

OF_ARTICLE = """SELECT m.url, m.caption, t.file_name, m.capture, t.state, t.detail, t.pages, t.text
    FROM media m LEFT JOIN attachment_text t ON t.pk = (SELECT pk FROM attachment_text
        WHERE capture = m.capture ORDER BY number, part LIMIT 1)
    WHERE m.article_id = ? AND m.kind = 'attachment' ORDER BY m.position"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document of an article.

    Attributes:
        url: its address; `caption` is what the page calls it.
        file_name: as its server gives it, else its address; None where it was not read.
        capture: the capture that has it; None where it was not fetched.
        state: how its reading ended, None where it was not read; `detail` says why there is no
            text, or not all of it.
        pages: how many pages were read.
        beginning: the first words of its text, on one line; "" where it has none.
    """

    url: str
    caption: str | None
    file_name: str | None
    capture: str | None
    state: AttachmentState | None
    detail: str | None
    pages: int | None
    beginning: str


def attachments_of(connection: sqlite3.Connection, article_id: str) -> list[Attachment]:
    """The attachments of an article, in their order on its page."""
    return [
        Attachment(**row, beginning=" ".join((text or "").split())[:FIRST_WORDS])
        for row in read_rows(connection, OF_ARTICLE, [article_id])
        for text in [row.pop("text")]
    ]
