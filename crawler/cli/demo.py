"""`zhengwen demo`."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.demo.tour import tour


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="zhengwen-demo")
def demo(folder: Path) -> None:
    """Show the complete chain offline: a small fictional platform is followed, crawled and
    searched."""
    tour(folder)
