"""Every regular expression of the program takes a time that is linear in its text, whoever wrote
the text: each is tried with texts that are made from it (`tests.rigs.hostile_texts`)."""

from __future__ import annotations

import gc
import re
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import log2
from time import process_time
from typing import Any

import pytest

from archive.search.expression import Word
from tests.rigs.hostile_texts import Text, hostile_texts
from tests.rigs.patterns import Used, unseen_patterns, used_patterns

SHORT = (24, 400)  # characters; what is exponential does not end at the second
SIZE = 6_000  # characters of a text whose period is one; of others as many as cost the same
LARGEST = 50_000
SLOW = 1e-7  # CPU seconds a character; most linear patterns take a tenth of it
LONGEST = 2.0  # CPU seconds of one trial
GROWTH = 1.3  # times linear
STEP = 4  # times the size of the trial before
FLOOR = 0.02  # CPU seconds of a trial that can be compared
HUGE = 4_000_000  # characters; what reads so many below the floor is fast enough
Trial = Callable[[Any], object]


class Endless(Exception):
    """A trial took longer than `LONGEST`."""


@contextmanager
def limited() -> Iterator[None]:
    """Ends a trial that takes too long; `re` looks for signals while it works."""

    def stop(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(call: Trial, text: Any, repeats: int = 1) -> float:
    """The least CPU time of some calls."""
    times = []
    for _ in range(repeats):
        with limited():
            start = process_time()
            call(text)
            times.append(process_time() - start)
    return min(times)


INCLUDED = {"search": {"finditer"}, "match": {"finditer", "search"}}  # by these, which begin so


def calls(used: Used) -> dict[str, Trial]:
    """The ways in which a pattern is called; without those whose work is the beginning of another's:
    `finditer` begins as `search` does, and `search` as `match` does."""
    pattern = used.pattern
    ways: dict[str, Trial] = {
        "search": pattern.search,
        "match": pattern.match,
        "fullmatch": pattern.fullmatch,
        "finditer": lambda text: deque(pattern.finditer(text), maxlen=0),
    }
    wanted = {name for name in used.methods if not INCLUDED.get(name, set()) & used.methods}
    return {name: way for name, way in ways.items() if name in wanted}


def growth(call: Trial, make: Callable[[int], Any], size: int) -> float:
    """How many times longer than linear a call takes for a text that is twice as long, from one that
    is `STEP` times as long: the caches of the machine may be too small for that."""
    text = make(size)
    before = seconds(call, text, 2)
    while before < FLOOR and size < HUGE:
        size *= 2
        text = make(size)
        before = seconds(call, text, 2)
    longer = make(size * STEP)
    ratio = len(longer) / len(text)
    if before < FLOOR:
        return 0.0
    return float((seconds(call, longer, 2) / before / ratio) ** (1 / log2(ratio)))


class Watch:
    """Judges one pattern; what is known of it to be linear and slow need not be measured again."""

    def __init__(self, used: Used) -> None:
        self.used = used
        self.slow = SLOW

    def faults(self) -> Iterator[str]:
        """The first text for which the pattern is not linear, and how slow it is."""
        for text in hostile_texts(self.used.pattern):
            for way, call in calls(self.used).items():
                if wrong := self.slowness(call, text):
                    yield f"{self.used.place}: {way} of {text} {wrong}"
                    return

    def slowness(self, call: Trial, text: Text) -> str | None:
        """Why a call is not linear; None where it is. What looks bad is measured again."""
        size = min(LARGEST, round(SIZE * len(text.many + text.pump) ** 0.5))
        try:
            if self.is_fast(call, text, size):
                return None
            measured = [growth(call, partial(self.text_for, text), size)]
            while measured[-1] > GROWTH and len(measured) < 6:
                measured.append(growth(call, partial(self.text_for, text), size))
        except Endless:
            return f"takes more than {LONGEST} CPU s"
        if min(measured) > GROWTH:
            return f"grows {min(measured):.1f} times linear"
        self.slow = max(self.slow, 1.5 * seconds(call, self.text_for(text, size), 2) / size)
        return None

    def is_fast(self, call: Trial, text: Text, size: int) -> bool:
        """Whether a trial takes no longer than linear patterns do."""
        for number in (*SHORT, size):
            trial, limit = self.text_for(text, number), self.slow * size
            if seconds(call, trial) > limit and seconds(call, trial, 3) > limit:
                return False
        return True

    def text_for(self, text: Text, size: int) -> Any:
        """The text as the pattern takes it."""
        written = text(size)
        return written if isinstance(self.used.pattern.pattern, str) else written.encode()


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
def test_every_pattern_is_linear() -> None:
    patterns = [*used_patterns("archive", "crawler"), *map(of_query, QUERIES)]
    assert len(patterns) > 150

    slow = [fault for used in patterns for fault in Watch(used).faults()]

    assert not slow, "\n".join(slow)


QUERIES = ("疫情 防控", "a b", "a.b.c*", "covid-19 疫情", "第1号 公告", "中a中")


def of_query(query: str) -> Used:
    """The pattern that a word of a query becomes."""
    return Used(Word(query).pattern, f"the word {query!r}", {"search", "finditer"})


def test_a_pattern_that_only_the_running_program_knows_is_known_here() -> None:
    """Of queries (tried above), of a description's own address (the operator's), of the name of a
    header field (tried with the loops)."""
    assert unseen_patterns("archive", "crawler") == {
        "archive.platforms.kit.toml",
        "archive.search.expression",
        "archive.warc.http",
    }


@pytest.mark.e2e  # takes long
@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"<!--(?:.*?-->\s*|<!--)*<rss",
        r"<[^>]+>",
        r'<script id="data"[^>]*>(.*?)</script>',
        r"时间\s*[：:]?\s*\d",
    ],
)
def test_what_is_not_linear_is_noticed(pattern: str) -> None:
    assert list(Watch(Used(re.compile(pattern), "here", {"search"})).faults())


@pytest.mark.parametrize(
    "pattern",
    [r"(?<!\s)\s++$", r"<[^<>]++>", r"(?<!\w)\w++@", r"时间\s*+[：:]?\s*+\d"],
)
def test_what_is_linear_passes(pattern: str) -> None:
    assert not list(Watch(Used(re.compile(pattern), "here", {"search"})).faults())
