"""The program `zhengwen`: the archive's commands, and those that crawl.

As in `archive.cli`, a command is imported when it is typed: only `crawl` waits for Scrapy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.cli.main import cli
from archive.cli.program import LazyCommand
from archive.cli.stopping import run

__all__ = ["cli", "main"]

cli.add_lazily(
    LazyCommand(
        "cluster",
        "crawler.cli.cluster",
        "Look at the crawl of several machines (`zhengwen crawl --cluster`).",
    ),
    LazyCommand(
        "crawl",
        "crawler.cli.crawl",
        "Crawl all followed accounts, some of them, or single article URLs; then index.",
    ),
    LazyCommand(
        "demo",
        "crawler.cli.demo",
        "Show the complete chain offline: a small fictional platform is followed, crawled and "
        "searched.",
    ),
    LazyCommand(
        "schedule",
        "crawler.cli.schedule",
        "Print a crontab line and systemd units that crawl this archive, and how to install them.",
    ),
)


def _fetch(url: str, folder: Path, settings: Sequence[str]) -> tuple[bytes, str, Mapping[str, str]]:
    from crawler.fetch import fetch  # only `zhengwen extract URL` needs it

    return fetch(url, folder, settings)


cli.fetch = _fetch


def main() -> None:
    """The console script `zhengwen`."""
    run(cli, "zhengwen")
