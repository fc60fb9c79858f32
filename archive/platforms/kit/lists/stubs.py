"""Pages that only lead to another: meta refresh, `location.href`, a frame that has the list."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platforms.kit.lists.script_addresses import location

REFRESH = re.compile(r"\s*+\d*+(?:\.\d*+)?\s*+[;,]\s*+(?:url\s*+=\s*+)?[\"']?([^\"'>]+)", re.I)
OF_LIST = re.compile(r"list|news|main|content|right|info|lb(?![a-z])|more|data", re.I)
HIDDEN = re.compile(r"display\s*+:\s*+none|visibility\s*+:\s*+hidden", re.I)
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
        return _frame(page)
    for script in page.tree.iter("script"):
        if address := location((script.text or "")[:LONGEST_SCRIPT], {}):
            return _other(page, address)
    return _frame(page)


def _frame(page: Page) -> str | None:
    """The address of the frame that has the list: the only one that is shown and of the same site,
    or the only one of those that is called after a list."""
    host = urlsplit(page.url).hostname
    frames = {
        url: f"{frame.get('name')} {frame.get('id')} {frame.get('src')}"
        for frame in page.tree.iter("iframe", "frame")
        if _is_shown(frame)
        and (url := _other(page, (frame.get("src") or "").strip()))
        and urlsplit(url).hostname == host
    }
    named = [url for url, names in frames.items() if OF_LIST.search(names)]
    only = named if len(frames) > 1 else [*frames]
    return only[0] if len(only) == 1 else None


def _is_shown(frame: HtmlElement) -> bool:
    sizes = {(frame.get(side) or "").strip().removesuffix("px") for side in ("width", "height")}
    src = (frame.get("src") or "").strip()
    return (
        bool(src)
        and not src.lower().startswith(("about:", "javascript:", "data:"))
        and not sizes & {"0", "1"}
        and not HIDDEN.search(frame.get("style") or "")
    )


def _other(page: Page, address: str) -> str | None:
    url = page.link(address)
    return url if url and url.partition("#")[0] != page.url.partition("#")[0] else None
