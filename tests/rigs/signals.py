"""How processes on this machine take signals, as Linux has it in /proc (proc(5), `status`)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from tests.rigs.serving import until


def kill_all(program: subprocess.Popen[bytes]) -> None:
    """Kill a program that has a session of its own, with all processes that it has started, and
    wait until none is left: one that is just being started has the locks of the program for a
    moment longer than that lives.
    """
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    until(lambda: not _alive_in(program.pid), lambda: str(_alive_in(program.pid)))


def _alive_in(group: int) -> list[psutil.Process]:
    alive = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            is_of_group = os.getpgid(process.pid) == group
            if is_of_group and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
    return alive


def catches(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    return _has(pid, "SigCgt", number)


def passes_by(pid: int, number: signal.Signals) -> bool:
    """Whether a signal does nothing to a process, which blocks or ignores it."""
    return _has(pid, "SigBlk", number) or _has(pid, "SigIgn", number)


def _has(pid: int, field: str, number: signal.Signals) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except FileNotFoundError:
        return False
    match = re.search(rf"^{field}:\s*([0-9a-f]+)$", status, re.M)
    return bool(match and int(match[1], 16) >> (number - 1) & 1)
