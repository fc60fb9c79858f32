"""trafilatura as the witness of a platform's rules: it knows nothing of them, reads some of the
pages complete, and how far the two texts agree says whether the rules still read what is there."""

from __future__ import annotations

import hashlib

import trafilatura
from lxml.etree import iterwalk

from archive.errors import Unreadable, failures_as_unreadable
from archive.page.likeness import likeness, sequences
from archive.page.page import Page

SHARE = 16  # pages that are asked about: reading one completely takes ten times what the rules take
LONGEST = 1_000_000  # characters of mark-up; beyond them trafilatura may take minutes
DEEPEST, MOST = 200, 12_000  # elements within each other, and in all, likewise
DIGITS = 3  # of an agreement


def is_in_sample(body: bytes) -> bool:
    """Whether the witness is asked about a page: decided by its bytes alone, so that a rebuild
    asks about the same ones.

    Args:
        body: the bytes of the answer, content coding undone.
    """
    return hashlib.sha256(body).digest()[0] % SHARE == 0


def agreement(page: Page, text: str) -> float | None:
    """How far trafilatura's reading of a complete page agrees with a text that was read from it.

    Args:
        page: the page.
        text: what the rules read.

    Returns:
        From 0 to 1, by the sequences of four letters that both have; None where the page is too
        large for it, or it fails.
    """
    if len(page.text) > LONGEST or _is_beyond(page):
        return None
    try:
        with failures_as_unreadable():
            reading = trafilatura.extract(
                page.text, fast=True, include_comments=False, deduplicate=False
            )
    except Unreadable:
        return None
    return round(likeness(sequences(reading or ""), sequences(text)), DIGITS)


def _is_beyond(page: Page) -> bool:
    """Whether the page has more elements, or deeper ones, than trafilatura reads in seconds."""
    deepest = depth = number = 0
    for event, _ in iterwalk(page.tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        number += event == "start"
        deepest = max(deepest, depth)
    return deepest > DEEPEST or number > MOST
