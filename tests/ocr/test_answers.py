"""The file of answers: what is in it survives a kill, a second process is kept out, and a damaged line costs itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import Busy
from archive.ocr.answers import FILE, Answer, AnswerFile, answers, damaged_lines
from archive.ocr.lines import TextLine

LINE = TextLine("汛期", (10, 20, 60, 30), 0.98, (10, 40))


def answer(digest: str, reader: str = "r 1") -> Answer:
    return Answer(
        payload_digest=digest, state="read", reader=reader, width=750, height=900, lines=(LINE,)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with AnswerFile(tmp_path / FILE) as file:
        for digest in ("sha1:A", "sha1:B"):
            file.add(answer(digest))
    return tmp_path / FILE


def test_answers_come_back_as_they_were(path: Path) -> None:
    assert answers(path) == {"sha1:A": answer("sha1:A"), "sha1:B": answer("sha1:B")}
    assert answers(path.with_name("none")) == {}


def test_the_later_answer_counts(path: Path) -> None:
    with AnswerFile(path) as file:
        file.add(answer("sha1:A", "r 2"))
    assert [each.reader for each in answers(path).values()] == ["r 2", "r 1"]


@pytest.mark.parametrize("length", [1, 40, 100])
def test_a_line_that_a_kill_cut_off_is_not_there(path: Path, length: int) -> None:
    complete = path.read_bytes()
    path.write_bytes(complete + complete[:length])
    assert list(answers(path)) == ["sha1:A", "sha1:B"] and not damaged_lines(path)
    with AnswerFile(path) as file:
        file.add(answer("sha1:C"))
    assert list(answers(path)) == ["sha1:A", "sha1:B", "sha1:C"] and not damaged_lines(path)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"7",
        b"{}",
        b"\xff\xfe",
        b'{"payload_digest": "sha1:D", "state": "odd", "reader": "r", "lines": []}',
        b'{"payload_digest": "sha1:D", "state": "read", "reader": "r", "lines": 7}',
        b'{"payload_digest": "sha1:D", "state": "read", "reader": "r", "lines": [{"text": "a", '
        b'"box": [1, 2, 3, 4], "confidence": 1, "lefts": []}]}',
        b'{"payload_digest": "sha1:D", "state": "read", "reader": "r", "lines": [], "more": 1}',
    ],
)
def test_a_damaged_line_costs_itself(path: Path, line: bytes) -> None:
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + line + b"\n" + second)
    assert list(answers(path)) == ["sha1:A", "sha1:B"]
    assert damaged_lines(path) == [2]


def test_a_second_process_is_kept_out(path: Path) -> None:
    with AnswerFile(path), pytest.raises(Busy, match="Another run reads the pictures"):
        AnswerFile(path)
