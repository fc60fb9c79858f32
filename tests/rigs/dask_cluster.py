"""A real scheduler and workers of Dask, as programs of their own on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.conftest import ROOT

PRELOAD = str(ROOT / "tests/rigs/dask_preload.py")
TRIALS, PAUSE = 2400, 0.05  # seconds between two of them


def disturbance(**asked: object) -> dict[str, str]:
    """The environment of workers that do something in the middle of a task."""
    asked = {name: str(value) for name, value in asked.items()}
    return {"DISTURBANCE": json.dumps(asked), "DASK_DISTRIBUTED__WORKER__PRELOAD": PRELOAD}


class DaskCluster:
    """A scheduler, and as many workers as are started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.programs: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        until(lambda: self.file.is_file() and self.file.read_text().endswith("}"))

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return str(json.loads(self.file.read_text())["address"])

    def worker(
        self, *options: str, hidden: Path | None = None, **environ: str
    ) -> subprocess.Popen[bytes]:
        """Start a worker; `hidden` is a folder that it finds empty."""
        scratch = ("--local-directory", str(self.folder), "--no-dashboard", "--nthreads", "1")
        return self._start("worker", *scratch, *options, before=without(hidden), **environ)

    def _start(
        self, kind: str, *options: str, before: Sequence[str] = (), **environ: str
    ) -> subprocess.Popen[bytes]:
        words = [*before, sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
        with (self.folder / f"{kind}.log").open("ab") as log:
            program = subprocess.Popen(
                [*words, "--scheduler-file", str(self.file)],
                cwd=self.folder,  # which Python looks into first
                env={**os.environ, **environ},
                stdout=log,
                stderr=log,
            )
        self.programs.append(program)
        return program

    def end(self) -> None:
        """End all of them, and what they have started."""
        for program in reversed(self.programs):
            end_all(program.pid)
            program.wait()


def without(folder: Path | None) -> list[str]:
    """The words before a program that finds a folder empty, by a file system of its own there; none
    for no folder."""
    if folder is None:
        return []
    over = 'mount -t tmpfs tmpfs "$0" && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", over, str(folder)]


def end_all(pid: int) -> None:
    """Kill a process and those that it has started."""
    try:
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for each in family:
        if each.is_running():
            each.kill()


@contextmanager
def dask_cluster(folder: Path) -> Iterator[DaskCluster]:
    """A cluster that ends with the block."""
    folder.mkdir()
    cluster = DaskCluster(folder)
    try:
        yield cluster
    finally:
        cluster.end()


def until(is_so: object) -> None:
    """Wait for a condition. Raises TimeoutError where it never comes."""
    assert callable(is_so)
    for _ in range(TRIALS):
        if is_so():
            return
        time.sleep(PAUSE)
    raise TimeoutError("it never came")
