"""The table of platforms in docs/platforms.md, made from the platforms themselves."""

from __future__ import annotations

from collections.abc import Iterable

from archive.platform import Platform

HEAD = (
    "| platform | accounts followed | articles | gone | pictures | tests since |\n"
    "|---|---|---|---|---|---|"
)


def table(platforms: Iterable[Platform]) -> str:
    """Writes a row of Markdown for each platform that says something about itself.

    Args:
        platforms: in the order of the rows.
    """
    rows = (
        (platform.title, about.accounts, about.articles, about.gone, "of the body", about.tested)
        for platform in platforms
        if (about := platform.about)
    )
    return "\n".join([HEAD, *("| " + " | ".join(row) + " |" for row in rows)])
