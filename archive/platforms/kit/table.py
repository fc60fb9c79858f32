"""The table of platforms in docs/platforms.md, made from the platforms themselves. `python -m
archive.platforms.kit.table` prints it."""

from __future__ import annotations

from archive import platforms

HEAD = (
    "| platform | accounts followed | articles | gone | pictures | tests since |\n"
    "|---|---|---|---|---|---|"
)


def table() -> str:
    """Markdown: a row for each platform that is not fictional."""
    rows = []
    for platform in platforms.load().values():
        if about := platform.about:
            cells = (
                platform.title,
                about.accounts,
                about.articles,
                about.gone,
                "of the body",
                about.tested,
            )
            rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([HEAD, *rows])


if __name__ == "__main__":
    print(table())
