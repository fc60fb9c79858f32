"""What a page may hold and cost. More is the doing of no publisher, and ends in a failure row that
says what there was too much of.

All but the last are properties of the bytes, so that the same page ends the same way everywhere.
All patterns and loops are linear, so a page within them is read in a few CPU seconds; the last is
for what nobody foresaw. Its failure says nothing of the page, and each `rebuild` tries it again.
"""

from __future__ import annotations

from time import thread_time

from archive.errors import Unreadable
from archive.model.words import PageFault

LARGEST_PAGE = 32 * 2**20  # bytes, content coding undone
MOST_TEXT = 4_000_000  # characters that are shown; a long novel has a million
# tags, several times those of the longest tables that are published
MOST_TAGS = 100_000
# elements within each other: what Chrome shows; 34 on the deepest of 211 pages that were published
MOST_DEPTH = 512
MOST_ATTRIBUTES = 300  # of one tag; with more it has none
JSON_DEPTH = 200  # lists and objects within each other
MOST_DIGITS = 1000  # of an integer in JSON; the time to read one grows with their square
CPU_SECONDS = 60  # for one page


def check(number: int, most: int, reason: PageFault, unit: str) -> None:
    """Raises Unreadable where there are more of a thing than there may be."""
    if number > most:
        raise Unreadable(reason, f"{number} {unit}; at most {most} are read")


def check_time(begun: float) -> None:
    """Raises Unreadable where this thread has worked for too long since `begun`, a
    `time.thread_time()`."""
    if thread_time() - begun > CPU_SECONDS:
        raise Unreadable("too-slow", f"reading it takes more than {CPU_SECONDS} CPU seconds")
