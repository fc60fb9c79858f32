"""Workers of Dask: those of a scheduler that runs somewhere, or some that are started here."""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from archive.child import interrupts_blocked
from archive.engine.crew import PATIENCE, Crew
from archive.errors import ArchiveError, UsageError
from archive.index.workers import QUIET

INSTALL = (
    "The engine dask needs the library distributed; run `pip install 'zhengwen[dask]'`, or leave "
    "--engine out."
)
ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}", re.ASCII)
CONNECT = 10.0  # seconds till a scheduler answers
SILENT = logging.CRITICAL + 1
LOGGERS = ("distributed", "distributed.client", "tornado.application", "asyncio")

# Before the library is imported: workers that are started here take it from there.
os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")

try:
    from dask.utils import parse_bytes
    from distributed import Client, LocalCluster
except ImportError as error:
    raise UsageError(INSTALL) from error


@contextmanager
def workers_of(address: str, *, patience: float = PATIENCE) -> Iterator[Crew]:
    """The workers of a scheduler.

    Args:
        address: such as `tcp://queue.example:8786`.
        patience: seconds that a scheduler or a worker may be away.

    Raises:
        UsageError: it is no address.
        ArchiveError: no scheduler answers there.
    """
    if not ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address} is no address of a Dask scheduler; give --scheduler one such as "
            "tcp://queue.example:8786."
        )
    with _silent(), _connected(address, f"The Dask scheduler at {address}", patience) as crew:
        yield crew


@contextmanager
def workers_here(
    count: int, memory: str | None = None, *, patience: float = PATIENCE
) -> Iterator[Crew]:
    """Workers that are started on this machine and end with the work.

    Args:
        count: processes.
        memory: that each may take, such as `2GB`: one that takes more is ended and started again.
            None: its share of the machine's.
        patience: as for `workers_of`.

    Raises:
        UsageError: the memory is no size.
        ArchiveError: they cannot be started.
    """
    limit = "auto" if memory is None else _size(memory)
    if QUIET not in sys.warnoptions:
        sys.warnoptions.append(QUIET)
    with _silent():
        with interrupts_blocked():  # Ctrl-C is for this process; the workers end with it
            cluster = _started(count, limit)
        with (
            cluster,
            _connected(cluster.scheduler_address, "Dask on this machine", patience) as crew,
        ):
            yield crew


def _started(count: int, limit: str | int) -> LocalCluster:
    try:
        return LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            memory_limit=limit,
            host="127.0.0.1",
            dashboard_address=None,
            worker_dashboard_address=None,
            silence_logs=SILENT,
        )
    except (OSError, RuntimeError, TimeoutError) as error:
        raise ArchiveError(
            f"The workers cannot be started here ({_reason(error)}); give fewer (--workers), or "
            "more memory to each (--memory-limit)."
        ) from error


def _size(memory: str) -> int:
    try:
        size = int(parse_bytes(memory))
    except ValueError:
        size = 0
    if size <= 0:
        raise UsageError(f"{memory} is no size of memory; give --memory-limit one such as 2GB.")
    return size


@contextmanager
def _connected(address: str, name: str, patience: float) -> Iterator[Crew]:
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ArchiveError(
            f"{name} does not answer ({_reason(error)}); start it with `dask "
            "scheduler`, or correct the address."
        ) from error
    try:
        yield Crew(client, name, patience)
    finally:
        with suppress(OSError, TimeoutError):  # it may be gone
            client.close(timeout=patience)


def _reason(error: Exception) -> str:
    """The first line of what a library says."""
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")


@contextmanager
def _silent() -> Iterator[None]:
    """What Dask logs is for the developers of clusters; what matters is said in a sentence."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(SILENT)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, which are compared, and of ports
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
