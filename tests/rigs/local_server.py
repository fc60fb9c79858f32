"""A real server of its own for a test, on loopback, on a free port."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import pytest

from tests.rigs.serving import serve


class LocalServer(ABC):
    """A server whose data are in a folder; it may be stopped and started again."""

    PROGRAM: ClassVar[str]
    PACKAGE: ClassVar[str]  # of Debian

    def __init__(self, folder: Path) -> None:
        program = shutil.which(self.PROGRAM)
        if program is None:
            pytest.skip(f"{self.PROGRAM} is not here (apt-get install {self.PACKAGE})")
        self.port: int | None = None
        self.folder, self.program = folder, program
        self.start()

    @abstractmethod
    def options(self, port: int) -> list[str]:
        """Words of its command line."""

    @abstractmethod
    def answers(self, port: int) -> bool:
        """Whether it answers, by its own protocol."""

    def start(self) -> None:
        """Start it, and wait until it answers; where it can, on the port that it had before."""
        self.folder.mkdir(exist_ok=True)
        self.running = serve(
            lambda port: [self.program, *self.options(port)],
            self.answers,
            self.folder.with_name(f"{self.folder.name}.printed"),
            port=self.port,
        )
        self.port = self.running.port

    def stop(self) -> None:
        """End it."""
        self.running.end()
