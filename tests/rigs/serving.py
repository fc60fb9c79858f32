"""A program that serves on a port of loopback, started so that no other program is taken for it and no port is taken from it."""

from __future__ import annotations

import random
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 120.0  # seconds till a program answers: a busy machine may need most of them
PAUSE = 0.05
# Below the ports that systems hand out by themselves (Linux from 32768, macOS from 49152), to
# which any connection of another test may come between the choice of a port and its use.
PORTS = range(20_000, 32_000)
TRIALS = 5


def free_port() -> int:
    """A port that nothing has now and that no connection is given."""
    while True:
        port = random.choice(PORTS)
        if not _is_taken(port):
            return port


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def until(
    true: Callable[[], object], failure: Callable[[], str], seconds: float = PATIENCE
) -> None:
    """Wait for a condition, however busy the machine is.

    Args:
        true: asked again and again until it gives something true; it may raise AssertionError.
        failure: what to say when it does not come true.
        seconds: after which it is given up.
    """
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, failure()
        time.sleep(PAUSE)


@dataclass
class Serving:
    """A program that serves, with its port and the file of what it prints."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def printed(self) -> str:
        """What it has printed, for an error."""
        return f"{self.process.args!r} printed:\n{self.log.read_text('utf-8', 'replace')}"

    def has_its_port(self) -> bool:
        """Whether the program itself, and nothing else, listens there. Raises AssertionError where it has ended."""
        assert self.process.poll() is None, self.printed()
        connections = psutil.Process(self.process.pid).net_connections("tcp")
        return any(
            each.status == psutil.CONN_LISTEN and each.laddr.port == self.port
            for each in connections
        )

    def end(self) -> None:
        """Ask it to end and wait until it has, so that all is written that it had to write."""
        self.process.terminate()
        self.process.wait(PATIENCE)


def serve(
    words: Callable[[int], Sequence[str]],
    answers: Callable[[int], bool],
    log: Path,
    *,
    port: int | None = None,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Serving:
    """Start a program, and wait until it answers.

    Args:
        words: its command line, by its port.
        answers: whether what it says at its port is an answer; asked when the port is its own.
        log: the file of what it prints.
        port: the first one to try; by default a free one.
    """
    for trial in range(TRIALS):
        chosen = free_port() if port is None or trial else port
        with log.open("ab") as out:
            process = subprocess.Popen(words(chosen), cwd=cwd, env=environ, stdout=out, stderr=out)
        serving = Serving(process, chosen, log)
        if _comes_up(serving, answers):
            return serving
    raise AssertionError(f"none of {TRIALS} ports was free till the program had it")


def _comes_up(serving: Serving, answers: Callable[[int], bool]) -> bool:
    """Whether it comes to answer; not where another program has its port. Raises AssertionError."""
    try:
        until(serving.has_its_port, serving.printed)
        until(lambda: serving.has_its_port() and answers(serving.port), serving.printed)
    except AssertionError:
        was_running = serving.process.poll() is None
        serving.process.kill()
        serving.process.wait()
        if was_running or not _is_taken(serving.port):
            raise
        return False
    return True
