"""A Redis for the tests of clusters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.redis_server import RedisServer, redis_servers


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for the tests of a file; each uses hosts, platforms or databases of its own."""
    yield from redis_servers(Path(tmp_path_factory.mktemp("redis")))
