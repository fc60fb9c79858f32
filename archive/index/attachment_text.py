"""The table `attachment_text`: the text of the documents that articles attach, a function of their
bytes and of the libraries that read them, with its full-text index.

Each document is a transaction of its own, so that a kill costs one, and the next call goes on. What
cannot be had of a damaged WARC file has no row, and is tried again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from archive.attachments.file_name import file_name
from archive.attachments.installed import installed_reader
from archive.attachments.process import DocumentReader
from archive.attachments.text import MOST_BYTES, DocumentText, Page
from archive.database import fulltext, writing
from archive.errors import ArchiveError, StorageError
from archive.index.payloads import Place, payload

TABLE = "attachment_text"
LONGEST_PART = 20_000  # characters of a page that are one row
HEAD = 2**20  # bytes of a record that are no body, at most

ATTACHED = """SELECT capture FROM media WHERE kind = 'attachment' AND capture IS NOT NULL"""
UNWANTED = f"SELECT pk, text FROM attachment_text WHERE capture NOT IN ({ATTACHED})"
WAITING = f"""SELECT c.id, c.url, c.payload_digest FROM captures c WHERE c.id IN ({ATTACHED})
    AND NOT EXISTS (SELECT 1 FROM attachment_text t WHERE t.capture = c.id)
    ORDER BY c.captured_at DESC, c.id"""
# A revisit has the answer of its original.
PLACE = """WITH RECURSIVE original (id) AS (SELECT ? UNION SELECT c.refers_to
        FROM original o JOIN captures c ON c.id = o.id WHERE c.refers_to IS NOT NULL)
    SELECT c.warc, c."offset", c.length, c.id FROM original o JOIN captures c ON c.id = o.id
    WHERE c.refers_to IS NULL"""


class Waiting(NamedTuple):
    """A captured attachment that was not read yet."""

    capture: str
    url: str
    payload_digest: str | None


def read_attachments(db: sqlite_utils.Database, warc_dir: Path) -> None:
    """Bring the table up to date with the attachments of all articles, where the libraries are
    installed.

    Args:
        db: the open database, in no transaction.
        warc_dir: the folder of the WARC files.
    """
    with db.atomic():
        _forget(db.conn, db.execute(UNWANTED).fetchall())
    waiting = [Waiting(*row) for row in db.execute(WAITING)]
    if not waiting or installed_reader() is None:
        return
    with DocumentReader() as reader:
        for attachment in waiting:
            rows = _rows(db.conn, warc_dir, attachment, reader)
            with db.atomic():
                _store(db.conn, attachment.capture, rows)


def _forget(connection: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    for pk, text in rows:
        fulltext.forget_text(connection, TABLE, pk, text)
        connection.execute(f"DELETE FROM {TABLE} WHERE pk = ?", [pk])


def _rows(
    connection: sqlite3.Connection, warc_dir: Path, attachment: Waiting, reader: DocumentReader
) -> list[dict[str, object]]:
    """The rows of a document; none where its bytes cannot be had."""
    place = connection.execute(PLACE, [attachment.capture]).fetchone()
    if place is None:
        return []
    try:
        answer = payload(warc_dir, Place(*place), MOST_BYTES + HEAD)
    except StorageError:
        raise  # of what the server has nothing is known
    except ArchiveError:
        return []
    name = file_name(attachment.url, answer.disposition)
    text = reader.read(answer.body, name)
    document: dict[str, object] = {
        "capture": attachment.capture,
        "file_name": name,
        "payload_digest": attachment.payload_digest,
        "state": text.state,
        "detail": text.detail,
        "reader": text.reader,
        "part": 1,
        "text": "",
    }
    return [{**document, **page} for page in _pages(text)] or [document]


def _pages(text: DocumentText) -> Iterator[dict[str, object]]:
    for number, page in enumerate(text.pages, 1):
        for part, piece in enumerate(_parts(page), 1):
            yield {
                "number": number,
                "part": part,
                "unit": page.own_unit or text.unit,
                "label": page.label,
                "pages": len(text.pages),
                "text": piece,
            }


def _parts(page: Page) -> Iterator[str]:
    """The text of a page, a long one cut at the ends of lines."""
    text = page.text
    while len(text) > LONGEST_PART:
        end = text.rfind("\n", 1, LONGEST_PART)
        end = end if end > 0 else LONGEST_PART
        yield text[:end]
        text = text[end:].removeprefix("\n")
    if text:
        yield text


def _store(connection: sqlite3.Connection, capture: str, rows: Iterable[dict[str, object]]) -> None:
    writing.insert(connection, TABLE, rows)
    stored = connection.execute(f"SELECT pk, text FROM {TABLE} WHERE capture = ?", [capture])
    for pk, text in stored.fetchall():
        fulltext.add_text(connection, TABLE, pk, text)
