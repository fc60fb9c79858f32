"""Scores ours and the peers on a folder of pages with gold.

    python -m benchmarks.accuracy FOLDER
    python -m benchmarks.accuracy FOLDER --kinds gov,news --peers trafilatura,gne
    python -m benchmarks.accuracy FOLDER --pages         # a line for each page that is not right

What a folder of pages with gold is, `benchmarks/accuracy/gold.py` says. `unseen` is ours with one
site left out after the other (`benchmarks/accuracy/unseen.py`): what to expect on a site that
nobody has looked at. Pages a second are of one process, CPU time.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.gold import GoldPage, pages
from benchmarks.accuracy.readers import PEERS, Reader, ours, peer
from benchmarks.accuracy.scores import Answer, Score, means, score
from benchmarks.accuracy.unseen import Unseen

MEASURES = ("f1", "precision", "recall", "title", "day", "minute", "names", "silent")
RIGHT = 0.9  # of a page's text, from which it counts as read


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a row for each reader; 1 for a folder without pages."""
    options = _options(arguments)
    gold = list(pages(options.folder, frozenset(filter(None, options.kinds.split(",")))))
    if not gold:
        print(f"{options.folder} has no page with gold of these kinds", file=sys.stderr)
        return 1
    sites = len({page.site for page in gold})
    print(f"{len(gold)} pages of {sites} sites")
    print(f"{'':18}" + "".join(f"{measure:>10}" for measure in MEASURES) + "   pages/s  raised")
    for name, reader in _readers(options.peers, gold):
        _row(name, reader, gold, each=options.pages)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kinds", default="", help="those scored, with commas; default: all")
    parser.add_argument("--peers", default=",".join(PEERS), help="default: all that are installed")
    parser.add_argument("--pages", action="store_true", help="name the pages that are not right")
    return parser.parse_args(arguments)


def _readers(peers: str, gold: Sequence[GoldPage]) -> list[tuple[str, Reader]]:
    readers: list[tuple[str, Reader]] = [("zhengwen", ours), ("zhengwen, unseen", Unseen(gold))]
    for name in filter(None, peers.split(",")):
        if name not in PEERS:
            raise SystemExit(f"no peer {name}: there are {', '.join(PEERS)}")
        if reader := peer(name):
            readers.append((name, reader))
        else:
            print(f"{name} is not installed: left out")
    return readers


def _row(name: str, reader: Reader, gold: Sequence[GoldPage], *, each: bool) -> None:
    raised = 0
    begun = time.process_time()
    answers: list[Answer] = []
    for page in gold:
        try:
            answers.append(reader(page))
        except Exception:  # a peer's, which is counted and costs it the page
            answers.append(Answer())
            raised += 1
    rate = len(gold) / (time.process_time() - begun)
    scores = [score(page, answer) for page, answer in zip(gold, answers, strict=True)]
    mean = means(scores)
    cells = "".join(
        f"{mean[measure]:10.3f}" if measure in mean else f"{'-':>10}" for measure in MEASURES
    )
    print(f"{name:18}{cells}{rate:10.1f}{raised:8}")
    if each:
        _not_right(scores)


def _not_right(scores: Sequence[Score]) -> None:
    for scored in scores:
        wrong = [
            f"{measure} {value:.2f}"
            for measure, value in scored.values.items()
            if measure not in ("precision", "recall")
            and value < (RIGHT if measure == "f1" else 1.0)
        ]
        if wrong:
            print(f"    {scored.page.name}: {', '.join(wrong)}")


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # peers write of pages that they cannot read
    sys.exit(main())
