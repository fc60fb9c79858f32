"""A disk of a few megabytes that can really be full, and programs that may only read a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import NOT_INSTALLABLE, ROOT


@contextmanager
def small_disk(folder: Path, size: int, files: int = 0) -> Iterator[Path]:
    """A file system of its own in memory.

    Args:
        folder: where it is mounted, which needs the rights for it.
        size: bytes.
        files: how many files and folders it takes, itself included; 0 for any number.
    """
    folder.mkdir()
    options = f"size={size},nr_inodes={files}"
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a file system of its own {NOT_INSTALLABLE} ({done.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def only_readable(folder: Path) -> Iterator[None]:
    """Nobody may write into a folder, root included, as on a mounted snapshot or a DVD."""
    options = ("--bind", str(folder), str(folder)), ("-o", "remount,bind,ro", str(folder))
    for words in options:
        done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a mount that may only be read {NOT_INSTALLABLE} ({done.stderr.strip()})")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, left: int = 0) -> Path:
    """Fill a disk but for so many bytes; returns the file that does it."""
    ballast = disk / "ballast"
    status = os.statvfs(disk)
    size = max(0, status.f_bavail * status.f_frsize - left)
    with ballast.open("wb") as file:
        file.write(bytes(size))
    return ballast


def zhengwen(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program of the archive, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(folder), *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
