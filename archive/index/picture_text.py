"""The table `media_text`: a view of the answers of the reader of pictures, with its full-text
index."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from archive.database import fulltext, writing
from archive.database.opening import connect, is_begun, read_rows
from archive.errors import ArchiveError
from archive.ocr.answers import NO_ANSWER, Answer, AnswerFile, answer_of, answers, line_values
from archive.ocr.lines import running_text

COLUMNS = "payload_digest, state, detail, reader, width, height, text, lines"


def take_in(connection: sqlite3.Connection, path: Path) -> int:
    """Bring the table up to date with the file of answers, in a transaction of the caller.

    Args:
        connection: to the database.
        path: the file; need not be there.

    Returns:
        How many answers were new or others.
    """
    stored = {
        row["payload_digest"]: row
        for row in read_rows(connection, f"SELECT pk, {COLUMNS} FROM media_text")
    }
    count = 0
    for digest, answer in answers(path).items():
        row, before = row_of(answer), stored.get(digest)
        if before == {**row, "pk": before["pk"]} if before else False:
            continue
        if before:
            fulltext.forget_text(connection, "media_text", before["pk"], before["text"])
            connection.execute("DELETE FROM media_text WHERE pk = ?", [before["pk"]])
            row = {"pk": before["pk"], **row}
        writing.insert(connection, "media_text", [row])
        key = "SELECT pk, text FROM media_text WHERE payload_digest = ?"
        if after := connection.execute(key, [digest]).fetchone():
            fulltext.add_text(connection, "media_text", *after)
        count += 1
    return count


def row_of(answer: Answer) -> dict[str, object]:
    """An answer as a row of the table, without its key."""
    is_read = answer.state == "read"
    return {
        "payload_digest": answer.payload_digest,
        "state": answer.state,
        "detail": answer.detail,
        "reader": answer.reader,
        "width": answer.width,
        "height": answer.height,
        "text": running_text(answer.lines),
        "lines": json.dumps(line_values(answer.lines), ensure_ascii=False) if is_read else None,
    }


def save_answers(db_path: Path, path: Path) -> None:
    """Add to the file of answers what only a database has, such as one that came in a package and
    is going to be made again.

    Args:
        db_path: the database; need not be there.
        path: the file.

    Raises:
        Busy: pictures are being read.
    """
    if not is_begun(db_path):
        return
    known = answers(path)
    lacking = [each for each in _stored(db_path) if each.payload_digest not in known]
    if lacking:
        with AnswerFile(path) as file:
            for answer in lacking:
                file.add(answer)


def _stored(db_path: Path) -> list[Answer]:
    """The answers in a database, which may be of an older program, or damaged: it is what the
    rebuild is to mend. A package of metadata withholds what was read, so that its rows are none."""
    stored = []
    with suppress(sqlite3.DatabaseError, ArchiveError), closing(connect(db_path)) as connection:
        for row in read_rows(connection, f"SELECT {COLUMNS} FROM media_text ORDER BY pk"):
            del row["text"]
            with suppress(*NO_ANSWER):
                if row["state"] != "read" or row["lines"]:
                    stored.append(answer_of({**row, "lines": json.loads(row["lines"] or "[]")}))
    return stored
