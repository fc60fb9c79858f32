"""The table `media_text`: a view of the answers of the reader of pictures, with its full-text
index."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.database import fulltext, writing
from archive.database.opening import connect, is_begun, read_rows
from archive.ocr.answers import Answer, AnswerFile, answers, line_values, lines_of
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
            fulltext.forget_picture(connection, before["pk"], before["text"])
            connection.execute("DELETE FROM media_text WHERE pk = ?", [before["pk"]])
            row = {"pk": before["pk"], **row}
        writing.insert(connection, "media_text", [row])
        key = "SELECT pk, text FROM media_text WHERE payload_digest = ?"
        if after := connection.execute(key, [digest]).fetchone():
            fulltext.add_picture(connection, *after)
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
    try:
        with closing(connect(db_path)) as connection:
            rows = list(read_rows(connection, f"SELECT {COLUMNS} FROM media_text"))
    except sqlite3.DatabaseError:
        return  # of an older program, or damaged: it is what the rebuild is to mend
    known = answers(path)
    lacking = [_answer(row) for row in rows if row["payload_digest"] not in known and _is_all(row)]
    if lacking:
        with AnswerFile(path) as file:
            for answer in lacking:
                file.add(answer)


def _is_all(row: dict[str, object]) -> bool:
    """Whether a row has all of its answer; a package of metadata withholds it."""
    return row["state"] != "read" or bool(row["lines"])


def _answer(row: dict[str, Any]) -> Answer:
    values = {name: value for name, value in row.items() if name not in ("text", "lines")}
    return Answer(**values, lines=lines_of(json.loads(str(row["lines"] or "[]"))))
