"""The paragraphs of an article become its text, by trafilatura, without losing a character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import trafilatura

# trafilatura folds every Unicode space to U+0020 and drops format and private-use characters; an
# archive may not.
FRAGILE = re.compile(
    r"[^\S \n\t]|[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\xad\ue000-\uf8ff]"
    r"|[\U000e0000-\U0010ffff]|\t"
)
SHIELD = re.compile(r"⦃([0-9a-f]+)⦄")
# of a text that trafilatura is not asked about: it takes a time that grows with their square
MANY_LINES = 10_000


def text_of_lines(lines: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The text of an article's paragraphs, and how it was made.

    Args:
        lines: the tag and the text of each paragraph.

    Returns:
        Paragraphs separated by one newline; and '' where trafilatura gives the same, '+blocks'
        where it leaves something out or was not asked.
    """
    text = "\n".join(line for _, line in lines)
    if not lines or len(lines) > MANY_LINES:
        return text, "+blocks" if lines else ""
    markup = "".join(f"<{tag}>{escape(_shield(line), quote=False)}</{tag}>" for tag, line in lines)
    extracted = trafilatura.extract(
        f"<html><body><article>{markup}</article></body></html>",
        fast=True,
        include_comments=False,
        include_formatting=False,
        deduplicate=False,
    )
    # The rules named the body, so every block of it belongs to the article: what trafilatura drops
    # here is a loss.
    return (text, "") if _unshield(extracted or "") == text else (text, "+blocks")


def _shield(text: str) -> str:
    return FRAGILE.sub(lambda match: f"⦃{ord(match[0]):x}⦄", text)


def _unshield(text: str) -> str:
    return SHIELD.sub(lambda match: chr(int(match[1], 16)), text)
