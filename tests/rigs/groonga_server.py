"""A real Groonga of its own for a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from tests.rigs.local_server import LocalServer

OPENER = build_opener(ProxyHandler({}))  # loopback needs no proxy


class GroongaServer(LocalServer):
    """A server, with the address by which a mirror asks it."""

    PROGRAM, PACKAGE = "groonga", "groonga-bin"

    @property
    def url(self) -> str:
        return f"groonga://127.0.0.1:{self.port}"

    def answers(self, port: int) -> bool:
        """Whether it reports its state."""
        try:
            with OPENER.open(f"http://127.0.0.1:{port}/d/status", timeout=30) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False

    def options(self, port: int) -> list[str]:
        data = self.folder / "db"
        words = [
            "-s",
            "--protocol",
            "http",
            "--bind-address",
            "127.0.0.1",
            "--port",
            str(port),
        ]
        return [*words, "--log-path", str(self.folder / "log"), *([] if data.exists() else ["-n"]), str(data)]  # fmt: skip


@contextmanager
def groonga(folder: Path) -> Iterator[GroongaServer]:
    """A server, for as long as it is needed."""
    server = GroongaServer(folder)
    try:
        yield server
    finally:
        server.stop()
