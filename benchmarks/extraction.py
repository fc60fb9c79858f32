"""Reading a The Paper page: ours beside trafilatura on the whole page, on the hand-made pages of the tests, one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import trafilatura

from archive import extract
from archive.model import Failure
from tests.standin.pages import CHINA, Story, jsp_page, next_page

ROUNDS = 60


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
    for name, made in (("next", next_page), ("jsp", jsp_page)):
        page = made(Story(1, "云溪县召开会议", text, published=datetime(2031, 3, 1, tzinfo=CHINA)))
        ours = rate(lambda html: extract(html, url), page)
        theirs = rate(lambda html: trafilatura.bare_extraction(html, url=url, with_metadata=True), page)
        print(f"{name:8}{ours:8.0f}{theirs:13.0f}{ours / theirs:8.2f}")


if __name__ == "__main__":
    main()


def answered(html: bytes | str, url: str | None) -> dict[str, object]:
    """What a scorer of extractors asks for: text, title, author, date, source; {} where the page is no article."""
    found = extract(
        html.encode() if isinstance(html, str) else html,
        url or "",
        headers={"content-type": "text/html; charset=utf-8"} if isinstance(html, str) else None,
    )
    if isinstance(found, Failure):
        return {}
    return {
        "text": found.text,
        "title": found.title,
        "author": found.author,
        "date": found.published_at,
        "source": [one for one in (found.source, found.account) if one],
    }
