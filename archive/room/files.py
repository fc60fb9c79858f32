"""The files of an article, with the text that was read in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.archive import Archive
from archive.database.opening import read_rows
from archive.database.rows import MediaRow

LONGEST = 100_000  # characters of a file's text that a page shows
DOCUMENT = """SELECT file_name, number, unit, label, text, state, detail FROM attachment_text
    WHERE capture = ? ORDER BY number, part"""
PICTURE = """SELECT text FROM media_text WHERE payload_digest = ? AND text <> ''"""


@dataclass(slots=True, kw_only=True)
class ReadFile:
    """A file of an article: `texts` are the pages of a document, each with its heading; `reason`
    says why there is none, or not all of it."""

    row: MediaRow
    name: str
    texts: list[tuple[str, str]] = field(default_factory=list)
    reason: str | None = None


def read_files(archive: Archive, files: Sequence[MediaRow]) -> list[ReadFile]:
    """The documents and films of an article, and those of its pictures in which text was read."""
    read = (_read(archive, file) for file in files)
    return [file for file in read if file.row.kind != "picture" or file.texts]


def _read(archive: Archive, file: MediaRow) -> ReadFile:
    name = file.caption or file.url.partition("?")[0].rpartition("/")[2] or file.url
    if file.kind == "picture":
        rows = read_rows(archive.connection, PICTURE, [file.payload_digest])
        return ReadFile(row=file, name=name, texts=[("", row["text"]) for row in rows])
    read, left = ReadFile(row=file, name=name), LONGEST
    for row in read_rows(archive.connection, DOCUMENT, [file.capture]):
        read.name = file.caption or row["file_name"]
        read.reason = row["detail"] or (row["state"] if row["state"] != "read" else None)
        if row["text"] and left:
            heading = row["label"] or f"{row['unit'] or ''} {row['number']}".strip()
            read.texts.append((heading, row["text"][:left]))
            left -= min(left, len(row["text"]))
    return read
