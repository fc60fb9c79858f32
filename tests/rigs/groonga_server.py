"""A real Groonga of its own for a test, on loopback, on a free port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TRIALS, PAUSE = 600, 0.05  # till it answers; seconds


class GroongaServer:
    """A server whose data are in a folder; it may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("groonga")
        if program is None:
            pytest.skip("groonga is not here (apt-get install groonga-bin)")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder, self.program = folder, program
        self.url = f"groonga://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        data = self.folder / "db"
        words = [
            "-s",
            "--protocol",
            "http",
            "--bind-address",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        words += ["--log-path", str(self.folder / "log"), *([] if data.exists() else ["-n"]), str(data)]  # fmt: skip
        self.process = subprocess.Popen(
            [self.program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(TRIALS):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, "groonga ended"
            time.sleep(PAUSE)
        raise TimeoutError("groonga does not answer")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def groonga(folder: Path) -> Iterator[GroongaServer]:
    """A server, for as long as it is needed."""
    server = GroongaServer(folder)
    try:
        yield server
    finally:
        server.stop()
