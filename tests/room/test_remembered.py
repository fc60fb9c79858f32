"""What is asked of the complete archive is asked once of each state, however many readers come at the same time."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Lock

import pytest

from archive.archive import Archive
from archive.room.remembered import remembered
from tests.rigs.corpus import row, write


class Counting:
    """Counts how often it was asked; takes its time."""

    def __init__(self) -> None:
        self.number, self._lock = 0, Lock()

    def __call__(self) -> int:
        with self._lock:
            self.number += 1
        time.sleep(0.05)
        return self.number


def ask(folder: Path, make: Counting, *of: object, seconds: float = 60.0) -> int:
    with Archive(folder) as archive:
        return remembered(archive, "test", make, *of, seconds=seconds)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "archive.db", [row(1, "题", "文", "甲", "2020-01-01T00:00:00+08:00")])
    return tmp_path


def test_readers_at_the_same_time_wait_for_one_answer(folder: Path) -> None:
    make = Counting()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: ask(folder, make), range(8))) == {1}
    assert make.number == 1


def test_another_state_another_question_and_another_time_are_asked_anew(folder: Path) -> None:
    make = Counting()
    assert [ask(folder, make, *of) for of in ((), (), ("a",), ("b",), ("a",))] == [1, 1, 2, 3, 2]
    assert ask(folder, make, seconds=0) == 4
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("UPDATE articles SET title = '新'")
        db.commit()
    assert ask(folder, make) == 5


def test_what_fails_is_asked_again(folder: Path) -> None:
    def fail() -> int:
        raise ValueError("no")

    with Archive(folder) as archive:
        with pytest.raises(ValueError, match="no"):
            remembered(archive, "failing", fail)
        assert remembered(archive, "failing", lambda: 7) == 7
