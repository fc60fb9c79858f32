"""The line of a crawl on a terminal: what was had, how much is known to be left, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.cli.output import rewrite_line
from crawler.progress import left_to_do

CASES = [
    (0, 0, 0, "0 of 0 requests"),
    (1, 40, 10, "1 of 40 requests"),
    (10, 20, 10, "10 of 20 requests, less than 1 min left"),
    (10, 70, 60, "10 of 70 requests, about 6 min left"),
    (100, 200, 3600, "100 of 200 requests, about 60 min left"),
    (100, 1000, 3600, "100 of 1000 requests, about 9 h left"),
    (64, 64, 600, "64 of 64 requests"),
    (9, 7, 600, "9 of 9 requests"),
]


@pytest.mark.parametrize(("sent", "known", "seconds", "words"), CASES)
def test_what_is_left_is_counted_and_estimated(
    sent: int, known: int, seconds: int, words: str
) -> None:
    assert left_to_do(sent, known, timedelta(seconds=seconds)) == words


def test_a_line_that_is_written_anew_leaves_nothing_of_a_longer_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    monkeypatch.setattr("click.echo", lambda text, **options: written.append(text))
    rewrite_line("10 of 20 requests, less than 1 min left")
    rewrite_line("20 of 20 requests")

    assert written[-1] == "\r\033[K20 of 20 requests "
