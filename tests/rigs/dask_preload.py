"""What a worker of a test does in the middle of a task: `dask worker --preload`, or the same by
DASK_DISTRIBUTED__WORKER__PRELOAD for workers that a program starts.

$DISTURBANCE is a JSON object: `at` is `reading` or `writing`, `how` what happens then, and `once` a
file that says that it happened, where it is to happen in one worker alone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

ASKED = json.loads(os.environ["DISTURBANCE"])
EVENTS = {"reading": ("open", ".partial"), "writing": ("sqlite3.connect", ".rebuilding-")}
STEP = 50 * 2**20  # bytes


def _is_first() -> bool:
    try:
        os.close(os.open(ASKED["once"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def disturb(event: str, given: tuple[object, ...]) -> None:
    """A hook of Python's: called for each file that is opened."""
    wanted, part = EVENTS[ASKED["at"]]
    if event != wanted or part not in os.fsdecode(str(given[0])):
        return
    if "once" in ASKED and not _is_first():
        return
    match ASKED["how"]:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hog":
            hoard = []
            while True:  # until whoever looks after it ends it
                hoard.append(b"x" * STEP)  # each page is written to, so that it is there
                time.sleep(0.05)
        case "hang":
            Path(ASKED["hung"]).touch()
            while True:
                time.sleep(1)
        case "fail":
            raise MemoryError


def dask_setup(worker: object) -> None:
    """Called by a worker that starts, and by a nanny, which does no tasks."""
    if ASKED["at"] == "version":
        from archive.database import producer

        producer._VERSIONS["lxml"] = "0.1"
    else:
        sys.addaudithook(disturb)
