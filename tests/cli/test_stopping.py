"""`index`, `rebuild`, `export` and `sign`, killed or asked to stop at any moment: the documented exit code, nothing lost, and nothing that looks finished."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals

import psutil
import pytest

from archive.index.workers import WORTH_WORKERS
from archive.verification.chain import check_chain
from archive.warc.signing import SIGNATURES
from tests.conftest import ACCOUNT, FAST, ROOT, dump
from tests.crawler.test_kill import wave
from tests.fixtures import FOLDER
from tests.fuzz.records import pack, read
from tests.rigs.handover_world import same
from tests.rigs.keys import pem_key
from tests.rigs.killing import Killer, share
from tests.rigs.serving import until
from tests.rigs.signals import passes_by
from tests.rigs.warm import WarmPrograms
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

WAVES = 3
pytestmark = pytest.mark.xdist_group("stopping")
Run = Callable[..., float]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, warm_programs: WarmPrograms) -> Path:
    """An archive of some crawls; a test takes a copy."""
    folder = tmp_path_factory.mktemp("crawled")
    web = LoopbackWeb(folder)
    try:
        paper = ThePaper().join(web)
        killer = Killer(warm_programs, web.environ(), folder / "archive")
        killer.archive_dir.mkdir()
        for number in range(WAVES):
            paper.add(*wave(number))
            killer.timed("crawl", ACCOUNT, *FAST)
    finally:
        web.close()
    return killer.archive_dir


@pytest.fixture
def filled(crawled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(crawled, tmp_path / "archive")


@pytest.fixture
def killer(warm_programs: WarmPrograms, filled: Path) -> Killer:
    return Killer(warm_programs, {}, filled)


@pytest.fixture
def run(killer: Killer) -> Run:
    """Runs a command to its end, which is to be a good one."""
    return killer.timed


def test_index_begins_again_where_it_was(killer: Killer, filled: Path, run: Run) -> None:
    live = dump(filled)
    seconds = killer.timed("index")

    for _ in share(0.2):
        for path in filled.glob("archive.db*"):
            path.unlink()
        killer.strike(4 * seconds, "index")
        run("index")
        assert dump(filled) == live
    assert killer.hits


def test_rebuild_leaves_the_database_that_was(killer: Killer, filled: Path, run: Run) -> None:
    live = dump(filled)
    before = {path.name for path in filled.iterdir()}
    seconds = killer.timed("rebuild")

    for _ in share(0.2):
        killer.strike(seconds, "rebuild")
        assert dump(filled) == live
    run("rebuild")

    assert killer.hits and dump(filled) == live
    assert {path.name for path in filled.iterdir()} <= before | {"archive.db-wal", "archive.db-shm"}


def test_a_comparison_leaves_nothing(killer: Killer, filled: Path, run: Run) -> None:
    before = {path.name for path in filled.iterdir()}
    seconds = killer.timed("rebuild", "--compare")

    for _ in share(0.1):
        killer.strike(seconds, "rebuild", "--compare")
    run("rebuild", "--compare")

    assert {path.name for path in filled.iterdir()} <= before | {"archive.db-wal", "archive.db-shm"}


def test_export_is_recognizably_unfinished_and_goes_on(
    killer: Killer, run: Run, tmp_path: Path
) -> None:
    undisturbed, dest = tmp_path / "undisturbed", tmp_path / "out" / "package"
    dest.parent.mkdir()
    seconds = killer.timed("export", str(undisturbed))

    for _ in share(0.15):
        struck = killer.strike(seconds, "export", str(dest))
        if not dest.exists():  # or it was struck after its last step
            assert struck.code != 0
            run("export", str(dest))
        assert same(undisturbed, dest) == []
        assert {path.name for path in dest.parent.iterdir()} <= {"package", "package.partial"}
        shutil.rmtree(dest)
    assert killer.hits


def test_sign_leaves_a_signature_or_none(
    killer: Killer, filled: Path, run: Run, tmp_path: Path
) -> None:
    key = pem_key(tmp_path / "key.pem")
    seconds = killer.timed("sign", "--key", str(key))

    for _ in share(0.1):
        shutil.rmtree(filled / SIGNATURES)
        killer.strike(seconds, "sign", "--key", str(key))
        assert list(check_chain(filled, filled / "warc")) == []
        run("sign", "--key", str(key))
        assert list(check_chain(filled, filled / "warc")) == []
        names = {path.suffix for path in (filled / SIGNATURES).iterdir()}
        assert names == {".pub", ".sig"}


@pytest.mark.e2e
@pytest.mark.parametrize(("number", "to_all"), [(SIGKILL, False), (SIGINT, True), (SIGTERM, True)])
def test_the_processes_that_read_end_with_the_program(
    number: Signals, to_all: bool, tmp_path: Path
) -> None:
    large_archive(tmp_path)
    command = [sys.executable, "-m", "archive", "--archive", str(tmp_path), "rebuild"]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        parent = psutil.Process(running.pid)
        while len(readers := children(parent)) < min(2, os.cpu_count() or 1):
            assert running.poll() is None
            time.sleep(0.01)
        # of Ctrl-C they would say that they were interrupted
        until(lambda: all(passes_by(each.pid, SIGINT) for each in readers), lambda: str(readers))
        (os.killpg if to_all else os.kill)(running.pid, number)
        message = running.communicate(timeout=120)[1]

    assert psutil.wait_procs(readers, timeout=180)[1] == []
    if number == SIGKILL:
        assert running.returncode == -SIGKILL
    else:
        assert running.returncode == 1 and message.count("\n") == 1 and "asked to stop" in message


def children(parent: psutil.Process) -> list[psutil.Process]:
    """The processes that read for a program."""
    return [child for child in parent.children() if "spawn_main" in " ".join(child.cmdline())]


def large_archive(folder: Path) -> None:
    """An archive that is worth several processes: a fixture, one of whose answers is large."""
    recs = read(FOLDER / "demo" / "account" / "capture.warc.gz")
    large = next(rec for rec in recs if rec.get(b"WARC-Type") == b"response")
    large.block = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + os.urandom(WORTH_WORKERS)
    (folder / "warc").mkdir()
    (folder / "warc" / "large.warc.gz").write_bytes(pack([rec.seal() for rec in recs]))


SWALLOWING = """
import time
import click
from archive.cli.stopping import {imported}run

@click.command()
def command():
    {enter}
        try:
            print("ready", flush=True)
            time.sleep(60)
        except:  # as libraries do
            pass
        print("made of nothing", flush=True)

run(command, "command")
"""


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("imported", "enter", "printed"),
    [("", "if True:", ""), ("orderly, ", "with orderly():", "made of nothing\n")],
)
def test_a_library_that_catches_everything_holds_no_signal_back(
    imported: str, enter: str, printed: str
) -> None:
    code = SWALLOWING.format(imported=imported, enter=enter)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout and running.stdout.readline() == "ready\n"
        running.terminate()
        output, message = running.communicate(timeout=120)

    assert (running.returncode, output) == (1, printed)
    assert message.count("\n") == 1 and "asked to stop" in message
