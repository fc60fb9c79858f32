"""How a command ends when it is asked to, by SIGINT (Ctrl-C), SIGTERM or SIGHUP (its terminal is
closed): at once, with one sentence.

That is safe at every moment, as `kill -9` is: what a command has finished stays, and the same
command goes on from there. An exception at any place would not be: libraries catch all exceptions
here and there, and what they then make of a page or an index is wrong and looks finished. Only
what writes nothing is stopped by one, so that its temporary files are removed.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click

from archive.cli.output import complain

# `nohup` starts a program that is to outlive its terminal
OUTLIVES = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
SIGNALS = (signal.SIGINT, signal.SIGTERM, *(() if OUTLIVES else (signal.SIGHUP,)))
CODE = 1  # the exit code of a command that was asked to stop
ASKED = (
    "It was asked to stop before its end; what it has finished is stored, and it can be run again."
)


class Stopped(BaseException):
    """The program was asked to stop. Not a KeyboardInterrupt, which click answers by itself."""


class _Ending:
    """Ends the program at a signal.

    Python takes its time to end, longest where threads are left, and would take a signal meanwhile
    for another end than the one that the command had: `code`, where it is known.
    """

    def __init__(self) -> None:
        self.code: int | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        try:
            if self.code is None:
                with suppress(RuntimeError):  # a line was just being written
                    complain(ASKED)
        finally:
            os._exit(CODE if self.code is None else self.code)


def run(program: click.Command, name: str) -> None:
    """Run the program of this process, and end the process with its exit code.

    Args:
        program: the group of commands.
        name: how it was called.

    Raises:
        SystemExit: always.
    """
    atexit.register(_ignore)  # registered first, it is called last, when all threads have ended
    ending = _Ending()
    _handle(ending)
    try:
        program(prog_name=name)
    except Stopped:
        ending.code = CODE
        complain(ASKED)
        raise SystemExit(CODE) from None
    except SystemExit as end:
        ending.code = end.code if isinstance(end.code, int) else CODE if end.code else 0
        raise


@contextmanager
def orderly() -> Iterator[None]:
    """Turns the first signal into Stopped, in what writes nothing but temporary files.

    Raises:
        Stopped: at the end at the latest, where a library has caught it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python has no signals there
        return
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        _handle(_Ending())
        # What is closed in the middle of a step may say so, and nobody can mend it.
        sys.unraisablehook = lambda _: None
        raise Stopped

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise Stopped


def _handle(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in SIGNALS:
        signal.signal(number, handler)


def _ignore() -> None:
    _handle(signal.SIG_IGN)
