"""Readers of a room who ask for one page after the other, while something writes to its archive."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import httpx
import psutil

from tests.rigs.browsing import process_of

WAIT = 30.0  # seconds for an answer, after which it is an error


@dataclass
class Reading:
    """What readers were answered: how often each status or error came, how long each answer took in seconds, and the server's memory in MiB as time went on."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    writes: int = 0


def read_beside(
    folder: Path, paths: Sequence[str], write: Callable[[], None], *, readers: int, seconds: float
) -> Reading:
    """Let so many readers ask for these pages for so long while `write` is called again and again."""
    reading = Reading()
    with process_of(folder) as (process, address):
        server, end = psutil.Process(process.pid), time.monotonic() + seconds
        threads = [
            threading.Thread(target=_read, args=(address, paths, place, end, reading))
            for place in range(readers)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            write()
            reading.writes += 1
            reading.memory.append(server.memory_info().rss / 2**20)
        for thread in threads:
            thread.join(WAIT * 2)
        reading.memory.append(server.memory_info().rss / 2**20)
        assert process.poll() is None
    return reading


def _read(address: str, paths: Sequence[str], place: int, end: float, reading: Reading) -> None:
    with httpx.Client(base_url=address, trust_env=False, timeout=WAIT) as reader:
        for path in islice(cycle(paths), place, None):
            if time.monotonic() > end:
                return
            start = time.monotonic()
            try:
                answer = str(reader.get(path).status_code)
            except httpx.HTTPError as error:
                answer = repr(error)
            reading.answers[answer] += 1
            reading.seconds.append(time.monotonic() - start)
