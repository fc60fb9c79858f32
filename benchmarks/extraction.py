"""Reading pages: ours compared with trafilatura on the complete page, by the rules of The Paper in
both layouts and, from an address that no platform has, by the general rules; `--memory` and
`--processes` on all hand-made pages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context

import psutil
import trafilatura

from archive import extract
from archive.model import Failure
from tests.rigs.handmade import CASES
from tests.standin.pages import CHINA, Story, jsp_page, next_page

ROUNDS, PAGES = 8, 20
KNOWN = "https://www.thepaper.cn/newsDetail_forward_1"
UNKNOWN = "https://www.yunxi.example/newsDetail_forward_1"
MANY = 20_000


def rates(readers: list[Callable[[bytes], object]], page: bytes) -> list[float]:
    """Pages a CPU second of each reader: the best of some rounds, in which they take turns, so that
    what else the machine does counts for all."""
    best = [0.0] * len(readers)
    for _ in range(ROUNDS):
        for place, read in enumerate(readers):
            begun = time.process_time()
            for _ in range(PAGES):
                read(page)
            best[place] = max(best[place], PAGES / (time.process_time() - begun))
    return best


def main() -> None:
    """Both layouts, each by rules that know it and by those that know none."""
    print(f"{'':16}{'ours':>8}{'trafilatura':>13}{'ratio':>8}   pages a CPU second")
    readers: list[Callable[[bytes], object]] = [
        lambda html: trafilatura.bare_extraction(html, url=KNOWN, with_metadata=True),
        lambda html: extract(html, KNOWN),
        lambda html: extract(html, UNKNOWN),
    ]
    for name, page in pages().items():
        theirs, known, unknown = rates(readers, page)
        for kind, ours in (("known", known), ("unknown", unknown)):
            print(f"{name:8}{kind:8}{ours:8.0f}{theirs:13.0f}{ours / theirs:8.2f}")


def pages() -> dict[str, bytes]:
    """A page of The Paper in both layouts."""
    text = ["全县疫情防控工作会议今天召开，会议要求落实各项措施。" * 5] * 30
    story = Story(1, "云溪县召开会议", text, published=datetime(2031, 3, 1, tzinfo=CHINA))
    return {"next": next_page(story), "jsp": jsp_page(story)}


def read_some(number: int) -> int:
    """Read so many of the hand-made pages, one after the other."""
    cases = list(CASES.values())
    for count in range(number):
        case = cases[count % len(cases)]
        extract(case.html.encode(case.encoding), case.url)
    return number


def memory() -> None:
    """What the process holds while it reads MANY pages, which should stop growing soon."""
    read_some(len(CASES))
    begun = psutil.Process().memory_info().rss
    for done in range(0, MANY, MANY // 10):
        read_some(MANY // 10)
        grown = psutil.Process().memory_info().rss - begun
        print(
            f"{done + MANY // 10:6} pages read: {begun / 2**20:.0f} MB and {grown / 2**20:+.1f} MB"
        )


def processes() -> None:
    """Pages a second of wall clock by one process and by two."""
    rates = {}
    for count in (1, 2):
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            list(pool.map(read_some, [len(CASES)] * count))  # started and warm
            begun = time.perf_counter()
            done = sum(pool.map(read_some, [250] * 12))
            rates[count] = done / (time.perf_counter() - begun)
    print(
        f"one process {rates[1]:.0f}, two {rates[2]:.0f} pages/s: {rates[2] / rates[1]:.2f} times"
    )


def answered(html: bytes | str, url: str | None) -> dict[str, object]:
    """What a scorer of extractors asks for: text, title, author, date, source; {} where the page
    is no article."""
    reading = extract(
        html.encode() if isinstance(html, str) else html,
        url or "",
        headers={"content-type": "text/html; charset=utf-8"} if isinstance(html, str) else None,
    )
    if isinstance(reading, Failure):
        return {}
    return {
        "text": reading.text,
        "title": reading.title,
        "author": reading.author,
        "date": reading.published_at,
        "source": [name for name in (reading.source, reading.account) if name],
    }


if __name__ == "__main__":
    {"--memory": memory, "--processes": processes}.get(sys.argv[-1], main)()
