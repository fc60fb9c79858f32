"""Which paragraphs of two texts are the same: equal, edited, cut in two, put together, or moved.

Paragraphs are paired before their characters are compared, so that a text in which every paragraph
was edited shows what was edited in each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.history.matching import Steps, opcodes

ALIKE = 0.5  # of the characters of both that are in common and in order: one is the other, edited
ALIKE_ALONE = 0.25  # where nothing else is between the same two paragraphs
ALIKE_ELSEWHERE = 0.6  # in another place
PART = 0.9  # of a paragraph in common and in order: it is a part of the other
LEAST_PART = 8  # characters of such a part
LEAST_MOVED = 6  # characters; a shorter paragraph is equal to another by chance
MOST_PAIRS = (
    40_000  # of the paragraphs between two unchanged ones, of which each is tried with each
)
RUN = 2  # characters in a row, by which paragraphs that are alike are looked for among many
MOST_READ = 2000  # characters of a paragraph in which they are taken
MOST_RUNS = 40  # of a paragraph
MOST_HOLDERS = 16  # paragraphs that have one of them
MOST_TRIED = 3  # paragraphs that a paragraph is then compared with


@dataclass(frozen=True, slots=True)
class Pair:
    """Paragraphs of the text before and those that they became: one and one; one and several, where
    it was cut; several and one, where they were put together. `is_moved`: past others."""

    before: range
    after: range
    is_moved: bool = False


def pairs(before: Sequence[str], after: Sequence[str], steps: Steps) -> list[Pair]:
    """The pairs of two texts, in the order of the text before. What is in none was removed or
    added.

    Args:
        before: paragraphs, without their line ends.
        after: those of the later text.
        steps: how many comparisons are left; `is_cut` is set where paragraphs were too many to be
            tried with one another.

    Example:
        >>> pairs(["甲", "今天召开会议"], ["昨天召开会议", "甲"], Steps())[0]
        Pair(before=range(0, 1), after=range(1, 2), is_moved=False)
    """
    partners: dict[int, int] = {}
    for tag, i, j, k, m in opcodes(before, after, steps):
        if tag == "equal":
            partners.update(zip(range(i, j), range(k, m), strict=True))
        else:
            partners.update(_between(before, after, range(i, j), range(k, m), steps))
    in_order = _joined(before, after, partners, steps)
    moved = [
        Pair(range(i, i + 1), range(k, k + 1), is_moved=True)
        for i, k in _elsewhere(before, after, in_order, steps)
    ]
    return sorted([*in_order, *moved], key=lambda pair: pair.before.start)


def likeness(before: str, after: str, least: float = 0.0) -> float:
    """How much of two paragraphs is in common and in order, from 0 to 1; 0 where it is under
    `least`, and the shorter is no part of the longer."""
    from rapidfuzz.distance import LCSseq

    common = LCSseq.similarity(before, after)
    share = 2 * common / max(1, len(before) + len(after))
    shorter = min(len(before), len(after))
    is_part = shorter >= LEAST_PART and common >= PART * shorter
    return share if share >= least or is_part else 0.0


def _between(
    before: Sequence[str], after: Sequence[str], old: range, new: range, steps: Steps
) -> Iterator[tuple[int, int]]:
    """The pairs in order among paragraphs none of which are equal."""
    if len(old) == len(new) == 1:
        texts = before[old[0]], after[new[0]]
        if not steps.may(*map(len, texts)) or likeness(*texts, ALIKE_ALONE):
            yield old[0], new[0]
        return
    if _is_small(before, after, old, new, steps):
        yield from _best_in_order(before, after, old, new)
        return
    candidates = _candidates(before, after, old, new, ALIKE, steps)
    anchors = list(_rising((i, k) for i, k in sorted(candidates.items())))
    yield from anchors
    for (i, k), (j, m) in pairwise(
        [(old.start - 1, new.start - 1), *anchors, (old.stop, new.stop)]
    ):
        rest = range(i + 1, j), range(k + 1, m)
        if not all(rest):
            continue
        if _is_small(before, after, *rest, steps):
            yield from _best_in_order(before, after, *rest)


def _is_small(
    before: Sequence[str], after: Sequence[str], old: range, new: range, steps: Steps
) -> bool:
    if len(old) * len(new) > MOST_PAIRS:
        return False
    lengths = (
        sum(map(len, texts[numbers.start : numbers.stop]))
        for texts, numbers in ((before, old), (after, new))
    )
    return steps.may(*lengths)


def _best_in_order(
    before: Sequence[str], after: Sequence[str], old: range, new: range
) -> Iterator[tuple[int, int]]:
    """The pairs in order that are most alike in sum."""
    alike = [[likeness(before[i], after[k], ALIKE) for k in new] for i in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for k in range(len(new) - 1, -1, -1):
            row[k] = max(below[k], row[k + 1], below[k + 1] + alike[i][k])
    i = k = 0
    while i < len(old) and k < len(new):
        if alike[i][k] and best[i][k] == best[i + 1][k + 1] + alike[i][k]:
            yield old[i], new[k]
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1


def _candidates(
    before: Sequence[str],
    after: Sequence[str],
    old: Iterable[int],
    new: Iterable[int],
    least: float,
    steps: Steps,
) -> dict[int, int]:
    """For each old paragraph the new one that is most like it, each new one once: the two share
    runs of characters that few have."""
    runs = {k: _runs(after[k]) for k in new}
    holders: dict[str, list[int]] = defaultdict(list)
    for k, its in runs.items():
        for run in its:
            holders[run].append(k)
    scored: list[tuple[float, int, int]] = []
    for i in old:
        known = [places for run in _runs(before[i]) if (places := holders.get(run))]
        shared = Counter(k for places in known if len(places) <= MOST_HOLDERS for k in places)
        for k, _ in shared.most_common(MOST_TRIED):
            texts = before[i], after[k]
            if steps.may(*map(len, texts)) and (score := likeness(*texts, least)):
                scored.append((-score, i, k))
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, k in sorted(scored):
        if i not in chosen and k not in taken:
            chosen[i] = k
            taken.add(k)
    return chosen


def _runs(text: str) -> list[str]:
    """Some runs of characters of a text: those that are first in order, so that of two texts that
    have much in common these do too."""
    text = text[:MOST_READ]
    runs = {text[n : n + RUN] for n in range(max(1, len(text) - RUN + 1))}
    return sorted(runs)[:MOST_RUNS]


def _rising(numbers: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of these pairs whose second numbers rise as the first ones do."""
    ends: list[int] = []
    links: list[tuple[tuple[int, int], int | None]] = []
    last: list[int] = []
    for pair in numbers:
        place = bisect_left(ends, pair[1])
        links.append((pair, last[place - 1] if place else None))
        ends[place : place + 1] = [pair[1]]
        last[place : place + 1] = [len(links) - 1]
    chain: list[tuple[int, int]] = []
    link = last[-1] if last else None
    while link is not None:
        pair, link = links[link]
        chain.append(pair)
    return chain[::-1]


