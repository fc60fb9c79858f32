"""The workers as the one process that distributes the work sees them: tasks go out, results come
back, and whatever goes wrong with Dask is one sentence.

A worker that is lost costs its tasks alone, which Dask gives to another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from archive.database.producer import current
from archive.disk import write_completely
from archive.engine import tasks
from archive.engine.tasks import WorkerState
from archive.errors import ArchiveError, described
from archive.index.files import NoRows
from archive.platforms import Platforms

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 30.0  # seconds that a scheduler or the last worker may be away
PAUSE = 0.5  # seconds between two looks at whether they are
AGAIN = "the database of before is as it was; start it and run this again."
TODO = (
    "had too little memory or were killed; give each more (--memory-limit, or that of `dask "
    "worker`), or leave --engine out."
)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Something that a worker does.

    Attributes:
        name: the beginning of a sentence about it.
        function: of a module that the worker has.
        given: its arguments.
        priority: the highest is done first.
    """

    name: str
    function: Callable[..., Any]
    given: tuple[object, ...]
    priority: int = 0


@dataclass(slots=True, eq=False)
class Crew:
    """Workers, and what they have to do. `name` begins a sentence about their scheduler,
    `patience` is how many seconds it may be away."""

    client: Client
    name: str
    patience: float = PATIENCE
    _waiting: dict[Future, Task] = field(default_factory=dict)
    _ended: Queue[Future] = field(default_factory=Queue)
    _seen: float = 0.0

    def require_ready(self, platforms: Platforms, work: Path, folders: Iterable[Path]) -> None:
        """Check that there are workers, that each is the same program and sees the same files.

        Args:
            platforms: those of the archive.
            work: a folder, in which a probe is left.
            folders: those of WARC files and databases.

        Raises:
            ArchiveError: names the worker, and says what it lacks.
        """
        try:
            self.client.wait_for_workers(1, timeout=self.patience)
        except TimeoutError as error:
            raise NoRows(
                f"{self.name} has no worker; start some with `dask worker ADDRESS "
                "--nthreads 1` on each machine."
            ) from error
        probe = uuid4().hex
        write_completely(work / tasks.PROBE, probe.encode())
        seen = self.client.run(tasks.inspect, platforms, work, [*folders], on_error="return")
        for address, state in seen.items():
            if wrong := _wrong_with(state, platforms, work, probe):
                raise NoRows(f"The worker {address} {wrong}")

    def begin(self, task: Task) -> None:
        """Give a task to a worker."""
        future = self.client.submit(
            task.function,
            *task.given,
            key=f"{task.function.__name__}-{uuid4().hex}",
            priority=task.priority,
            pure=False,
        )
        self._waiting[future] = task
        future.add_done_callback(self._ended.put)

    def next(self) -> tuple[Task, Any]:
        """The next task that has ended, and what it returned.

        Raises:
            ArchiveError: it failed, or nobody is left to do it; then the others are given up.
        """
        self._seen = time.monotonic()
        while True:
            try:
                future = self._ended.get(timeout=PAUSE)
                break
            except Empty:
                self._require_workers()
        task = self._waiting.pop(future)
        return task, self._result(future, task)

    def _result(self, future: Future, task: Task) -> Any:
        from distributed import KilledWorker

        try:
            result = future.result(timeout=self.patience)
        except KilledWorker as error:
            raise NoRows(f"{task.name} ended one worker after the other, which {TODO}") from error
        except MemoryError as error:
            raise NoRows(
                f"{task.name} needs more memory than a worker has; give each more, or leave "
                "--engine out."
            ) from error
        except (CancelledError, TimeoutError) as error:
            raise self._gone() from error
        except (ArchiveError, OSError):
            raise
        except Exception as error:
            raise NoRows(
                f"{task.name} failed on a worker ({described(error)}); see that it has the same "
                "program as this machine, or leave --engine out."
            ) from error
        future.release()
        return result

    def _require_workers(self) -> None:
        """Raise NoRows where there was no worker for longer than may be."""
        try:
            is_running = self.client.status == "running"
            workers = self.client.scheduler_info()["workers"] if is_running else {}
        except (OSError, TimeoutError):
            is_running, workers = False, {}
        if workers:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > self.patience:
            if not is_running:
                raise self._gone()
            raise NoRows(f"{self.name} has lost all its workers, which {TODO}")

    def _gone(self) -> NoRows:
        return NoRows(f"{self.name} is gone, or has lost its tasks; {AGAIN}")


def _wrong_with(
    state: WorkerState | Exception, platforms: Platforms, work: Path, probe: str
) -> str | None:
    """What is wrong with a worker, as the rest of a sentence."""
    if not isinstance(state, WorkerState):
        return (
            f"cannot run this program ({described(state)}); install there the same version of "
            "zhengwen, and start it again."
        )
    if others := tasks.differences(state.producer, current(platforms)):
        return f"has {', '.join(others)}; install there what is here, and start it again."
    if state.probe != probe:
        return f"does not see {work}; mount the folder there at the same place."
    if state.missing:
        return f"does not see {state.missing[0]}; mount the folder there at the same place."
    return None
