"""Pieces of Markdown that several of the generated documents are made with."""

from __future__ import annotations

import re
from collections.abc import Iterable

HEAD = "<!-- Written by `python -m tests.generated_docs`; edit the program, not this file. -->\n"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; empty where there are no rows."""
    heads = list(heads)
    lines = [f"| {' | '.join(map(cell, row))} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines, ""])


def cell(text: str) -> str:
    """Text on one line, shown as it is written; what is between backticks stays code."""
    line = " ".join(text.split())
    pieces = re.split(r"(`[^`]*`)", line)
    return "".join(
        piece if piece.startswith("`") else re.sub(r"([*_<>\[\]])", r"\\\1", piece)
        for piece in pieces
    ).replace("|", "\\|")
