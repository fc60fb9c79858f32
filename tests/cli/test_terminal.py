"""What a person sees on a terminal: tables that are aligned, and progress; nothing of it in cron."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlite_utils
from wcwidth import wcswidth

from archive.archive import Archive
from archive.cli.progress import StepBars, byte_bar
from archive.cli.table import table
from archive.cli.texts import count_table
from archive.monitoring.summary import summary_of
from archive.warc import chaining
from tests.conftest import ROOT
from tests.rigs.history import STORY, History
from tests.rigs.warm import WarmPrograms

pytestmark = pytest.mark.e2e

Shown = Callable[..., str]
Ended = Callable[..., "subprocess.CompletedProcess[str]"]
HEADS = ("platform", "account", "name", "articles", "last crawl")
NAMES = ["武汉发布", "云溪发布（虚构）", "Yunxi", "共青团中央", "a", "😀政务", ""]
ACCOUNTS = """platform,account_id,name,url
thepaper,900,云溪发布（虚构）,https://www.thepaper.cn/gov_900
thepaper,00044871,武汉,https://www.thepaper.cn/gov_44871
"""


@pytest.fixture
def archive_dir(archive_dir: Path) -> Path:
    """An archive of one article and two followed accounts."""
    History(archive_dir).run(0, "ok", walk=[STORY])
    (archive_dir / "accounts.csv").write_text(ACCOUNTS, "utf-8")
    chaining.extend(archive_dir)
    Archive(archive_dir).index()
    return archive_dir


@pytest.fixture
def on_a_terminal(archive_dir: Path, warm_programs: WarmPrograms) -> Shown:
    """Gives what a command writes to a terminal of so many columns, standard error included."""

    def run(*words: str, columns: int = 80) -> str:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        typed = ["--archive", str(archive_dir), *words]
        program = warm_programs.start(typed, {**environ, "TERM": "xterm"}, ROOT, theirs)
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65_536):
                written += piece
        except OSError:
            pass  # Linux says so that the other end is closed
        os.close(ours)
        assert program.wait(180).returncode == 0, written.decode()
        return written.decode()

    return run


@pytest.fixture
def in_cron(archive_dir: Path, warm_programs: WarmPrograms) -> Ended:
    """Gives what a command writes to two files."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        typed = ["--archive", str(archive_dir), *words]
        done = warm_programs.run(typed, os.environ, ROOT, timeout=180)
        assert done.returncode == 0, done.stderr
        return done

    return run


@pytest.mark.parametrize(
    ("words", "summary"),
    [
        (["index"], "0 WARC files with 0 captures were new; the archive has 2 articles."),
        (["rebuild"], "archive.db was made again; the archive has 2 articles."),
        (["rebuild", "--compare"], "A rebuild would change nothing."),
        (["verify"], "Nothing is wrong with {folder}: every byte was checked"),
        (["export", "{folder}/package"], "Check it with `zhengwen verify --package"),
    ],
)
def test_long_work_ends_with_a_summary_on_a_terminal_alone(
    archive_dir: Path, on_a_terminal: Shown, in_cron: Ended, words: list[str], summary: str
) -> None:
    words = [word.format(folder=archive_dir) for word in words]
    shown = on_a_terminal(*words, columns=400)

    assert summary.format(folder=archive_dir) in shown
    shutil.rmtree(archive_dir / "package", ignore_errors=True)
    quiet = in_cron(*words)
    assert quiet.stdout + quiet.stderr == ""


def test_the_summary_of_runs_counts_articles(archive_dir: Path) -> None:
    archive = Archive(archive_dir)
    runs = [row[0] for row in archive.connection.execute("SELECT id FROM runs ORDER BY 1")]

    first = summary_of(archive.connection, runs)

    assert (first.asked, first.new, first.changed, first.missing, first.failed) == (2, 2, 0, 0, 0)
    assert str(first).startswith("2 articles asked for: 2 new, 0 changed, 0 missing")
    assert summary_of(archive.connection, []).asked == 0


