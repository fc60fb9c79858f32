"""`zhengwen export`: the command line of the hand-over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from archive.archive import Archive
from archive.cli.types import Day
from archive.handover.operator_file import explained
from archive.handover.request import TIERS


@click.command(epilog=explained())
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--platform", help="Only articles of this platform.")
@click.option("--account", help="Only articles of this account (name or id).")
@click.option(
    "--since", type=Day(), help="Only articles published on this day or later (YYYY-MM-DD)."
)
@click.option("--until", type=Day(), help="Only articles published on this day or earlier.")
@click.option("--query", help="Only articles that satisfy this query, as in `zhengwen search`.")
@click.option(
    "--run",
    help="Only what this crawl captured (runs.id), with the older captures that it refers to.",
)
@click.option(
    "--tier",
    default="full",
    show_default=True,
    type=click.Choice(TIERS),
    help="metadata: no body text; text: no WARC; full: everything.",
)
@click.option("--force", is_flag=True, help="Replace the package DEST.")
@click.pass_obj
def export(folder: Path, /, dest: Path, force: bool, **wanted: Any) -> None:
    """Make DEST: a folder to hand over, with data, evidence, descriptions and a checksum of every
    file.

    Killed, it goes on when repeated. What only you can say about the archive (purpose, scope,
    access …) is taken from datasheet.toml beside accounts.csv; its keys stand below.
    """
    with Archive(folder) as archive:
        archive.export(dest, force=force, progress=_Bar(), **wanted)


class _Bar:
    """One line on a terminal, nothing in cron."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def __call__(self, what: str, done: int, of: int) -> None:
        if self.shown:
            click.echo(f"\r\033[K{what}: {100 * done // max(of, 1)} %", nl=done >= of > 0, err=True)
