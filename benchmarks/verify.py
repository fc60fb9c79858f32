"""`verify` of an archive with its WARC files: articles a CPU second, and the most memory, complete
and `--quick`.

    python -m benchmarks.verify [ARTICLES ...]     # default 1000 and 4000

Each archive is made and indexed first, of pages of The Paper in both layouts. CPU seconds are of
the complete command, its start and its processes included; memory is of the largest process.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.rebuild import make


def measured(*arguments: str) -> tuple[float, float]:
    """CPU seconds and MB of memory of a command of the program, which must succeed."""
    command = [sys.executable, "-m", "archive", *arguments]
    pid = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(arguments)} ended with {code}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(*numbers: int) -> None:
    """Measure archives of so many articles each."""
    for number in numbers:
        with tempfile.TemporaryDirectory() as place:
            make(Path(place), number)
            measured("--archive", place, "index")
            for options in ([], ["--quick"]):
                seconds, memory = measured("--archive", place, "verify", *options)
                rate = f"{number / seconds:8.0f} articles a CPU second"
                print(f"{number:8}{rate}{memory:8.0f} MB  verify {' '.join(options)}", flush=True)


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:]) if sys.argv[1:] else (1000, 4000)))
