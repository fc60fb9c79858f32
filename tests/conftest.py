"""Fixtures: a loopback web with The Paper in it, an archive folder, and the program as a user starts it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.warm import WarmPrograms
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

ROOT = Path(__file__).parents[1]
Program = Callable[..., "subprocess.CompletedProcess[str]"]
STARTERS = {"web", "thepaper", "zhengwen", "warm_programs"}  # fixtures of tests from end to end
NOT_INSTALLABLE = "cannot be installed here"  # why a test may be skipped even in CI
may_start_programs = False  # whether the test that runs now is marked so


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `e2e` what the fast set leaves out: tests in the loopback web, long ones, a browser's."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if (
            STARTERS & names
            or item.get_closest_marker("slow")
            or item.get_closest_marker("browser")
        ):
            item.add_marker("e2e")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Who runs which tests: those of a group one process."""
    from tests.rigs.groups import ByGroup  # needs xdist, which this hook comes from

    return ByGroup(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let only tests that are marked `e2e` start a program: the fast set stays fast."""
    global may_start_programs
    may_start_programs = item.get_closest_marker("e2e") is not None
    try:
        return (yield)
    finally:
        may_start_programs = False


STARTS = {
    "subprocess.Popen",
    "multiprocessing",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.exec",
    "os.system",
}


def _no_unmarked_program(event: str, arguments: tuple[object, ...]) -> None:
    started = event in STARTS and not may_start_programs
    if started and "PYTEST_CURRENT_TEST" in os.environ:
        raise AssertionError(f"a test that starts a program is marked e2e: {arguments[:2]}")


sys.addaudithook(_no_unmarked_program)
_start_process = BaseProcess.start


def _start_where_marked(process: BaseProcess) -> None:
    """`multiprocessing` starts programs without an event that the hook could hear of."""
    _no_unmarked_program("multiprocessing", (process.name,))
    _start_process(process)


BaseProcess.start = _start_where_marked  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test where all are to run ($CI is true), unless no installation could help."""
    report = yield
    in_ci = os.environ.get("CI") == "true" and not hasattr(report, "wasxfail")
    if report.skipped and in_ci and NOT_INSTALLABLE not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture
def web(tmp_path: Path) -> Iterator[LoopbackWeb]:
    """A loopback web without sites."""
    loopback = LoopbackWeb(tmp_path)
    yield loopback
    loopback.close()


@pytest.fixture
def thepaper(web: LoopbackWeb) -> ThePaper:
    """The stand-in of The Paper, empty."""
    return ThePaper().join(web)


@pytest.fixture
def archive_dir(tmp_path: Path) -> Path:
    """An empty archive folder."""
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def warm_programs() -> Iterator[WarmPrograms]:
    """Processes of the program that need not import it again."""
    with WarmPrograms() as programs:
        yield programs


@pytest.fixture
def zhengwen(web: LoopbackWeb, archive_dir: Path, warm_programs: WarmPrograms) -> Program:
    """Runs `zhengwen --archive FOLDER …` in a process of its own, in the loopback web."""

    def run(
        *words: str, check: int | None = 0, archive: Path = archive_dir
    ) -> subprocess.CompletedProcess[str]:
        done = warm_programs.run(
            ["--archive", str(archive), *words], {**os.environ, **web.environ()}, ROOT, timeout=120
        )
        if check is not None:
            assert done.returncode == check, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def shared() -> Path:
    """Material that cannot be part of the project: saved pages of others, the seed article."""
    return material(ROOT.parent / "shared")


def material(folder: Path) -> Path:
    """The folder, where all of the material is in it; otherwise the test is skipped."""
    if missing := [name for name in ("eval", "pages", "seed") if not any(folder.glob(f"{name}/*"))]:
        names = ", ".join(f"../{folder.name}/{name}" for name in missing)
        pytest.skip(f"saved pages of other people ({names}) {NOT_INSTALLABLE}")
    return folder


ACCOUNT = "https://www.thepaper.cn/gov_44871"
FAST = ("-s", "DOWNLOAD_DELAY=0")


def rows(archive: Path, statement: str, *values: object) -> list[dict[str, object]]:
    """What a statement gives on the archive's database."""
    db = sqlite3.connect(archive / "archive.db")
    db.row_factory = sqlite3.Row
    records = [dict(row) for row in db.execute(statement, values)]
    db.close()
    return records


def captured(archive: Path) -> list[dict[str, object]]:
    """All captures in time."""
    return rows(archive, "SELECT * FROM captures ORDER BY captured_at, id")


def dump(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """The logical content of the database: every row of every table in a fixed order, the full-text terms included.

    Without `articles.pk`, which counts the order of arrival: the index is compared by the ids that its keys stand for.
    Without what it notes of the chain, which is no function of the WARC files.
    """
    db = sqlite3.connect(archive / "archive.db")
    names = [
        row[0]
        for row in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
        )
    ]
    columns = {
        name: [row[1] for row in db.execute(f"PRAGMA table_info({name})") if row[1] != "pk"]
        for name in names
    }
    tables = {
        name: sorted(db.execute(f"SELECT {', '.join(columns[name])} FROM {name}"), key=repr)
        for name in names
    }
    tables["about"] = [row for row in tables["about"] if row[0] != "chain"]
    db.execute("CREATE VIRTUAL TABLE temp.places USING fts5vocab(main, articles_fts, instance)")
    tables["terms"] = sorted(
        db.execute("SELECT DISTINCT term, id FROM temp.places LEFT JOIN articles ON pk = doc"),
        key=repr,
    )
    db.close()
    return tables


def validate(archive: Path) -> None:
    """Every WARC validator that runs here is content with every file."""
    files = sorted(map(str, (archive / "warc").glob("*.warc.gz")))
    assert files and not list((archive / "warc").glob("*.open"))
    check("gzip", "-t", *files)
    check(installed("warcio"), "check", *files)
    for file in files:
        check(installed("fastwarc"), "check", file)


def check(*command: str) -> None:
    """Run a program that must be content."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def installed(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def apart(program: str, package: str) -> str:
    """A program whose pins do not go together with ours, so that it has an environment of its own at the end of PATH."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(
            f"{program} is not here (pip install {package} in an environment of its own, its bin at the end of PATH)"
        )
    return path