def _joined(
    before: Sequence[str], after: Sequence[str], partners: dict[int, int], steps: Steps
) -> list[Pair]:
    """The pairs, each with the paragraphs next to it that are a part of the other side."""
    numbers = sorted(partners.items())
    joined: list[Pair] = []
    ends = -1, -1  # of what is in a pair so far
    for (i, k), following in pairwise([*numbers, (len(before), len(after))]):
        old, new = range(i, i + 1), range(k, k + 1)
        if before[i] != after[k]:
            free = range(ends[1] + 1, following[1])
            new = _with_parts(after, new, free, before[i], steps)
            if len(new) == 1:
                free = range(ends[0] + 1, following[0])
                old = _with_parts(before, old, free, after[k], steps)
        ends = old.stop - 1, new.stop - 1
        joined.append(Pair(old, new))
    return joined


def _with_parts(texts: Sequence[str], own: range, free: range, other: str, steps: Steps) -> range:
    """`own` with the neighbours among `free` with which it is more like `other` than without."""
    if own == free or not steps.may(len(_text(texts, own)), len(other)):
        return own
    score = likeness(_text(texts, own), other)
    for before, after in ((0, 1), (1, 0)):
        wider = range(own.start - before, own.stop + after)
        while wider.start >= free.start and wider.stop <= free.stop:
            text = _text(texts, wider)
            if not steps.may(len(text), len(other)) or likeness(text, other) <= score:
                break
            own, score = wider, likeness(text, other)
            wider = range(own.start - before, own.stop + after)
    return own


def _text(texts: Sequence[str], numbers: range) -> str:
    return "\n".join(texts[numbers.start : numbers.stop])


def _elsewhere(
    before: Sequence[str], after: Sequence[str], in_order: list[Pair], steps: Steps
) -> Iterator[tuple[int, int]]:
    """Of what is in no pair, what is in another place: equal, else alike."""
    taken = {i for pair in in_order for i in pair.before}
    old = [i for i, text in enumerate(before) if i not in taken and len(text) >= LEAST_MOVED]
    taken = {k for pair in in_order for k in pair.after}
    places: dict[str, list[int]] = defaultdict(list)
    for k in range(len(after) - 1, -1, -1):
        if k not in taken and len(after[k]) >= LEAST_MOVED:
            places[after[k]].append(k)
    rest = []
    for i in old:
        if same := places.get(before[i]):
            yield i, same.pop()
        else:
            rest.append(i)
    new = sorted(k for numbers in places.values() for k in numbers)
    yield from _candidates(before, after, rest, new, ALIKE_ELSEWHERE, steps).items()
