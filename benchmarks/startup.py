"""What a command costs before it does anything: CPU seconds of the process and its children, next
to those of Python itself, of click and of `sqlite-utils search` on the same database."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from archive.archive import Archive
from tests.rigs.history import STORY, History

ROUNDS = 10
WORD = "会议"
BUDGET = 0.5  # CPU seconds that a search may take
REFERENCE = "python -c pass"


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run of a command. Raises CalledProcessError where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(folder: Path, article_id: str) -> dict[str, list[str]]:
    """What is measured, on the archive in a folder."""
    python = sys.executable
    stock = str(Path(python).with_name("sqlite-utils"))
    program = [python, "-m", "crawler", "--archive", str(folder)]
    return {
        REFERENCE: [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
        "import archive": [python, "-c", "import archive"],
        "zhengwen --help": [*program, "--help"],
        "zhengwen search": [*program, "search", WORD],
        "zhengwen show": [*program, "show", article_id],
        "zhengwen status": [*program, "status"],
        "sqlite-utils search": [stock, "search", str(folder / "archive.db"), "articles", WORD],
    }


def measure(measured: Mapping[str, list[str]]) -> dict[str, float]:
    """The median of ROUNDS runs of each, in turn, so that a slow minute slows all of them."""
    for command in measured.values():
        cpu_seconds(command)
    rounds = [
        {name: cpu_seconds(command) for name, command in measured.items()} for _ in range(ROUNDS)
    ]
    return {name: median(times[name] for times in rounds) for name in measured}


def main() -> None:
    """Print CPU seconds and their ratios; exit code 1 where a search is over its budget."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        History(folder).run(0, "ok", walk=[STORY])
        with Archive(folder) as archive:
            archive.index()
            (hit,) = archive.search(WORD, limit=1)
        seconds = measure(commands(folder, hit.id))
    stock = seconds["sqlite-utils search"]
    print(f"{'':22}{'CPU s':>8}{'of python':>11}{'of sqlite-utils':>17}")
    for label, time in seconds.items():
        print(f"{label:22}{time:8.3f}{time / seconds[REFERENCE]:11.1f}{time / stock:17.2f}")
    if seconds["zhengwen search"] > BUDGET:
        raise SystemExit(f"zhengwen search takes more than {BUDGET} CPU seconds")


if __name__ == "__main__":
    main()
