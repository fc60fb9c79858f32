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
    folder: Path,
    paths: Sequence[str],
    write: Callable[[], None],
    *,
    readers: int,
    answers: int,
    writes: int,
) -> Reading:
    """Let readers ask for these pages while `write` is called again and again.

    Args:
        folder: the archive.
        paths: the pages.
        write: adds to the archive.
        readers: how many ask at the same time.
        answers: the least number of answers, after which they stop.
        writes: the least number of calls of `write`.
    """
    reading, is_over = Reading(), threading.Event()
    with process_of(folder) as (process, address):
        server = psutil.Process(process.pid)
        threads = [
            threading.Thread(target=_read, args=(address, paths, place, is_over, reading))
            for place in range(readers)
        ]
        for thread in threads:
            thread.start()
        try:
            while reading.writes < writes or reading.answers.total() < answers:
                assert any(thread.is_alive() for thread in threads), reading.answers
                write()
                reading.writes += 1
                reading.memory.append(server.memory_info().rss / 2**20)
        finally:
            is_over.set()
        for thread in threads:
            thread.join(WAIT * 2)
        reading.memory.append(server.memory_info().rss / 2**20)
        assert process.poll() is None
    return reading


def _read(
    address: str, paths: Sequence[str], place: int, is_over: threading.Event, reading: Reading
) -> None:
    with httpx.Client(base_url=address, trust_env=False, timeout=WAIT) as reader:
        for path in islice(cycle(paths), place, None):
            if is_over.is_set():
                return
            start = time.monotonic()
            try:
                answer = str(reader.get(path).status_code)
            except httpx.HTTPError as error:
                answer = repr(error)
            reading.answers[answer] += 1
            reading.seconds.append(time.monotonic() - start)
