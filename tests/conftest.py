"""Fixtures: a loopback web with The Paper in it, an archive folder, and the program as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

ROOT = Path(__file__).parents[1]
Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[LoopbackWeb]:
    """A loopback web without sites."""
    found = LoopbackWeb(tmp_path)
    yield found
    found.close()


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


@pytest.fixture
def zhengwen(web: LoopbackWeb, archive_dir: Path) -> Program:
    """Runs `zhengwen --archive FOLDER …` in a process of its own, in the loopback web."""

    def run(*words: str, check: int | None = 0, archive: Path = archive_dir) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "crawler", "--archive", str(archive), *words]
        done = subprocess.run(command, env={**os.environ, **web.environ()}, capture_output=True, text=True, timeout=120, cwd=ROOT)
        if check is not None:
            assert done.returncode == check, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def shared() -> Path:
    """Material that cannot be part of the project: saved pages of others, the seed article."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the saved pages of other people are not beside this checkout (../shared)")
    return folder
