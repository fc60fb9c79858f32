"""A real Redis of its own for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.rigs.local_server import LocalServer


class RedisServer(LocalServer):
    """A server that keeps what it has on the disk, with its address."""

    PROGRAM = PACKAGE = "redis-server"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self, port: int) -> bool:
        """Whether it has read what is on the disk and takes commands."""
        try:
            with Redis(port=port) as asked:
                return bool(asked.ping())
        except RedisConnectionError:  # it is loading: redis.exceptions.BusyLoadingError
            return False

    def options(self, port: int) -> list[str]:
        given = {"port": port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "yes", "save": ""}  # fmt: skip
        return [word for name, value in given.items() for word in (f"--{name}", str(value))]


def redis_servers(folder: Path) -> Iterator[RedisServer]:
    """For a fixture."""
    server = RedisServer(folder)
    try:
        yield server
    finally:
        server.stop()
