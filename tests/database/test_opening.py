"""A sound database is read whoever may write next to it, with its write-ahead log and without."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.database.opening import connect, how_it_is_read
from archive.platforms import load
from archive.verification.archive import check_archive
from archive.warc import chaining
from tests.rigs.history import played
from tests.rigs.small_disk import only_readable, zhengwen

NEW = "INSERT INTO about (topic, text) VALUES ('new', 'in the log')"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    played(folder, ["0h ok listed", "1d edit"])
    chaining.extend(folder)
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def closed(folder: Path) -> None:
    """As every command leaves it."""


def with_a_log(folder: Path) -> None:
    """A kill has left the log and its index."""
    writer = sqlite3.connect(folder / "archive.db")
    writer.execute(NEW)
    writer.commit()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(folder / f"archive.db{suffix}", folder / f"kept{suffix}")
    writer.close()
    for suffix in ("", "-wal", "-shm"):
        (folder / f"kept{suffix}").rename(folder / f"archive.db{suffix}")


def with_a_log_alone(folder: Path) -> None:
    """A backup program has left out the index of the log."""
    with_a_log(folder)
    (folder / "archive.db-shm").unlink()


def with_a_log_and_an_empty_index(folder: Path) -> None:
    with_a_log(folder)
    (folder / "archive.db-shm").write_bytes(bytes(32768))


def with_an_empty_log(folder: Path) -> None:
    (folder / "archive.db-wal").touch()
    (folder / "archive.db-shm").touch()


def without_a_log(folder: Path) -> None:
    """As a package has it, and as `VACUUM INTO` makes one."""
    with sqlite3.connect(folder / "archive.db") as db:
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()


STATES: dict[Callable[[Path], None], int] = {
    closed: 0, with_a_log: 1, with_a_log_alone: 1, with_a_log_and_an_empty_index: 1, with_an_empty_log: 0, without_a_log: 0,
}  # fmt: skip


@pytest.mark.e2e
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_database_in_a_folder_that_may_only_be_read_is_read(
    state: Callable[[Path], None], copy: Path
) -> None:
    state(copy)
    before = {path.name: path.read_bytes() for path in copy.iterdir() if path.is_file()}
    with only_readable(copy):
        db = connect(copy / "archive.db")
        assert db.execute("SELECT count(*) FROM about WHERE topic = 'new'").fetchone() == (
            STATES[state],
        )
        assert db.execute("SELECT count(*) FROM articles").fetchone()[0] > 1
        db.close()
        for words, part in ((("search", "会议"), "thepaper"), (("status",), "2 articles")):
            done = zhengwen(copy, *words)
            assert done.returncode == 0 and part in done.stdout, (words, done.stderr)
        findings = [str(finding) for finding in check_archive(copy, load())]
        assert len(findings) == STATES[state], findings  # the row that is not of the WARC files
        assert zhengwen(copy, "index").returncode == 2
    assert before == {path.name: path.read_bytes() for path in copy.iterdir() if path.is_file()}


def test_a_database_that_can_be_written_is_read_with_locks(copy: Path) -> None:
    assert how_it_is_read(copy / "archive.db") is None


@pytest.mark.e2e
def test_a_reader_says_how_it_reads(copy: Path) -> None:
    with only_readable(copy):
        assert "as a file that nobody changes" in zhengwen(copy, "verify", "--quick").stderr
    with_a_log_alone(copy)
    with only_readable(copy):
        assert "without locks" in zhengwen(copy, "verify", "--quick").stderr


@pytest.mark.e2e
def test_a_package_is_made_of_an_archive_that_may_only_be_read(copy: Path, tmp_path: Path) -> None:
    with_a_log_alone(copy)
    with only_readable(copy):
        done = zhengwen(copy, "export", str(tmp_path / "package"), "--tier", "text")
        assert done.returncode == 0, done.stderr
    assert zhengwen(copy, "verify", "--package", str(tmp_path / "package")).returncode == 0
