"""Reading pages: ours compared with trafilatura on a complete page of The Paper; `--memory` and
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

ROUNDS = 60
MANY = 20_000


def rate(read: Callable[[bytes], object], page: bytes) -> float:
    """Pages a CPU second."""
    read(page)
    begun = time.process_time()
    for _ in range(ROUNDS):
        read(page)
    return ROUNDS / (time.process_time() - begun)


def main() -> None:
    """Both layouts."""
    text = ["全县疫情防控工作会议今天召开，会议要求落实各项措施。" * 5] * 30
    url = "https://www.thepaper.cn/newsDetail_forward_1"
    print(f"{'':8}{'ours':>8}{'trafilatura':>13}{'ratio':>8}   pages a CPU second")
    for name, layout in (("next", next_page), ("jsp", jsp_page)):
        page = layout(
            Story(1, "云溪县召开会议", text, published=datetime(2031, 3, 1, tzinfo=CHINA))
        )
        ours = rate(lambda html: extract(html, url), page)
        theirs = rate(
            lambda html: trafilatura.bare_extraction(html, url=url, with_metadata=True), page
        )
        print(f"{name:8}{ours:8.0f}{theirs:13.0f}{ours / theirs:8.2f}")


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
