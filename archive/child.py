"""A process of the program's own for what may end a process: a question costs itself alone."""

from __future__ import annotations

import os
import resource
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import current_process, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

WasEnded = Literal["too-slow", "ended-process"]
ENDED = "the process that read it was killed, or out of memory"


class NoAnswer(Exception):
    """A question that a process did not answer.

    Args:
        state: whether it was given up, or the process ended.
        detail: for a person.
    """

    def __init__(self, state: WasEnded, detail: str) -> None:
        super().__init__(detail)
        self.state, self.detail = state, detail


class ChildProcess:
    """A process that answers one question after the other, begun again where one has ended it. A
    context manager."""

    def __init__(self, serve: Callable[[Connection], None], seconds: float) -> None:
        """Say what runs in it.

        Args:
            serve: a function of a module, which answers until its parent closes the connection.
            seconds: that one answer may take, starting the process included.
        """
        self._target = serve
        self._seconds = seconds
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end()

    def _ask(self, *question: object) -> Any:
        """The answer to a question. Raises NoAnswer; the process is another one then."""
        connection = self._connection or self._begin()
        try:
            connection.send(question)
            if connection.poll(self._seconds):
                return connection.recv()
            reason = NoAnswer("too-slow", f"it takes more than {self._seconds:g} seconds")
        except (EOFError, OSError):
            reason = NoAnswer("ended-process", ENDED)
        self._end()
        raise reason

    def _begin(self) -> Connection:
        """Start the process. Raises OSError where it cannot be."""
        context = get_context("spawn")
        connection, theirs = context.Pipe()
        process = context.Process(target=self._target, args=(theirs,), daemon=True)
        with interrupts_blocked():
            process.start()
        theirs.close()
        self._process, self._connection = process, connection
        return connection

    def _end(self) -> None:
        if self._process and self._connection:
            self._connection.close()
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Ctrl-C reaches all processes of a terminal, and the program's own alone decides: a process
    that is started within lets it pass."""
    resource_tracker.ensure_running()  # which unblocks the signal as it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _interrupt_put_off():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupt_put_off() -> Iterator[None]:
    """The threads of a library do not block the signal, and Python's handler then runs in the main
    thread all the same: a child that is half started would end with a traceback."""
    handler = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or not callable(handler):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came:
            signal.raise_signal(signal.SIGINT)  # comes when it is unblocked


def limit(memory: int) -> None:
    """Bind this process, as the first that a child does, to so many bytes of addresses and to the
    life of its parent."""
    end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    warnings.simplefilter("ignore")  # of damaged files; what matters is the answer


def answer_all(connection: Connection, answer: Callable[..., object]) -> None:
    """Answer until the parent closes the connection or ends; without memory the process ends."""
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(_answered(answer, connection.recv()))


def _answered(answer: Callable[..., object], question: tuple[object, ...]) -> object:
    try:
        return answer(*question)
    except MemoryError:
        os._exit(1)


def end_with_parent() -> None:
    """End this process where its parent was killed, which ends no process by itself: it would read
    on, or wait for ever."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


@contextmanager
def may_have_children() -> Iterator[None]:
    """Lets a daemon of multiprocessing, as a worker of Dask is, start processes as other programs
    do: those that are started here end with their parent by themselves.

    multiprocessing refuses it by a mark of the process, for fear of orphans.
    """
    marks: dict[str, object] = getattr(current_process(), "_config", {})
    daemon = marks.pop("daemon", None)
    try:
        yield
    finally:
        if daemon is not None:
            marks["daemon"] = daemon
