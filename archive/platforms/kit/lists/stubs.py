"""Pages that only lead to another: meta refresh, `location.href`, one frame."""

from __future__ import annotations

import re

from archive.page.page import Page
from archive.platforms.kit.lists.script_addresses import location

REFRESH = re.compile(r"\s*+\d*+(?:\.\d*+)?\s*+[;,]\s*+(?:url\s*+=\s*+)?[\"']?([^\"'>]+)", re.I)
LONGEST_TEXT, LONGEST_SCRIPT = 200, 3000  # characters


def leads_to(page: Page) -> str | None:
    """The address that a page without entries forwards its reader to; None where it forwards to
    none.

    Args:
        page: a page on which no list was found.
    """
    for meta in page.tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            match = REFRESH.match(meta.get("content") or "")
            if match:
                return _other(page, match[1].strip())
    if sum(map(len, page.lines)) > LONGEST_TEXT:
        return None
    for script in page.tree.iter("script"):
        if address := location((script.text or "")[:LONGEST_SCRIPT], {}):
            return _other(page, address)
    frames = [frame.get("src") or "" for frame in page.tree.iter("iframe", "frame")]
    frames = [src for src in frames if src and not src.startswith("about:")]
    return _other(page, frames[0]) if len(frames) == 1 else None


def _other(page: Page, address: str) -> str | None:
    url = page.link(address)
    return url if url and url.partition("#")[0] != page.url.partition("#")[0] else None
