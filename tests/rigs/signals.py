"""How a process on this machine takes a signal, as Linux has it in /proc (proc(5), `status`)."""

from __future__ import annotations

import re
import signal
from pathlib import Path


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
