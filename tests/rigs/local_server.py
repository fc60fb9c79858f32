"""A real server of its own for a test, on loopback, on a free port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import pytest

TRIALS, PAUSE = 600, 0.05  # till it answers; seconds


class LocalServer(ABC):
    """A server whose data are in a folder; it may be stopped and started again."""

    PROGRAM: ClassVar[str]
    PACKAGE: ClassVar[str]  # of Debian

    def __init__(self, folder: Path) -> None:
        program = shutil.which(self.PROGRAM)
        if program is None:
            pytest.skip(f"{self.PROGRAM} is not here (apt-get install {self.PACKAGE})")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder, self.program = folder, program
        self.start()

    @abstractmethod
    def options(self) -> list[str]:
        """Words of its command line."""

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [self.program, *self.options()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(TRIALS):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, f"{self.PROGRAM} ended"
            time.sleep(PAUSE)
        raise TimeoutError(f"{self.PROGRAM} does not answer")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)
