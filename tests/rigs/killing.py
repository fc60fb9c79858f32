"""Ends the program at moments drawn at random: by SIGKILL, by SIGTERM, by Ctrl-C once and twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.conftest import ROOT
from tests.rigs.signals import catches
from tests.rigs.warm import Running, WarmPrograms

KILLS = int(os.environ.get("ZHENGWEN_KILLS", "30"))  # in all; 200 is a job of some minutes
SEED = int(os.environ.get("ZHENGWEN_SEED") or random.randrange(2**32))  # shown when a test fails
ENDINGS: dict[str, tuple[signal.Signals, ...]] = {
    "killed": (signal.SIGKILL,),
    "terminated": (signal.SIGTERM,),
    "interrupted": (signal.SIGINT,),
    "interrupted twice": (signal.SIGINT, signal.SIGINT),
}
LONGEST_GAP = 0.3  # seconds between two signals


def share(part: float) -> range:
    """The numbers of a test's kills: its part of all, and each ending at least once."""
    return range(max(len(ENDINGS), round(KILLS * part)))


@dataclass(frozen=True)
class Struck:
    """How a program ended, and whether it was still running when it was struck."""

    ending: str
    was_running: bool
    code: int
    message: str

    def is_right(self) -> bool:
        """Whether exit code and message are those that the documentation gives."""
        if not self.was_running or self.code == 0:
            return self.code == 0 and "Traceback" not in self.message
        if self.ending == "killed":
            return self.code == -signal.SIGKILL
        lines = [line for line in self.message.splitlines() if not line.startswith("recovered ")]
        return self.code == 1 and len(lines) == 1 and "is stored" in lines[0]


class Killer:
    """Starts programs on one archive and ends them."""

    def __init__(
        self, programs: WarmPrograms, environ: Mapping[str, str], archive_dir: Path
    ) -> None:
        print(f"the moments of the kills: ZHENGWEN_SEED={SEED}")
        self.random = random.Random(SEED)
        self.endings = cycle(self.random.sample(list(ENDINGS), len(ENDINGS)))
        self.programs, self.archive_dir = programs, archive_dir
        self.environ = {**os.environ, **environ}
        self.hits = self.late = 0  # how many came in time; how many in a row did not

    def timed(self, *words: str) -> float:
        """How many seconds an undisturbed run takes."""
        running = self._start(words)
        begun = time.monotonic()
        done = running.wait(120)
        assert done.returncode == 0, done.stdout + done.stderr
        return time.monotonic() - begun

    def strike(self, latest: float, *words: str) -> Struck:
        """Run the program and end it, in the next of the ways, at a moment before `latest` s.

        After each strike that came too late the next comes within half the time: four in a row
        miss only a program that takes less than an eighth of what it took before.
        """
        ending = next(self.endings)
        running = self._start(words)
        time.sleep(self.random.uniform(0, latest / 2**self.late))
        was_running = not running.has_ended()
        for number in ENDINGS[ending]:
            with suppress(ProcessLookupError):
                os.kill(running.pid, number)
            time.sleep(self.random.uniform(0, LONGEST_GAP) if ending.endswith("twice") else 0)
        done = running.wait(120)
        is_hit = was_running and done.returncode != 0
        self.hits += is_hit
        self.late = 0 if is_hit else self.late + 1
        struck = Struck(ending, was_running, done.returncode, done.stderr)
        assert struck.is_right(), struck
        return struck

    def _start(self, words: tuple[str, ...]) -> Running:
        """Start the program, and wait until it can be asked to stop, which is when it begins."""
        command = ["--archive", str(self.archive_dir), *words]
        running = self.programs.start(command, self.environ, ROOT)
        while not running.has_ended() and not catches(running.pid, signal.SIGTERM):
            time.sleep(0.001)
        return running