def test_the_summary_has_edits_absences_and_failures(tmp_path: Path) -> None:
    history = History(tmp_path)
    for number, answer in enumerate(["ok", "edit", "404"]):
        history.run(number, answer, walk=[STORY])
    chaining.extend(tmp_path)
    Archive(tmp_path).index()
    archive = Archive(tmp_path)

    edit, gone = (summary_of(archive.connection, [run]) for run in _runs_in_order(archive)[1:])

    assert (edit.new, edit.changed, edit.failed, edit.unfinished) == (0, 1, 0, 0)
    assert (gone.new, gone.changed, gone.missing, gone.failed) == (0, 0, 1, 0)


def test_a_text_that_is_back_is_a_change_too(tmp_path: Path) -> None:
    history = History(tmp_path)
    for number, answer in enumerate(["ok", "edit", "ok", "ok"]):
        history.run(number, answer, walk=[STORY])
    with Archive(tmp_path) as archive:
        archive.index()
        changed = [summary_of(archive.connection, [run]).changed for run in _runs_in_order(archive)]

    assert changed == [0, 1, 1, 0]


def test_lists_that_were_not_walked_to_their_ends_are_counted(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.run(0, "ok", walk=[STORY])
    with Archive(tmp_path) as archive:
        archive.index()
        (run,) = _runs_in_order(archive)
    db = sqlite_utils.Database(tmp_path / "archive.db")
    db.execute("UPDATE coverage SET outcome = 'budget'")

    summary = summary_of(db.conn, [run])

    assert summary.unfinished == 1 and "at a limit of the run: 1" in str(summary)


def test_the_reason_in_a_summary_belongs_to_its_example(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.run(0, "ok", walk=[STORY])
    chaining.extend(tmp_path)
    Archive(tmp_path).index()
    db = sqlite_utils.Database(tmp_path / "archive.db")
    failures = [("https://a.example/", "timeout"), ("https://b.example/", "dns")]
    every = {"run": "r", "role": "article", "outcome": "failed", "failed_at": "2026-01-01"}
    every |= {"warc": "x", "offset": 0}
    db["failures"].insert_all(
        {"id": url, "url": url, "reason": reason, **every} for url, reason in failures
    )

    summary = summary_of(db.conn, ["r"])

    assert (summary.failed, summary.example, summary.reason) == (2, "https://a.example/", "timeout")


LEFT = {
    "none": ([None, "{}"], ""),
    "a file": (['{"attachment": {"count": 1, "example": "https://a.example/7.pdf"}}'], "1 row of lists not followed (such as https://a.example/7.pdf: attachment)"),
    "several reasons": (['{"no-address": {"count": 2, "example": "第1行"}, "other-host": {"count": 5, "example": "https://b.example/"}}'], "7 rows of lists not followed (such as https://b.example/: other-host)"),
    "several lists": (['{"no-address": {"count": 2, "example": "第1行"}}', '{"no-address": {"count": 1, "example": "第0行"}}'], "3 rows of lists not followed (such as 第0行: no-address)"),
    "not wanted": (['{"date-not-wanted": {"count": 9, "example": "https://a.example/1"}}'], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_a_summary_counts_the_rows_of_lists_that_were_not_followed(
    name: str, tmp_path: Path
) -> None:
    History(tmp_path).run(0, "ok", walk=[STORY])
    chaining.extend(tmp_path)
    Archive(tmp_path).index()
    db = sqlite_utils.Database(tmp_path / "archive.db")
    lists, words = LEFT[name]
    row = {"run": "r", "platform": "thepaper", "outcome": "new", "at": "2031-01-01"}
    for number, reasons in enumerate(lists):
        account = {"account_id": str(number), "record": f"r{number}"}
        db["coverage"].insert(row | account | {"left_out_reasons": reasons})

    assert (words or "not followed") in str(summary_of(db.conn, ["r"])) or not words
    assert ("not followed" in str(summary_of(db.conn, ["r"]))) == bool(words)


def _runs_in_order(archive: Archive) -> list[str]:
    return [row[0] for row in archive.connection.execute("SELECT id FROM runs ORDER BY started_at")]


def test_a_column_of_numbers_is_aligned_after_names_of_any_width() -> None:
    rows = [["thepaper", "1", name, number**5, "new"] for number, name in enumerate(NAMES)]

    lines = table(rows, HEADS).splitlines()

    assert len(lines) == len(rows) + 1
    ends = {wcswidth(line[: line.rindex("  ")]) for line in lines}
    assert len(ends) == 1, lines


def test_digits_of_an_id_stay_as_they_are() -> None:
    lines = table([["thepaper", "00044871", "1e5", 1, "new"]], HEADS).splitlines()

    assert lines[1].split() == ["thepaper", "00044871", "1e5", "1", "new"]


def test_counts_are_a_table_and_a_single_count_is_a_number() -> None:
    counts = {"武汉发布": 12, None: 3}

    assert [line.split() for line in "".join(count_table(counts, "account")).splitlines()] == [
        ["account", "articles"],
        ["武汉发布", "12"],
        ["-", "3"],
    ]
    assert list(count_table({None: 3}, "all")) == ["3"]
    assert list(count_table({}, "all")) == ["0"]
    assert list(count_table({}, "year")) == []


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_status_fits_the_terminal(on_a_terminal: Shown, columns: int) -> None:
    shown = on_a_terminal("status", columns=columns)

    lines = shown.replace("\r", "").splitlines()
    assert max(map(wcswidth, lines)) <= columns
    assert any("云溪发布（虚构）" in line and "900" in line for line in lines)
    assert any("00044871" in line for line in lines)


@pytest.mark.parametrize("columns", [70, 75, 79])
def test_status_fits_a_narrow_terminal(on_a_terminal: Shown, columns: int) -> None:
    shown = on_a_terminal("status", columns=columns)

    lines = shown.replace("\r", "").splitlines()
    assert max(map(wcswidth, lines)) <= columns
    assert any("900" in line for line in lines) and any("00044871" in line for line in lines)
    assert lines[2].split()[:3] == ["platform", "account", "name"]


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_each_cell_of_status_has_a_line_where_no_table_fits(
    on_a_terminal: Shown, columns: int
) -> None:
    lines = on_a_terminal("status", columns=columns).replace("\r", "").splitlines()

    assert {"platform: thepaper", "account: 900", "name: 云溪发布（虚构）"} <= {*lines}


def test_a_row_of_status_is_a_line_for_a_program(in_cron: Ended) -> None:
    lines = in_cron("status").stdout.splitlines()

    assert [line.split()[:2] for line in lines[3:]] == [
        ["thepaper", "900"],
        ["thepaper", "00044871"],
    ]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        (["index"], "indexing"),
        (["rebuild"], "indexing"),
        (["rebuild", "--compare"], "indexing"),
        (["verify"], "checking"),
        (["export", "{folder}/package"], "database"),
    ],
)
def test_long_work_shows_how_far_it_is_on_a_terminal_and_nothing_in_cron(
    archive_dir: Path, on_a_terminal: Shown, in_cron: Ended, words: list[str], label: str
) -> None:
    if words == ["index"]:
        (archive_dir / "archive.db").unlink()
    typed = [word.format(folder=archive_dir) for word in words]

    shown = on_a_terminal(*typed)
    quiet = in_cron(*typed, *(["--force"] if words[0] == "export" else []))

    assert label in shown and "100%" in shown
    assert quiet.stderr == ""


def test_bars_are_silent_where_standard_error_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with byte_bar("reading", 10) as progress:
        progress(10)
    with StepBars() as bars:
        bars("one", 1, 2)
        bars("two", 0, 0)

    assert capsys.readouterr() == ("", "")
