"""`zhengwen export`: the hand-over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.archive import Archive
from archive.cli.disk_errors import full_disk_of
from archive.cli.options import of_days, of_platform
from archive.cli.output import sum_up
from archive.cli.progress import StepBars
from archive.disk import in_words
from archive.folder import is_collection
from archive.handover.operator_file import explained
from archive.handover.request import TIERS


@click.command(epilog=explained())
@click.argument("dest", type=click.Path(path_type=Path))
@of_platform
@of_days
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
def export(folder: Path, /, dest: Path, force: bool, **options: Any) -> None:
    """Make DEST: a folder to hand over, with data, evidence, descriptions and a checksum of every
    file.

    Killed, it goes on when repeated. What only you can say about the archive (purpose, scope,
    access …) is taken from datasheet.toml next to accounts.csv; its keys are listed below.
    """
    with StepBars() as bars, full_disk_of(dest):
        _export(folder, dest, force=force, progress=bars, **options)
    sum_up(
        f"{dest} is complete ({in_words(_size(dest))}); README.md in it says what it holds. "
        f"Check it with `zhengwen verify --package {dest}`."
    )


def _export(folder: Path, dest: Path, **options: Any) -> None:
    if is_collection(folder):
        from archive.collection.export import export as export_collection

        export_collection(folder, dest, **options)
        return
    with Archive(folder) as archive:
        archive.export(dest, **options)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
