"""A real Redis of its own for a test, on loopback, on a free port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


class RedisServer:
    """A server that was started; its data end with it unless `folder` is given to another."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not here (apt-get install redis-server)")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder, self.program = folder, program
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "yes", "save": ""}  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(
            [self.program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, "redis-server ended"
            time.sleep(0.02)
        raise TimeoutError("redis-server does not answer")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


def redis_servers(folder: Path) -> Iterator[RedisServer]:
    """For a fixture."""
    server = RedisServer(folder)
    try:
        yield server
    finally:
        server.stop()
