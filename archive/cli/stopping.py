"""How a command ends when it is asked to: the first SIGINT (Ctrl-C), SIGTERM or SIGHUP (its
terminal is closed) stops it in order, a second one at once.

Both are safe at every moment, as `kill -9` is: what a command has finished stays, and the same
command goes on from there.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click

from archive.cli.output import complain

# `nohup` starts a program that is to outlive its terminal
OUTLIVES = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
SIGNALS = (signal.SIGINT, signal.SIGTERM, *(() if OUTLIVES else (signal.SIGHUP,)))
CODE = 1  # the exit code of a command that was asked to stop


@contextmanager
def stoppable() -> Iterator[None]:
    """Turns the first signal into KeyboardInterrupt, so that what is open is closed.

    Outside the main thread, where Python has no signals, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(program: click.Command, name: str) -> None:
    """Run the program of this process, and end the process with its exit code.

    Python takes its time to end, longest where threads are left, and would take a signal
    meanwhile for another end than the one that the command had.

    Raises:
        SystemExit: always.
    """
    atexit.register(_ignore)  # registered first, it is called last, when all threads have ended
    code: object = CODE
    try:
        program(prog_name=name)
    except SystemExit as end:
        code = end.code or 0
        raise
    finally:
        for number in SIGNALS:
            signal.signal(number, lambda *_: os._exit(code if isinstance(code, int) else CODE))


def _ignore() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, _end)
    raise KeyboardInterrupt


def _end(number: int, frame: FrameType | None) -> None:
    try:
        with suppress(RuntimeError):  # a line was just being written
            complain("It was asked twice to stop, and ended at once; it can be run again.")
    finally:
        os._exit(CODE)
