"""The Redis of a cluster: its address, its keys, and what is said where it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from archive.errors import ArchiveError, UsageError

PREFIX = "zhengwen:"
HOSTS = f"{PREFIX}host:"  # + host: a hash, as host.lua has it
WORKERS = f"{PREFIX}workers"  # sorted set: each worker, until when it is alive
PLATFORMS = f"{PREFIX}platforms"  # set: the platforms that are or were crawled
SCHEMES = ("redis", "rediss", "unix")
PATIENCE = 10.0  # seconds for one answer
INSTALL = (
    "A cluster needs the libraries redis and scrapy-redis; run `pip install 'zhengwen[cluster]'`."
)

try:
    from redis import Redis
    from redis.backoff import ExponentialBackoff
    from redis.exceptions import ConnectionError as NoConnection
    from redis.exceptions import RedisError
    from redis.exceptions import TimeoutError as NoAnswer
    from redis.retry import Retry
except ImportError as error:
    raise UsageError(INSTALL) from error

_lost: WeakKeyDictionary[Redis, str] = WeakKeyDictionary()


def connect(url: str) -> Redis:
    """A connection to the Redis at an address, which has answered.

    Args:
        url: such as `redis://:PASSWORD@queue.example:6379/0`.

    Raises:
        UsageError: it is no address of a Redis.
        ArchiveError: none answers there.
    """
    if urlsplit(url).scheme not in SCHEMES:  # which may have a password: it is not repeated
        raise UsageError(
            "That is no address of a Redis; give --cluster one such as "
            "redis://queue.example:6379/0."
        )
    try:
        server: Redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(ExponentialBackoff(cap=1.0, base=0.1), 3),
            retry_on_error=[NoConnection, NoAnswer],
        )
    except ValueError as error:
        raise UsageError(f"The address of the Redis cannot be read: {error}.") from error
    with answering(server):
        server.ping()
    return server


def place_of(server: Redis) -> str:
    """Where a Redis is, without its password."""
    values = server.connection_pool.connection_kwargs
    if path := values.get("path"):
        return f"unix://{path}"
    return f"{values.get('host', 'localhost')}:{values.get('port', 6379)}/{values.get('db') or 0}"


def cut_off(server: Redis, sentence: str) -> None:
    """Ask a server no more, which would cost the patience of a timeout each time.

    Args:
        server: which did not answer.
        sentence: what `answering` says from now on.
    """
    _lost[server] = sentence


@contextmanager
def answering(server: Redis) -> Iterator[None]:
    """Turns what is wrong with the Redis into a sentence.

    Raises:
        ArchiveError: it does not answer, or refuses, or `cut_off` has noted so.
    """
    if server in _lost:
        raise ArchiveError(_lost[server])
    try:
        yield
    except RedisError as error:
        raise ArchiveError(
            f"The Redis at {place_of(server)} does not answer as it should ({error}); start or "
            "mend it, or name another with --cluster, and crawl again: what was captured is stored."
        ) from error
