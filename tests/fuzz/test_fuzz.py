"""Whatever a page, a server, a file or a package holds: no traceback, no hang, no lack of memory, and nothing lost elsewhere.

`ZHENGWEN_FUZZ=10000 python -m pytest tests/fuzz` is the job for the night; the suite takes fewer. The seed is printed, and
each case that fails is kept with the command that runs it again.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import extract
from archive.model import Article, Failure
from tests.conftest import ROOT
from tests.fuzz import __main__ as program
from tests.fuzz import answers, values
from tests.fuzz.cases import FIXTURES, asked
from tests.fuzz.records import read

NUMBER = int(os.environ.get("ZHENGWEN_FUZZ", "80"))
# The suite judges every change by the same cases; a night looks for others.
SEED = os.environ.get("ZHENGWEN_SEED") or ("1" if NUMBER < 1000 else str(random.randrange(10**9)))


@pytest.mark.e2e
@pytest.mark.timeout(max(300, 2 * NUMBER))
def test_no_case_stops_loses_or_fools_the_program() -> None:
    words = ["--seed", SEED, "--cases", str(NUMBER)]
    # The cases are no tests: they may start processes.
    environ = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *words],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.e2e  # takes long
@given(
    st.binary(max_size=2000) | st.lists(st.sampled_from(answers.PIECES), max_size=40).map(b"".join)
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_give_an_article_or_a_failure(data: bytes) -> None:
    assert isinstance(extract(data, "http://www.yunxi.example/"), Article | Failure)


def test_all_platforms_have_answers_to_mutate() -> None:
    platforms = {name.partition("/")[0] for name, path in FIXTURES.items() if asked(read(path))}

    assert platforms == {path.parts[-3] for path in FIXTURES.values()}


def test_a_seed_gives_the_same_answers() -> None:
    block = asked(read(FIXTURES["thepaper/next"]))[0][0].block

    first, second = ([answers.mutated(block, random.Random(n)) for n in range(50)] for _ in "ab")

    assert first == second and len(set(first)) > 40


@pytest.mark.parametrize(
    "value", [{"a": [1, {"b": "c"}]}, [], "x", 1, {"data": {"list": [{}] * 3}}]
)
def test_any_json_can_be_mutated(value: object) -> None:
    for number in range(300):
        assert isinstance(values.dumps(values.mutated(value, random.Random(number))), str)


def endless() -> None:
    while True:
        pass


def blocking() -> None:
    time.sleep(600)


def greedy() -> None:
    bytearray(2 * program.MEMORY)


def broken() -> None:
    raise KeyError("title")


def deadly() -> None:
    os._exit(7)


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("act", "complaint"),
    [
        (endless, "no end after 1 CPU seconds"),
        (blocking, "nothing done"),
        (greedy, "MemoryError"),
        (broken, "KeyError"),
        (deadly, "ended with 7"),
    ],
)
def test_each_kind_of_fault_is_a_complaint_and_the_next_case_is_judged(
    act: Callable[[], None], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "PATIENCE", 8)

    def judge(number: int) -> Iterator[str]:
        if number == 1:
            act()
        yield from ["it is the last"] if number == 2 else []

    failures = list(
        program.judged(lambda number: program.safely(lambda: judge(number)), [0, 1, 2], seconds=1)
    )

    assert [failed.number for failed in failures] == [1, 2]
    assert complaint in failures[0].complaints[0] and failures[1].complaints == ["it is the last"]
