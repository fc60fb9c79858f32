"""`zhengwen new-platform`."""

from __future__ import annotations

from pathlib import Path

import click

from archive import platforms
from archive.cli.output import say
from archive.platforms.kit.scaffold import begin


@click.command("new-platform")
@click.argument("name")
@click.argument("url")
def new_platform(name: str, url: str) -> None:
    """Begin a platform in a checkout: its file, its fixture folder and a failing test."""
    for path in begin(name, url, Path.cwd(), platforms.load()):
        say(str(path.relative_to(Path.cwd())))
