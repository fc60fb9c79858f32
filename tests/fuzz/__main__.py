"""Runs cases in processes of their own, with limits of time and memory, and keeps those that fail.

python -m tests.fuzz --seed 1 --cases 10000     prints the seed, every failure, and how to run it again
python -m tests.fuzz FOLDER                     one case that was kept
"""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from tests.conftest import ROOT
from tests.fuzz.cases import Maker, load, make_base
from tests.fuzz.judge import Judge, of_error

CPU_SECONDS = 10
MEMORY = 10**9  # bytes of address space
PATIENCE = 30  # seconds without any CPU time after which a case is blocked
ENDS = {
    signal.SIGPROF: "no end after {} CPU seconds",
    signal.SIGKILL: "nothing done for a long time",
}


@dataclass
class Failed:
    """A case that failed."""

    number: int
    complaints: list[str]


class Worker:
    """A forked process that judges cases; it dies of those that hang."""

    def __init__(self, run: Callable[[int], list[str]], numbers: list[int], seconds: int) -> None:
        reading, writing = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.close(reading)
            _work(run, numbers, seconds, writing)
        os.close(writing)
        self.pipe: BinaryIO = os.fdopen(reading, "rb", 0)

    def results(self) -> Iterator[tuple[int, list[str] | None]]:
        """The number of each case as it begins, with None, and then with what is wrong."""
        buffer, last, idle = b"", 0.0, 0.0
        while True:
            if select.select([self.pipe], [], [], 1.0)[0]:
                idle = 0.0
                if not (data := self.pipe.read(65536)):
                    return
                *lines, buffer = (buffer + data).split(b"\n")
                for line in lines:
                    number, complaints = json.loads(line)
                    yield number, complaints
            else:
                used = sum(psutil.Process(self.process).cpu_times()[:2])
                idle, last = (idle + 1 if used == last else 0.0), used
                if idle > PATIENCE:
                    os.kill(self.process, signal.SIGKILL)

    def end(self) -> int:
        """How it ended: 0, or less by the number of a signal."""
        self.pipe.close()
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def _work(run: Callable[[int], list[str]], numbers: list[int], seconds: int, writing: int) -> None:
    """In the forked process: judge, report, end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    code = 1
    try:
        for number in numbers:
            os.write(writing, f"[{number}, null]\n".encode())
            signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process
            complaints = run(number)
            signal.setitimer(signal.ITIMER_PROF, 0)
            os.write(writing, json.dumps([number, complaints]).encode() + b"\n")
        code = 0
    finally:
        os._exit(code)


def judged(
    run: Callable[[int], list[str]], numbers: list[int], seconds: int = CPU_SECONDS
) -> Iterator[Failed]:
    """Judge the cases of these numbers, each in that many CPU seconds; yields those that fail."""
    left = list(numbers)
    while left:
        worker, current = Worker(run, left, seconds), left[0]
        for number, complaints in worker.results():
            current = number
            if complaints is not None:
                left.remove(number)
                if complaints:
                    yield Failed(number, complaints)
        if ended := worker.end():
            word = ENDS.get(-ended, f"the process ended with {ended}")
            yield Failed(current, [word.format(seconds)])
            left.remove(current)


def safely(judge: Callable[[], Iterator[str]]) -> list[str]:
    """What a judge complains of; what it trips over counts too."""
    try:
        return [text.encode("utf-8", "backslashreplace").decode() for text in judge()]
    except Exception as error:
        return [of_error(error)]


@contextmanager
def base() -> Iterator[Path]:
    """What cases are made from, made by a process of its own: its libraries need not stay in memory."""
    with tempfile.TemporaryDirectory(prefix="zhengwen-fuzz-") as name:
        process = os.fork()
        if process == 0:
            code = 1
            try:
                make_base(Path(name) / "base")
                code = 0
            except Exception:
                traceback.print_exc()
            os._exit(code)
        if os.waitpid(process, 0)[1]:
            sys.exit("what the cases are made from could not be made")
        yield Path(name)


def run_all(seed: str, first: int, cases: int, keep: Path) -> int:
    """Judge many cases; returns how many fail."""
    begun, number_failed, kinds = time.monotonic(), 0, Counter[str]()
    with base() as top:
        shared = ROOT.parent / "shared"
        maker = Maker(seed, top / "base", shared if shared.is_dir() else None)
        judge = Judge(top / "base")

        def run(number: int) -> list[str]:
            folder = top / str(number)
            complaints = safely(lambda: judge.complaints(maker.make(number, folder), folder))
            shutil.rmtree(folder)
            return complaints

        for failed in judged(run, list(range(first, first + cases))):
            shutil.rmtree(top / str(failed.number), ignore_errors=True)
            place = keep / f"{seed}-{failed.number}"
            shutil.rmtree(place, ignore_errors=True)
            case = maker.make(failed.number, place)
            number_failed += 1
            kinds[case.kind] += 1
            print(f"FAILED {case.kind} {case.number}: python -m tests.fuzz {place}")
            (place / "complaints.txt").write_text("\n".join(failed.complaints), "utf-8")
            for text in failed.complaints:
                print("    " + text.rstrip().replace("\n", "\n    ")[:1000], flush=True)
    inputs = sum(map(maker.inputs, range(first, first + cases)))
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"seed {seed}: {cases} cases from {first} with {inputs} mutated inputs, {number_failed} failed {dict(kinds)}, "
        f"{spent.ru_utime + spent.ru_stime:.0f} CPU s, {time.monotonic() - begun:.0f} s"
    )
    return number_failed


def run_again(folder: Path) -> int:
    """Judge one case that was kept, on a copy; returns how many complaints there are."""
    with base() as top:
        case, judge = load(folder), Judge(top / "base")
        shutil.copytree(folder, top / "case", symlinks=True, copy_function=_copy)
        failures = list(judged(lambda _: safely(lambda: judge.complaints(case, top / "case")), [0]))
    for failed in failures:
        print("\n".join(failed.complaints))
    print(f"{len(failures)} failed")
    return len(failures)


def _copy(source: str, target: str) -> None:
    if Path(source).is_fifo():
        os.mkfifo(target)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def main() -> None:
    """As the words of the command line say."""
    words = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words.add_argument("folder", nargs="?", type=Path)
    words.add_argument("--seed", default=str(time.time_ns() % 10**9))
    words.add_argument("--first", type=int, default=0)
    words.add_argument("--cases", type=int, default=200)
    words.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "zhengwen-fuzz")
    given = words.parse_args()
    if given.folder:
        sys.exit(run_again(given.folder) > 0)
    given.keep.mkdir(exist_ok=True, parents=True)
    print(f"seed {given.seed}", flush=True)
    sys.exit(run_all(given.seed, given.first, given.cases, given.keep) > 0)


if __name__ == "__main__":
    main()
