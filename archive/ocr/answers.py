"""The answers of the reader of pictures, in a file of the archive's folder: `picture-text.jsonl`.

What a picture says depends on its bytes and on the reader, and costs seconds. So the answers are
no part of the database, which `rebuild` makes again in minutes: they are added to this file, one
line each, and the table `media_text` is a view of it. Where a picture was read twice, the later
line counts; a line that a kill has cut off is not there. Each line is a JSON object with the
attributes of `Answer`, `payload_digest` first.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.errors import Busy
from archive.model.words import PICTURE_STATES, PictureState
from archive.ocr.lines import TextLine

FILE = "picture-text.jsonl"
NO_ANSWER = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader says of a picture.

    Attributes:
        payload_digest: of the picture's bytes, as WARC-Payload-Digest.
        state: whether it could be read.
        detail: why it could not, for a person.
        reader: program and versions.
        width, height: of the picture as it is shown, in pixels; None where it is none.
        lines: in the order in which they are read.
    """

    payload_digest: str
    state: PictureState
    detail: str | None = None
    reader: str
    width: int | None = None
    height: int | None = None
    lines: tuple[TextLine, ...] = ()


def file_beside(warc_dir: Path) -> Path:
    """The file of an archive's answers, by the folder of its WARC files."""
    return warc_dir.parent / FILE


def answers(path: Path) -> dict[str, Answer]:
    """The last answer for each picture by its digest, in the order of their first; none where there
    is no file. What is no answer is passed over: `verify` names it.

    Args:
        path: the file.
    """
    return {each.payload_digest: each for each in _lines(path) if isinstance(each, Answer)}


def damaged_lines(path: Path) -> list[int]:
    """The numbers of the lines that are no answers, from 1."""
    return [number for number in _lines(path) if isinstance(number, int)]


def _lines(path: Path) -> Iterator[Answer | int]:
    """Each answer, or the number of a line that is none."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return  # a kill cut it off
            try:
                yield answer_of(json.loads(line))
            except NO_ANSWER:
                yield number


class AnswerFile:
    """The file, open to add answers. A context manager; one process at a time has it."""

    def __init__(self, path: Path) -> None:
        """Open it, and cut off a line that a kill left unfinished.

        Raises:
            Busy: another process has it.
        """
        self._file = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Busy(
                f"Another run reads the pictures of {path.parent}; wait for it to end and run "
                "this again."
            ) from None
        self._file.truncate(_complete_bytes(path))

    def __enter__(self) -> AnswerFile:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()

    def add(self, answer: Answer) -> None:
        """Add an answer; it is on the disk when this returns."""
        line = json.dumps(asdict(answer), ensure_ascii=False) + "\n"
        self._file.write(line.encode("utf-8", "replace"))
        self._file.flush()
        os.fsync(self._file.fileno())


def line_values(lines: Sequence[TextLine]) -> list[dict[str, Any]]:
    """Lines as JSON takes them."""
    return [asdict(line) for line in lines]


def lines_of(values: list[dict[str, Any]]) -> tuple[TextLine, ...]:
    """Lines from JSON. Raises one of `NO_ANSWER` where it is something else."""
    lines = []
    for value in values:
        left, top, width, height = map(int, value["box"])
        lefts = tuple(map(int, value["lefts"]))
        if len(lefts) != len(value["text"]):
            raise ValueError("a line has another number of characters than of their places")
        box, confidence = (left, top, width, height), float(value["confidence"])
        lines.append(TextLine(str(value["text"]), box, confidence, lefts))
    return tuple(lines)


def answer_of(value: dict[str, Any]) -> Answer:
    """An answer from its attributes as JSON has them. Raises one of `NO_ANSWER` for anything
    else."""
    if value["state"] not in PICTURE_STATES or not isinstance(value["payload_digest"], str):
        raise ValueError("another state, or another digest")
    return Answer(**{**value, "lines": lines_of(value["lines"])})


def _complete_bytes(path: Path) -> int:
    """How many bytes its complete lines are."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65536)
            file.seek(start)
            if (place := file.read(end - start).rfind(b"\n")) >= 0:
                return start + place + 1
            end = start
    return 0
